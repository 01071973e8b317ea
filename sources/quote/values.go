package quote

import (
	"fmt"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/sources"
)

// value is what stood at one place of a document.
type value struct {
	// text is the value as it was written; shown describes it for people.
	text, shown string
	found       bool
}

// values are what a quote is made of. comma says that the document writes
// decimals with a comma.
type values struct {
	price, change, currency, asOf value
	comma                         bool
}

// quoted is a quote with what was odd about it.
type quoted struct {
	item     what.Item
	warnings []string
}

// quote makes an item of what was found. Only the price must be in order.
func (s *source) quote(v values, fetched time.Time) (quoted, error) {
	var q quoted
	price, err := s.price(v)
	if err != nil {
		return q, err
	}
	q.item.Facts = what.Facts{{Name: factPrice, Kind: what.Decimal, Text: price}}
	q.change(s.settings.Change, v)
	if currency := sources.Shorten(sources.Line(v.currency.text), 12); currency != "" {
		q.item.Facts = append(q.item.Facts, what.Fact{Name: factCurrency, Text: currency})
	}
	q.asOf(s.settings.AsOf, v.asOf, fetched)
	return q, nil
}

func (s *source) price(v values) (string, error) {
	wrong := func(said string) error {
		return &pull.Error{Kind: pull.Unusable, Op: op, Field: "price", Hint: fmt.Sprintf("at %s there is %s; check the path against what the address answers", s.settings.Price, said)}
	}
	if !v.price.found {
		return "", wrong("nothing")
	}
	price, err := canonical(v.price.text, v.comma)
	if err != nil {
		return "", wrong(v.price.shown + ", " + err.Error())
	}
	if strings.HasPrefix(price, "-") {
		return "", wrong(v.price.shown + ", a negative price")
	}
	return price, nil
}

// change notes the change, in percent where value or name says so.
func (q *quoted) change(path string, v values) {
	if path == "" {
		return
	}
	text, percent := strings.CutSuffix(strings.TrimSpace(v.change.text), "%")
	number, err := canonical(text, v.comma)
	if err != nil {
		q.warnings = append(q.warnings, fmt.Sprintf("change: at %s there is %s, which is no number", path, v.change.describe()))
		return
	}
	q.item.Facts = append(q.item.Facts, what.Fact{Name: factChange, Kind: what.Decimal, Text: number})
	name := strings.ToLower(path)
	if percent || strings.Contains(name, "percent") || strings.Contains(name, "pct") || strings.Contains(name, "%") {
		q.item.Facts = append(q.item.Facts, what.Fact{Name: factUnit, Text: "%"})
	}
}

// asOf notes the price's own time. One that is a little ahead of us is that of
// a clock that is; who judges on one far ahead is the keeper of snapshots.
func (q *quoted) asOf(path string, v value, fetched time.Time) {
	if path == "" {
		return
	}
	at, err := moment(v.text)
	if err != nil {
		q.warnings = append(q.warnings, fmt.Sprintf("as_of: at %s there is %s, which is no time", path, v.describe()))
		return
	}
	if ahead := at.Sub(fetched); ahead > 0 && ahead < 2*time.Minute {
		at = fetched.UTC()
	}
	q.item.AsOf = at
}

func (v value) describe() string {
	if !v.found {
		return "nothing"
	}
	return v.shown
}
