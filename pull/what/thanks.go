package what

import (
	"slices"
	"strings"

	"keypull/pull/what/instruction"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// thanked reports whether some words are what the message gives thanks for: such words stand
// in front of them, with nothing between that asks once more, or behind them.
func (msg *message) thanked(from, to int) bool {
	if msg.receipts() {
		return true
	}
	part := msg.tokens[from].Part
	asks := asksOfUs(&msg.tokens[from])
	for i := from - 1; i >= 0 && msg.tokens[i].Part == part; i-- {
		switch k := &msg.tokens[i]; {
		case k.Roles&speech.Thanks != 0:
			return true
		case asksOfUs(k):
			asks = true
		case asks && !isFiller(k): // "thanks for the tides can I have the weather"
			return false
		}
	}
	for i := to; i < len(msg.tokens) && msg.tokens[i].Part == part; i++ {
		if msg.tokens[i].Roles&speech.ThanksBehind != 0 {
			return true
		}
	}
	return false
}

// receipts reports whether a message says that something has come, gives thanks for it behind
// that, and asks for nothing.
func (msg *message) receipts() bool {
	came := slices.IndexFunc(msg.tokens, func(k textform.Token) bool { return k.Roles&speech.Receipt != 0 })
	return came >= 0 && !strings.ContainsAny(msg.text, "?？؟") &&
		slices.ContainsFunc(msg.tokens[came:], func(k textform.Token) bool { return k.Roles&speech.Greeting != 0 }) &&
		!slices.ContainsFunc(msg.tokens, func(k textform.Token) bool { return k.Roles&(speech.Receipt|speech.Greeting) == 0 && asksOfUs(&k) })
}

// onlyThanks reports whether a message gives thanks for what is named in it, and asks for
// nothing beside.
func (t *tiers) onlyThanks() bool {
	thanks := t.receipts()
	for i := range t.tokens {
		k := &t.tokens[i]
		thanks = thanks || k.Roles&(speech.Thanks|speech.ThanksBehind) != 0
		if asksOfUs(k) && !t.thanked(i, i+1) {
			return false
		}
	}
	if !thanks {
		return false
	}
	for _, s := range t.spans() {
		if !t.thanked(s.from, s.to) {
			return false
		}
	}
	return true
}

// giveThanks answers a message that only gives thanks, whatever is near to it.
func (t *tiers) giveThanks() (Match, bool) {
	if !t.onlyThanks() {
		return Match{}, false
	}
	t.instructed = append(t.instructed, instruction.Instruction{Kind: instruction.Thanks})
	return declinedMatch(TierPart, ReasonNegated, joined(t.spans())), true
}
