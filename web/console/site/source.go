package site

import (
	"cmp"
	"strings"
	"time"

	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// sourceRoom is where the sources live.
const sourceRoom = "sources"

func (s *Site) sourceRoutes() {
	const room = Root + "/p/{publisher}/" + sourceRoom
	s.page("GET "+room, (*visit).sources)
	s.page("GET "+room+"/new", (*visit).newSource)
	s.page("POST "+room, writing((*visit).createSource))
	s.page("POST "+room+"/try", writing((*visit).trySource))
	s.page("GET "+room+"/{source}", (*visit).source)
	s.page("POST "+room+"/{source}", writing((*visit).updateSource))
	s.page("POST "+room+"/{source}/accept", writing((*visit).acceptSource))
	s.page("GET "+room+"/{source}/delete", (*visit).askDeleteSource)
	s.page("POST "+room+"/{source}/delete", writing((*visit).deleteSource))
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

func (v *visit) sources() error {
	q := strings.TrimSpace(v.r.URL.Query().Get("q"))
	listed, err := do[console.SourceList, console.SourceListed](v, "source.list", console.SourceList{Of: v.of(), Page: v.cursor(), Q: q})
	if err != nil {
		return err
	}
	body := sourcesPage{
		Head:   pages.Header{Title: v.t("nav.sources"), Lead: v.t("source.lead")},
		Search: pages.Search{Action: v.at(sourceRoom), Query: q, Label: v.t("source.search")},
		Pager:  v.pager(listed.Next), Fixed: v.fixed(), Empty: v.noSources(q),
	}
	if v.mayChange() && (len(listed.Sources) > 0 || q != "") {
		body.Head.Actions = []pages.Action{{Label: v.t("source.new"), Href: v.at(sourceRoom, "new"), Icon: "plus", Style: "primary"}}
	}
	for _, e := range listed.Sources {
		body.Rows = append(body.Rows, v.sourceRow(e))
	}
	return v.show("page_sources", pages.Page{Title: v.t("nav.sources"), Body: body})
}

// t is the sentence of a key in the visitor's language.
func (v *visit) t(key string, args ...any) string { return pages.T(v.language, key, args...) }

func (v *visit) sourceRow(e console.SourceEntry) sourceRow {
	id := textOf(e.Source, "id")
	return sourceRow{
		ID: id, Href: v.thing(sourceRoom, id), Note: placeOf(e.Source), Kind: v.kindTitle(v.Kinds.Sources, textOf(e.Source, "kind")),
		Sentence: healthSentence(e.Health), Badge: v.stateBadge(e.Health.State), Keywords: e.Keywords,
		KeywordsHref: v.at(keywordRoom) + "?source=" + id, Good: e.Health.Good,
	}
}

// placeOf is the address that a source fetches from, where it has one.
func placeOf(d console.Doc) string {
	inner := console.Doc(tableOf(d, belowKind))
	const most = 44
	for _, name := range []string{"url", "title", "name"} {
		if text := textOf(inner, name); text != "" && text != settings.Mask {
			return cut(strings.TrimPrefix(strings.TrimPrefix(text, "https://"), "http://"), most)
		}
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

// kindTitle is what a kind is called in the visitor's language.
func (v *visit) kindTitle(kinds []console.Kind, name string) string {
	for _, k := range kinds {
		if k.Name == name {
			return k.Words.Say(v.language, "title", k.Title)
		}
	}
	return name
}

// stateBadge tells a state by a sign and a word.
func (v *visit) stateBadge(s console.State) pages.Badge {
	switch s {
	case console.OK:
		return pages.Badge{State: "ok", Text: v.t("state.ok")}
	case console.Doubtful:
		return pages.Badge{State: "warning", Text: v.t("state.warning")}
	case console.Bad:
		return pages.Badge{State: "bad", Text: v.t("state.bad")}
	}
	return pages.Badge{State: "idle", Text: v.t("state.idle")}
}

// noSources teaches the first step, or says that nothing was found.
func (v *visit) noSources(q string) pages.Empty {
	if q != "" {
		return pages.Empty{Icon: "search", Title: v.t("list.nothing"), Text: v.t("list.nothing_for", "q", q),
			Actions: []pages.Action{{Label: v.t("list.all"), Href: v.at(sourceRoom)}}}
	}
	e := pages.Empty{Icon: "source", Title: v.t("source.none"), Text: v.t("source.none_text")}
	if v.mayChange() {
		e.Actions = []pages.Action{{Label: v.t("source.first"), Href: v.at(sourceRoom, "new"), Icon: "plus", Style: "primary"}}
	}
	return e
}

// kindsPage is the choice of what a new source or channel is.
type kindsPage struct {
	Head  pages.Header
	Kinds []pages.Kind
}

// kindTiles shows kinds to pick from; each leads to its form.
func (v *visit) kindTiles(kinds []console.Kind, room, icon string) []pages.Kind {
	tiles := make([]pages.Kind, len(kinds))
	for i, k := range kinds {
		tiles[i] = pages.Kind{
			Title: v.kindTitle(kinds, k.Name), Text: k.Words.Say(v.language, "help", k.Help),
			Icon: kindIcon(k.Name, icon), Href: v.at(room, "new") + "?kind=" + k.Name,
		}
	}
	return tiles
}

// crumbs lead from a room to one of its pages.
func (v *visit) crumbs(room, roomTitle string, here ...string) []pages.Crumb {
	all := []pages.Crumb{{Label: roomTitle, Href: v.at(room)}}
	for _, label := range here {
		all = append(all, pages.Crumb{Label: cmp.Or(label, "…")})
	}
	return all
}
