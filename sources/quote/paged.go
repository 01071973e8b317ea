package quote

import (
	"context"
	"errors"
	"path/filepath"
	"strconv"
	"sync/atomic"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
)

// paged is a source whose symbols are too many to come at once, or come from an
// address.
type paged struct {
	*source
	// failed says that the list could not be had when it was asked for last.
	failed atomic.Bool
}

var (
	_ pull.Paged = (*paged)(nil)
	_ pull.Named = (*paged)(nil)
	_ pull.Local = (*paged)(nil)
)

const listOp = "fetch symbols"

// ReadsHere says whether the list is a file of this machine.
func (p *paged) ReadsHere() bool { return p.settings.SymbolsURL == "" }

// Key returns that of the symbols. While the list is on its way nobody knows which of
// them a name means.
func (p *paged) Key(q pull.Query) (string, error) {
	if p.directory.Load().isEmpty() && !p.failed.Load() && q.Argument != "" {
		return "", &pull.Error{Kind: pull.Gathering, Op: listOp, Field: "argument", Hint: words.Text{Key: "fetch.gathering"}}
	}
	return p.source.Key(q)
}

// Terms returns nil: the terms come by page.
func (*paged) Terms(*pull.Snapshot) []what.Term { return nil }

// TermsPage brings a page of the symbols. The first one fetches the list anew
// where that comes from an address.
func (p *paged) TermsPage(ctx context.Context, from string) (pull.TermsPage, error) {
	var page pull.TermsPage
	d := p.directory.Load()
	if p.settings.SymbolsURL != "" && (from == "" || d.isEmpty()) {
		page.Requests = 1
		err := p.fetchSymbols(ctx)
		if p.failed.Store(err != nil); err != nil {
			return page, err
		}
		d = p.directory.Load()
	}
	at, _ := strconv.Atoi(from) // the first page has no number
	for ; at < len(d.symbols) && len(page.Terms) < pull.MaxPageTerms; at++ {
		page.Terms = append(page.Terms, d.symbols[at].toTerm())
	}
	if at < len(d.symbols) {
		page.Next = strconv.Itoa(at)
	}
	return page, nil
}

// fetchSymbols fetches the symbols and keeps them for the next start.
func (p *paged) fetchSymbols(ctx context.Context) error {
	key := p.settings.Key.Reveal()
	address, err := fillAddress(p.settings.SymbolsURL, "", key)
	if err != nil {
		return err
	}
	r := sources.Accepting(address, "application/json, text/csv;q=0.9, */*;q=0.5", maxSymbolsBytes)
	r.Redact = key
	res, _, _, err := sources.Opening{Op: listOp, Field: "symbols_url", Request: p.settings.Beside(p.settings.URL, r)}.Open(ctx, p.env.Client)
	if err != nil {
		return err
	}
	d, err := sources.RunParser(ctx, listOp, func() (*directory, error) { return listed(res.Body, p.env.Languages) })
	if err != nil {
		var e *pull.Error
		if errors.As(err, &e) && e.Field == "symbols_file" {
			err = &pull.Error{Kind: pull.Unusable, Op: listOp, Field: "symbols_url", Hint: e.Hint, Err: e.Err}
		}
		return err //nolint:wrapcheck // its own kind
	}
	p.directory.Store(d)
	p.keepSymbols(res.Body)
	return nil
}

// listed reads a list, each symbol once.
func listed(text []byte, languages []string) (*directory, error) {
	symbols, guessed, err := parseSymbols(text, languages)
	if err != nil {
		return nil, err
	}
	d := newDirectory(sources.Unique(symbols, func(s Symbol) string { return s.Symbol }))
	d.guessed = guessed
	return d, nil
}

// symbolsName is the file in the source's folder with the list that came last.
const symbolsName = "symbols"

// keepSymbols keeps the list. Where it cannot, it is fetched again after a start.
func (s *source) keepSymbols(text []byte) {
	if s.env.Folder != "" {
		_ = sources.WriteFile(filepath.Join(s.env.Folder, symbolsName), text) // as above
	}
}

// loadSymbols reads the list that came last.
func (s *source) loadSymbols() {
	if s.env.Folder == "" {
		return
	}
	if text, _, err := sources.ReadFile(filepath.Join(s.env.Folder, symbolsName), maxSymbolsBytes, ""); err == nil {
		if d, err := listed(text, s.env.Languages); err == nil {
			s.directory.Store(d)
		}
	}
}
