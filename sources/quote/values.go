package quote

import (
	"cmp"
	"errors"
	"strings"
	"time"
	"unicode"

	"github.com/shopspring/decimal"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/shape"
)

// value is what stood at one place of a document.
type value struct {
	// text is the value as it was written; shown describes it for people.
	text  string
	shown words.Text
	found bool
}

// values are what a quote is made of, by the field that points to it. comma says
// that the document writes decimals with a comma.
type values struct {
	at map[string]value
	// names are the symbols that stand beside the price, where no setting says
	// where they do.
	names []string
	comma bool
	// guessed names an encoding that nothing told.
	guessed string
}

// quoted is a quote with what was odd about it.
type quoted struct {
	item     what.Item
	warnings []words.Text
}

// makeQuote returns the quote that values make. Only the price must be in order.
func (s *source) makeQuote(v values, fetched time.Time) (quoted, error) {
	var q quoted
	price, err := s.price(v)
	if err != nil {
		return q, err
	}
	q.addNumber(factPrice, price.Text)
	s.addChanges(&q, v, price)
	for _, f := range []fieldPath{{factPrevious, "previous"}, {factHigh, "high"}, {factLow, "low"}} {
		n, _ := v.number(f.path)
		q.addNumber(f.field, n.Text)
	}
	q.addText(factCurrency, cmp.Or(sources.Shorten(sources.Line(v.at["currency"].text), 12), price.Unit))
	q.addText(factOf, sources.Line(s.settings.Unit))
	s.asOf(&q, v.at["as_of"], fetched)
	return q, nil
}

// addNumber and addText add a fact that says something.
func (q *quoted) addNumber(name, number string) {
	q.item.Facts = append(q.item.Facts, sources.Saying(what.Fact{Name: name, Kind: what.Decimal, Text: number})...)
}

func (q *quoted) addText(name, text string) {
	q.item.Facts = append(q.item.Facts, sources.Saying(what.Fact{Name: name, Text: text})...)
}

// number reads what a field points to; false if there is no number. What is
// beside the price is left out where it is odd, and never guessed.
func (v values) number(field string) (shape.Numeral, bool) {
	n, err := parseNumeral(v.at[field].text, v.comma)
	return n, err == nil && v.at[field].found
}

// price may be below zero: that of power is on a windy day.
func (s *source) price(v values) (shape.Numeral, error) {
	wrong := func(hint words.Text) error {
		return &pull.Error{Kind: pull.Unusable, Op: op, Field: "price", Hint: hint}
	}
	at := v.at["price"]
	if !at.found && hasPlace(s.settings.Price) && s.directory.Load().isEmpty() {
		// Where it would stand is called as the symbol is.
		return shape.Numeral{}, &pull.Error{Kind: pull.Unknown, Op: op, Field: "argument", Hint: own.Text("no_symbol", nil)}
	}
	if !at.found {
		return shape.Numeral{}, wrong(own.Text("price_missing", words.Args{"path": s.settings.Price}))
	}
	price, err := parseNumeral(at.text, v.comma)
	if err == nil && price.Unit == percent {
		err = errNoNumber
	}
	shown := words.Args{"path": s.settings.Price, "shown": at.shown}
	switch {
	case errors.Is(err, errAmbiguous):
		return shape.Numeral{}, wrong(own.Text("price_ambiguous", shown))
	case err != nil:
		return shape.Numeral{}, wrong(own.Text("price_no_number", shown))
	}
	return price, nil
}

const percent = "%"

// addChanges notes the change: the absolute one, that in percent, or both. What is
// not given is counted from the price before, where that is.
func (s *source) addChanges(q *quoted, v values, price shape.Numeral) {
	change, unit := "", ""
	if path := s.settings.Change; path != "" {
		number, err := parseNumeral(v.at["change"].text, v.comma)
		if err != nil {
			q.warnings = append(q.warnings, own.Text("change_no_number", words.Args{"path": path, "shown": v.at["change"].describe()}))
		} else {
			change, unit = number.Text, cmp.Or(number.Unit, unitOf(path))
		}
	}
	given, _ := v.number("change_percent")
	inPercent := given.Text
	if unit == percent {
		inPercent = cmp.Or(inPercent, change)
	}
	if before, ok := v.number("previous"); ok && (change == "" || inPercent == "") {
		absolute, share := counted(price.Text, before.Text)
		inPercent = cmp.Or(inPercent, share)
		if change == "" {
			change, unit = absolute, ""
		}
	}
	if change == "" && inPercent != "" {
		change, unit = inPercent, percent
	}
	q.addNumber(factChange, change)
	q.addText(factUnit, unit)
	if unit != percent || s.settings.ChangePercent != "" {
		q.addNumber(factPercent, inPercent)
	}
}

// counted returns the change from one price to another, absolute and, where the one
// before was above zero, in percent with two digits.
func counted(now, before string) (absolute, share string) {
	a, err := decimal.NewFromString(now)
	b, failed := decimal.NewFromString(before)
	if err != nil || failed != nil {
		return "", ""
	}
	change := a.Sub(b)
	if b.IsPositive() {
		const digits, hundred = 2, 100
		share = change.Mul(decimal.NewFromInt(hundred)).DivRound(b, digits).StringFixed(digits)
	}
	return change.String(), share
}

// unitOf returns the unit that a path names.
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

// firstSeen returns when a price was first found that has no time of its own: as
// long as it stays the same, that of the fetch that brought it.
func firstSeen(it what.Item, last *pull.Snapshot) time.Time {
	before, known := before(it.ID, last)
	if !known || before.Seen.IsZero() || before.Seen.After(it.Seen) || before.Facts.Text(factPrice) != it.Facts.Text(factPrice) {
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
	at, err := s.parseTradeTime(v.text, fetched)
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
		q.item.AsOf, q.item.ToMinute, q.item.Seen = at, shape.ToMinute(v.text), time.Time{}
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

var (
	errNoNumber  = errors.New("which is not a number")
	errAmbiguous = errors.New("which may be a thousand or a decimal comma")
)

// parseNumeral reads a number. decimalComma says how a lone comma is meant; where
// nothing does, "1,234" is an error rather than a guess, and so is a number
// with two signs. A lone point stands before decimals.
func parseNumeral(text string, decimalComma bool) (shape.Numeral, error) {
	n, err := shape.ReadNumber(text, shape.Unknown)
	switch {
	case err == nil:
	case !strings.Contains(text, ","):
		n, err = shape.ReadNumber(text, shape.Points)
	default:
		if n, err = shape.ReadNumber(text, shape.Decimals); err == nil && !decimalComma {
			return shape.Numeral{}, errAmbiguous
		}
	}
	if err != nil || strings.ContainsFunc(n.Unit, unicode.IsLetter) {
		return shape.Numeral{}, errNoNumber
	}
	return n, nil
}

var errNoTime = errors.New("no time")

// parseTradeTime reads a time of trade as dates are read in all sources, in the zone of the
// settings where it names none.
func (s *source) parseTradeTime(text string, fetched time.Time) (time.Time, error) {
	text = strings.TrimSpace(text)
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at.UTC(), nil
	}
	dates := sources.NewDates(sources.DateHints{Zone: cmp.Or(s.zone, s.env.Zone), Naive: cmp.Or(s.zone, time.UTC), Built: text, Arrived: fetched})
	if midnight, ok := dates.Day(text); ok {
		return s.day(midnight, fetched), nil
	}
	at := dates.Read(text)
	if at.IsZero() {
		return at, errNoTime
	}
	return at, nil
}

// day returns the day of a price without a time of day: the midnight with which it
// begins at the publisher's, by which readers are told the day alone. Where the
// day has begun in the zone of the settings only, it is the publisher's own.
func (s *source) day(midnight, fetched time.Time) time.Time {
	begins := func(day time.Time, zone *time.Location) time.Time {
		return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone)
	}
	here := cmp.Or(s.env.Zone, time.UTC)
	at := begins(midnight, here)
	if at.After(fetched) && !begins(midnight, cmp.Or(s.zone, time.UTC)).After(fetched) {
		at = begins(fetched.In(here), here)
	}
	return at.UTC()
}
