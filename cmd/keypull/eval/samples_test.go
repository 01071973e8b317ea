package eval

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"keypull/pull/what"
	"keypull/pull/what/linear"
	"keypull/pull/what/textform"
)

// sample is what was weighed in one message.
type sample struct {
	text string
	// counts say how much there is of each piece of evidence, value is what the
	// trees that stand make of it.
	counts []float64
	value  float64
	// words are the features of what stands around what was found.
	words []linear.Feature
	// garbled says that its words are none, so that nothing can be told by them.
	garbled bool
	// meant says whether what was found is what is asked for.
	meant  bool
	weight float64
}

// strangers are messages of many languages that were written by nobody who knows the
// rules. Those in *.read.jsonl were looked at while the rules were made, and the trees
// are fitted to them; those in *.held.jsonl were not. Half of those that others wrote when the
// rules stood are fitted to, *.further.jsonl, and half are not, *.later.jsonl. Nothing is fitted to *.cold.jsonl.
const strangers = "testdata/strangers"

// readSamples returns what the trees are fitted to: those that ask for nothing weigh as
// much as the others.
func readSamples(t *testing.T) (all []sample) {
	t.Helper()
	add := func(weight float64, some []sample) {
		for _, s := range some {
			s.weight = weight
			all = append(all, s)
		}
	}
	add(0.5, samplesOf(t, globbed(t, people+"/*.queries.jsonl", "testdata/outlets/*.queries.jsonl", understanding+"/queries.jsonl")))
	add(3, samplesOf(t, globbed(t, strangers+"/*.read.jsonl")))
	add(2.5, samplesOf(t, globbed(t, strangers+"/*.further.jsonl")))
	add(1, samplesOf(t, globbed(t, "testdata/said/*.read.jsonl")))
	add(2, samplesOf(t, globbed(t, "testdata/asked/*.read.jsonl")))
	add(0.3, framedSamples(t))
	add(4, garbledSamples(t, globbed(t, strangers+"/*.read.jsonl", strangers+"/*.further.jsonl", "testdata/asked/*.read.jsonl")))
	var meant, not float64
	for i := range all {
		if all[i].meant {
			meant += all[i].weight
		} else {
			not += all[i].weight
		}
	}
	for i := range all {
		if !all[i].meant {
			all[i].weight *= meant / not
		}
	}
	return all
}

func heldSamples(t *testing.T) []sample {
	t.Helper()
	return samplesOf(t, globbed(t, strangers+"/*.held.jsonl"))
}

func globbed(t *testing.T, patterns ...string) (all []string) {
	t.Helper()
	for _, p := range patterns {
		files, err := filepath.Glob(p)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", p, err)
		}
		all = append(all, files...)
	}
	return all
}

// samplesOf returns what is weighed in the messages of some files, beside each of which
// stands its catalogue.
func samplesOf(t *testing.T, files []string) (all []sample) {
	t.Helper()
	for _, file := range files {
		messages, entries := readBeside(t, file)
		ix := newIndex(entries, string(what.AutocorrectConfident))
		for i := range messages {
			q := &messages[i]
			m := ix.Match(*q.Text)
			if s, ok := passedSample(q, m); ok {
				all = append(all, s)
			}
			if s, ok := sampleOf(*q.Text, m); ok && q.Expect.Type != "reserved" && tellsMeant(&s, q, m) {
				all = append(all, s)
			}
		}
	}
	return all
}

// garbledSamples returns what is weighed in messages of which words are written backwards, so
// that nothing is known of them: the lists of words were written with a look at these messages,
// and know fewer of others.
func garbledSamples(t *testing.T, files []string) (all []sample) {
	t.Helper()
	luck := rand.New(rand.NewPCG(0, 2)) //nolint:gosec // the same words each time
	for _, file := range files {
		messages, entries := readBeside(t, file)
		kept := map[string]bool{}
		for _, e := range entries {
			for word := range strings.FieldsSeq(textform.Fold(strings.Join(e.Keywords, " "))) {
				kept[word] = true
			}
		}
		ix := newIndex(entries, string(what.AutocorrectConfident))
		for i := range messages {
			q := &messages[i]
			text := garbled(*q.Text, kept, luck)
			if text == *q.Text || q.Expect.Type == "reserved" || q.Expect.Arg != nil {
				continue
			}
			m := ix.Match(text)
			if s, ok := sampleOf(text, m); ok && tellsMeant(&s, q, m) {
				s.garbled = true
				all = append(all, s)
			}
		}
	}
	return all
}

// garbled writes one in four words backwards, but for those of keywords.
func garbled(text string, kept map[string]bool, luck *rand.Rand) string {
	words := strings.Fields(text)
	for i, word := range words {
		if luck.IntN(4) == 0 && !kept[textform.Fold(textform.Normal(word))] {
			letters := []rune(word)
			slices.Reverse(letters)
			words[i] = string(letters)
		}
	}
	return strings.Join(words, " ")
}

// readBeside returns the messages of a file and the catalogue that stands beside it.
func readBeside(t *testing.T, file string) ([]query, []matchEntry) {
	t.Helper()
	messages, err := readQueries(file)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := readEntries(catalogueBeside(file))
	if err != nil {
		t.Fatal(err)
	}
	return messages, entries
}

func catalogueBeside(file string) string {
	folder, name := filepath.Split(file)
	if first, _, _ := strings.Cut(name, "."); first != "queries" {
		return filepath.Join(folder, first+".catalogue.jsonl")
	}
	return filepath.Join(folder, "catalogue.jsonl")
}

// sampleOf returns what was weighed in a message, if anything was.
func sampleOf(text string, m what.Match) (s sample, ok bool) {
	s = sample{text: text, value: m.Certainty.Value, words: m.Certainty.Words()}
	m.Certainty.Terms(func(_ string, count, _ float64) { s.counts = append(s.counts, count) })
	s.counts = s.counts[:max(0, len(s.counts)-1)] // what the words say is weighed apart
	return s, len(s.counts) > 0 && len(m.Candidates)+len(m.Runners) > 0
}

// passedSample returns what was weighed for an argument that was passed over.
func passedSample(q *query, m what.Match) (s sample, ok bool) {
	passed := m
	passed.Certainty = m.Passed
	if s, ok = sampleOf(*q.Text, passed); ok {
		s.meant = q.Expect.Type == "run" && q.Expect.Arg != nil && slices.Concat(m.Candidates, m.Runners)[0].Keyword == q.Expect.ID
	}
	return s, ok
}

// tellsMeant says of a sample whether the first keyword that was found is meant, or one of
// several that were. It is false where no more than its argument is wrong.
func tellsMeant(s *sample, q *query, m what.Match) bool {
	found := slices.Concat(m.Candidates, m.Runners)[:1]
	tried := what.Match{Decision: what.Run, Candidates: found}
	if m.Reason == what.ReasonTie {
		tried = m
	}
	p := newPrediction(*q.Text, tried)
	v, reached := judgePrediction(&q.Expect, &p)
	s.meant = v == verdictRight && q.Expect.Type != "none" || m.Reason == what.ReasonTie && reached > 0
	return v != verdictWrongArg
}

// framedSamples are everyday keywords in every second of the plain frames, and in some
// of these with a place behind or before them, as its argument.
func framedSamples(t *testing.T) (all []sample) {
	t.Helper()
	for _, file := range globbed(t, "testdata/frames/*.txt") {
		language := strings.TrimSuffix(filepath.Base(file), ".txt")
		raw, err := os.ReadFile(file) //nolint:gosec // of the folder above
		if err != nil {
			t.Fatal(err)
		}
		first, rest, _ := strings.Cut(string(raw), "\n")
		words := strings.Split(strings.TrimPrefix(first, "# "), "|")
		alone, placed := everyday(language, words), everydayWith(what.ArgumentOptional, language, words)
		for i, frame := range strings.Split(strings.TrimSpace(rest), "\n") {
			for _, word := range words {
				switch i % 4 {
				case 1:
					all = append(all, framed(alone, frame, word, word, language)...)
				case 3:
					all = append(all, framed(alone, frame, word, word, language)...)
					all = append(all, framed(placed, frame, word, word+" "+placeIn(language), language)...)
					all = append(all, framed(placed, frame, word, placeIn(language)+" "+word, language)...)
				}
			}
		}
	}
	return all
}

// placeIn returns a town in the letters of a language.
func placeIn(language string) string {
	if town, ok := map[string]string{"ar": "حلب", "hi": "पटना", "ja": "大阪", "ko": "부산", "ru": "Псков", "uk": "Суми", "zh": "苏州"}[language]; ok {
		return town
	}
	return "Graz"
}

func framed(ix *what.Index, frame, word, asked, language string) []sample {
	text := strings.ReplaceAll(frame, "{}", asked)
	m := ix.Match(text, language)
	s, ok := sampleOf(text, m)
	if !ok || m.Reason == what.ReasonTie {
		return nil
	}
	s.meant = slices.Concat(m.Candidates, m.Runners)[0].Keyword == word
	return []sample{s}
}
