package what

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"

	"keypull/pull/what/linear"
	"keypull/pull/what/textform"
)

//go:embed asking.bin
var askingModel string

// knownAsking says whether the words around a phrase ask for it. It is fitted to messages by
// cmd/keypull/eval.TestTheModelOfAskingIsWhatTheMessagesTell.
var knownAsking = sync.OnceValue(func() *linear.Model { return linear.Open(askingModel) })

// Kinds of features of what stands around a phrase: the words right before and behind it, by how
// many words away, and the signs of the message.
const (
	kindBefore, kindBehind = 'B', 'A'
	kindSign, kindLength   = 'x', 'l'
	// farBeside is how many words away from a phrase they still stand beside it.
	farBeside = 2
	// mostTold is how many words are counted one by one.
	mostTold = 8
)

// aPhrase stands for the phrase among the words around it.
const aPhrase = "*"

// signsOfMessages are those that tell asking from telling.
const signsOfMessages = "?!.,\">"

// wordsAround returns the features of what stands around some spans, which are disjoint and in their order.
func (msg *message) wordsAround(spans []span) []linear.Feature {
	features := make([]linear.Feature, 0, 4*len(msg.tokens)+16)
	from, before := 0, linear.Begin
	for _, s := range spans {
		words := msg.tokens[from:s.from]
		features = linear.Bigrams(linear.Words(features, words), words, before, aPhrase)
		from, before = s.to, aPhrase
	}
	features = linear.Bigrams(linear.Words(features, msg.tokens[from:]), msg.tokens[from:], before, linear.End)
	beside := func(kind byte, far, at int) {
		if at < 0 || at >= len(msg.tokens) {
			features = append(features, linear.Hash(kind, strconv.Itoa(far)))
			return
		}
		word := msg.tokens[at].Folded
		features = append(features, linear.Hash(kind, strconv.Itoa(far)+word), linear.Hash(kind, strconv.Itoa(far)+linear.Stem(word)+"-"))
	}
	first, last := spans[0], spans[len(spans)-1]
	for far := range farBeside {
		beside(kindBefore, far, first.from-1-far)
		beside(kindBehind, far, last.to+far)
	}
	for i := range signsOfMessages {
		if sign := signsOfMessages[i : i+1]; strings.Contains(msg.text, sign) {
			features = append(features, linear.Hash(kindSign, sign))
		}
	}
	return linear.Once(append(features, linear.Hash(kindLength, strconv.Itoa(min(msg.size(), mostTold)))))
}

// AroundMarked returns the features of what stands around a phrase of a message, from a place to
// another in bytes.
func AroundMarked(text string, from, to int) []linear.Feature {
	msg := message{text: text, tokens: textform.Tokenise(text, nil)}
	s := span{from: len(msg.tokens)}
	for i := range msg.tokens {
		if k := &msg.tokens[i]; k.End > from && k.Start < to {
			s.from, s.to = min(s.from, i), i+1
		}
	}
	if s.to == 0 {
		return nil
	}
	return msg.wordsAround([]span{s})
}

// soundsAsking returns what the words around some spans say of whether it is asked for what they
// name: the logarithm of the odds.
func soundsAsking(features []linear.Feature) float64 {
	odds := [2]float64{}
	knownAsking().Odds(features, odds[:])
	return odds[1] - odds[0]
}
