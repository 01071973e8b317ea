package instruction

import (
	"iter"
	"slices"
	"strings"
	"sync"

	"keypull/pull/what/hashtable"
	"keypull/pull/what/languages"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// What a message that no wording fits may want is guessed by a naive Bayes classifier: each
// word and each beginning of one has, in each language, a weight for each kind, the logarithm
// of how much likelier it stands in a wording of that kind than in one of the average. The
// kinds are those of instructions and of commands. A guess is only good enough to be offered.

// guessed are the kinds that are guessed: first those whose messages name keywords, the last
// of which may name none, too.
var guessed = [...]Kind{Save, Unsave, ListMake, Unlater, City, Short, Long, Plain, Saved, ForgetCity, Laters, MyData, Why, Stop}

// onLists are the kinds that are guessed where a list of the reader's is named: two beside keywords,
// two without. Their weights follow those of the others.
var onLists = [...]Kind{ListAdd, ListRemove, List, ListDrop}

// allWeights is how many weights there are.
const allWeights = len(guessed) + len(onLists)

// Guessed lists the kinds that are guessed.
func Guessed() []Kind { return slices.Concat(guessed[:], onLists[:]) }

// guessedNamed and guessedAlone are where those end that may name keywords, and those begin that
// may name none.
const guessedNamed, guessedAlone = 4, 3

// The kinds that are commands, by the names of their sections in commands.txt.
const (
	Laters  Kind = "later"
	Unlater Kind = "unlater"
	MyData  Kind = "mydata"
	Why     Kind = "why"
	Stop    Kind = "stop"
)

// likeKinds are counted as another kind, which the wording is of as well.
var likeKinds = map[Kind]Kind{Lives: City, ListAdd: ListMake, ListRemove: Unsave, KeepOnly: Unsave, AboutWord: About}

// Where the wordings of commands stand, and those of STOP.
const (
	commandsFile = "commands.txt"
	stopFile     = "stop.txt"
)

// The names of the tables: the weights of what may stand in a message, and the first wording
// of each kind.
const (
	tableWeights = "instruction.weights"
	tableSayings = "instruction.sayings"
)

// Bounds of the classifier: how it smooths what no wording has, how its weights are kept as
// whole numbers, and the beginnings of words that count as well.
const (
	smoothing   = 0.005
	weightScale = 10
	weightZero  = 128
	// A word of so many letters counts by its first few, a long one by one more.
	stemFrom, stemRunes, longFrom = 5, 4, 7
	// leastGuess is the least weight of a message that is guessed, leastStop that of STOP, leastNamed
	// that of one that names keywords, which would be offered, leastCue that of what tells its kind from
	// others.
	leastGuess, leastStop, leastNamed, leastCue = 3.5, 7, 2, 1.2
)

// Guess is what a message that no wording fits may want. Known says of each word whether
// it speaks for that: the others stand in gaps. Cue is the word that tells
// the kind best.
type Guess struct {
	Kind     Kind
	Language string
	Known    []bool
	Cue      int
}

// GuessKind guesses what the words of a message want, in the language whose wordings have the
// most of them, the earliest of the preferred ones where several do. Words that name keywords
// are not looked at, and no kind is guessed that may not be.
func GuessKind(tokens []textform.Token, names []bool, may func(Kind) bool, preferred []string) (g Guess, ok bool) {
	if len(tokens) == 0 || len(tokens) > maxMessage {
		return Guess{}, false
	}
	g.Language = guessLanguage(tokens, names, preferred)
	sums, cues := weigh(tokens, names, g.Language)
	from, to, named := guessedAlone, len(guessed), slices.Contains(names, true)
	if named {
		from, to = 0, guessedNamed
	}
	most := 0.0
	for i := from; i < to; i++ {
		kind := guessed[i]
		if over := sums[i] - leastSum(kind, named); over > most && cues[i].weight >= leastCue && may(kind) {
			g.Kind, g.Cue, most = kind, cues[i].place, over
		}
	}
	if g.Kind == "" {
		return g, false
	}
	g.Known = knownWords(tokens, names, g.Language, slices.Index(guessed[:], g.Kind))
	return g, true
}

// leastSum is the least weight of a message that is guessed to be of a kind.
func leastSum(kind Kind, named bool) float64 {
	switch {
	case named:
		return leastNamed
	case kind == Stop:
		return leastStop
	}
	return leastGuess
}

// GuessOnList guesses what is wanted of one of the reader's lists that the words name, beside
// keywords or not; sure says that some word speaks for it. What lets words go speaks for taking them
// off a list, too, and what keeps them for the contrary.
func GuessOnList(tokens []textform.Token, names []bool, keywords bool, preferred []string) (kind Kind, language string, sure bool) {
	language = guessLanguage(tokens, names, preferred)
	sums, _ := weigh(tokens, names, language)
	sum := func(own, alike Kind) float64 {
		return sums[len(guessed)+slices.Index(onLists[:], own)] + max(0, sums[slices.Index(guessed[:], alike)])
	}
	kind, gone := List, ListDrop
	if keywords {
		kind, gone = ListAdd, ListRemove
	}
	likely, other := sum(kind, Save), sum(gone, Unsave)
	if other > likely {
		kind, likely = gone, other
	}
	return kind, language, likely > 0
}

// guessLanguage returns the language whose wordings have the most of a message's words, the
// earliest of the preferred ones where several do; "" if none has any. Of another than these, one word is none:
// "ranger" is no French in "ranger phone number".
func guessLanguage(tokens []textform.Token, names []bool, preferred []string) (language string) {
	most := 0
	for i, tag := range append(slices.Clone(preferred), languages.Tags()...) {
		tag = languages.Base(tag)
		n := 0
		if i >= len(preferred) && len(preferred) > 0 && slices.Contains(names, true) {
			n = -1
		}
		for _, known := range knownWords(tokens, names, tag, anyKind) {
			if known {
				n++
			}
		}
		if n > most {
			language, most = tag, n
		}
	}
	return language
}

// cue is the word of a message that weighs most for a kind, of those that do not only ask.
type cue struct {
	place  int
	weight float64
}

// weigh adds up the weights of a message's words for each kind.
func weigh(tokens []textform.Token, names []bool, tag string) (sums [allWeights]float64, cues [allWeights]cue) {
	seen := map[string]bool{}
	for place, feature := range featuresOf(tokens, names) {
		if seen[feature] {
			continue
		}
		seen[feature] = true
		if w := weights().Find(tag + " " + feature); w != nil {
			for i, n := range w {
				weight := float64(n) / weightScale
				if sums[i] += weight; weight > cues[i].weight && tokens[place].Roles&speech.Filler == 0 {
					cues[i] = cue{place, weight}
				}
			}
		}
	}
	return sums, cues
}

// anyKind stands for all kinds together.
const anyKind = -1

// knownWords says of each word whether the wordings of a language have it, or whether it speaks
// for a kind.
func knownWords(tokens []textform.Token, names []bool, tag string, kind int) []bool {
	known := make([]bool, len(tokens))
	for place, feature := range featuresOf(tokens, names) {
		if w := weights().Find(tag + " " + feature); w != nil && (kind == anyKind || w[kind] > 0) {
			known[place] = true
			if tokens[place].Spaceless {
				known[place+1] = true
			}
		}
	}
	return known
}

// featuresOf goes through what counts in a message, with its place: words and the beginnings of
// long ones, pairs of letters in scripts without spaces.
func featuresOf(tokens []textform.Token, left []bool) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for i := range tokens {
			word := tokens[i].Folded
			if i < len(left) && left[i] {
				continue
			}
			if !tokens[i].Spaceless {
				if stem := stemOf(word); !yield(i, word) || stem != "" && !yield(i, stem) {
					return
				}
				continue
			}
			if next := i + 1; next < len(tokens) && tokens[next].Spaceless && !yield(i, word+tokens[next].Folded) {
				return
			}
		}
	}
}

// stemOf returns the beginning of a long word, marked as one; "" of another.
func stemOf(word string) string {
	letters := []rune(word)
	switch {
	case len(letters) < stemFrom:
		return ""
	case len(letters) < longFrom:
		return string(letters[:stemRunes]) + "*"
	}
	return string(letters[:stemRunes+1]) + "*"
}

// Knows reports whether a folded word stands in the wordings of instructions and commands, in some
// of the languages.
func Knows(folded string, tags []string) bool {
	return slices.ContainsFunc(tags, func(tag string) bool { return weights().Find(languages.Base(tag)+" "+folded) != nil })
}

// weights are those of what may stand in a message, by the language and it, for each kind
// that is guessed.
var weights = sync.OnceValue(func() *hashtable.Frozen[[allWeights]int8] {
	return hashtable.Open(languages.Table(tableWeights), func(numbers []uint64) (of [allWeights]int8) {
		for i, n := range numbers {
			of[i] = int8(int(n) - weightZero)
		}
		return of
	})
})

var sayings = sync.OnceValue(func() map[string]string {
	said := map[string]string{}
	for line := range strings.Lines(languages.Table(tableSayings)) {
		name, wording, _ := strings.Cut(strings.TrimSpace(line), "=")
		said[name] = wording
	}
	return said
})

// Say words an instruction as a language does, with what stands in its gaps; English where the
// language does not. It is "" where the wording has a gap that is not filled.
func Say(in Instruction) string {
	wording, ok := sayings()[in.Language+" "+string(in.Kind)]
	if !ok {
		wording = sayings()["en "+string(in.Kind)]
	}
	var gaps []string
	for gap, filled := range in.Gaps {
		gaps = append(gaps, gap, filled)
	}
	wording = strings.NewReplacer(gaps...).Replace(wording)
	if strings.Contains(wording, "<") {
		return ""
	}
	return wording
}
