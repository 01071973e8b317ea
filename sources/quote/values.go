package quote

import (
	"cmp"
	"errors"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
)

// value is what stood at one place of a document.
type value struct {
	// text is the value as it was written; shown describes it for people.
	text  string
	shown words.Text
	found bool
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
	warnings []words.Text
}

// quote makes an item of what was found. Only the price must be in order.
func (s *source) quote(v values, fetched time.Time) (quoted, error) {
	var q quoted
	price, err := s.price(v)
	if err != nil {
		return q, err
	}
	q.item.Facts = what.Facts{{Name: factPrice, Kind: what.Decimal, Text: price.text}}
	q.change(s.settings.Change, v)
	if currency := cmp.Or(sources.Shorten(sources.Line(v.currency.text), 12), price.unit); currency != "" {
		q.item.Facts = append(q.item.Facts, what.Fact{Name: factCurrency, Text: currency})
	}
	s.asOf(&q, v.asOf, fetched)
	return q, nil
}

// price may be below zero: that of power is on a windy day.
func (s *source) price(v values) (numeral, error) {
	wrong := func(hint words.Text) error {
		return &pull.Error{Kind: pull.Unusable, Op: op, Field: "price", Hint: hint}
	}
	if !v.price.found {
		return numeral{}, wrong(own.Text("price_missing", words.Args{"path": s.settings.Price}))
	}
	price, err := read(v.price.text, v.comma)
	if err == nil && price.unit == percent {
		err = errNoNumber
	}
	shown := words.Args{"path": s.settings.Price, "shown": v.price.shown}
	switch {
	case errors.Is(err, errAmbiguous):
		return numeral{}, wrong(own.Text("price_ambiguous", shown))
	case err != nil:
		return numeral{}, wrong(own.Text("price_no_number", shown))
	}
	return price, nil
}

const percent = "%"

// change notes the change, in percent or a currency where value or name says so.
func (q *quoted) change(path string, v values) {
	if path == "" {
		return
	}
	number, err := read(v.change.text, v.comma)
	if err != nil {
		q.warnings = append(q.warnings, own.Text("change_no_number", words.Args{"path": path, "shown": v.change.describe()}))
		return
	}
	q.item.Facts = append(q.item.Facts, what.Fact{Name: factChange, Kind: what.Decimal, Text: number.text})
	if unit := cmp.Or(number.unit, unitOf(path)); unit != "" {
		q.item.Facts = append(q.item.Facts, what.Fact{Name: factUnit, Text: unit})
	}
}

// unitOf is the unit that a path names.
func unitOf(path string) string {
	path = strings.ToLower(path)
	if strings.Contains(path, "percent") || strings.Contains(path, "pct") || strings.Contains(path, percent) {
		return percent
	}
	return ""
}

// Bounds of a time that lies ahead of the answer that tells it: up to slop it
// is that of a clock a little ahead of ours; up to a day the clock or the zone
// is a wrong one; who judges on one further ahead is the cache of snapshots.
const (
	slop     = sources.Skew
	farAhead = 24 * time.Hour
)

// firstSeen is when a price was first found that has no time of its own: as
// long as it stays the same, that of the fetch that brought it.
func firstSeen(it what.Item, last *pull.Snapshot) time.Time {
	if last == nil || len(last.Items) != 1 {
		return it.Seen
	}
	before := last.Items[0]
	if before.Seen.IsZero() || before.Seen.After(it.Seen) || before.Facts.Text(factPrice) != it.Facts.Text(factPrice) {
		return it.Seen
	}
	return before.Seen
}

// asOf notes the price's own time; where that is none that can be known, when
// it was seen.
func (s *source) asOf(q *quoted, v value, fetched time.Time) {
	path := s.settings.AsOf
	if path == "" {
		return
	}
	q.item.Seen = fetched.UTC()
	at, err := s.moment(v.text, fetched)
	if err != nil {
		q.warnings = append(q.warnings, own.Text("as_of_no_time", words.Args{"path": path, "shown": v.describe()}))
		return
	}
	ahead := at.Sub(fetched)
	if ahead > slop {
		q.warnings = append(q.warnings, own.Text("as_of_ahead", words.Args{"path": path, "shown": v.describe()}))
	}
	switch {
	case ahead <= 0:
		q.item.AsOf, q.item.ToMinute, q.item.Seen = at, toMinute(v.text), time.Time{}
	case ahead <= slop:
		q.item.AsOf, q.item.Seen = fetched.UTC(), time.Time{}
	case ahead > farAhead:
		q.item.AsOf = at
	}
}

func (v value) describe() words.Text {
	if !v.found {
		return own.Text("shown_nothing", nil)
	}
	return v.shown
}
