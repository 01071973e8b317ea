package site

import (
	"net/url"
	"strings"

	"keypull/web/console"
	"keypull/web/console/pages"
)

// maxTrail is how many pages back a list remembers; behind these, back leads
// to the first one.
const maxTrail = 20

// rowsOfPage is how many rows a list shows at a time: what a glance takes in,
// and what is on the screen at once on a slow line.
const rowsOfPage = 25

// cursor is the page of a list that is asked for.
func (v *visit) cursor() console.Page {
	return console.Page{Cursor: v.r.URL.Query().Get("cursor"), Limit: rowsOfPage}
}

// pager leads to the next page of a list and back to those before, whose
// cursors the address carries, since a list only goes on.
func (v *visit) pager(next string) pages.Pager {
	query := v.r.URL.Query()
	query.Del("done")
	here, trail := query.Get("cursor"), query.Get("trail")
	var p pages.Pager
	if next != "" {
		p.Next = v.listAt(query, next, forward(trail, here))
	}
	if here != "" {
		before, rest := back(trail)
		p.Previous = v.listAt(query, before, rest)
	}
	return p
}

func forward(trail, here string) string {
	if here == "" {
		return ""
	}
	all := append(strings.FieldsFunc(trail, func(r rune) bool { return r == '.' }), here)
	return strings.Join(all[max(0, len(all)-maxTrail):], ".")
}

func back(trail string) (cursor, rest string) {
	i := strings.LastIndexByte(trail, '.')
	if i < 0 {
		return trail, ""
	}
	return trail[i+1:], trail[:i]
}

func (v *visit) listAt(query url.Values, cursor, trail string) string {
	q := url.Values{}
	for name, values := range query {
		if values[0] != "" {
			q[name] = values
		}
	}
	q.Del("cursor")
	q.Del("trail")
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	if trail != "" {
		q.Set("trail", trail)
	}
	if len(q) == 0 {
		return v.r.URL.Path
	}
	return v.r.URL.Path + "?" + q.Encode()
}
