package quote

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/sources"
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
	factCurrency = "currency"
	factSymbol   = "symbol"
	factName     = "name"
)

type source struct {
	settings  Settings
	client    *outside.Client
	directory directory
	// zone is that of a time that names none, nil where the settings do not
	// say; publisher is the publisher's own.
	zone, publisher *time.Location
	// read finds the values of a symbol in a document.
	read func(body []byte, symbol string) (values, error)
}

var (
	_ pull.Source     = (*source)(nil)
	_ pull.Speaker    = (*source)(nil)
	_ pull.Vocabulary = (*source)(nil)
	_ pull.Named      = (*source)(nil)
)

// SharesSnapshots says that publishers with the same settings may share them.
func (*source) SharesSnapshots() bool { return true }

// Key is the symbol.
func (s *source) Key(q pull.Query) (string, error) { return s.directory.find(q.Argument) }

// ByName says that a quote is asked for by its symbol or name.
func (*source) ByName() bool { return true }

// Terms are the symbols of the settings.
func (s *source) Terms(*pull.Snapshot) []what.Term { return s.directory.terms() }

// Fetch brings one quote.
func (s *source) Fetch(ctx context.Context, key string, last *pull.Snapshot) (pull.Snapshot, error) {
	r := outside.Request{URL: s.address(key), MaxBytes: maxQuoteBytes, Header: map[string]string{"Accept": s.accept()}}
	known := last != nil && len(last.Items) > 0
	if known {
		r.ETag, r.LastModified = last.Validators.ETag, last.Validators.LastModified
	}
	res, err := s.client.Do(ctx, r)
	if err != nil {
		return pull.Snapshot{}, sources.Failed(op, "url", err)
	}
	if res.Status == http.StatusNotModified && known {
		return sources.Renew(*last, res), nil
	}
	if res.Status == http.StatusNotFound && len(s.directory.symbols) == 0 {
		return pull.Snapshot{}, &pull.Error{Kind: pull.Unknown, Op: op, Field: "argument", Hint: own.Text("no_symbol", nil)}
	}
	if res.Status != http.StatusOK {
		return pull.Snapshot{}, sources.Refused(op, "url", res)
	}
	return s.snapshot(ctx, key, last, res)
}

func (s *source) snapshot(ctx context.Context, key string, last *pull.Snapshot, res outside.Response) (pull.Snapshot, error) {
	found, err := sources.Parse(ctx, op, func() (values, error) { return s.read(res.Body, key) })
	if err != nil {
		return pull.Snapshot{}, err
	}
	q, err := s.quote(found, res.Fetched)
	if err != nil {
		return pull.Snapshot{}, err
	}
	q.item.ID, q.item.Title = key, s.directory.name(key)
	q.item.Facts = append(q.item.Facts, what.Fact{Name: factSymbol, Text: key})
	if q.item.Title != "" && q.item.Title != key {
		q.item.Facts = append(q.item.Facts, what.Fact{Name: factName, Text: q.item.Title})
	}
	if !q.item.Seen.IsZero() {
		q.item.Seen = firstSeen(q.item, last)
	}
	snapshot := sources.Times(res)
	snapshot.Items, snapshot.AsOf, snapshot.Warnings = []what.Item{q.item}, q.item.AsOf, q.warnings
	return snapshot, nil
}

// address puts the symbol into the URL, escaped for the part it stands in.
func (s *source) address(symbol string) string {
	path, query, found := strings.Cut(s.settings.URL, "?")
	path = strings.ReplaceAll(path, placeholder, url.PathEscape(symbol))
	if !found {
		return path
	}
	return path + "?" + strings.ReplaceAll(query, placeholder, url.QueryEscape(symbol))
}

func (s *source) accept() string {
	if s.settings.Format == formatCSV {
		return "text/csv, text/plain;q=0.8, */*;q=0.5"
	}
	return "application/json, */*;q=0.5"
}

// Select returns the one quote of the snapshot.
func (*source) Select(_ context.Context, snapshot pull.Snapshot, q pull.Query) (pull.Selection, error) {
	return sources.Page(snapshot.Items, q), nil
}
