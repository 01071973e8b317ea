package site

import (
	"net/url"
	"strings"

	"keypull/web/console"
	"keypull/web/console/pages"
)

// maxBack is how many pages back a list remembers; behind these, back leads
// to the first one.
const maxBack = 20

// seenBefore is the name of the cursors of these pages in an address.
const seenBefore = "trail"

// rowsOfPage is how many rows a list shows at a time: what a glance takes in,
// and what is on the screen at once on a slow line.
const rowsOfPage = 25

// cursor is the page of a list that is asked for.
func (r *request) cursor() console.Page {
	return console.Page{Cursor: r.URL.Query().Get("cursor"), Limit: rowsOfPage}
}

// pager leads to the next page of a list and back to those before, whose
// cursors the address carries, since a list only goes on.
func (r *request) pager(next string) pages.Pager {
	query := r.URL.Query()
	query.Del("done")
	here, before := query.Get("cursor"), query.Get(seenBefore)
	var p pages.Pager
	if next != "" {
		p.Next = r.listAt(query, next, forward(before, here))
	}
	if here != "" {
		before, rest := back(before)
		p.Previous = r.listAt(query, before, rest)
	}
	return p
}

func forward(before, here string) string {
	if here == "" {
		return ""
	}
	all := append(strings.FieldsFunc(before, func(r rune) bool { return r == '.' }), here)
	return strings.Join(all[max(0, len(all)-maxBack):], ".")
}

func back(before string) (cursor, rest string) {
	i := strings.LastIndexByte(before, '.')
	if i < 0 {
		return before, ""
	}
	return before[i+1:], before[:i]
}

func (r *request) listAt(query url.Values, cursor, before string) string {
	q := url.Values{}
	for name, values := range query {
		if values[0] != "" {
			q[name] = values
		}
	}
	q.Del("cursor")
	q.Del(seenBefore)
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	if before != "" {
		q.Set(seenBefore, before)
	}
	if len(q) == 0 {
		return r.URL.Path
	}
	return r.URL.Path + "?" + q.Encode()
}
