package quote

import (
	"cmp"
	"context"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/pull/when"
	"keypull/sources"
	"keypull/sources/places"
)

const (
	op            = "fetch quote"
	maxQuoteBytes = 1 << 20
)

// Facts of a quote.
const (
	factPrice    = "price"
	factChange   = "change"
	factUnit     = "change_unit"
	factPercent  = "change_percent"
	factPrevious = "previous"
	factHigh     = "high"
	factLow      = "low"
	factCurrency = "currency"
	factOf       = "unit"
	factSymbol   = "symbol"
	factName     = "name"
	factDelay    = "delay_minutes"
	factMarket   = "market"
	factClosed   = "closed"
	factOpens    = "opens"
	factAmount   = "amount"
	factValue    = "value"
)

type source struct {
	settings Settings
	refusals []refusal
	// same are other names of currencies that the service has, by how they are asked for.
	same      map[string]string
	env       sources.Env
	directory atomic.Pointer[directory]
	// zone is that of a time that names none; nil if the settings do not say.
	zone   *time.Location
	market market
	paths  paths
}

var (
	_ pull.Speaker    = (*source)(nil)
	_ pull.Vocabulary = (*source)(nil)
	_ pull.Named      = (*source)(nil)
	_ pull.Plural     = (*source)(nil)
	_ pull.Noted      = (*source)(nil)
)

// SharesSnapshots says that publishers with the same settings may share them.
func (*source) SharesSnapshots() bool { return true }

// Key returns the symbol, or several of them in the order in which they are named.
func (s *source) Key(q pull.Query) (string, error) {
	symbols, err := s.symbolsAsked(q)
	return strings.Join(symbols, between), err
}

// Entries returns how many symbols an argument names.
func (s *source) Entries(q pull.Query) int {
	symbols, err := s.symbolsAsked(q)
	if err != nil {
		return 0
	}
	return len(symbols)
}

// ByName says that a quote is asked for by its symbol or name.
func (*source) ByName() bool { return true }

// Terms returns the symbols of the settings.
func (s *source) Terms(*pull.Snapshot) []what.Term { return s.directory.Load().allTerms() }

// Fetch brings the quote of each symbol of a key.
func (s *source) Fetch(ctx context.Context, key string, last *pull.Snapshot) (pull.Snapshot, error) {
	var snapshot pull.Snapshot
	var err error
	if symbols := strings.Split(key, between); len(symbols) > 1 {
		snapshot, err = s.fetchAll(ctx, symbols, last)
	} else {
		snapshot, err = s.fetchOne(ctx, key, last)
	}
	snapshot.Warnings = sources.Warned(s.directory.Load().guessed, snapshot.Warnings)
	return snapshot, err
}

// fetchOne brings one quote.
func (s *source) fetchOne(ctx context.Context, symbol string, last *pull.Snapshot) (pull.Snapshot, error) {
	o := sources.Opening{Op: op, Field: "url", Argued: s.settings.asksFor(), Status: func(r outside.Response) int { return statusMeant(s.refusals, r) }}
	address, err := fillAddress(s.settings.URL, symbol, s.settings.Key.Reveal())
	if err != nil {
		return pull.Snapshot{}, err
	}
	o.Request = s.settings.On(sources.Accepting(address, s.accept(), maxQuoteBytes))
	o.Redact = s.settings.Key.Reveal()
	if last != nil && len(last.Items) == 0 {
		last = nil
	}
	res, snapshot, err := o.Fetch(ctx, s.env.Client, last)
	if err != nil || snapshot.Unchanged {
		return snapshot, err
	}

	found, err := sources.RunParser(ctx, op, func() (values, error) {
		return s.readValues(res.Body, sources.Encoded{Type: res.Header.Get("Content-Type"), Languages: s.env.Languages}, symbol)
	})
	if err != nil {
		return pull.Snapshot{}, err
	}
	if err := s.checkNaming(found, symbol); err != nil {
		return pull.Snapshot{}, err
	}
	q, err := s.makeQuote(found, res.Fetched)
	if err != nil {
		return pull.Snapshot{}, err
	}
	name := sources.Shorten(sources.Line(found.at["name"].text), 120)
	q.item.ID, q.item.Title = symbol, cmp.Or(s.directory.Load().listed(symbol).Name, name, symbol)
	q.item.Facts = append(q.item.Facts, what.Fact{Name: factSymbol, Text: symbol})
	if q.item.Title != symbol {
		q.item.Facts = append(q.item.Facts, what.Fact{Name: factName, Text: q.item.Title})
	}
	if !q.item.Seen.IsZero() {
		q.item.Seen = firstSeen(q.item, last)
	}
	snapshot.Items, snapshot.AsOf, snapshot.Warnings = []what.Item{q.item}, q.item.AsOf, sources.Warned(found.guessed, q.warnings)
	return snapshot, nil
}

// fillAddress returns an address with symbol and key in their places.
func fillAddress(address, symbol, key string) (string, error) {
	from, to := splitPair(symbol)
	at, err := places.Of(address, "symbol", "from", "to", places.Key).Address(map[string]string{"symbol": symbol, "from": from, "to": to, places.Key: key})
	if err != nil {
		return "", &pull.Error{Kind: pull.Unknown, Op: op, Field: "argument", Hint: own.Text("symbol_odd", nil), Err: err}
	}
	return at, nil
}

func (s *source) accept() string {
	if s.settings.Format == formatCSV {
		return "text/csv, text/plain;q=0.8, */*;q=0.5"
	}
	return "application/json, */*;q=0.5"
}

// Select returns the quotes of the snapshot, with what holds at the moment of
// the ask: whether the market is open, and what an amount comes to.
func (s *source) Select(_ context.Context, snapshot pull.Snapshot, q pull.Query) (pull.Selection, error) {
	found := sources.Page(snapshot.Items, q)
	for i := range found.Items {
		it := &found.Items[i]
		if it.Facts.Text(factPrice) == "" {
			continue
		}
		if s.settings.asksForPairs() {
			it.Facts = append(it.Facts, s.convertedAmount(*it, q)...)
		}
		it.Facts = append(it.Facts, s.market.marketFacts(q.At)...)
		if minutes := int(s.settings.Delay / time.Minute); minutes > 0 {
			it.Facts = append(it.Facts, what.Fact{Name: factDelay, Kind: what.Integer, Text: strconv.Itoa(minutes)})
		}
	}
	return found, nil
}

// market is when something trades.
type market struct {
	opening when.Opening
	zone    *time.Location
}

// marketFacts tell whether the market is open at a moment, when it closed last and
// when it opens again. Nothing is told of one whose hours are not known.
func (m market) marketFacts(at time.Time) what.Facts {
	if !m.opening.Any() {
		return nil
	}
	if m.opening.Open(at, m.zone) {
		return what.Facts{{Name: factMarket, Text: "open"}}
	}
	facts := what.Facts{{Name: factMarket, Text: "closed"}}
	if closed, ok := m.opening.Closed(at, m.zone); ok {
		facts = append(facts, what.Fact{Name: factClosed, Text: closed.In(m.zone).Format(time.RFC3339)})
	}
	if next, ok := m.opening.Next(at, m.zone); ok {
		facts = append(facts, what.Fact{Name: factOpens, Text: next.From.In(m.zone).Format(time.RFC3339)})
	}
	return facts
}
