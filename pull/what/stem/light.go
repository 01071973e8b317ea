package stem

import (
	"strings"

	"keypull/pull/what/textform"
)

// Light takes the endings of plural and genitive that many languages share
// off a folded word whose language is not known, such as a name: lobianis,
// nusstorten, blodpalts, gateaux. At least three letters stay, and words in
// other letters than the Latin ones come back as they are.
func Light(word string) string {
	n := len(word)
	if n <= minStem || n > maxStemWord || !textform.IsASCII(word) || !hasStem(word) {
		return word
	}
	last, before := word[n-1], word[n-2]
	switch {
	case last == 's' && n > minStem+1 && hasAnySuffix(word, "xes", "zes", "sses", "shes"),
		last == 's' && n > minStem+2 && hasAnySuffix(word, "oes"):
		return word[:n-2]
	case last == 's' && before != 's' && before != 'u':
		return word[:n-1]
	case last == 'x' && before == 'u' && hasAnySuffix(word, "aux", "eux", "oux"):
		return word[:n-1]
	case last == 'n' && before == 'e' && n > minStem+2:
		return word[:n-1]
	}
	return word
}

func hasAnySuffix(s string, suffixes ...string) bool {
	for _, suffix := range suffixes {
		if strings.HasSuffix(s, suffix) {
			return true
		}
	}
	return false
}
