package site

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"keypull/pull/catalogue"
	"keypull/pull/people"
	"keypull/web/console"
	"keypull/web/console/pages"
	"keypull/web/console/undo"
)

// undoPages take back what was changed.
type undoPages struct{ *request }

// undoParam names in an address the change that its page tells of.
const undoParam = "undo"

func (s *Site) undoRoutes() {
	const at = Root + "/p/{publisher}/changes/{change}"
	s.route("GET "+at, pageAction(undoPages.changePage))
	s.route("POST "+at+"/undo", pageAction(undoPages.undoChange))
	s.route("POST "+at+"/restore", pageAction(undoPages.restoreChange))
}

// recentChanges returns what the visitor may undo at the publisher at work; where none is,
// the publishers that were deleted.
func (r undoPages) recentChanges() []pages.RecentChange {
	var (
		listed undo.Changed
		err    error
	)
	switch {
	case r.publisher != "" && r.mayDo(undo.ListChanges):
		listed, err = undo.ListChanges.Call(r.callContext(), r.publisherInput())
	case r.publisher == "" && r.mayDo(undo.ListAllChanges):
		listed, err = undo.ListAllChanges.Call(r.callContext(), console.None{})
	}
	if err != nil {
		r.Logger.Error("what can be undone could not be listed", "error", err)
	}
	var all []pages.RecentChange
	for _, c := range listed.Changes {
		if r.publisher == "" && c.Operation != console.DeletePublisher.Name {
			continue
		}
		all = append(all, pages.RecentChange{ID: c.ID, Text: r.changeInWords(c), At: c.At, Undo: pages.Undo{Action: r.changeAt(c, "undo")}})
	}
	return all
}

// changeAt returns where a change is, and what is done to it.
func (r undoPages) changeAt(c undo.Change, verb ...string) string {
	return publisherPath(c.Publisher, append([]string{"changes", c.ID}, verb...)...)
}

// changeInWords returns who did what: "Ann changed the keyword news".
func (r undoPages) changeInWords(c undo.Change) string {
	thing, _ := auditPages(r).actTarget(people.Act{Target: c.Target, Operation: c.Operation, Publisher: c.Publisher, Before: r.docBefore(c)})
	return strings.TrimSpace(strings.Join([]string{c.By, auditPages(r).actInWords(c.Operation), thing}, " "))
}

// docBefore returns what was there before a change, where it is no more: only that knows
// what it was called.
func (r undoPages) docBefore(c undo.Change) json.RawMessage {
	resource, id, _ := strings.Cut(c.Target, " ")
	if !slices.Contains(catalogue.Parts(), catalogue.Resource(resource)) || r.nameAt(c.Publisher, catalogue.Resource(resource), id) != id {
		return nil
	}
	e, err := undo.GetChange.Call(r.callContext(), undo.Of{Of: console.Of{Publisher: c.Publisher}, Change: c.ID})
	if err != nil || len(e.List) == 0 {
		return nil
	}
	raw, err := json.Marshal(e.List[0].Before)
	if err != nil {
		return nil
	}
	return raw
}

// toastUndo undoes what the page tells of, where that can be.
func (r undoPages) toastUndo(recent []pages.RecentChange) *pages.Undo {
	id := r.URL.Query().Get(undoParam)
	for i := range recent {
		if recent[i].ID == id {
			return &recent[i].Undo
		}
	}
	return nil
}

// changeAsked names the change of the address.
func (r undoPages) changeAsked() undo.Of {
	return undo.Of{Of: r.publisherInput(), Change: r.PathValue("change")}
}

// undoChange takes a change back. Where it can't be, the page of the change says why,
// and what can be done instead.
func (r undoPages) undoChange() error {
	e, err := undo.GetChange.Call(r.callContext(), r.changeAsked())
	if err != nil {
		return err
	}
	if _, err := undo.UndoChange.Call(r.callContext(), r.changeAsked()); err != nil {
		return r.refuseUndo(e, err)
	}
	return r.redirectDone(r.placeOf(e), "undone")
}

// restoreChange brings back what was before a change.
func (r undoPages) restoreChange() error {
	e, err := undo.GetChange.Call(r.callContext(), r.changeAsked())
	if err != nil {
		return err
	}
	in := undo.Restore{Of: r.changeAsked()}
	in.Version = r.postedValue("version")
	if _, err := undo.RestoreChange.Call(r.callContext(), in); err != nil {
		return r.refuseUndo(e, err)
	}
	return r.redirectDone(r.placeOf(e), "restored")
}

// refuseUndo shows the change with why it was not taken back.
func (r undoPages) refuseUndo(e undo.Entry, refusal error) error {
	message, ok := r.refusalText(refusal)
	var stale *console.Stale
	if errors.As(refusal, &stale) {
		message, ok = r.t("hint.stale"), true
		if now, is := stale.Current.(undo.Entry); is {
			e = now
		}
	}
	if !ok {
		return refusal
	}
	return r.showChange(console.StatusOf(refusal), e, message)
}

// placeOf returns the page to go on at when a change was taken back.
func (r undoPages) placeOf(e undo.Entry) string {
	if len(e.List) == 0 {
		if resource, id, ok := strings.Cut(e.Change.Target, " "); ok {
			return r.pageOf(sectionOf(resource), id)
		}
		return r.pathTo("today")
	}
	t := e.List[0]
	switch {
	case t.Resource == catalogue.ResourcePublisher && t.Before == nil:
		return Root
	case t.Resource == catalogue.ResourcePublisher:
		return r.pathTo("settings")
	case t.Before == nil || len(e.List) > 1:
		return r.pathTo(sectionOf(string(t.Resource)))
	}
	return r.pageOf(sectionOf(string(t.Resource)), t.ID)
}

// sectionOf returns where the things of a resource live.
func sectionOf(resource string) string { return resource + "s" }

// changeBody is what the page of a change shows.
type changeBody struct {
	Head    pages.Header
	Message string
	Things  []changedThing
	// More is how many things are not shown.
	More int
	// Same says that all is as it was before.
	Same    bool
	Version string
	Restore string
	Cancel  string
}

// changedThing is one thing of a change: what would be brought back.
type changedThing struct {
	Title, Text string
	Since       bool
	Fields      pages.FieldChanges
}

func (r undoPages) changePage() error {
	e, err := undo.GetChange.Call(r.callContext(), r.changeAsked())
	if err != nil {
		return err
	}
	return r.showChange(http.StatusOK, e, "")
}

func (r undoPages) showChange(status int, e undo.Entry, message string) error {
	b := changeBody{
		Head:    pages.Header{Title: r.t("restore.title"), Lead: r.changeInWords(e.Change) + ", " + r.agoText(e.Change.At)},
		Message: message, Version: e.Version, Restore: r.changeAt(e.Change, "restore"), Cancel: r.pathTo("today"),
		More: e.Change.Things - len(e.List), Same: len(e.List) > 0,
	}
	if r.summary() == nil {
		b.Cancel = Root
	}
	for _, t := range e.List {
		thing := r.changedThing(t)
		same := len(thing.Fields.List) == 0 && (t.Now == nil) == (t.Before == nil)
		thing.Since = thing.Since && !same
		b.Same = b.Same && same
		b.Things = append(b.Things, thing)
	}
	return r.showAs(status, "page_change", pages.Page{Title: b.Head.Title, Body: b})
}

func (r undoPages) changedThing(t undo.Thing) changedThing {
	resource := r.t("noun." + string(t.Resource))
	name := r.nameOf(t.Resource, t.ID)
	if name == t.ID && t.Before != nil {
		name = r.nameIn(t.Resource, t.Before)
	}
	thing := changedThing{Title: resource + " " + name, Since: t.Since}
	switch {
	case t.Before == nil && t.Now == nil:
		thing.Text = r.t("restore.gone")
	case t.Before == nil:
		thing.Text = r.t("restore.removes")
	case t.Now == nil:
		thing.Text = r.t("restore.returns")
	}
	if t.Before != nil {
		thing.Fields = pages.FieldChanges{Before: r.t("restore.now"), After: r.t("restore.then"),
			List: fieldPages(r).changedFields(string(t.Resource), t.Now, t.Before, t.Secrets)}
	}
	return thing
}
