package site

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/settings"
	"keypull/pull/what"
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
	s.page("POST "+at+"/{id}/accept", gated(console.AcceptSource, on(sourcePages.accept)))
	edited(s, sourceSection, func(r *request) editable[console.SourceEntry] { return sourcePages{r} })
}

func (r sourcePages) noun() noun {
	return noun{name: catalogue.NounSource, section: sourceSection, kinds: r.Kinds.Sources, icon: "source",
		add: console.CreateSource, change: console.UpdateSource, drop: console.DeleteSource, rename: console.RenameSource, try: console.TrySource}
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

// crumbs lead from a section to one of its pages.
func (r *request) crumbs(section string, here ...string) []pages.Crumb {
	all := []pages.Crumb{{Label: r.t("nav." + section), Href: r.at(section)}}
	for _, label := range here {
		all = append(all, pages.Crumb{Label: cmp.Or(label, "…")})
	}
	return all
}

// maxSummary is how much of an item's text a trial shows, maxFacts how many
// of its facts, maxFact how much of one, all in characters.
const (
	maxSummary = 240
	maxFacts   = 8
	maxFact    = 60
)

// trialView is what a source brought when it was tried.
type trialView struct {
	Items    []itemView
	Warnings []string
	Requests []requestView
	Took     string
	Terms    []string
	// MoreTerms is how many names are not shown.
	MoreTerms int
	attempt
	Focus bool
}

// itemView is an item as an editor sees it.
type itemView struct {
	Title, Summary, Image, Alt, Link, Host string
	Facts                                  []string
	Published                              time.Time
}

func (r sourcePages) itemOf(it what.Item) itemView {
	i := itemView{
		Title: cmp.Or(it.Title, it.ID), Summary: cut(cmp.Or(it.Summary, it.Body), maxSummary),
		Image: webAddress(it.Image()), Link: webAddress(it.Link), Published: it.Published,
	}
	_, rest, _ := strings.Cut(i.Link, "://")
	i.Host, _, _ = strings.Cut(rest, "/")
	for _, m := range it.Media {
		if m.Type == what.Image {
			i.Alt = m.Alt
			break
		}
	}
	for _, f := range it.Facts[:min(len(it.Facts), maxFacts)] {
		i.Facts = append(i.Facts, r.partName(f.Name)+": "+cut(factText(f), maxFact))
	}
	return i
}

func factText(f what.Fact) string {
	if f.Kind == what.List {
		return strings.Join(f.List, ", ")
	}
	return f.Text
}

// trialOf is what an operation told of a trial.
func (r sourcePages) trialOf(t console.SourceTried) *trialView {
	view := &trialView{
		Warnings: t.Warnings, Took: r.millis(t.Took), Terms: t.Terms,
		MoreTerms: t.AllTerms - len(t.Terms), attempt: attempt{Error: t.Error}, Focus: true,
	}
	for _, sent := range t.Requests {
		view.Requests = append(view.Requests, r.requestOf(sent))
	}
	for _, it := range t.Items {
		view.Items = append(view.Items, r.itemOf(it))
	}
	return view
}

// requestView is one request that was sent upstream.
type requestView struct{ Method, URL, Text string }

func (r sourcePages) requestOf(e console.Exchange) requestView {
	view := requestView{Method: e.Method, URL: e.URL, Text: e.Error}
	if view.Text == "" {
		view.Text = r.t("trial.request", "status", strconv.Itoa(e.Status), "bytes", e.Bytes, "took", r.millis(journal.Millis(e.Millis)))
	}
	return view
}

// try fetches once by the form as it is. A script gets what was brought and the
// fields that changed their minds; without one the form comes back.
func (r sourcePages) try() error {
	f, v, doc, err := worked(r)
	if err != nil {
		return err
	}
	tried, err := console.TrySource.Call(r.context(), console.SourceTry{Of: r.of(), Source: doc, ID: f.id})
	problems, refused := r.problems(err, string(catalogue.NounSource))
	if err != nil && !refused {
		return err
	}
	if tried.Error != "" {
		problems = append(problems, problemAt(tried.Field, catalogue.NounSource, tried.Error))
	}
	trial := r.trialOf(tried)
	v.problems = problems
	return f.tell(&v.shown, &trial.attempt, func(status int) error {
		if r.partial() {
			return r.part("part_trial", trial)
		}
		return r.showTrial(status, f, v, trial)
	})
}
