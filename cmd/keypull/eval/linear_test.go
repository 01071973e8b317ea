package eval

import (
	"cmp"
	"flag"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/what/languages"
	"keypull/pull/what/linear"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

var updateModels = flag.Bool("update-models", false, "write the linear models that the messages tell")

// How linear models are fitted.
const (
	rounds = 10
	// step is how far a weight goes at first against what it got wrong, beginsStep how far what a class
	// begins with does each time; tamed draws weights back to nothing.
	step, beginsStep, tamed = 0.3, 0.01, 1e-5
	// fits are drawn in different orders; their mean depends less on it.
	fits = 4
	// leastSeen is in how many messages a feature stands at least.
	leastSeen = 2
	// mostKept is how many features are kept at most: those that weigh most.
	mostKept = 250_000
	// leastCommon is how many messages have a word that is common.
	leastCommon = 10
)

// example is a message of a class.
type example struct {
	text     string
	features []linear.Feature
	class    int
	weight   float64
	// at are the places of the weights of its features.
	at []int
}

// fitModel fits the weights of features to examples, by stochastic gradient descent, each step the
// smaller the more its weight has changed (AdaGrad), and packs them.
func fitModel(classes []string, examples []example, common map[string]bool) []byte {
	seen := map[linear.Feature]int{}
	for i := range examples {
		for _, f := range examples[i].features {
			seen[f]++
		}
	}
	places := map[linear.Feature]int{}
	for f, n := range seen {
		if n >= leastSeen {
			places[f] = len(places) * len(classes)
		}
	}
	order := slices.Clone(examples)
	for i := range order {
		order[i].at = nil
		for _, f := range order[i].features {
			if at, ok := places[f]; ok {
				order[i].at = append(order[i].at, at)
			}
		}
	}
	begins, weights := make([]float64, len(classes)), make([]float64, len(places)*len(classes))
	for seed := range fits {
		descend(order, begins, weights, rand.New(rand.NewPCG(1, uint64(seed)))) //nolint:gosec // the same weights each time
	}
	fitted := map[linear.Feature][]float64{}
	for f, at := range places {
		fitted[f] = weights[at : at+len(classes)]
	}
	keepHeaviest(fitted)
	for word := range common {
		fitted[linear.Common(word)] = make([]float64, len(classes))
	}
	return linear.Pack(classes, begins, fitted)
}

// keepHeaviest removes the features that weigh least, where there are too many.
func keepHeaviest(weights map[linear.Feature][]float64) {
	heaviness := func(f linear.Feature) (sum float64) {
		for _, w := range weights[f] {
			sum += w * w
		}
		return sum
	}
	sorted := slices.SortedFunc(maps.Keys(weights), func(a, b linear.Feature) int {
		return cmp.Or(cmp.Compare(heaviness(b), heaviness(a)), cmp.Compare(a, b))
	})
	for _, f := range sorted[min(mostKept, len(sorted)):] {
		delete(weights, f)
	}
}

// descend adds to the weights of classes, and to what each begins with, one of the fits that they are the mean of.
func descend(order []example, begins, weights []float64, luck *rand.Rand) {
	classes := len(begins)
	first, own, slopes := make([]float64, classes), make([]float64, len(weights)), make([]float64, len(weights))
	wrong := make([]float64, classes)
	for range rounds {
		luck.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for i := range order {
			e := &order[i]
			share := linear.Share(len(e.at))
			copy(wrong, first)
			for _, at := range e.at {
				for c, w := range own[at : at+classes] {
					wrong[c] += share * w
				}
			}
			linear.Softmax(wrong)
			wrong[e.class]--
			for c := range wrong {
				wrong[c] *= e.weight
				first[c] -= beginsStep * wrong[c]
			}
			for _, at := range e.at {
				for c := range wrong {
					w, s := &own[at+c], &slopes[at+c]
					slope := wrong[c]*share + tamed**w
					*s += slope * slope
					*w -= step * slope / (math.Sqrt(*s) + 0.01)
				}
			}
		}
	}
	for c := range begins {
		begins[c] += first[c] / fits
	}
	for at := range weights {
		weights[at] += own[at] / fits
	}
}

// commandClasses are the commands that readers say in sentences of their own, and what is taken for
// one: a paid subscription that is to end, abuse, a question after who answers, a wish that messages go on.
var commandClasses = []string{"none", "stop", "forget", "mydata", "human", "help", "menu", "start", "lang", "paid", "bot", "abuse", "drop", "goon"}

// examplesOf returns the messages of some files of queries, by the command that each is.
func examplesOf(t *testing.T, weight float64, patterns ...string) (all []example) {
	t.Helper()
	for _, file := range globbed(t, patterns...) {
		messages, err := readQueries(file)
		if err != nil {
			t.Fatal(err)
		}
		for i := range messages {
			q := &messages[i]
			class := 0
			switch {
			case q.Expect.Type == "reserved":
				class = slices.Index(commandClasses, q.Expect.ID)
			case q.Expect.Type == "offer" && slices.Contains(q.Expect.IDs, "stop"):
				class = slices.Index(commandClasses, "paid")
			}
			if class >= 0 {
				all = append(all, exampleOf(*q.Text, class, weight))
			}
		}
	}
	return all
}

func exampleOf(text string, class int, weight float64) example {
	return example{text: text, class: class, weight: weight}
}

// readFeatures sets the features of examples, and returns the words that are common in them.
func readFeatures(examples []example) (common map[string]bool) {
	seen, common := map[string]int{}, map[string]bool{}
	tokens := make([][]textform.Token, len(examples))
	for i := range examples {
		tokens[i] = textform.Tokenise(examples[i].text, nil)
		once := map[string]bool{}
		for at := range tokens[i] {
			if word := tokens[i][at].Folded; !once[word] {
				once[word] = true
				seen[word]++
			}
		}
	}
	for word, n := range seen {
		if n >= leastCommon {
			common[word] = true
		}
	}
	for i := range examples {
		examples[i].features = command.Features(tokens[i], func(folded string) bool { return common[folded] })
	}
	return common
}

// askingClasses are what the words around a phrase do.
var askingClasses = []string{"tells", "asks"}

// markedExamples returns the messages of testdata/examples with a phrase between marks that is asked
// for, or not.
func markedExamples(t *testing.T) (all []example) {
	t.Helper()
	for _, e := range writtenExamples(t, askingClasses) {
		before, rest, _ := strings.Cut(e.text, "[[")
		phrase, behind, ok := strings.Cut(rest, "]]")
		if !ok {
			t.Fatalf("%s: no phrase is marked", e.text)
		}
		if e.features = what.AroundMarked(before+phrase+behind, len(before), len(before)+len(phrase)); e.features == nil {
			t.Fatalf("%s: what is marked is no word", e.text)
		}
		all = append(all, e)
	}
	return all
}

// askingExamples returns marked examples and samples, those that ask for nothing as heavy as the
// others.
func askingExamples(samples []sample, marked []example) []example {
	all := slices.Clone(marked)
	for i := range samples {
		if s := &samples[i]; !s.garbled {
			all = append(all, example{features: s.words, class: int(meantOf(s)), weight: min(s.weight, 1)})
		}
	}
	var of [2]float64
	for i := range all {
		of[all[i].class] += all[i].weight
	}
	for i := range all {
		if all[i].class == 0 {
			all[i].weight *= of[1] / of[0]
		}
	}
	return all
}

// TestTheModelOfAskingIsWhatTheMessagesTell fits pull/what/asking.bin anew. The one that stands must
// tell about as much of messages that none was fitted to; -update-models writes the new one.
func TestTheModelOfAskingIsWhatTheMessagesTell(t *testing.T) {
	t.Parallel()
	packed := fitModel(askingClasses, askingExamples(readSamples(t), markedExamples(t)), nil)
	if *updateModels {
		if err := os.WriteFile("../../../pull/what/asking.bin", packed, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	standing, err := os.ReadFile("../../../pull/what/asking.bin")
	if err != nil {
		t.Fatal(err)
	}
	held := heldSamples(t)
	for i := range held {
		held[i].weight = 1
	}
	lossBy := func(m *linear.Model) float64 {
		odds := make([]float64, len(askingClasses))
		return lossOf(held, func(s *sample) float64 {
			m.Odds(s.words, odds)
			return 1 / (1 + math.Exp(odds[0]-odds[1]))
		})
	}
	now, anew := lossBy(linear.Open(string(standing))), lossBy(linear.Open(string(packed)))
	if now > anew+0.02 {
		t.Errorf("the model that stands tells less of %d messages that were held back (%.4f) than a new one (%.4f): go test ./cmd/keypull/eval -run TheModel -args -update-models", len(held), now, anew)
	}
}

// writtenExamples returns the messages of testdata/examples under the headings of some classes.
func writtenExamples(t *testing.T, classes []string) (all []example) {
	t.Helper()
	for _, file := range globbed(t, "testdata/examples/*.txt") {
		text, err := os.ReadFile(filepath.Clean(file))
		if err != nil {
			t.Fatal(err)
		}
		class := -1
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSpace(line)
			switch {
			case line == "":
			case line[0] == '[' && line[len(line)-1] == ']' && !strings.HasPrefix(line, "[["):
				class = slices.Index(classes, line[1:len(line)-1])
				if class < 0 && classes[0] == "none" && !slices.Contains(askingClasses, line[1:len(line)-1]) {
					class = 0 // what is near a command and is none
				}
			case class >= 0:
				weight := 1.0
				if classes[class] == "goon" {
					weight = ofGoingOn
				}
				all = append(all, exampleOf(line, class, weight))
			}
		}
	}
	return all
}

// How much an example weighs against what somebody wrote: a wording of a command, and a wish that messages
// go on, which is not to end them.
const ofWording, ofGoingOn = 0.3, 3

// wordedExamples returns wordings of commands of all languages: a whole one as it is, one that needs an
// object before or behind one of those. Lines that stand for several, and the sections of those (worded), are
// left out. A wording of STOP without what turns it round asks that messages go on: "I want more messages".
// What chooses from a list, however politely, is no command.
func wordedExamples() (all []example) {
	luck := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same examples each time
	add := func(class, wording string, tongues speech.Tongues) {
		c := slices.Index(commandClasses, class)
		if c < 0 || strings.ContainsAny(wording, "{}<>|") {
			return
		}
		all = append(all, exampleOf(wording, c, ofWording))
		affirmed := affirmedOf(wording, tongues)
		if class != "stop" || affirmed == wording || !strings.Contains(affirmed, " ") {
			return
		}
		if still, _ := command.Lookup(affirmed); still != command.Stop {
			all = append(all, exampleOf(affirmed, slices.Index(commandClasses, "goon"), ofWording))
		}
	}
	for _, tag := range languages.Tags() {
		worded, tongues := map[string][]string{}, speech.Of(tag)
		for section, line := range languages.Patterns(tag, "commands.txt") {
			worded[section] = append(worded[section], line)
		}
		for section, line := range languages.Patterns(tag, "stop.txt") {
			section = strings.TrimSuffix("stop-"+section, "-core")
			worded[section] = append(worded[section], line)
		}
		for _, polite := range languages.Lines(tag, "polite.txt", "polite") {
			for _, choice := range languages.Lines(tag, "choice.txt", "first", "second", "third", "last", "both", "all") {
				add("none", choice+" "+polite, tongues)
				add("none", polite+" "+choice, tongues)
			}
			break
		}
		for _, keeps := range languages.Lines(tag, "stop.txt", "keeps") {
			add("goon", keeps, tongues)
		}
		for _, class := range commandClasses {
			for _, whole := range worded[class] {
				add(class, whole, tongues)
			}
			objects := worded[class+"-objects"]
			for _, needing := range worded[class+"-needing"] {
				if len(objects) == 0 {
					break
				}
				beside := []string{needing, objects[luck.IntN(len(objects))]}
				if luck.IntN(2) == 0 {
					slices.Reverse(beside)
				}
				add(class, strings.Join(beside, " "), tongues)
			}
		}
	}
	return all
}

// affirmedOf returns a wording without the words that turn round, in some languages, what they stand beside.
func affirmedOf(wording string, tongues speech.Tongues) string {
	return strings.Join(slices.DeleteFunc(strings.Fields(wording), func(word string) bool {
		return speech.TurnsRound(textform.Fold(word), tongues)
	}), " ")
}

// readCommands returns what the model of commands is fitted to.
func readCommands(t *testing.T) []example {
	t.Helper()
	return slices.Concat(
		wordedExamples(),
		writtenExamples(t, commandClasses),
		examplesOf(t, 1, "testdata/commands/*.queries.jsonl", "testdata/wishes/read.jsonl", people+"/*.queries.jsonl", "testdata/outlets/*.queries.jsonl",
			understanding+"/queries.jsonl", strangers+"/*.read.jsonl", strangers+"/*.further.jsonl", "testdata/said/*.read.jsonl", "testdata/asked/*.read.jsonl"),
	)
}

// TestTheModelOfCommandsTellsThemFromTalk holds that pull/what/command/said.bin tells the commands
// of messages that it was not fitted to from what asks for none; -update-models fits it anew.
func TestTheModelOfCommandsTellsThemFromTalk(t *testing.T) {
	t.Parallel()
	if *updateModels {
		examples := readCommands(t)
		common := readFeatures(examples)
		if err := os.WriteFile("../../../pull/what/command/said.bin", fitModel(commandClasses, examples, common), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	held := examplesOf(t, 1, strangers+"/*.held.jsonl", strangers+"/*.later.jsonl", strangers+"/*.cold.jsonl")
	var right, wrong, talk, commands int
	for i := range held {
		e := &held[i]
		c, _ := command.Said(textform.Normal(e.text), textform.Tokenise(e.text, nil), true)
		is := command.Command(commandClasses[e.class])
		if e.class > 0 {
			commands++
		}
		switch {
		case c == "":
		case e.class == 0:
			talk++
		case c == is || listsWords(is) && listsWords(c):
			right++
		default:
			wrong++
		}
	}
	t.Logf("of %d commands %d are said and %d taken for another, and %d of %d other messages for one", commands, right, wrong, talk, len(held)-commands)
	if right*100 < commands*70 || wrong*100 > commands || talk*100 > len(held)-commands {
		t.Errorf("of %d commands %d are said, want 70 of 100, and %d taken for another, want 1 of 100 at most, and %d of %d other messages for one, want 1 of 100 at most: go test ./cmd/keypull/eval -run TheModel -args -update-models", commands, right, wrong, talk, len(held)-commands)
	}
}

// listsWords covers HELP and MENU, which may stand for each other.
func listsWords(c command.Command) bool { return c == command.Help || c == command.Menu }
