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
	s.route("GET "+at, pageAction(sourcePages.listSources))
	s.route("POST "+at+"/try", gatedFor(console.TrySource, pageAction(sourcePages.trySource)))
	s.route("POST "+at+"/discover", gatedFor(console.DiscoverSource, pageAction(sourcePages.showDiscovered)))
	s.route("GET "+at+"/discover", gatedFor(console.DiscoverSource, pageAction(func(r sourcePages) error { return r.redirectDone(r.pathTo(sourceSection, "new"), "") })))
	s.route("POST "+at+"/adopt", gatedFor(console.AdoptSources, pageAction(adoptFound)))
	s.route("GET "+at+"/{id}/drill", gatedFor(console.DrillSource, pageAction(drillPage.showDrill)))
	s.route("POST "+at+"/{id}/accept", gatedFor(console.AcceptSource, pageAction(sourcePages.acceptHeld)))
	s.route("POST "+at+"/{id}/refuse", gatedFor(corrections.RefuseSource, pageAction(correctionPages.refuseHeld)))
	s.route("POST "+at+"/{id}/refresh", gatedFor(corrections.RefreshSource, pageAction(correctionPages.refreshSource)))
	s.route("GET "+at+"/"+withdrawnPlace, gatedFor(corrections.ListWithdrawn, pageAction(correctionPages.showWithdrawnPage)))
	s.route("POST "+at+"/"+withdrawnPlace, gatedFor(corrections.WithdrawItem, pageAction(correctionPages.changeWithdrawal)))
	addEditRoutes(s, sourceSection, func(r *request) editable[console.SourceEntry] { return sourcePages{r} })
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
	Age                                  pages.Age
	Asked                                pages.Asked
}

func (r sourcePages) listSources() error {
	q := strings.TrimSpace(r.URL.Query().Get("q"))
	listed, err := console.ListSources.Call(r.callContext(), console.SourceList{Of: r.publisherInput(), Page: r.pageAsked(), Q: q})
	if err != nil {
		return err
	}
	body := r.resource().newListPage(r.request, q, listed.Next, len(listed.Sources) == 0)
	rows := make([]sourceRow, len(listed.Sources))
	for i, e := range listed.Sources {
		rows[i] = r.sourceRow(e)
	}
	showAsked(r.request, catalogue.ResourceSource, rows, func(row *sourceRow) (string, *pages.Asked) { return row.ID, &row.Asked })
	body.Rows = rows
	body.Head.Actions = append([]pages.Action{{Label: r.t("withdrawn.title"), Href: r.pathTo(sourceSection, withdrawnPlace)}}, body.Head.Actions...)
	return r.showPage("page_sources", pages.Page{Title: r.t("nav.sources"), Body: body})
}

func (r sourcePages) sourceRow(e console.SourceEntry) sourceRow {
	id, note := e.Source.Text("id"), ""
	if e.Source.Text("title") != "" {
		note = r.addressOf(e.Source)
	}
	return sourceRow{
		ID: id, Name: r.nameIn(catalogue.ResourceSource, e.Source), Href: r.pageOf(sourceSection, id), Note: note, Kind: r.kindTitle(r.Kinds.Sources, e.Source.Text("kind")),
		Sentence: healthSentence(e.Health), Badge: r.stateBadge(e.Health.State), Keywords: e.Keywords,
		KeywordsHref: r.pathTo(keywordSection) + "?source=" + id, Age: r.ageOf(e.Source.Text("kind"), e.Health),
	}
}

// ageOf returns how old what a source brought last is. Nothing gets old of what nobody
// fetches.
func (r *request) ageOf(kind string, h console.SourceHealth) pages.Age {
	if _, fetches := settings.First(kindFields(r.Kinds.Source, console.Doc{"kind": kind}), settings.Address); !fetches {
		return pages.Age{At: h.Good}
	}
	return pages.NewAge(h.Good, h.Fresh, h.Told, r.clock())
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
		return shorten(strings.TrimPrefix(strings.TrimPrefix(text, "https://"), "http://"), most)
	}
	return ""
}

func healthSentence(h console.SourceHealth) string {
	const most = 160
	if h.Error != "" || len(h.Warnings) == 0 {
		return shorten(h.Error, most)
	}
	return shorten(h.Warnings[0], most)
}

// crumbsTo lead from a section to one of its pages.
func (r *request) crumbsTo(section string, here ...string) []pages.Crumb {
	all := []pages.Crumb{{Label: r.t("nav." + section), Href: r.pathTo(section)}}
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
	// Drill is where is shown what readers would be told if it were down.
	Drill string
}

// doubtView is what is held back of one answer, beside what is told.
type doubtView struct {
	Why, Lead string
	Rows      []doubtRow
}

// doubtRow is an item that is told otherwise than it would be.
type doubtRow struct {
	corrections.Difference
	// Withdraw is where it is taken back; "" for who may not.
	Withdraw string
}

// healthView asks how a source has been doing.
func (r correctionPages) healthView(id string) (*healthView, error) {
	h, err := corrections.SourceHealth.Call(r.callContext(), console.SourceGet{Of: r.publisherInput(), ID: id})
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
		add("health.bytes", r.numberText(int(h.Bytes)))
		add("health.requests", r.numberText(h.Requests))
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
	if r.mayDo(console.DrillSource) {
		v.Drill = r.pageOf(sourceSection, id, "drill")
	}
	if r.mayDo(corrections.RefreshSource) {
		v.Refresh = r.pageOf(sourceSection, id, "refresh")
	}
	for _, d := range h.Doubts {
		lead := r.t("doubt.count", "count", d.Count, "needed", d.Needed, "before", d.Before, "now", d.Now)
		if d.Needed == 0 {
			lead = r.t("doubt.nothing_before", "now", d.Now)
		}
		if d.Refused {
			lead = r.t("doubt.refused", "before", d.Before, "now", d.Now)
		} else if r.mayDo(corrections.RefuseSource) {
			v.Refuse = r.pageOf(sourceSection, id, "refuse")
		}
		states := map[string]string{"gone": r.t("doubt.state_gone"), "new": r.t("doubt.state_new"), "changed": r.t("doubt.state_changed")}
		view := doubtView{Why: d.Why, Lead: lead}
		for _, one := range d.Differences {
			one.State = states[one.State]
			view.Rows = append(view.Rows, doubtRow{one, r.withdrawAt(id, one.ID, "")})
		}
		v.Doubts = append(v.Doubts, view)
	}
	return v, nil
}

// refuseHeld keeps back what a source brought, whatever it keeps to.
func (r correctionPages) refuseHeld() error {
	if _, err := corrections.RefuseSource.Call(r.callContext(), console.SourceGet{Of: r.publisherInput(), ID: r.thingID()}); err != nil {
		return err
	}
	return r.redirectDone(r.pageOf(sourceSection, r.thingID()), "source_refused")
}

// refreshSource fetches a source now; its page tells how that went.
func (r correctionPages) refreshSource() error {
	h, err := corrections.RefreshSource.Call(r.callContext(), console.SourceGet{Of: r.publisherInput(), ID: r.thingID()})
	if err != nil {
		return err
	}
	done := "source_refreshed"
	if h.Error != "" {
		done = ""
	}
	return r.redirectDone(r.pageOf(sourceSection, r.thingID()), done)
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
	// Source is the one that Item is of, SourceName what it is called.
	Source, SourceName string
	// Hits are what it would be about; nil before something is named.
	Hits  *hits
	Rows  []withdrawnRow
	Empty pages.Empty
}

type withdrawnRow struct {
	ID, Name, Say, By string
	Corrects          bool
	At, Until         time.Time
	Items             []corrections.Item
}

func (r correctionPages) showWithdrawnPage() error {
	q := r.URL.Query()
	return r.showNamed(withdrawnPage{Link: q.Get("link"), Item: q.Get("item"), Text: q.Get("text"), Source: q.Get("source")}.ofSource())
}

// ofSource leaves the source away beside all but an id: a link or a text holds for every source.
func (p withdrawnPage) ofSource() withdrawnPage {
	if p.Item == "" {
		p.Source = ""
	}
	return p
}

func (r correctionPages) showWithdrawn(status int, body withdrawnPage) error {
	listed, err := corrections.ListWithdrawn.Call(r.callContext(), r.publisherInput())
	if err != nil {
		return err
	}
	body.Head = pages.Header{Title: r.t("withdrawn.title"), Lead: r.t("withdrawn.lead")}
	body.Empty = pages.Empty{Icon: "check", Title: r.t("withdrawn.none"), Text: r.t("withdrawn.none_text")}
	if r.mayDo(corrections.WithdrawItem) {
		body.Action = r.pathTo(sourceSection, withdrawnPlace)
	}
	if body.Source != "" {
		body.SourceName = r.nameOf(catalogue.ResourceSource, body.Source)
	}
	for _, w := range listed.Withdrawals {
		body.Rows = append(body.Rows, withdrawnRow{
			ID: w.ID, Name: cmp.Or(w.Link, w.Item, w.Text), Say: w.Say, By: w.By, Corrects: w.Corrects, At: w.At, Until: w.Until, Items: w.Items,
		})
	}
	return r.showAs(status, "page_withdrawn", pages.Page{Title: body.Head.Title, Body: body, Crumbs: r.crumbsTo(sourceSection, body.Head.Title)})
}

// changeWithdrawal withdraws, corrects or restores an item.
func (r correctionPages) changeWithdrawal() error {
	if id := r.postedValue("restore"); id != "" {
		if _, err := corrections.RestoreItem.Call(r.callContext(), corrections.ItemRestore{Of: r.publisherInput(), Withdrawal: id}); err != nil {
			return err
		}
		return r.redirectDone(r.pathTo(sourceSection, withdrawnPlace), "item_restored")
	}
	body := withdrawnPage{Link: r.postedValue("link"), Item: r.postedValue("item"), Text: r.postedValue("text"), Say: r.postedValue("say"), Until: r.postedValue("until"), Do: r.postedValue("do"), Source: r.postedValue("source")}.ofSource()
	if body.Do == "look" {
		return r.showNamed(body)
	}
	in := corrections.ItemNamed{Of: r.publisherInput(), Link: body.Link, ID: body.Item, Text: body.Text, Source: body.Source, Say: body.Say}
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
	_, err := op.Call(r.callContext(), in)
	if err == nil {
		return r.redirectDone(r.pathTo(sourceSection, withdrawnPlace), done)
	}
	message, ok := r.sayRefusal(err)
	if !ok {
		return err
	}
	body.Message = message
	return r.showWithdrawn(console.StatusOf(err), body)
}
