package site

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/when"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// keywordRoom is where the keywords live.
const keywordRoom = "keywords"

// mostSources is how many sources can be picked from a list; more are typed.
const mostSources = 200

// What a line of the list shows of a keyword.
const (
	shownPhrases   = 3
	shownLanguages = 4
)

func (s *Site) keywordRoutes() {
	const room = Root + "/p/{publisher}/" + keywordRoom
	s.page("GET "+room, (*visit).keywords)
	s.page("GET "+room+"/new", (*visit).newKeyword)
	s.page("POST "+room, writing((*visit).createKeyword))
	s.page("POST "+room+"/check", writing((*visit).checkKeyword))
	s.page("POST "+room+"/preview", writing((*visit).previewKeyword))
	s.page("POST "+room+"/pick", writing((*visit).pickItems))
	s.page("POST "+room+"/reply", writing((*visit).chooseReply))
	s.page("GET "+room+"/{keyword}", (*visit).keyword)
	s.page("POST "+room+"/{keyword}", writing((*visit).updateKeyword))
	s.page("GET "+room+"/{keyword}/delete", (*visit).askDeleteKeyword)
	s.page("POST "+room+"/{keyword}/delete", writing((*visit).deleteKeyword))
}

// keywordsPage is the list of keywords.
type keywordsPage struct {
	Head   pages.Header
	Search pages.Search
	Rows   []keywordRow
	Total  string
	Pager  pages.Pager
	Empty  pages.Empty
	Fixed  string
}

// keywordRow is one keyword of the list.
type keywordRow struct {
	ID, Href           string
	Phrases            []phraseChips
	Source, SourceHref string
	// State says whether it answers at this moment, Hours when it does at all.
	State    pages.Badge
	Hours    string
	Findings *pages.Badge
}

// phraseChips are the first phrases of a language; More is how many there are
// beside them.
type phraseChips struct {
	Language string
	Phrases  []string
	More     int
}

func (v *visit) keywords() error {
	query := v.r.URL.Query()
	in := console.KeywordList{Of: v.of(), Page: v.cursor(), Q: strings.TrimSpace(query.Get("q")),
		Source: query.Get("source"), Language: query.Get("language"), State: query.Get("state")}
	listed, err := do[console.KeywordList, console.KeywordListed](v, "keyword.list", in)
	if err != nil {
		return err
	}
	ids, _, err := v.sourceIDs()
	if err != nil {
		return err
	}
	body := keywordsPage{
		Head: pages.Header{Title: v.t("nav.keywords"), Lead: v.t("keyword.lead")}, Search: v.keywordSearch(in, ids),
		Total: pages.Plural(v.language, "keyword.total", listed.Total), Pager: v.pager(listed.Next), Fixed: v.fixed(),
		Empty: v.noKeywords(in, len(ids)),
	}
	if v.mayChange() && len(ids) > 0 && (listed.Total > 0 || in.Q+in.Source+in.Language+in.State != "") {
		body.Head.Actions = append(body.Head.Actions, pages.Action{Label: v.t("keyword.new"), Href: v.at(keywordRoom, "new"), Icon: "plus", Style: "primary"})
	}
	zone := v.publisherZone()
	for _, e := range listed.Keywords {
		body.Rows = append(body.Rows, v.keywordRow(e, zone))
	}
	return v.show("page_keywords", pages.Page{Title: v.t("nav.keywords"), Body: body, Live: body.Total})
}

// sourceIDs are the ids of the publisher's sources, the first mostSources of
// them; more says that there are more.
func (v *visit) sourceIDs() (ids []string, more bool, err error) {
	listed, err := do[console.SourceNames, console.SourcesNamed](v, "source.names",
		console.SourceNames{Of: v.of(), Page: console.Page{Limit: mostSources}})
	if err != nil {
		return nil, false, err
	}
	for _, e := range listed.Sources {
		ids = append(ids, e.ID)
	}
	return ids, listed.Next != "", nil
}

func (v *visit) publisherZone() *time.Location {
	if o := v.summary(); o != nil {
		if zone, err := time.LoadLocation(o.Zone); err == nil {
			return zone
		}
	}
	return time.UTC
}

func (v *visit) keywordSearch(in console.KeywordList, ids []string) pages.Search {
	if in.Source != "" && !slices.Contains(ids, in.Source) {
		ids = append(slices.Clone(ids), in.Source)
	}
	option := func(value, label, chosen string) pages.Option {
		return pages.Option{Value: value, Label: label, Selected: value == chosen}
	}
	sources := []pages.Option{option("", v.t("keyword.any_source"), in.Source)}
	for _, id := range ids {
		sources = append(sources, option(id, id, in.Source))
	}
	languages := []pages.Option{option("", v.t("keyword.any_language"), in.Language)}
	for _, l := range v.languages() {
		languages = append(languages, option(l, v.tongue(l), in.Language))
	}
	states := []pages.Option{
		option("", v.t("keyword.any_state"), in.State), option("open", v.t("keyword.state_open"), in.State),
		option("closed", v.t("keyword.state_closed"), in.State), option("findings", v.t("keyword.state_findings"), in.State),
	}
	s := pages.Search{Action: v.at(keywordRoom), Query: in.Q, Label: v.t("keyword.search"), Filters: []pages.Filter{
		{Name: "source", Label: v.t("keyword.source"), Options: sources},
	}}
	if len(languages) > 2 {
		s.Filters = append(s.Filters, pages.Filter{Name: "language", Label: v.t("keyword.language"), Options: languages})
	}
	s.Filters = append(s.Filters, pages.Filter{Name: "state", Label: v.t("keyword.state"), Options: states})
	return s
}

// tongue is the name of a language in the visitor's.
func (v *visit) tongue(tag string) string {
	key := "language." + tag
	if name := v.t(key); name != key {
		return name
	}
	return tag
}

func (v *visit) noKeywords(in console.KeywordList, sources int) pages.Empty {
	switch {
	case in.Q+in.Source+in.Language+in.State != "":
		return pages.Empty{Icon: "search", Title: v.t("list.nothing"), Text: v.t("keyword.nothing"),
			Actions: []pages.Action{{Label: v.t("list.all"), Href: v.at(keywordRoom)}}}
	case sources == 0:
		e := pages.Empty{Icon: "keyword", Title: v.t("keyword.none"), Text: v.t("keyword.no_source")}
		if v.mayChange() {
			e.Actions = []pages.Action{{Label: v.t("source.first"), Href: v.at(sourceRoom, "new"), Icon: "plus", Style: "primary"}}
		}
		return e
	}
	e := pages.Empty{Icon: "keyword", Title: v.t("keyword.none"), Text: v.t("keyword.none_text")}
	if v.mayChange() {
		e.Actions = []pages.Action{{Label: v.t("keyword.first"), Href: v.at(keywordRoom, "new"), Icon: "plus", Style: "primary"}}
	}
	return e
}

func (v *visit) keywordRow(e console.KeywordEntry, zone *time.Location) keywordRow {
	id, source := textOf(e.Keyword, "id"), textOf(e.Keyword, "source")
	row := keywordRow{ID: id, Href: v.thing(keywordRoom, id), Source: source, SourceHref: v.thing(sourceRoom, source)}
	phrases := console.Doc(tableOf(e.Keyword, "phrases"))
	for _, l := range v.spokenFirst(phrases) {
		list := linesOf(phrases, l)
		if len(list) == 0 || len(row.Phrases) == shownLanguages {
			continue
		}
		row.Phrases = append(row.Phrases, phraseChips{Language: l, Phrases: list[:min(len(list), shownPhrases)], More: max(0, len(list)-shownPhrases)})
	}
	row.State, row.Hours = v.availability(e.Keyword, zone)
	if badge, ok := v.findingsBadge(e.Findings); ok {
		row.Findings = &badge
	}
	return row
}

// spokenFirst are the languages of a table, the publisher's first.
func (v *visit) spokenFirst(d console.Doc) []string {
	all := slices.Clone(v.languages())
	var others []string
	for l := range d {
		if !slices.Contains(all, l) {
			others = append(others, l)
		}
	}
	slices.Sort(others)
	return append(all, others...)
}

// linesOf is a field of a document that is a list of texts.
func linesOf(d console.Doc, name string) []string {
	entries, _ := d[name].([]any)
	var all []string
	for _, e := range entries {
		if text, ok := e.(string); ok {
			all = append(all, text)
		}
	}
	return all
}

func (v *visit) findingsBadge(found []catalogue.Finding) (pages.Badge, bool) {
	state := "warning"
	for _, f := range found {
		if f.Severity == catalogue.Error {
			state = "bad"
		}
	}
	return pages.Badge{State: state, Text: pages.Plural(v.language, "keyword.findings", len(found))}, len(found) > 0
}

// availability says whether a keyword answers now, and when it does.
func (v *visit) availability(d console.Doc, zone *time.Location) (pages.Badge, string) {
	now := v.Clock()
	from, _ := time.Parse(time.RFC3339, textOf(d, "from"))
	until, _ := time.Parse(time.RFC3339, textOf(d, "until"))
	lines := linesOf(d, "hours")
	var told []string
	switch {
	case !from.IsZero() && now.Before(from):
		told = append(told, v.t("keyword.begins", "when", pages.When(v.language, from, now.In(v.zone))))
	case !until.IsZero() && now.After(until):
		told = append(told, v.t("keyword.ended", "when", pages.When(v.language, until, now.In(v.zone))))
	case !until.IsZero():
		told = append(told, v.t("keyword.ends", "when", pages.When(v.language, until, now.In(v.zone))))
	}
	const most = 2
	told = append(told, lines[:min(len(lines), most)]...)
	if len(lines) > most {
		told = append(told, "+"+strconv.Itoa(len(lines)-most))
	}
	hours, err := when.ParseHours(lines)
	inHours := len(lines) == 0 || err == nil && hours.Open(now, zone)
	if !inHours || !from.IsZero() && now.Before(from) || !until.IsZero() && now.After(until) {
		return pages.Badge{State: "idle", Text: v.t("keyword.state_closed")}, strings.Join(told, " · ")
	}
	return pages.Badge{State: "ok", Text: v.t("keyword.state_open")}, strings.Join(told, " · ")
}
