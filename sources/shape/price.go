package shape

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	priced  = regexp.MustCompile(`(?i)\p{Sc}|(^|\P{L})(eur|euros?|usd|gbp|chf|jpy|cny|inr|rub|pln|czk|sek|nok|dkk|aed|sar|egp|kr|zł|kč|ft|lei|tl|rp)(\P{L}|$)|[円元]|руб|ريال|درهم|جنيه|دينار`)
	cents   = regexp.MustCompile(`^\d{1,5}[.,]\d{2}$`)
	numeral = regexp.MustCompile(`\p{Nd}`)
	further = regexp.MustCompile(`[.,;] +\p{L}`)
	// parting stands between a name and its price.
	parting = regexp.MustCompile(`\s*(?::|\s[–—-]|[–—]|\.{2,}|…+|\||\t)\s*`)
)

// IsPrice reports whether a text is the price of something, and tells nothing further.
func IsPrice(text string) bool {
	const short = 24
	return utf8.RuneCountInString(text) <= short && (cents.MatchString(text) || numeral.MatchString(text) && priced.MatchString(text) && !further.MatchString(text))
}

// CutPrice cuts a line at the price with a currency that it ends with: "Haircut – 25 €",
// "Erwachsene 9 €".
func CutPrice(line string) (name, price string, ok bool) {
	if at := parting.FindAllStringIndex(line, -1); len(at) > 0 {
		last := at[len(at)-1]
		name, price = line[:last[0]], line[last[1]:]
		if isPriceOf(name, price) {
			return name, price, true
		}
	}
	words := strings.Fields(line)
	for i := 1; i < len(words); i++ {
		name, price = strings.TrimRight(strings.Join(words[:i], " "), " :.…–—-|"), strings.Join(words[i:], " ")
		const most = 8 // what has more words is a sentence
		if i <= most && isFigures(words[i:]) && isPriceOf(name, price) {
			return name, price, true
		}
	}
	return "", "", false
}

func isPriceOf(name, price string) bool {
	const long = 80
	first, _ := utf8.DecodeRuneInString(name)
	return unicode.IsLetter(first) && len(name) <= long && !priced.MatchString(name) && IsPrice(price) && priced.MatchString(price) && numeral.MatchString(price)
}

// isFigures reports whether words are nothing but numbers, currencies and signs.
func isFigures(words []string) bool {
	for _, w := range words {
		if strings.ContainsFunc(w, unicode.IsLetter) && !priced.MatchString(w) {
			return false
		}
	}
	return true
}
