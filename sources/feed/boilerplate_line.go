package feed

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// withoutLine cuts what is hung on a text without links: a last line about
// where it appeared, one that only sends on, and the brackets of a text that
// is cut, of which the dots stay.
func (p boilerplate) withoutLine(text string) string {
	for {
		at := strings.LastIndexByte(text, '\n') + 1
		line := strings.TrimSpace(text[at:])
		m := credit.FindStringSubmatch(line)
		switch {
		case m != nil && sameWords(strings.Join(m[1:], ""), p.title):
			text = strings.TrimSpace(text[:at])
			continue
		case at > 0 && (endsInArrow(line) || fewWords(line)) && p.leadsOn(line):
			text = strings.TrimSpace(text[:at])
			continue
		}
		break
	}
	if i := strings.LastIndexAny(text, "…]"); i >= 0 && i+1 < len(text) {
		_, size := utf8.DecodeRuneInString(text[i:])
		if p.leadsOn(text[i+size:]) {
			text = text[:i+size]
		}
	}
	if i := strings.LastIndexAny(text, ".!?"); i >= 0 && p.isBoilerplate(text[i+1:]) {
		text = text[:i+1]
	}
	at := max(0, len(text)-maxMark)
	return text[:at] + cutMark.ReplaceAllString(text[at:], "…")
}

// isBoilerplate says whether what stands behind the last sentence only sends on: a
// phrase that begins like one, and is longer than a name may be by which a
// sentence goes on behind an abbreviation ("vs. Reading").
func (p boilerplate) isBoilerplate(rest string) bool {
	phrase := strings.TrimSpace(rest)
	first, _ := utf8.DecodeRuneInString(phrase)
	return len(phrase) < len(rest) && len(phrase) >= len("Read more") && unicode.IsUpper(first) && fewWords(phrase) && p.leadsOn(phrase)
}

// maxMark is how long the mark of a cut is, with what stands around it.
const maxMark = 40

// endsInArrow says whether a line points on.
func endsInArrow(line string) bool {
	return strings.ContainsAny(line, "»→›…>") || strings.HasSuffix(line, "...")
}

// fewWords says whether a line is no more than a phrase, without the end of a
// sentence.
func fewWords(line string) bool {
	return len(strings.Fields(line)) <= 3 && !strings.ContainsAny(line, ".!?,;")
}

// cutMark is what stands at the end of a text that its publisher has cut.
var cutMark = regexp.MustCompile(`[\s…]*(?:\[(?:…|\.\.\.)\]|\((?:…|\.\.\.)\))\s*(?:→|»|›)?\s*$`)
