package console

import (
	"encoding/base64"
	"sort"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/words"
)

// How many entries a page of a list has.
const (
	usualPage   = 50
	longestPage = 200
)

// listing is one page being picked from a list whose entries are ordered by
// id.
type listing struct {
	// begin is the place of the first entry that may be on the page.
	begin, limit int
	// places are those on the page, total how many there would be in all.
	places []int
	total  int
	more   bool
}

// Count returns how many entries the page has at most.
func (p Page) Count() (int, error) {
	switch {
	case p.Limit == 0:
		return usualPage, nil
	case p.Limit < 0 || p.Limit > longestPage:
		return 0, &pull.Error{Kind: pull.Invalid, Field: "limit", Hint: words.Text{Key: "refusal.number", Args: words.Args{"most": longestPage}}}
	}
	return p.Limit, nil
}

// startListing begins a page of a list. A cursor names the entry that the page before
// ended with, so that entries which come or go meanwhile move nothing; behind
// gives the place behind that id, be it there or not.
func (p Page) startListing(behind func(id string) int) (*listing, error) {
	limit, err := p.Count()
	if err != nil {
		return nil, err
	}
	l := &listing{limit: limit}
	if p.Cursor == "" {
		return l, nil
	}
	last, err := base64.RawURLEncoding.DecodeString(p.Cursor)
	if err != nil || len(last) == 0 || len(last) > maxID {
		return nil, &pull.Error{Kind: pull.Invalid, Field: "cursor", Hint: words.Text{Key: "refusal.cursor"}}
	}
	l.begin = behind(string(last))
	return l, nil
}

// placeBehind finds the place behind an id in a list that is ordered by id, or that
// stays as the configuration file has it and so keeps every id.
func placeBehind(pub *catalogue.Setup, n catalogue.Resource, length int, id func(int) string) func(string) int {
	return func(last string) int {
		if at, ok := pub.Place(n, last); ok {
			return at + 1
		}
		return sort.Search(length, func(i int) bool { return id(i) > last })
	}
}

// listPage returns the entries of a page of the things that a publisher has of a
// resource, and the cursor of the next page; shown picks them, all where nil.
func listPage[E any](p Page, pub *catalogue.Setup, n catalogue.Resource, shown func(int) bool, entry func(int) (E, error)) (entries []E, next string, err error) {
	ids := n.IDs(&pub.Publisher)
	id := func(i int) string { return ids[i] }
	l, err := p.startListing(placeBehind(pub, n, len(ids), id))
	if err != nil {
		return nil, "", err
	}
	for i := range ids {
		if shown == nil || shown(i) {
			l.add(i)
		}
	}
	entries = make([]E, len(l.places))
	for n, i := range l.places {
		if entries[n], err = entry(i); err != nil {
			return nil, "", err
		}
	}
	return entries, l.nextCursor(id), nil
}

// add counts an entry that belongs to the list, and puts it on the page where
// it belongs there. Entries are added in their order.
func (l *listing) add(place int) { l.addAt(place, place) }

// addAt is add in a list that has an order of its own: at counts its entries.
func (l *listing) addAt(at, place int) {
	l.total++
	switch {
	case at < l.begin:
	case len(l.places) == l.limit:
		l.more = true
	default:
		l.places = append(l.places, place)
	}
}

// nextCursor returns the cursor of the page behind this one, or "" if there is none.
func (l *listing) nextCursor(id func(int) string) string {
	if !l.more {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte(id(l.places[len(l.places)-1])))
}
