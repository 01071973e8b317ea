package slot

import (
	_ "embed" // The names of currencies are part of the program.
	"strconv"
	"strings"
	"sync"
	"unicode"

	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
)

// parseAmount reads a number with a currency before or behind it.
func parseAmount(text string, preferred []string) (string, bool) {
	text = strings.ToLower(textform.Figures(text))
	var number, currency string
	switch first, last := strings.IndexFunc(text, isDigit), strings.LastIndexFunc(text, isDigit); {
	case first < 0:
		number, currency, _ = strings.Cut(text, " ")
		n, ok := spokenNumbers()[textform.FoldNormal(textform.Normal(number))]
		if !ok {
			return "", false
		}
		number = strconv.Itoa(n)
	case last == len(text)-1:
		if strings.HasSuffix(strings.TrimSpace(text[:first]), "-") {
			return "", false
		}
		currency, number = text[:first], text[first:]
	case first == 0:
		number, currency = text[:last+1], text[last+1:]
	default:
		return "", false
	}
	code, ok := currencyCode(currency, preferred)
	if !ok {
		return "", false
	}
	value, ok := decimalOf(number, preferred)
	if !ok || strings.HasPrefix(value, "-") {
		return "", false
	}
	if at := strings.IndexByte(value, '.'); at >= 0 && len(value)-at == 2 {
		value += "0"
	}
	return value + " " + code, true
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// currencyCode finds the ISO 4217 code of a sign, a word or a code. What is a
// dollar or a crown depends on the reader.
func currencyCode(name string, preferred []string) (string, bool) {
	name = strings.TrimFunc(name, func(r rune) bool { return unicode.IsSpace(r) || r == '.' || r == ',' || r == '-' || r == '–' })
	if name == "" {
		return "", false
	}
	first := ""
	if len(preferred) > 0 {
		first = strings.ToLower(preferred[0])
	}
	if codes, ok := sharedCurrencies[name]; ok {
		if code, ok := codes[first]; ok {
			return code, true
		}
		if code, ok := codes[languages.Base(first)]; ok {
			return code, true
		}
		code, ok := codes[""]
		return code, ok
	}
	code, ok := currencyTable()[name]
	if !ok {
		code, ok = currencyTable()[textform.FoldNormal(textform.Normal(name))]
	}
	return code, ok
}

// sharedCurrencies are names that several currencies go by, told apart by the
// reader's language; the empty one is meant where it says nothing.
var sharedCurrencies = map[string]map[string]string{
	"$":      dollars,
	"dollar": dollars, "dollars": dollars,
	"kr": crowns, "kronor": {"": "SEK"}, "kroner": {"da": "DKK", "nb": "NOK", "no": "NOK", "nn": "NOK"}, "krone": {"da": "DKK", "nb": "NOK", "no": "NOK", "nn": "NOK"},
	"¥": {"": "JPY", "zh": "CNY"}, "￥": {"": "JPY", "zh": "CNY"},
	"元": {"": "CNY", "zh-tw": "TWD", "zh-hk": "HKD"},
}

var (
	dollars = map[string]string{
		"": "USD", "en-ca": "CAD", "fr-ca": "CAD", "en-au": "AUD", "en-nz": "NZD", "en-sg": "SGD", "en-hk": "HKD", "zh-hk": "HKD", "zh-tw": "TWD",
		"es-mx": "MXN", "es-ar": "ARS", "es-cl": "CLP", "es-co": "COP",
	}
	crowns = map[string]string{"sv": "SEK", "da": "DKK", "nb": "NOK", "no": "NOK", "nn": "NOK", "is": "ISK"}
)

//go:embed currencies.txt
var currencies string

// currencyTable maps the names of currencies, as typed in small letters and
// folded, to their codes.
var currencyTable = sync.OnceValue(func() map[string]string {
	table := map[string]string{}
	for line := range strings.Lines(currencies) {
		code, names, _ := strings.Cut(strings.TrimSpace(line), " ")
		if strings.HasPrefix(code, "#") {
			continue
		}
		table[strings.ToLower(code)] = code
		for name := range strings.SplitSeq(names, "|") {
			if name == "" {
				continue
			}
			table[name] = code
			table[textform.FoldNormal(textform.Normal(name))] = code
		}
	}
	return table
})
