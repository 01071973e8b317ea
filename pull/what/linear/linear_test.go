package linear_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"keypull/pull/what/linear"
	"keypull/pull/what/textform"
)

// TestAPackedModelWeighsAsItsWeightsSay holds what is read from bytes against the plain sum over a
// map, as fine as its levels are.
func TestAPackedModelWeighsAsItsWeightsSay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		classes := rapid.SampledFrom([][]string{{"tells", "asks"}, {"none", "stop", "help"}}).Draw(t, "classes")
		weight := rapid.Float64Range(-5, 5)
		begins := rapid.SliceOfN(weight, len(classes), len(classes)).Draw(t, "begins")
		weights := rapid.MapOf(rapid.Map(rapid.Uint32(), func(n uint32) linear.Feature { return linear.Feature(n) }),
			rapid.SliceOfN(rapid.Float64Range(-12, 12), len(classes), len(classes))).Draw(t, "weights")
		m := linear.Open(string(linear.Pack(classes, begins, weights)))
		var features []linear.Feature
		for f := range weights {
			if rapid.Bool().Draw(t, "has it") {
				features = append(features, f)
			}
		}
		features = append(features, rapid.SliceOf(rapid.Map(rapid.Uint32(), func(n uint32) linear.Feature { return linear.Feature(n) })).Draw(t, "others")...)
		want, slack, known := make([]float64, len(classes)), make([]float64, len(classes)), 0
		for _, f := range features {
			w, ok := weights[f]
			if m.Holds(f) != ok {
				t.Fatalf("%d is held: %t, want %t", f, !ok, ok)
			}
			if ok {
				known++
				for c := range want {
					kept := max(-8, min(w[c], 8)) // no weight is greater
					want[c] += kept
					slack[c] += math.Sqrt(8*math.Abs(kept))/7 + 8.0/196 // half a level, there
				}
			}
		}
		got := make([]float64, len(classes))
		m.Odds(features, got)
		for c := range want {
			want[c] = begins[c] + linear.Share(known)*want[c]
			if off := math.Abs(got[c] - want[c]); off > linear.Share(known)*slack[c]+1e-9 {
				t.Fatalf("%s comes to %g, want %g", classes[c], got[c], want[c])
			}
		}
		if !slices.Equal(m.Classes, classes) {
			t.Fatalf("the classes are %v, want %v", m.Classes, classes)
		}
	})
}

func TestSoftmaxTellsHowLikelyEachClassIs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		odds := rapid.SliceOfN(rapid.Float64Range(-800, 800), 1, 12).Draw(t, "odds")
		likely, sum := slices.Clone(odds), 0.0
		linear.Softmax(likely)
		for c, p := range likely {
			if sum += p; math.IsNaN(p) || p < 0 || p > 1 || p < slices.Max(likely) && odds[c] == slices.Max(odds) {
				t.Fatalf("of %v class %d is %g likely", odds, c, p)
			}
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Fatalf("all together are %g likely", sum)
		}
	})
}

// TestWordsShareFeaturesWithTheirOtherForms shows what two messages have in common.
func TestWordsShareFeaturesWithTheirOtherForms(t *testing.T) {
	t.Parallel()
	features := func(text string) []linear.Feature { return linear.Words(nil, textform.Tokenise(text, nil)) }
	for _, tt := range []struct {
		a, b   string
		shared int
	}{
		{"stop", "STOP", 1}, {"stop", "stay", 0},
		{"unsubscribe", "unsubscribed", 2}, // the beginnings
		{"Größe", "grosse", 3}, {"recipe", "récipe", 3},
		{"止めて", "止める", 3}, // 止, め, 止め
		{"보내지마", "보내", 3}, // 보, 내, 보내
		{"don't stop", "stop", 1}, {"", "stop", 0},
	} {
		shared, b := 0, features(tt.b)
		for _, f := range features(tt.a) {
			if slices.Contains(b, f) {
				shared++
			}
		}
		if shared != tt.shared {
			t.Errorf("%q and %q share %d features, want %d", tt.a, tt.b, shared, tt.shared)
		}
	}
}

func TestATextHasWordsBigramsGramsAndASize(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"": 2, "a": 4, "ok": 5, "не": 5, "stop": 7, // too short for an n-gram, just long enough, longer
		"take me off": 14, "止め": 7, // letters without spaces have no n-grams of words
	} {
		if got := linear.Once(linear.Text(textform.Tokenise(text, nil))); len(got) != want {
			t.Errorf("%q has %d features, want %d", text, len(got), want)
		}
	}
}

// TestMessagesShareTheFrameAroundTheirRareWords shows what two messages have in common where some words are common.
func TestMessagesShareTheFrameAroundTheirRareWords(t *testing.T) {
	t.Parallel()
	common := func(folded string) bool { return slices.Contains([]string{"stop", "in", "the"}, folded) }
	frames := func(text string) []linear.Feature {
		return linear.Once(linear.Frames(nil, textform.Tokenise(text, nil), common))
	}
	for _, tt := range []struct {
		a, b string
		same bool
	}{
		{"stop in the tunnel", "stop in the city", true},
		{"stop in the tunnel", "Stop in the old town of Basel!", true}, // rare words that follow each other are one mark
		{"stop in the tunnel", "stop the tunnel", false},
		{"tunnel", "stop", false},
		{"止めて", "止める", false}, // letters without spaces stand for themselves
	} {
		if same := slices.Equal(frames(tt.a), frames(tt.b)); same != tt.same {
			t.Errorf("%q and %q have the same frame: %t, want %t", tt.a, tt.b, same, tt.same)
		}
	}
	if got := len(frames("stop in the tunnel")); got != 9 {
		t.Errorf("four words and two ends have %d features, want five bigrams and four trigrams", got)
	}
}

func TestSkipGramsAreOfWordsThatStandApart(t *testing.T) {
	t.Parallel()
	skipGrams := func(text string) []linear.Feature { return linear.SkipGrams(nil, textform.Tokenise(text, nil)) }
	for text, want := range map[string]int{"": 0, "stop": 0, "stop it": 0, "stop it now": 1, "a b c d e": 6, "a b c d e f": 9} {
		if got := len(skipGrams(text)); got != want {
			t.Errorf("%q has %d features, want %d", text, got, want)
		}
	}
	if !slices.Equal(skipGrams("stop all messages"), skipGrams("stop these message")) {
		t.Error("what stands between two words counts")
	}
}

func FuzzText(f *testing.F) {
	for _, text := range []string{"", "please stop", "一度だけ、3月3日 09:00", "보내지마", "'ow much", "e\u0301\u0301 ͏"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tokens := textform.Tokenise(text, nil)
		features := linear.Once(linear.Text(tokens))
		if !slices.IsSorted(features) || len(slices.Compact(slices.Clone(features))) != len(features) {
			t.Errorf("%q: features are not in order, or there more than once", text)
		}
	})
}
