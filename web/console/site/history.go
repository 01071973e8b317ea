package site

import (
	"errors"
	"net/http"
	"strings"

	"keypull/pull/catalogue"
	"keypull/web/console"
	"keypull/web/console/pages"
	"keypull/web/console/undo"
)

// historyPages are those of every version of one thing.
type historyPages struct {
	*request
	resource catalogue.Resource
	section  string
}

// historyPlace is where the history of a thing is, below its page.
const historyPlace = "history"

func (s *Site) historyRoutes() {
	for _, n := range catalogue.Resources() {
		at, section := "/{id}", sectionOf(string(n))
		if n == catalogue.ResourcePublisher {
			at, section = "", "settings"
		}
		at = Root + "/p/{publisher}/" + section + at + "/" + historyPlace
		on := func(f func(historyPages) error) action {
			return func(r *request) error { return f(historyPages{r, n, section}) }
		}
		s.route("GET "+at, gatedFor(undo.ListHistory, on(func(r historyPages) error { return r.showHistory(http.StatusOK, "") })))
		s.route("POST "+at, gatedFor(undo.RestoreHistory, on(historyPages.putBack)))
	}
}

// historyAction leads to the history of a thing, for who may change it.
func (r *request) historyAction(change permitted, href string) []pages.Action {
	if !r.mayChange(change) {
		return nil
	}
	return []pages.Action{{Label: r.t("history.action"), Href: href, Icon: "undo"}}
}

// historyBody is what the page shows.
type historyBody struct {
	Head            pages.Header
	Message, Action string
	// Gone says that the thing is not there; Version is the one that is.
	Gone     bool
	Version  string
	Versions []versionRow
	Pager    pages.Pager
	// End tells of what is no longer kept.
	End string
}

// versionRow is one version in words.
type versionRow struct {
	undo.Version
	What    string
	Changed *pages.FieldChanges
	Long    bool
	// Restore says that it can be put back, Gap that another version came before it which is
	// not kept.
	Restore, Gap bool
}

func (r historyPages) thingAsked() undo.OfThing {
	in := undo.OfThing{Of: r.publisherInput(), Resource: r.resource, ID: r.thingID()}
	if r.resource == catalogue.ResourcePublisher {
		in.ID = r.publisher
	}
	return in
}

// thingPage returns the page of the thing itself.
func (r historyPages) thingPage() string {
	if r.resource == catalogue.ResourcePublisher {
		return r.pathTo(r.section)
	}
	return r.pageOf(r.section, r.thingID())
}

func (r historyPages) showHistory(status int, message string) error {
	page := r.pageAsked()
	page.Limit = 0
	read, err := undo.ListHistory.Call(r.callContext(), undo.HistoryList{OfThing: r.thingAsked(), Page: page})
	if err != nil {
		return err
	}
	name := r.nameOf(r.resource, r.thingAsked().ID)
	for i := 0; name == r.thingAsked().ID && i < len(read.Versions); i++ {
		if d := read.Versions[i].Document; d != nil {
			name = r.nameIn(r.resource, d)
		}
	}
	b := historyBody{Message: message, Version: read.Current, Gone: read.Current == "", Pager: r.pagerTo(read.Next)}
	b.Head = pages.Header{Title: r.t("history.title", "name", name), Lead: r.t("history.lead")}
	crumbs := r.crumbsTo(r.section, name, b.Head.Title)
	if r.resource == catalogue.ResourcePublisher {
		b.Head.Title = r.t("history.settings")
		crumbs = r.crumbsTo(r.section, b.Head.Title)
	} else if !b.Gone {
		crumbs[1].Href = r.thingPage()
	}
	left := changesOfPage
	for i, v := range read.Versions {
		row := r.versionRow(v, &left)
		row.Gap = v.First && i+1 < len(read.Versions)
		b.Versions = append(b.Versions, row)
		if v.First {
			b.End = r.plural("history.end", read.KeptDays)
		}
	}
	b.Action = r.URL.RequestURI()
	return r.showAs(status, "page_history", pages.Page{Title: b.Head.Title, Body: b, Crumbs: crumbs})
}

func (r historyPages) versionRow(v undo.Version, left *int) versionRow {
	row := versionRow{Version: v, Restore: v.Version != "" && !v.Now && v.Document != nil}
	if row.What = r.t("history.saved"); v.Operation != "" {
		row.What = auditPages{r.request}.actInWords(v.Operation)
		row.What = strings.TrimSuffix(strings.TrimSpace(row.What), ":")
	}
	if v.First || v.Lost {
		return row
	}
	list := fieldPages{r.request}.changedFields(string(r.resource), v.Before, v.Document, v.Secrets)
	if v.Document == nil {
		list = nil // all that was there is gone
	}
	if row.Long = len(list) > fieldsOfAct; row.Long {
		list = list[:fieldsOfAct]
	}
	if *left -= shownSize(list); *left < 0 {
		list, row.Long = nil, true
	}
	if len(list) > 0 {
		row.Changed = &pages.FieldChanges{Before: r.t("audit.before"), After: r.t("audit.after"), List: list}
	}
	return row
}

// shownSize is about how many bytes of a page changes take.
func shownSize(list []pages.FieldChange) (n int) {
	const markup = 80
	for _, f := range list {
		for _, p := range append(f.Old(), f.New()...) {
			n += markup/4 + len(p.Text)
		}
		n += markup + len(f.Label)
	}
	return n
}

// putBack puts a version back. Where it can't be, the page says why.
func (r historyPages) putBack() error {
	in := undo.HistoryRestore{OfThing: r.thingAsked(), Kept: r.postedValue("kept")}
	in.Version = r.postedValue("version")
	_, err := undo.RestoreHistory.Call(r.callContext(), in)
	if err == nil {
		return r.redirectDone(r.thingPage(), "put_back")
	}
	var stale *console.Stale
	if errors.As(err, &stale) {
		return r.showHistory(console.StatusOf(err), r.t("hint.stale"))
	}
	if problems, ok := r.problemsOf(err, string(r.resource)); ok {
		said := make([]string, len(problems))
		for i, p := range problems {
			said[i] = p.In(r.language)
		}
		return r.showHistory(console.StatusOf(err), strings.Join(said, " "))
	}
	if message, ok := r.refusalText(err); ok {
		return r.showHistory(console.StatusOf(err), message)
	}
	return err
}
