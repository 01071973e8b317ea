package words

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// The marks around what is filled into a sentence of the other direction: its
// order is its own, and does not disturb that of the words around it.
const (
	isolateFirst = "\u2068"
	isolateEnd   = "\u2069"
)

// isolateText sets marks around a text where it would be shuffled in a sentence
// that runs to the left, or shuffle one that runs to the right.
func isolateText(text string, toLeft bool) string {
	if strings.HasPrefix(text, isolateFirst) || !strange(text, toLeft) {
		return text
	}
	return isolateFirst + text + isolateEnd
}

// strange reports whether a text has letters of the other direction, or is
// nothing but digits and signs that a sentence that runs to the left would turn round.
func strange(text string, toLeft bool) bool {
	if text == "" {
		return false
	}
	digit, sign, own := false, false, false
	for _, r := range text {
		if r < unicode.MaxASCII && !toLeft {
			continue
		}
		properties, _ := bidi.LookupRune(r)
		switch properties.Class() {
		case bidi.L:
			if toLeft {
				return true
			}
		case bidi.R, bidi.AL:
			if !toLeft {
				return true
			}
			own = true
		case bidi.EN:
			digit = true
		case bidi.WS, bidi.CS, bidi.NSM:
		default:
			sign = true
		}
	}
	return toLeft && digit && sign && !own
}

// Direction returns that of a language's writing, as HTML names it: "rtl" or "ltr".
func Direction(tag string) string {
	if Core().speechFor(tag).toLeft {
		return "rtl"
	}
	return "ltr"
}

// textDirection returns that of the first letter of a text: true where it runs to the
// left, and whether there is a letter at all.
func textDirection(text string) (toLeft, ok bool) {
	for _, r := range text {
		properties, _ := bidi.LookupRune(r)
		switch properties.Class() {
		case bidi.R, bidi.AL:
			return true, true
		case bidi.L:
			return false, true
		}
	}
	return false, false
}
