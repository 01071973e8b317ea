package what

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// run returns where the word ends that begins at a token: signs within it part nothing.
func (msg *message) run(at int) (end int) {
	for end = at + 1; end < len(msg.tokens) && msg.ties(end); {
		end++
	}
	return end
}

// ties reports whether a token goes on with the word of the one before.
func (msg *message) ties(at int) bool {
	k := &msg.tokens[at]
	return k.Tied || k.Glued && !k.Spaceless && !msg.tokens[at-1].Spaceless && !isNoise(k) && !isNoise(&msg.tokens[at-1])
}

// readSymbols marks the words that are written like symbols of an exchange: in
// capitals where the rest is not, or with signs that no other words have. Such a
// word is a name, whatever its letters say in some language, and is never taken
// apart.
func (msg *message) readSymbols() {
	for at := 0; at < len(msg.tokens); {
		end := msg.run(at)
		if msg.isSymbol(at, end) {
			for i := at; i < end; i++ {
				msg.tokens[i].Symbol = true
				if end-at > 1 {
					msg.tokens[i].Roles = 0 // a part of a name says nothing
				}
			}
		}
		at = end
	}
}

func (msg *message) isSymbol(at, end int) bool {
	raw := msg.asTyped(at, end)
	first := &msg.tokens[at]
	capitals := textform.IsSymbol(raw)
	switch {
	case first.Spaceless || strings.ContainsFunc(raw, unicode.IsSpace):
		return false
	case msg.dotted(at, end):
		return true
	case end-at > 1 && capitals, strings.HasPrefix(raw, "^"):
		return true
	case speech.IsPolite(first.Normal) || first.Roles&speech.Negation != 0:
		return false // it is insisted on
	case utf8.RuneCountInString(raw) == 1 && (at == 0 || msg.tokens[at-1].Sentence < first.Sentence):
		return at == 0 && len(msg.tokens) == 2 && capitals && first.Roles&speech.Article == 0 // else it is how sentences begin
	}
	outside := msg.text[:first.Start] + msg.text[msg.tokens[end-1].End:]
	return capitals && strings.ContainsFunc(raw, unicode.IsUpper) && strings.ContainsFunc(outside, func(r rune) bool { return unicode.IsLetter(r) && !unicode.IsUpper(r) })
}

// maxEndOfSymbol is how many letters stand behind the point of a symbol in small
// letters: behind more of them a sentence begins.
const maxEndOfSymbol = 3

// dotted reports whether a word has a sign in it as those of exchanges have, and
// is neither an abbreviation that asks, "s.v.p.", nor two sentences.
func (msg *message) dotted(at, end int) bool {
	signs, letters, carried := false, true, true
	for i := at; i < end; i++ {
		k := &msg.tokens[i]
		if i > at {
			signs = signs || strings.ContainsAny(msg.text[msg.tokens[i-1].End:k.Start], ".=_")
		}
		letters = letters && utf8.RuneCountInString(k.Normal) == 1
		carried = carried && k.Carried
	}
	last := &msg.tokens[end-1]
	long := utf8.RuneCountInString(last.Normal) > maxEndOfSymbol || speech.IsPolite(last.Normal)
	return signs && (!letters || !carried) && (textform.IsSymbol(msg.raw(at, end)) || !long)
}

// asTyped returns a part of the message as it was typed, with the signs at its ends
// that no space parts from it.
func (msg *message) asTyped(from, to int) string {
	start, end := 0, len(msg.text)
	if from > 0 {
		start = msg.tokens[from-1].End
	}
	if to < len(msg.tokens) {
		end = msg.tokens[to].Start
	}
	before, behind := msg.text[start:msg.tokens[from].Start], msg.text[msg.tokens[to-1].End:end]
	if i := strings.LastIndexFunc(before, unicode.IsSpace); i >= 0 {
		_, size := utf8.DecodeRuneInString(before[i:])
		before = before[i+size:]
	}
	if i := strings.IndexFunc(behind, unicode.IsSpace); i >= 0 {
		behind = behind[:i]
	}
	if strings.ContainsAny(behind[:min(len(behind), utf8.UTFMax)], "'’ʼ:") {
		behind = "" // the ending of a case: "Leeds'te"
	}
	return textform.Trim(before + msg.raw(from, to) + behind)
}

// cuts reports whether a part of the message begins and ends where words do.
func (msg *message) cuts(from, to int) bool {
	return (from == 0 || !msg.ties(from)) && (to == len(msg.tokens) || !msg.ties(to))
}

// tears reports whether a part of the message is one of a symbol.
func (msg *message) tears(from, to int) bool {
	return !msg.cuts(from, to) && (msg.tokens[from].Symbol || msg.tokens[to-1].Symbol)
}
