package journal

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"keypull/pull/what/textform"
)

// Hidden stands in a text where something was that may say who somebody is.
const Hidden = "■"

// Texts beyond these are messages to somebody, not words for something.
const (
	maxTextWords = 6
	maxTextRunes = 60
)

// private matches what names or reaches somebody: addresses of mail, of the
// web, names with @, and numbers, which may be those of telephones, accounts and
// houses.
var (
	addresses = regexp.MustCompile(`(?i)\S*@\s*\S*|\b(?:https?|ftp|mailto|tel|www)[:.]\S*|[\pL\d-]{2,}\.[\pL]{2,}(?:[/:?.]\S*)?`)
	numbers   = regexp.MustCompile(`\+?\p{Nd}(?:[ ().\-/']{0,2}\p{Nd}){4,}|\p{Nd}{3,}`)
	stripped  = regexp.MustCompile(`(?i)(?:^| )(?:https?|www|mailto)(?: |$)| (?:com|org|net|gmail|gmx|hotmail|outlook|yahoo)$`)
)

func isAddressed(text string) bool { return addresses.MatchString(plainly(text)) }

// plainly writes wide and other letters for machines as usual ones, and leaves
// out what nobody sees, so that neither hides an address.
func plainly(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, norm.NFKC.String(strings.ToValidUTF8(text, "")))
}

// Masked returns a text in normal form with what is private in it hidden, and
// false where nothing of it may be kept: it is long, or private as a whole, or
// the remains of an address whose signs were taken away.
func Masked(text string) (string, bool) {
	if utf8.RuneCountInString(text) > maxTextRunes || len(strings.Fields(text)) > maxTextWords {
		return "", false
	}
	text = addresses.ReplaceAllString(plainly(text), " "+Hidden+" ")
	text = numbers.ReplaceAllString(text, " "+Hidden+" ")
	if stripped.MatchString(text) {
		return "", false
	}
	// Normal form may put together what stood apart.
	text = textform.Normal(numbers.ReplaceAllString(textform.Normal(text), " "+Hidden+" "))
	words := strings.Fields(text)
	if !slices.ContainsFunc(words, func(w string) bool { return w != Hidden }) || utf8.RuneCountInString(text) > maxTextRunes {
		return "", false
	}
	return text, true
}
