package command

import (
	_ "embed"
	"slices"
	"sync"

	"keypull/pull/what/linear"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

//go:embed said.bin
var saidModel string

// knownModel says which command the words of a message say, or none. It is fitted to messages
// by cmd/keypull/eval.TestTheModelOfCommandsTellsThemFromTalk.
var knownModel = sync.OnceValue(func() *linear.Model { return linear.Open(saidModel) })

// How likely a command is at least that is carried out by the words of a message: one, one that
// ends something, and one in a message that may be something else as well.
const saidFrom, endsFrom, saidBesideFrom = 0.7, 0.78, 0.86

// StopSureFrom is how likely Stop is at least where a message is short or spoken to somebody else.
const StopSureFrom = 0.93

// Said returns the command that the words of a message say, whatever words they are: its normal form and
// its tokens, and how likely it is, from 0 to 1. Where the message may be something else as well it has to be surer.
// It is "" where none is said.
func Said(normal string, tokens []textform.Token, besides bool) (said Command, likely float64) {
	said, likely = Likeliest(tokens)
	least := saidFrom
	if said == Stop || said == Forget {
		least = endsFrom
	}
	if besides || said == Paid {
		least = saidBesideFrom
	}
	if likely < least || Spares(normal, said) {
		return "", 0
	}
	return said, likely
}

// goesOn is the class of messages that ask for more, or for no end: "never take me off". It is no command.
const goesOn = "goon"

// Likeliest returns the command that the words of a message say most likely, and how likely it is,
// from 0 to 1. Two classes of the model are no command: the first, none, and goesOn.
func Likeliest(tokens []textform.Token) (said Command, likely float64) {
	classes, odds := weighClasses(tokens)
	for c, name := range classes[1:] {
		if p := odds[c+1]; p > likely && name != goesOn {
			said, likely = Command(name), p
		}
	}
	return said, likely
}

// GoesOn reports whether a message asks more likely that messages go on than anything else.
func GoesOn(tokens []textform.Token) bool {
	classes, odds := weighClasses(tokens)
	return odds[slices.Index(classes, goesOn)] == slices.Max(odds)
}

// weighClasses returns the classes of the model, and how likely a message is each of them.
func weighClasses(tokens []textform.Token) (classes []string, odds []float64) {
	m := knownModel()
	odds = make([]float64, len(m.Classes))
	m.Odds(Features(tokens, func(folded string) bool { return m.Holds(linear.Common(folded)) }), odds)
	linear.Softmax(odds)
	return m.Classes, odds
}

// Kinds of features of words that stand beside one that turns them round: "don't stop", "hört nicht".
const (
	kindNegated, kindNegatedBefore = 'n', 'N'
	// farNegated is how many words away from it they still do.
	farNegated = 2
)

// Features returns those of a message by which its command is told; common tells the words that many
// messages have.
func Features(tokens []textform.Token, common func(folded string) bool) []linear.Feature {
	features := linear.Frames(linear.SkipGrams(linear.Text(tokens), tokens), tokens, common)
	for i := range tokens {
		if tokens[i].Spaceless || !speech.TurnsRound(tokens[i].Folded, speech.Any) {
			continue
		}
		for far := 1; far <= farNegated; far++ {
			if at := i + far; at < len(tokens) {
				features = append(features, linear.Hash(kindNegated, linear.Stem(tokens[at].Folded)))
			}
			if at := i - far; at >= 0 {
				features = append(features, linear.Hash(kindNegatedBefore, linear.Stem(tokens[at].Folded)))
			}
		}
	}
	return linear.Once(features)
}
