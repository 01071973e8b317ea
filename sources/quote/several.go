package quote

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/sync/errgroup"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
	"keypull/pull/words"
	"keypull/sources"
)

const (
	// between parts the symbols of a key. No symbol holds it.
	between = "\x1f"
	// maxTogether is how many symbols one ask may name.
	maxTogether  = 20
	fetchAtOnce  = 4
	maxNameWords = 6
)

func (s *source) symbolsAsked(q pull.Query) ([]string, error) {
	if s.settings.asksForPairs() {
		if p, ok := pairOf(q.Argument, q.Language); ok && (s.directory.Load().isEmpty() || s.directory.Load().listed(p.pairSymbol()).Symbol != "") {
			return []string{p.pairSymbol()}, nil
		}
	}
	d := s.directory.Load()
	one, err := d.findSymbol(q.Argument)
	if err == nil {
		if s.settings.asksForPairs() && !strings.Contains(one, "/") {
			return nil, &pull.Error{Kind: pull.Unknown, Op: op, Field: "argument", Hint: own.Text("pair_needed", nil)}
		}
		return []string{one}, nil
	}
	all, found := d.several(q.Argument, q.Language)
	if !found {
		return nil, err
	}
	if len(all) > maxTogether || len(strings.Join(all, between)) > pull.MaxKeyBytes {
		return nil, &pull.Error{Kind: pull.Invalid, Op: op, Field: "argument", Hint: own.Text("symbols_many", words.Args{"max": maxTogether})}
	}
	return all, nil
}

// several reads an argument that names several symbols: parted by signs or by a
// word for "and", or by nothing but spaces. Each must be one by its whole name.
func (d *directory) several(argument, language string) ([]string, bool) {
	var all []string
	for part := range strings.FieldsFuncSeq(argument, func(r rune) bool { return strings.ContainsRune(",;\n+、，；،", r) }) {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		if symbol, ok := d.symbolNamed(part); ok {
			all = append(all, symbol)
			continue
		}
		found, ok := d.spaced(part, language)
		if !ok {
			return nil, false
		}
		all = append(all, found...)
	}
	return sources.Unique(all, func(symbol string) string { return symbol }), len(all) > 0
}

// spaced takes names off the words of a text, the longest first.
func (d *directory) spaced(text, language string) ([]string, bool) {
	names := strings.Fields(text)
	var all []string
	for i := 0; i < len(names); {
		n := 0
		if d.isEmpty() && 0 < i && i < len(names)-1 && joins(names[i], language) {
			i++ // no list tells whether ET is meant or "and"
			continue
		}
		for length := min(maxNameWords, len(names)-i); length > 0; length-- {
			if d.isEmpty() && names[i] != strings.ToUpper(names[i]) {
				break // of words that no list knows only those in capitals are symbols
			}
			if symbol, ok := d.symbolNamed(strings.Trim(strings.Join(names[i:i+length], " "), ".!?&")); ok {
				all, n = append(all, symbol), length
				break
			}
		}
		if n == 0 {
			if !joins(names[i], language) {
				return nil, false
			}
			n = 1
		}
		i += n
		if len(all) > 2*maxTogether {
			break
		}
	}
	return all, len(all) > 0
}

// joins says whether a word only stands between two names: "and", "und", "&".
func joins(word, language string) bool {
	word = textform.Fold(strings.TrimFunc(word, func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }))
	return word == "" || speech.Joins(word, speech.Of(language))
}

// fetchAll brings several quotes, each with its own time. One that cannot be had
// is told as it was before, with its time, or as missing; only where none can,
// that is an error.
func (s *source) fetchAll(ctx context.Context, symbols []string, last *pull.Snapshot) (pull.Snapshot, error) {
	brought := make([]pull.Snapshot, len(symbols))
	failed := make([]error, len(symbols))
	var fetches errgroup.Group
	fetches.SetLimit(fetchAtOnce)
	for i, symbol := range symbols {
		fetches.Go(func() (err error) {
			defer pull.Caught("fetch a quote", &failed[i])
			brought[i], failed[i] = s.fetchOne(ctx, symbol, nil)
			if why := pull.Odd(brought[i].Items); failed[i] == nil && !why.IsZero() {
				failed[i] = &pull.Error{Kind: pull.Unusable, Op: op, Hint: words.Text{Key: "fetch.held_back", Args: words.Args{"reason": why}}}
			}
			return nil
		})
	}
	_ = fetches.Wait() // each failure is told with its symbol
	whole := pull.Snapshot{Requests: len(symbols)}
	good := 0
	for i, one := range brought {
		if failed[i] != nil {
			whole.Items = append(whole.Items, s.missing(symbols[i], last))
			whole.Warnings = append(whole.Warnings, own.Text("one_missing", words.Args{"symbol": symbols[i]}))
			continue
		}
		good++
		join(&whole, one, last)
	}
	if good == 0 {
		return pull.Snapshot{Requests: whole.Requests}, failed[0]
	}
	return whole, nil
}

// join adds one quote. Of its times the earliest holds for all.
func join(whole *pull.Snapshot, one pull.Snapshot, last *pull.Snapshot) {
	for _, it := range one.Items {
		if !it.Seen.IsZero() {
			it.Seen = firstSeen(it, last)
		}
		whole.Items = append(whole.Items, it)
	}
	whole.AsOf, whole.Fetched = earliest(whole.AsOf, one.AsOf), earliest(whole.Fetched, one.Fetched)
	whole.Expires = earliest(whole.Expires, one.Expires)
	if one.NotBefore.After(whole.NotBefore) {
		whole.NotBefore = one.NotBefore
	}
	whole.Warnings = append(whole.Warnings, one.Warnings...)
}

func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// before returns the quote of a symbol in the last snapshot, where that has a price.
func before(symbol string, last *pull.Snapshot) (what.Item, bool) {
	if last == nil {
		return what.Item{}, false
	}
	i := slices.IndexFunc(last.Items, func(it what.Item) bool { return it.ID == symbol && it.Facts.Text(factPrice) != "" })
	if i < 0 {
		return what.Item{}, false
	}
	return last.Items[i], true
}

// missing stands for a quote that could not be had: what was there before, where
// that has a time of its own to be told with.
func (s *source) missing(symbol string, last *pull.Snapshot) what.Item {
	if b, known := before(symbol, last); known && !b.AsOf.IsZero() {
		return b
	}
	return what.Item{ID: symbol, Title: cmp.Or(s.directory.Load().listed(symbol).Name, symbol), Facts: what.Facts{{Name: factSymbol, Text: symbol}}}
}
