package quote

import (
	"regexp"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/what/slot"
)

// pair is two currencies, with how much of the first is asked about.
type pair struct{ from, to, amount string }

func (p pair) pairSymbol() string { return p.from + "/" + p.to }

// pairForm is "EUR/USD", "EUR-USD", "EURUSD".
var pairForm = regexp.MustCompile(`^([A-Za-z]{3})\s*[/\-:→>]?\s*([A-Za-z]{3})$`)

// slashed is a pair of which a half may be no currency of a country: "BTC/EUR".
var slashed = regexp.MustCompile(`^([A-Za-z0-9]{2,6})\s*/\s*([A-Za-z0-9]{2,6})$`)

// maxCurrencyWords is how many words the name of a currency may have, with an
// amount before it.
const maxCurrencyWords = 4

// pairOf reads two currencies, and an amount: "EUR/USD", "100 eur in usd",
// "dollars to yen".
func pairOf(argument, language string) (pair, bool) {
	argument = strings.TrimSpace(argument)
	if m := slashed.FindStringSubmatch(argument); m != nil {
		return pair{strings.ToUpper(m[1]), strings.ToUpper(m[2]), "1"}, true
	}
	if m := pairForm.FindStringSubmatch(argument); m != nil {
		_, from, ok := currency(m[1], language)
		_, to, fine := currency(m[2], language)
		if ok && fine {
			return pair{from, to, "1"}, true
		}
	}
	p := pair{amount: "1"}
	names := strings.Fields(argument)
	for i := 0; i < len(names); {
		n := 0
		for length := min(maxCurrencyWords, len(names)-i); length > 0 && n == 0; length-- {
			amount, code, ok := currency(strings.Trim(strings.Join(names[i:i+length], " "), "?!.,"), language)
			switch {
			case !ok:
			case p.from == "":
				p.from, p.amount, n = code, amount, length
			case p.to == "" && code != p.from:
				p.to, n = code, length
			}
		}
		i += max(n, 1)
	}
	return p, p.from != "" && p.to != ""
}

// currency reads a currency with an amount of it, which is 1 where none stands
// there.
func currency(text, language string) (amount, code string, ok bool) {
	value, ok := slot.Parse(slot.Amount, text, time.Time{}, language)
	if !ok && !strings.ContainsAny(text, "0123456789") {
		value, ok = slot.Parse(slot.Amount, "1 "+text, time.Time{}, language)
	}
	amount, code, _ = strings.Cut(value, " ")
	return amount, code, ok && code != ""
}

// splitPair returns the two currencies of a pair; any other symbol is the first.
func splitPair(symbol string) (from, to string) {
	from, to, _ = strings.Cut(symbol, "/")
	return from, to
}

// convertedAmount returns what an amount is worth as facts, if one is asked about.
func (s *source) convertedAmount(it what.Item, q pull.Query) what.Facts {
	p, ok := pairOf(q.Argument, q.Language)
	if !ok || p.pairSymbol() != it.ID || p.amount == "1" {
		return nil
	}
	amount, err := decimal.NewFromString(p.amount)
	price, failed := decimal.NewFromString(it.Facts.Text(factPrice))
	if err != nil || failed != nil {
		return nil
	}
	const digits = 2
	value := amount.Mul(price).Round(digits)
	if value.IsZero() {
		value = amount.Mul(price)
	}
	return what.Facts{{Name: factAmount, Kind: what.Decimal, Text: p.amount}, {Name: factValue, Kind: what.Decimal, Text: value.String()}}
}
