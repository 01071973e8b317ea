package site

import (
	"cmp"
	"strings"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// sourcePages are those of sources.
type sourcePages struct{ *request }

// sourceSection is where the sources live.
const sourceSection = "sources"

func (s *Site) sourceRoutes() {
	const at = Root + "/p/{publisher}/" + sourceSection
	s.page("GET "+at, on(sourcePages.list))
	s.page("POST "+at+"/try", gated(console.TrySource, on(sourcePages.try)))
	s.page("POST "+at+"/discover", gated(console.DiscoverSource, on(sourcePages.discover)))
	s.page("GET "+at+"/discover", gated(console.DiscoverSource, on(func(r sourcePages) error { return r.leave(r.at(sourceSection, "new"), "") })))
	s.page("POST "+at+"/adopt", gated(console.AdoptSources, on(adoptFound)))
	s.page("POST "+at+"/{id}/accept", gated(console.AcceptSource, on(sourcePages.accept)))
	edited(s, sourceSection, func(r *request) editable[console.SourceEntry] { return sourcePages{r} })
}

func (r sourcePages) noun() noun {
	return noun{name: catalogue.NounSource, section: sourceSection, kinds: r.Kinds.Sources, icon: "source",
		add: console.CreateSource, change: console.UpdateSource, drop: console.DeleteSource, rename: console.RenameSource, try: console.TrySource}
}

// sourceRow is one source of the list; Note tells where one with a title fetches,
// Sentence what is wrong with it.
type sourceRow struct {
	ID, Name, Href, Note, Kind, Sentence string
	Badge                                pages.Badge
	Keywords                             int
	KeywordsHref                         string
	Good                                 time.Time
}

func (r sourcePages) list() error {
	q := strings.TrimSpace(r.URL.Query().Get("q"))
	listed, err := console.ListSources.Call(r.context(), console.SourceList{Of: r.of(), Page: r.cursor(), Q: q})
	if err != nil {
		return err
	}
	body := r.noun().list(r.request, q, listed.Next, len(listed.Sources) == 0)
	rows := make([]sourceRow, len(listed.Sources))
	for i, e := range listed.Sources {
		rows[i] = r.sourceRow(e)
	}
	body.Rows = rows
	return r.request.show("page_sources", pages.Page{Title: r.t("nav.sources"), Body: body})
}

func (r sourcePages) sourceRow(e console.SourceEntry) sourceRow {
	id, note := textOf(e.Source, "id"), ""
	if textOf(e.Source, "title") != "" {
		note = r.addressOf(e.Source)
	}
	return sourceRow{
		ID: id, Name: r.nameIn(catalogue.NounSource, e.Source), Href: r.pageOf(sourceSection, id), Note: note, Kind: r.kindTitle(r.Kinds.Sources, textOf(e.Source, "kind")),
		Sentence: healthSentence(e.Health), Badge: r.stateBadge(e.Health.State), Keywords: e.Keywords,
		KeywordsHref: r.at(keywordSection) + "?source=" + id, Good: e.Health.Good,
	}
}

// kindFields are the settings of the kind that a document names; none where
// there is no such kind.
func kindFields(find func(string) (console.Kind, bool), d console.Doc) []settings.Field {
	k, ok := find(textOf(d, "kind"))
	if !ok {
		return nil
	}
	// A test makes sure that the structs of kinds are understood.
	fields, _ := settings.Fields(k.New())
	return fields
}

// addressOf is where a source fetches from, else what it is called; "" where
// it has neither.
func (r sourcePages) addressOf(d console.Doc) string {
	const most = 44
	fields, given := kindFields(r.Kinds.Source, d), tableOf(d, belowKind)
	for _, text := range append(settings.Told(fields, given, settings.Address), settings.Told(fields, given, settings.Title)...) {
		return cut(strings.TrimPrefix(strings.TrimPrefix(text, "https://"), "http://"), most)
	}
	return ""
}

func healthSentence(h console.SourceHealth) string {
	const most = 160
	if h.Error != "" || len(h.Warnings) == 0 {
		return cut(h.Error, most)
	}
	return cut(h.Warnings[0], most)
}

// crumbs lead from a section to one of its pages.
func (r *request) crumbs(section string, here ...string) []pages.Crumb {
	all := []pages.Crumb{{Label: r.t("nav." + section), Href: r.at(section)}}
	for _, label := range here {
		all = append(all, pages.Crumb{Label: cmp.Or(label, "…")})
	}
	return all
}
