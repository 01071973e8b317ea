package site

import (
	"cmp"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull/catalogue"
	"keypull/web/console"
	"keypull/web/console/pages"
	"keypull/web/links"
)

// keywordPages are those of keywords.
type keywordPages struct{ *request }

// keywordSection is where the keywords live.
const keywordSection = "keywords"

// mostSources is how many sources can be picked from a list; more are typed.
const mostSources = 200

// What a line of the list shows of a keyword.
const (
	shownPhrases   = 3
	shownLanguages = 4
)

func (s *Site) keywordRoutes() {
	const at = Root + "/p/{publisher}/" + keywordSection
	s.route("GET "+at, pageAction(keywordPages.listKeywords))
	// Who may not preview has no form that could be checked.
	s.route("POST "+at+"/check", gatedFor(console.PreviewKeyword, pageAction(keywordPages.checkForm)))
	s.route("POST "+at+"/preview", gatedFor(console.PreviewKeyword, pageAction(keywordPages.showPreview)))
	s.route("POST "+at+"/pick", gatedFor(console.TrySource, pageAction(keywordPages.showPick)))
	s.route("POST "+at+"/reply", gatedFor(console.PreviewKeyword, pageAction(keywordPages.showReply)))
	s.route("POST "+at+"/change", gatedFor(console.BulkKeywords, pageAction(manyKeywords.changePicked)))
	s.route("POST "+at+"/drop", gatedFor(console.BulkKeywords, pageAction(manyKeywords.dropMany)))
	s.route("GET "+at+"/export", pageAction(sheetPages.exportKeywords))
	s.route("GET "+at+"/import", gatedFor(console.ImportKeywords, pageAction(sheetPages.showImport)))
	s.route("POST "+at+"/import", gatedFor(console.ImportKeywords, pageAction(sheetPages.importKeywords)))
	s.route("GET "+at+"/{id}/also", gatedFor(console.AlsoKeyword, pageAction(keywordPages.showAlso)))
	s.route("GET "+at+"/{id}/ways", gatedFor(links.ListLinks, pageAction(keywordPages.linksPage)))
	s.standInRoutes()
	addEditRoutes(s, keywordSection, func(r *request) editable[console.KeywordEntry] { return keywordPages{r} })
}

func (r keywordPages) resource() resource {
	return resource{name: catalogue.ResourceKeyword, section: keywordSection, icon: "keyword",
		add: console.CreateKeyword, change: console.UpdateKeyword, drop: console.DeleteKeyword, rename: console.RenameKeyword, try: console.PreviewKeyword, links: links.ListLinks}
}

// keywordsPage is the list of keywords, with what can be done with those that are
// ticked.
type keywordsPage struct {
	listPage
	CSRF, Change, Drop, Found string
	Many                      bool
	Hidden                    []pages.Hidden
	Filters                   *pages.SavedFilters
}

// keywordRow is one keyword of the list.
type keywordRow struct {
	ID, Name, Href     string
	Group, GroupHref   string
	Phrases            []phraseChips
	Source, SourceHref string
	// State says whether it answers at this moment, Hours when it does at all.
	State    pages.Badge
	Hours    string
	Findings *pages.Badge
	Asked    pages.Asked
}

// phraseChips are the first phrases of a language; More is how many there are
// beside them.
type phraseChips struct {
	Language string
	Phrases  []string
	More     int
}

func (r keywordPages) listKeywords() error {
	query := r.URL.Query()
	in := r.listInput(query.Get)
	in.Page = r.pageAsked()
	listed, err := console.ListKeywords.Call(r.callContext(), in)
	if err != nil {
		return err
	}
	sources, _, err := sourcePages(r).sourceNames()
	if err != nil {
		return err
	}
	sought := in.Q + in.Source + in.Language + in.State + in.Group
	body := keywordsPage{listPage: r.resource().newListPage(r.request, sought, listed.Next, listed.Total == 0), CSRF: r.session.CSRF,
		Change: r.pathTo(keywordSection, "change"), Drop: r.pathTo(keywordSection, "drop"), Many: r.mayChange(console.BulkKeywords), Found: r.plural("keyword.pick_found", listed.Total)}
	for _, f := range []pages.Hidden{{Name: "q", Value: in.Q}, {Name: "source", Value: in.Source}, {Name: "language", Value: in.Language}, {Name: "state", Value: in.State}, {Name: "group", Value: in.Group}} {
		if f.Value != "" {
			body.Hidden = append(body.Hidden, f)
		}
	}
	body.Filters = r.savedFilters(keywordSection, "q", "source", "language", "state", "group", "sort")
	body.Search, body.Total = r.keywordSearch(in, sources, listed.Groups), r.plural("keyword.total", listed.Total)
	switch {
	case sought != "":
		body.Empty = r.resource().emptySearch(r.request, r.t("keyword.nothing"))
	case len(sources) == 0:
		body.Empty.Text = r.t("keyword.no_source")
		if r.mayChange(console.CreateSource) {
			body.Empty.Actions = []pages.Action{sourcePages(r).resource().addAction(r.request, ".first"), {Label: r.t("keyword.request_instead"), Href: r.pathTo(keywordSection, "new") + "?request=" + catalogue.Incident}}
		}
	}
	if len(sources) == 0 {
		body.Head.Actions = nil
	}
	if listed.Total > 0 || sought != "" {
		body.Head.Actions = append(body.Head.Actions, pages.Action{Label: r.t("keyword.export"), Href: r.pathTo(keywordSection, "export")})
	}
	if body.Many && len(sources) > 0 {
		body.Head.Actions = append(body.Head.Actions, pages.Action{Label: r.t("keyword.import"), Href: r.pathTo(keywordSection, "import")})
	}
	rows := make([]keywordRow, len(listed.Keywords))
	for i, e := range listed.Keywords {
		rows[i] = r.keywordRow(e)
	}
	showAsked(r.request, catalogue.ResourceKeyword, rows, func(row *keywordRow) (string, *pages.Asked) { return row.ID, &row.Asked })
	body.Rows = rows
	return r.showPage("page_keywords", pages.Page{Title: r.t("nav.keywords"), Body: body, Live: body.Total})
}

// sourceIDs returns the ids of the publisher's sources, the first mostSources of
// them; more says that there are more.
func (r sourcePages) sourceIDs() (ids []string, more bool, err error) {
	named, more, err := r.sourceNames()
	for _, s := range named {
		ids = append(ids, s.ID)
	}
	return ids, more, err
}

// sourceNames returns the publisher's sources as lists to choose from show them.
func (r sourcePages) sourceNames() (named []console.SourceName, more bool, err error) {
	listed, err := console.ListSourceNames.Call(r.callContext(), console.SourceNames{Of: r.publisherInput(), Page: console.Page{Limit: mostSources}})
	return listed.Sources, listed.Next != "", err
}

func (r keywordPages) keywordSearch(in console.KeywordList, named []console.SourceName, groups []string) pages.Search {
	if in.Source != "" && !slices.ContainsFunc(named, func(s console.SourceName) bool { return s.ID == in.Source }) {
		named = append(slices.Clone(named), console.SourceName{ID: in.Source, Name: r.nameOf(catalogue.ResourceSource, in.Source)})
	}
	option := func(value, label, chosen string) pages.Option {
		return pages.Option{Value: value, Label: label, Selected: value == chosen}
	}
	sources := []pages.Option{option("", r.t("keyword.any_source"), in.Source)}
	for _, s := range named {
		sources = append(sources, option(s.ID, s.Name, in.Source))
	}
	languages := []pages.Option{option("", r.t("keyword.any_language"), in.Language)}
	for _, l := range r.publisherLanguages() {
		languages = append(languages, option(l, r.languageName(l), in.Language))
	}
	states := []pages.Option{
		option("", r.t("keyword.any_state"), in.State), option("findings", r.t("keyword.state_findings"), in.State),
	}
	for i, s := range answersStates {
		states = slices.Insert(states, i+1, option(string(s), r.t("keyword.state_"+string(s)), in.State))
	}
	sorts := []pages.Option{option("", r.t("keyword.sort_id"), in.Sort), option("name", r.t("keyword.sort_name"), in.Sort),
		option("asked", r.t("keyword.sort_asked"), in.Sort), option("changed", r.t("keyword.sort_changed"), in.Sort)}
	s := pages.Search{Action: r.pathTo(keywordSection), Query: in.Q, Label: r.t("keyword.search"), Filters: []pages.Filter{
		{Name: "source", Label: r.t("keyword.source"), Options: sources},
	}}
	if len(languages) > 2 {
		s.Filters = append(s.Filters, pages.Filter{Name: "language", Label: r.t("keyword.language"), Options: languages})
	}
	if len(groups) > 0 || in.Group != "" {
		if in.Group != "" && !slices.Contains(groups, in.Group) {
			groups = append(slices.Clone(groups), in.Group)
		}
		options := []pages.Option{option("", r.t("keyword.any_group"), in.Group)}
		for _, g := range groups {
			options = append(options, option(g, g, in.Group))
		}
		s.Filters = append(s.Filters, pages.Filter{Name: "group", Label: r.t("keyword.group"), Options: options})
		sorts = slices.Insert(sorts, 2, option("group", r.t("keyword.sort_group"), in.Sort))
	}
	s.Filters = append(s.Filters, pages.Filter{Name: "state", Label: r.t("keyword.state"), Options: states},
		pages.Filter{Name: "sort", Label: r.t("keyword.sort"), Options: sorts})
	return s
}

func (r keywordPages) keywordRow(e console.KeywordEntry) keywordRow {
	id, source := e.Keyword.Text("id"), e.Keyword.Text("source")
	row := keywordRow{ID: id, Name: r.nameIn(catalogue.ResourceKeyword, e.Keyword), Href: r.pageOf(keywordSection, id),
		Source: r.nameOf(catalogue.ResourceSource, source), SourceHref: r.pageOf(sourceSection, source)}
	phrases := e.Keyword.Table("phrases")
	for _, l := range r.spokenFirst(phrases) {
		list := linesOf(phrases, l)
		if len(list) == 0 || len(row.Phrases) == shownLanguages {
			continue
		}
		row.Phrases = append(row.Phrases, phraseChips{Language: l, Phrases: list[:min(len(list), shownPhrases)], More: max(0, len(list)-shownPhrases)})
	}
	if row.Group = e.Keyword.Text("group"); row.Group != "" {
		row.GroupHref = r.pathTo(keywordSection) + "?" + url.Values{"group": {row.Group}}.Encode()
	}
	row.State, row.Hours = r.answersBadge(e.State), r.hours(e.Keyword)
	if badge, ok := r.findingsBadge(e.Findings); ok {
		row.Findings = &badge
	}
	return row
}

// spokenFirst returns the languages of a table, the publisher's first.
func (r keywordPages) spokenFirst(d console.Doc) []string {
	all := slices.Clone(r.publisherLanguages())
	var others []string
	for l := range d {
		if !slices.Contains(all, l) {
			others = append(others, l)
		}
	}
	slices.Sort(others)
	return append(all, others...)
}

// linesOf returns a field of a document that is a list of texts.
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

func (r locale) findingsBadge(found []catalogue.Finding) (pages.Badge, bool) {
	state := "warning"
	for _, f := range found {
		if f.Severity == catalogue.Error {
			state = "bad"
		}
	}
	return pages.Badge{State: state, Text: r.plural("keyword.findings", len(found))}, len(found) > 0
}

// answersStates are the states of keywords as lists choose by them.
var answersStates = []console.KeywordState{console.KeywordOpen, console.KeywordClosed, console.KeywordFailing, console.KeywordPartly, console.KeywordNever}

// answersBadge reports whether a keyword answers now.
func (r locale) answersBadge(s console.KeywordState) pages.Badge {
	state := map[console.KeywordState]string{console.KeywordOpen: "ok", console.KeywordClosed: "idle", console.KeywordPartly: "warning"}[s]
	return pages.Badge{State: cmp.Or(state, "bad"), Text: r.t("keyword.state_" + string(s))}
}

// hours says when a keyword answers; "" if it always does.
func (r keywordPages) hours(d console.Doc) string {
	now := r.clock()
	from, _ := time.Parse(time.RFC3339, d.Text("from"))
	until, _ := time.Parse(time.RFC3339, d.Text("until"))
	lines := linesOf(d, "hours")
	var told []string
	switch {
	case !from.IsZero() && now.Before(from):
		told = append(told, r.t("keyword.begins", "when", pages.When(r.language, from, now.In(r.zone))))
	case !until.IsZero() && now.After(until):
		told = append(told, r.t("keyword.ended", "when", pages.When(r.language, until, now.In(r.zone))))
	case !until.IsZero():
		told = append(told, r.t("keyword.ends", "when", pages.When(r.language, until, now.In(r.zone))))
	}
	stands := d.Table("stand_in")
	if until, err := time.Parse(time.RFC3339, stands.Text("until")); err == nil && now.Before(until) && stands["text"] != nil {
		told = append(told, r.t("stand_in.until", "when", pages.When(r.language, until, now.In(r.zone))))
	}
	const most = 2
	told = append(told, lines[:min(len(lines), most)]...)
	if len(lines) > most {
		told = append(told, "+"+strconv.Itoa(len(lines)-most))
	}
	return strings.Join(told, " · ")
}

// linksBody is what the page of the links to a keyword shows.
type linksBody struct {
	Head           pages.Header
	Page, Briefing pages.Code
	Links          []linkShown
}

type linkShown struct {
	links.KeywordLink

	// Address is written out by the messenger's kind, with a scheme of its own.
	Address        template.URL
	Button, Poster pages.Code
}

func (r keywordPages) linksPage() error {
	id := r.thingID()
	e, err := r.get(id)
	if err != nil {
		return err
	}
	told, err := links.ListLinks.Call(r.callContext(), links.KeywordLinks{Of: r.publisherInput(), ID: id})
	if err != nil {
		return err
	}
	name := r.nameIn(catalogue.ResourceKeyword, e.Keyword)
	b := linksBody{Head: pages.Header{Title: r.t("ways.title", "name", name), Lead: r.t("ways.lead", "word", told.Word)},
		Page: pages.Code{ID: "page", Label: r.t("ways.page"), Text: told.Page}, Briefing: pages.Code{ID: "briefing", Label: r.t("ways.briefing"), Text: told.Briefing}}
	for i, w := range told.Links {
		at := strconv.Itoa(i)
		b.Links = append(b.Links, linkShown{KeywordLink: w, Address: template.URL(w.URL), //nolint:gosec // made by the messenger's kind
			Button: pages.Code{ID: "button-" + at, Label: r.t("ways.button"), Text: w.Button},
			Poster: pages.Code{ID: "poster-" + at, Label: r.t("ways.poster"), Text: w.Poster}})
	}
	return r.showPage("page_ways", pages.Page{Title: b.Head.Title, Body: b, Crumbs: r.crumbsTo(keywordSection, name)})
}
