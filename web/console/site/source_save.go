package site

import (
	"errors"
	"net/http"
	"net/url"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// untried is the button that saves what could not be fetched.
const untried = "_untried"

func (r sourcePages) createSource() error {
	d, s, err := r.postedSource()
	if errors.Is(err, errAsked) {
		return r.showSource(http.StatusOK, d, s)
	}
	if err != nil {
		return err
	}
	doc := d.doc(r.PostForm)
	if id := r.sourceAt(doc); id != "" {
		doc["id"] = id
	}
	e, err := do[console.SourceCreate, console.SourceEntry](r.request, "source.create",
		console.SourceCreate{Of: r.of(), Source: doc, Untried: r.untried()})
	if err != nil {
		return r.refuseSource(d, s, err)
	}
	if e.Keywords == 0 {
		return r.leave(r.at(keywordSection, "new")+"?source="+url.QueryEscape(textOf(e.Source, "id")), "source_saved_first")
	}
	return r.leave(r.pageOf(sourceSection, textOf(e.Source, "id")), "source_saved")
}

func (r sourcePages) updateSource() error {
	r.PostForm.Set("stored", r.id("source"))
	d, s, err := r.postedSource()
	if errors.Is(err, errAsked) {
		return r.showSource(http.StatusOK, d, s)
	}
	if err != nil {
		return err
	}
	in := console.SourceUpdate{Of: r.of(), ID: r.id("source"), Source: d.doc(r.PostForm), Untried: r.untried()}
	in.Version = r.posted("version")
	e, err := do[console.SourceUpdate, console.SourceEntry](r.request, "source.update", in)
	var stale *console.Stale
	if errors.As(err, &stale) {
		now, _ := stale.Current.(console.SourceEntry)
		return r.showStale(staleView{
			d: d, section: sourceSection, title: r.t("nav.sources"), id: r.id("source"), doc: now.Source, standing: now.Standing,
		})
	}
	if err != nil {
		return r.refuseSource(d, s, err)
	}
	if e.Keywords == 0 {
		return r.leave(r.at(keywordSection, "new")+"?source="+url.QueryEscape(r.id("source")), "source_saved_first")
	}
	return r.leave(r.pageOf(sourceSection, r.id("source")), "source_saved")
}

// refuseSource shows the form again with what is wrong at its fields.
func (r sourcePages) refuseSource(d *form, s sourceView, err error) error {
	problems, ok := r.problems(err, string(catalogue.NounSource))
	if !ok {
		return err
	}
	s.problems, s.untried = problems, len(problems) == 1 && unready(problems[0])
	return r.showSource(http.StatusUnprocessableEntity, d, s)
}

// unready says whether a problem is that the source could not be fetched: no
// other speaks of a reason but that of a check.
func unready(p settings.Problem) bool { return p.Args["reason"] != "" && p.Key != "check" }

// untried says whether the source is to be saved as it is.
func (r sourcePages) untried() console.Untried {
	return console.Untried{Untried: r.PostForm.Has(untried)}
}

// acceptSource has readers told what is held back of the source.
func (r sourcePages) acceptSource() error {
	in := console.SourceAccept{Of: r.of(), ID: r.id("source")}
	if _, err := do[console.SourceAccept, console.SourceAccepted](r.request, "source.accept", in); err != nil {
		return err
	}
	return r.leave(r.pageOf(sourceSection, in.ID), "source_accepted")
}

func (r sourcePages) askDeleteSource() error {
	if err := r.toWrite(); err != nil {
		return err
	}
	return r.showDeleteSource(http.StatusOK, "")
}

// deletePage asks before something is deleted, or tells what still needs it.
type deletePage struct {
	Confirm pages.Confirm
	// Used are the things that keep it from being deleted, with More of them
	// elsewhere.
	Used       []pages.Tab
	More, Back string
	Text       string
}

func (r sourcePages) showDeleteSource(status int, refusal string) error {
	id := r.id("source")
	e, err := r.getSource(id)
	if err != nil {
		return err
	}
	body := deletePage{Back: r.pageOf(sourceSection, id), Text: refusal, Confirm: pages.Confirm{
		Title: r.t("source.delete_title", "id", id), Text: r.t("source.delete_text"), Action: r.pageOf(sourceSection, id, "delete"),
		Yes: r.t("source.delete"), Cancel: r.pageOf(sourceSection, id), CSRF: r.session.CSRF, Danger: true,
		Hidden: []pages.Hidden{{Name: "version", Value: e.Version}},
	}}
	for _, k := range e.KeywordIDs {
		body.Used = append(body.Used, pages.Tab{Label: k, Href: r.pageOf(keywordSection, k)})
	}
	if e.Keywords > len(e.KeywordIDs) {
		body.More = r.at(keywordSection) + "?source=" + id
	}
	return r.showAs(status, "page_source_delete", pages.Page{Title: body.Confirm.Title, Body: body, Crumbs: r.crumbs(sourceSection, r.t("nav.sources"), id)})
}

func (r sourcePages) deleteSource() error {
	in := console.SourceDelete{Of: r.of(), ID: r.id("source")}
	in.Version = r.posted("version")
	_, err := do[console.SourceDelete, console.None](r.request, "source.delete", in)
	if err == nil {
		return r.leave(r.at(sourceSection), "source_deleted")
	}
	if status, key := statusOf(err); key == "conflict" {
		return r.showDeleteSource(status, r.conflict(err))
	}
	return err
}

// conflict says why a thing that was to be deleted is still there.
func (r sourcePages) conflict(err error) string {
	var stale *console.Stale
	if errors.As(err, &stale) {
		return r.t("stale.delete")
	}
	return ""
}
