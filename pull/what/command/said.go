package command

import (
	_ "embed"
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
const saidFrom, endsFrom, saidBesideFrom = 0.65, 0.75, 0.9

// Said returns the command that the words of a message say, whatever words they are: its normal form and
// its tokens. Where the message may be something else as well it has to be surer.
func Said(normal string, tokens []textform.Token, besides bool) (said Command, ok bool) {
	said, likely := Likeliest(tokens)
	least := saidFrom
	if said == Stop || said == Forget {
		least = endsFrom
	}
	if besides || said == Paid {
		least = saidBesideFrom
	}
	return said, likely >= least && !Spares(normal, said)
}

// goesOn is the class of messages that ask for more, or for no end: "never take me off". It is no command.
const goesOn = "goon"

// Likeliest returns the command that the words of a message say most likely, and how likely it is,
// from 0 to 1. Two classes of the model are no command: the first, none, and goesOn.
func Likeliest(tokens []textform.Token) (said Command, likely float64) {
	m := knownModel()
	odds := make([]float64, len(m.Classes))
	m.Odds(Features(tokens), odds)
	linear.Softmax(odds)
	for c, name := range m.Classes[1:] {
		if p := odds[c+1]; p > likely && name != goesOn {
			said, likely = Command(name), p
		}
	}
	return said, likely
}

// Kinds of features of words that stand beside one that turns them round: "don't stop", "hört nicht".
const (
	kindNegated, kindNegatedBefore = 'n', 'N'
	// farNegated is how many words away from it they still do.
	farNegated = 2
)

// Features returns those of a message by which its command is told.
func Features(tokens []textform.Token) []linear.Feature {
	features := linear.Text(tokens)
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
