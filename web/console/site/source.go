package site

import (
	"cmp"
	"strings"
	"time"

	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// sourcePages are those of sources.
type sourcePages struct{ *request }

// sourceSection is where the sources live.
const sourceSection = "sources"

func (s *Site) sourceRoutes() {
	const section = Root + "/p/{publisher}/" + sourceSection
	s.page("GET "+section, on(sourcePages.sources))
	s.page("GET "+section+"/new", on(sourcePages.newSource))
	s.page("POST "+section, writing(on(sourcePages.createSource)))
	s.page("POST "+section+"/try", writing(on(sourcePages.trySource)))
	s.page("GET "+section+"/{source}", on(sourcePages.source))
	s.page("POST "+section+"/{source}", writing(on(sourcePages.updateSource)))
	s.page("POST "+section+"/{source}/accept", writing(on(sourcePages.acceptSource)))
	s.page("GET "+section+"/{source}/delete", on(sourcePages.askDeleteSource))
	s.page("POST "+section+"/{source}/delete", writing(on(sourcePages.deleteSource)))
}

// sourcesPage is the list of sources.
type sourcesPage struct {
	Head   pages.Header
	Search pages.Search
	Rows   []sourceRow
	Pager  pages.Pager
	Empty  pages.Empty
	Fixed  string
}

// sourceRow is one source of the list; Note tells where it fetches, Sentence
// what is wrong with it.
type sourceRow struct {
	ID, Href, Note, Kind, Sentence string
	Badge                          pages.Badge
	Keywords                       int
	KeywordsHref                   string
	Good                           time.Time
}

func (r sourcePages) sources() error {
	q := strings.TrimSpace(r.URL.Query().Get("q"))
	listed, err := do[console.SourceList, console.SourceListed](r.request, "source.list", console.SourceList{Of: r.of(), Page: r.cursor(), Q: q})
	if err != nil {
		return err
	}
	body := sourcesPage{
		Head:   pages.Header{Title: r.t("nav.sources"), Lead: r.t("source.lead")},
		Search: pages.Search{Action: r.at(sourceSection), Query: q, Label: r.t("source.search")},
		Pager:  r.pager(listed.Next), Fixed: r.fixed(), Empty: r.noSources(q),
	}
	if r.mayChange() && (len(listed.Sources) > 0 || q != "") {
		body.Head.Actions = []pages.Action{{Label: r.t("source.new"), Href: r.at(sourceSection, "new"), Icon: "plus", Style: "primary"}}
	}
	for _, e := range listed.Sources {
		body.Rows = append(body.Rows, r.sourceRow(e))
	}
	return r.show("page_sources", pages.Page{Title: r.t("nav.sources"), Body: body})
}

func (r sourcePages) sourceRow(e console.SourceEntry) sourceRow {
	id := textOf(e.Source, "id")
	return sourceRow{
		ID: id, Href: r.pageOf(sourceSection, id), Note: r.addressOf(e.Source), Kind: r.kindTitle(r.Kinds.Sources, textOf(e.Source, "kind")),
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

// noSources teaches the first step, or says that nothing was found.
func (r sourcePages) noSources(q string) pages.Empty {
	if q != "" {
		return pages.Empty{Icon: "search", Title: r.t("list.nothing"), Text: r.t("list.nothing_for", "q", q),
			Actions: []pages.Action{{Label: r.t("list.all"), Href: r.at(sourceSection)}}}
	}
	e := pages.Empty{Icon: "source", Title: r.t("source.none"), Text: r.t("source.none_text")}
	if r.mayChange() {
		e.Actions = []pages.Action{{Label: r.t("source.first"), Href: r.at(sourceSection, "new"), Icon: "plus", Style: "primary"}}
	}
	return e
}

// kindsPage is the choice of what a new source or channel is.
type kindsPage struct {
	Head  pages.Header
	Kinds []pages.Kind
}

// kindTiles shows kinds to pick from; each leads to its form.
func (r sourcePages) kindTiles(kinds []console.Kind, section, icon string) []pages.Kind {
	tiles := make([]pages.Kind, len(kinds))
	for i, k := range kinds {
		tiles[i] = pages.Kind{
			Title: r.kindTitle(kinds, k.Name), Text: k.Words.Say(r.language, "help", k.Help),
			Icon: kindIcon(k.Name, icon), Href: r.at(section, "new") + "?kind=" + k.Name,
		}
	}
	return tiles
}

// crumbs lead from a section to one of its pages.
func (r *request) crumbs(section, sectionTitle string, here ...string) []pages.Crumb {
	all := []pages.Crumb{{Label: sectionTitle, Href: r.at(section)}}
	for _, label := range here {
		all = append(all, pages.Crumb{Label: cmp.Or(label, "…")})
	}
	return all
}
