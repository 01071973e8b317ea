package site

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/corrections"
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
	s.page("POST "+at+"/{id}/refuse", gated(corrections.RefuseSource, on(correctionPages.refuse)))
	s.page("POST "+at+"/{id}/refresh", gated(corrections.RefreshSource, on(correctionPages.refresh)))
	s.page("GET "+at+"/"+withdrawnPlace, gated(corrections.ListWithdrawn, on(correctionPages.withdrawn)))
	s.page("POST "+at+"/"+withdrawnPlace, gated(corrections.WithdrawItem, on(correctionPages.decide)))
	edited(s, sourceSection, func(r *request) editable[console.SourceEntry] { return sourcePages{r} })
}

func (r sourcePages) resource() resource {
	return resource{name: catalogue.ResourceSource, section: sourceSection, kinds: r.Kinds.Sources, icon: "source",
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
	body := r.resource().list(r.request, q, listed.Next, len(listed.Sources) == 0)
	rows := make([]sourceRow, len(listed.Sources))
	for i, e := range listed.Sources {
		rows[i] = r.sourceRow(e)
	}
	body.Rows = rows
	body.Head.Actions = append([]pages.Action{{Label: r.t("withdrawn.title"), Href: r.at(sourceSection, withdrawnPlace)}}, body.Head.Actions...)
	return r.request.show("page_sources", pages.Page{Title: r.t("nav.sources"), Body: body})
}

func (r sourcePages) sourceRow(e console.SourceEntry) sourceRow {
	id, note := e.Source.Text("id"), ""
	if e.Source.Text("title") != "" {
		note = r.addressOf(e.Source)
	}
	return sourceRow{
		ID: id, Name: r.nameIn(catalogue.ResourceSource, e.Source), Href: r.pageOf(sourceSection, id), Note: note, Kind: r.kindTitle(r.Kinds.Sources, e.Source.Text("kind")),
		Sentence: healthSentence(e.Health), Badge: r.stateBadge(e.Health.State), Keywords: e.Keywords,
		KeywordsHref: r.at(keywordSection) + "?source=" + id, Good: e.Health.Good,
	}
}

// kindFields returns the settings of the kind that a document names; none where
// there is no such kind.
func kindFields(find func(string) (console.Kind, bool), d console.Doc) []settings.Field {
	k, ok := find(d.Text("kind"))
	if !ok {
		return nil
	}
	// A test makes sure that the structs of kinds are understood.
	fields, _ := settings.Fields(k.New())
	return fields
}

// addressOf returns where a source fetches from, else what it is called; "" where
// it has neither.
func (r sourcePages) addressOf(d console.Doc) string {
	const most = 44
	fields, given := kindFields(r.Kinds.Source, d), d.Table(belowKind)
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

// correctionPages are those that put right what readers are told.
type correctionPages struct{ *request }

// healthView is how a source has been doing, and what is held back of it.
type healthView struct {
	Facts  []pages.Fact
	Doubts []doubtView
	// Refresh and Refuse are where these are posted to; "" for who may not, or where
	// there is nothing to refuse.
	Refresh, Refuse string
}

// doubtView is what is held back of one answer, beside what is told.
type doubtView struct {
	Why, Lead string
	Rows      []corrections.Difference
}

// healthView asks how a source has been doing.
func (r correctionPages) healthView(id string) (*healthView, error) {
	h, err := corrections.SourceHealth.Call(r.context(), corrections.SourceOf{Of: r.of(), ID: id})
	if err != nil {
		return nil, err
	}
	v := &healthView{}
	add := func(label, value string) {
		if value != "" {
			v.Facts = append(v.Facts, pages.Fact{Label: r.t(label), Value: value})
		}
	}
	if h.Requests > 0 {
		add("health.took", strconv.Itoa(int(h.Took))+" ms")
		add("health.bytes", r.number(int(h.Bytes)))
		add("health.requests", r.number(h.Requests))
		add("health.items", r.t("health.items_before", "items", h.Items, "before", h.Before))
	}
	if h.Asks > 0 {
		const percent = 100
		add("health.hits", strconv.Itoa(int(h.HitRatio*percent))+" %")
	}
	switch h.Breaker {
	case "open":
		add("health.breaker", r.t("health.open"))
	case "half-open":
		add("health.breaker", r.t("health.half_open"))
	}
	if r.may(corrections.RefreshSource) {
		v.Refresh = r.pageOf(sourceSection, id, "refresh")
	}
	for _, d := range h.Doubts {
		lead := r.t("doubt.count", "count", d.Count, "needed", d.Needed, "before", d.Before, "now", d.Now)
		if d.Needed == 0 {
			lead = r.t("doubt.nothing_before", "now", d.Now)
		}
		if d.Refused {
			lead = r.t("doubt.refused", "before", d.Before, "now", d.Now)
		} else if r.may(corrections.RefuseSource) {
			v.Refuse = r.pageOf(sourceSection, id, "refuse")
		}
		states := map[string]string{"gone": r.t("doubt.state_gone"), "new": r.t("doubt.state_new"), "changed": r.t("doubt.state_changed")}
		for i := range d.Differences {
			d.Differences[i].State = states[d.Differences[i].State]
		}
		v.Doubts = append(v.Doubts, doubtView{Why: d.Why, Lead: lead, Rows: d.Differences})
	}
	return v, nil
}

// refuse keeps back what a source brought, whatever it keeps to.
func (r correctionPages) refuse() error {
	if _, err := corrections.RefuseSource.Call(r.context(), corrections.SourceOf{Of: r.of(), ID: r.id()}); err != nil {
		return err
	}
	return r.leave(r.pageOf(sourceSection, r.id()), "source_refused")
}

// refresh fetches a source now; its page tells how that went.
func (r correctionPages) refresh() error {
	h, err := corrections.RefreshSource.Call(r.context(), corrections.SourceOf{Of: r.of(), ID: r.id()})
	if err != nil {
		return err
	}
	done := "source_refreshed"
	if h.Error != "" {
		done = ""
	}
	return r.leave(r.pageOf(sourceSection, r.id()), done)
}

// withdrawnPlace is where items are taken back and corrected, among the sources.
const withdrawnPlace = "withdrawn"

// withdrawnPage lists what is withdrawn and corrected.
type withdrawnPage struct {
	Head    pages.Header
	Message string
	// Action is where items are withdrawn, corrected and restored; "" for who may not.
	Action                           string
	Link, Item, Text, Say, Until, Do string
	Rows                             []withdrawnRow
	Empty                            pages.Empty
}

type withdrawnRow struct {
	ID, Name, Say, By string
	Corrects          bool
	At, Until         time.Time
	Items             []corrections.Item
}

func (r correctionPages) withdrawn() error {
	return r.showWithdrawn(http.StatusOK, withdrawnPage{Link: r.URL.Query().Get("link")})
}

func (r correctionPages) showWithdrawn(status int, body withdrawnPage) error {
	listed, err := corrections.ListWithdrawn.Call(r.context(), corrections.WithdrawnList{Of: r.of()})
	if err != nil {
		return err
	}
	body.Head = pages.Header{Title: r.t("withdrawn.title"), Lead: r.t("withdrawn.lead")}
	body.Empty = pages.Empty{Icon: "check", Title: r.t("withdrawn.none"), Text: r.t("withdrawn.none_text")}
	if r.may(corrections.WithdrawItem) {
		body.Action = r.at(sourceSection, withdrawnPlace)
	}
	for _, w := range listed.Withdrawals {
		body.Rows = append(body.Rows, withdrawnRow{
			ID: w.ID, Name: cmp.Or(w.Link, w.Item, w.Text), Say: w.Say, By: w.By, Corrects: w.Corrects, At: w.At, Until: w.Until, Items: w.Items,
		})
	}
	return r.showAs(status, "page_withdrawn", pages.Page{Title: body.Head.Title, Body: body, Crumbs: r.crumbs(sourceSection, body.Head.Title)})
}

// decide withdraws, corrects or restores an item.
func (r correctionPages) decide() error {
	if id := r.posted("restore"); id != "" {
		if _, err := corrections.RestoreItem.Call(r.context(), corrections.ItemRestore{Of: r.of(), Withdrawal: id}); err != nil {
			return err
		}
		return r.leave(r.at(sourceSection, withdrawnPlace), "item_restored")
	}
	body := withdrawnPage{Link: r.posted("link"), Item: r.posted("item"), Text: r.posted("text"), Say: r.posted("say"), Until: r.posted("until"), Do: r.posted("do")}
	in := corrections.ItemNamed{Of: r.of(), Link: body.Link, ID: body.Item, Text: body.Text, Say: body.Say}
	if body.Until != "" {
		until, err := time.ParseInLocation("2006-01-02", body.Until, r.zone)
		if err != nil {
			body.Message = r.t("withdrawn.until_wrong")
			return r.showWithdrawn(http.StatusUnprocessableEntity, body)
		}
		in.Until = until
	}
	op, done := corrections.WithdrawItem, "item_withdrawn"
	if body.Do == "correct" {
		op, done = corrections.CorrectItem, "item_corrected"
	}
	_, err := op.Call(r.context(), in)
	if err == nil {
		return r.leave(r.at(sourceSection, withdrawnPlace), done)
	}
	message, ok := r.said(err)
	if !ok {
		return err
	}
	body.Message = message
	status, _ := statusOf(err)
	return r.showWithdrawn(status, body)
}
