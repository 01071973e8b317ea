package messengers

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// address is a web address and whatever is written on to it: no space, and no sign
// that ends a sentence where words stand without spaces.
var address = regexp.MustCompile(`(?i)https?://[^\s\p{Z}\p{Cc}。、，；：！？（）「」『』【】《》〈〉]+`)

// addresses returns where web addresses stand in a text. The stop of a sentence, and a
// quote or bracket that was opened before, belong to none.
func addresses(s string) [][]int {
	if !strings.Contains(s, "://") {
		return nil
	}
	all := address.FindAllStringIndex(s, -1)
	for i, at := range all {
		all[i] = []int{at[0], at[0] + len(alone(s[:at[0]], s[at[0]:at[1]]))}
	}
	return slices.DeleteFunc(all, func(at []int) bool { return strings.HasSuffix(s[at[0]:at[1]], "://") })
}

// closers are the signs that end what another began.
var closers = map[rune]string{
	'>': "<", '"': `"`, '\'': "'", ')': "(", ']': "[", '}': "{", '”': "“„", '’': "‘", '»': "«", '«': "»", '›': "‹", '“': "„",
	'*': "*", '_': "_", '~': "~", '|': "|", '`': "`",
}

// alone returns a web address without what follows it, whatever stands before it.
func alone(before, address string) string {
	if end, ok := map[byte]string{'<': ">", '"': `"`}[last(before)]; ok {
		address, _, _ = strings.Cut(address, end)
	}
	for {
		r, size := utf8.DecodeLastRuneInString(address)
		opening, closes := closers[r]
		switch {
		case strings.ContainsRune(".,;:!?…", r):
		case closes && strings.ContainsAny(before, opening) && (strings.ContainsRune(opening, r) || unmatched(address, r, opening)):
		default:
			return address
		}
		address = address[:len(address)-size]
	}
}

// unmatched tells whether an address has a sign more often than what opens it.
func unmatched(address string, closing rune, opening string) bool {
	n := 0
	for _, r := range address {
		if r == closing {
			n++
		} else if strings.ContainsRune(opening, r) {
			n--
		}
	}
	return n > 0
}

func last(s string) byte {
	if s == "" {
		return 0
	}
	return s[len(s)-1]
}

// Around rewrites a text, but for the web addresses that stand in it.
func Around(text string, rewrite func(string) string) string {
	return around(text, rewrite, func(address string) string { return address })
}

// Undivided returns where a text is cut that would be cut at some place: before an
// address that it would divide.
func Undivided(text string, at int) int {
	for _, one := range addresses(text) {
		if one[0] < at && at < one[1] {
			return one[0]
		}
	}
	return at
}

func around(text string, rewrite, follow func(string) string) string {
	found := addresses(text)
	if len(found) == 0 {
		return rewrite(text)
	}
	var b strings.Builder
	at := 0
	for _, one := range found {
		b.WriteString(rewrite(text[at:one[0]]))
		b.WriteString(follow(text[one[0]:one[1]]))
		at = one[1]
	}
	b.WriteString(rewrite(text[at:]))
	return b.String()
}

// encoded returns the same address in letters of the GSM alphabet, but for its host.
func encoded(address string) string {
	_, behind, _ := strings.Cut(address, "://")
	behind = behind[max(0, strings.IndexAny(behind+"/", "/?#")):]
	var b strings.Builder
	b.WriteString(strings.TrimSuffix(address, behind))
	for _, r := range behind {
		if gsmSize(r) > 0 {
			b.WriteRune(r)
		} else {
			b.WriteString(url.PathEscape(string(r)))
		}
	}
	return b.String()
}

// joiner keeps the platform from making a tap of the sign before it; nobody sees it.
const joiner = "\u2060"

// tap is a sign that may begin one, and what it begins.
var tap = regexp.MustCompile(`[@/][\pL\pN_]`)

// host is how an address begins that is written without its scheme.
var host = regexp.MustCompile(`[\pL\pN-]\.\pL{2,}(:\d+)?/`)

// tapless is text of others, in which the platform makes a tap of nothing: neither
// of a name nor of a command.
func (l Limits) tapless(text string) string {
	if l.Taps == "" || !strings.ContainsAny(text, l.Taps) {
		return text
	}
	return Around(text, func(text string) string {
		var b strings.Builder
		at := 0
		for _, found := range tap.FindAllStringIndex(text, -1) {
			sign := found[0]
			before, _ := utf8.DecodeLastRuneInString(text[:sign])
			word := text[strings.LastIndexFunc(text[:sign], unicode.IsSpace)+1 : sign]
			if !strings.Contains(l.Taps, text[sign:sign+1]) || unicode.IsLetter(before) || unicode.IsNumber(before) || before == '_' || host.MatchString(word) {
				continue
			}
			b.WriteString(text[at:sign+1] + joiner)
			at = sign + 1
		}
		b.WriteString(text[at:])
		return b.String()
	})
}
