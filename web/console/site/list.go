package site

import (
	"maps"
	"net/url"
	"strings"

	"keypull/pull/catalogue"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// listPage is what the list of every resource shows.
type listPage struct {
	Head   pages.Header
	Search pages.Search
	Rows   any
	Total  string
	Pager  pages.Pager
	Empty  pages.Empty
	Fixed  string
}

// newListPage begins the page that lists a resource; sought is what was looked for.
func (n resource) newListPage(r *request, sought, next string, empty bool) listPage {
	word := string(n.name)
	b := listPage{
		Head:   pages.Header{Title: r.t("nav." + n.section), Lead: r.t(word + ".lead")},
		Search: pages.Search{Action: r.pathTo(n.section), Query: sought, Label: r.t(word + ".search")},
		Pager:  r.pagerTo(next), Fixed: r.whyFixed(n.change), Empty: pages.Empty{Icon: n.icon, Title: r.t(word + ".none"), Text: r.t(word + ".none_text")},
	}
	if r.mayChange(n.add) {
		b.Empty.Actions = []pages.Action{n.addAction(r, ".first")}
		if !empty || sought != "" {
			b.Head.Actions = []pages.Action{n.addAction(r, ".new")}
		}
	}
	if sought != "" {
		b.Empty = n.emptySearch(r, r.t("list.nothing_for", "q", sought))
	}
	return b
}

// addAction leads to the form of a new thing.
func (n resource) addAction(r *request, label string) pages.Action {
	return pages.Action{Label: r.t(string(n.name) + label), Href: r.pathTo(n.section, "new"), Icon: "plus", Style: "primary"}
}

// emptySearch tells that a search found nothing.
func (n resource) emptySearch(r *request, text string) pages.Empty {
	return pages.Empty{Icon: "search", Title: r.t("list.nothing"), Text: text, Actions: []pages.Action{{Label: r.t("list.all"), Href: r.pathTo(n.section)}}}
}

// kindsPage is the choice of what a new thing is.
type kindsPage struct {
	Head  pages.Header
	Kinds []pages.Kind
}

// kindTiles show the kinds to pick from; each leads to its form.
func (n resource) kindTiles(r *request) []pages.Kind {
	tiles := make([]pages.Kind, len(n.kinds))
	for i, k := range n.kinds {
		title, help := k.In(r.language)
		tiles[i] = pages.Kind{
			Title: title, Text: help,
			Icon: n.icon, Picture: k.Icon, Href: r.pathTo(n.section, "new") + "?kind=" + k.Name,
		}
	}
	return tiles
}

// maxBack is how many pages back a list remembers; behind these, back leads
// to the first one.
const maxBack = 20

// seenBefore is the name of the cursors of these pages in an address.
const seenBefore = "trail"

// rowsOfPage is how many rows a list shows at a time: what a glance takes in,
// and what is on the screen at once on a slow line.
const rowsOfPage = 25

// pageAsked returns the page of a list that is asked for.
func (r *request) pageAsked() console.Page {
	return console.Page{Cursor: r.URL.Query().Get("cursor"), Limit: rowsOfPage}
}

// pagerTo leads to the next page of a list and back to those before, whose
// cursors the address carries, since a list only goes on.
func (r *request) pagerTo(next string) pages.Pager {
	query := r.URL.Query()
	here, before := query.Get("cursor"), query.Get(seenBefore)
	var p pages.Pager
	if next != "" {
		p.Next = listAt(r.URL, next, forward(before, here))
	}
	if here != "" {
		before, rest := back(before)
		p.Previous = listAt(r.URL, before, rest)
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

// listAt returns the address of another page of the same list.
func listAt(u *url.URL, cursor, before string) string {
	q := u.Query()
	q.Del("done")
	q.Del(undoParam)
	q.Set("cursor", cursor)
	q.Set(seenBefore, before)
	maps.DeleteFunc(q, func(_ string, values []string) bool { return values[0] == "" })
	if len(q) == 0 {
		return u.Path
	}
	return u.Path + "?" + q.Encode()
}

// showAsked notes with the rows of a list how often each thing was asked lately.
func showAsked[Row any](r *request, resource catalogue.Resource, rows []Row, of func(*Row) (id string, asked *pages.Asked)) {
	ids := make([]string, len(rows))
	for i := range rows {
		ids[i], _ = of(&rows[i])
	}
	// A list is shown without them rather than not at all.
	daily, _ := console.AskedFigures.Call(r.callContext(), console.FiguresAsked{Of: r.publisherInput(), Resource: string(resource), IDs: strings.Join(ids, ",")})
	for i := range rows {
		id, asked := of(&rows[i])
		*asked = pages.NewAsked(daily.Asked[id])
		asked.Clicks = daily.Clicks[id]
	}
}
