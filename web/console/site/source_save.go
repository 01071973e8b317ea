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

func (v *visit) createSource() error {
	d, s, err := v.postedSource()
	if errors.Is(err, errAsked) {
		return v.showSource(http.StatusOK, d, s)
	}
	if err != nil {
		return err
	}
	doc := d.doc(v.r.PostForm)
	if id := v.sourceAt(doc); id != "" {
		doc["id"] = id
	}
	e, err := do[console.SourceCreate, console.SourceEntry](v, "source.create",
		console.SourceCreate{Of: v.of(), Source: doc, Untried: v.untried()})
	if err != nil {
		return v.refuseSource(d, s, err)
	}
	if e.Keywords == 0 {
		return v.leave(v.at(keywordRoom, "new")+"?source="+url.QueryEscape(textOf(e.Source, "id")), "source_saved_first")
	}
	return v.leave(v.thing(sourceRoom, textOf(e.Source, "id")), "source_saved")
}

func (v *visit) updateSource() error {
	v.r.PostForm.Set("stored", v.id("source"))
	d, s, err := v.postedSource()
	if errors.Is(err, errAsked) {
		return v.showSource(http.StatusOK, d, s)
	}
	if err != nil {
		return err
	}
	in := console.SourceUpdate{Of: v.of(), ID: v.id("source"), Source: d.doc(v.r.PostForm), Untried: v.untried()}
	in.Version = v.posted("version")
	e, err := do[console.SourceUpdate, console.SourceEntry](v, "source.update", in)
	var stale *console.Stale
	if errors.As(err, &stale) {
		now, _ := stale.Current.(console.SourceEntry)
		return v.showStale(staleView{
			d: d, room: sourceRoom, title: v.t("nav.sources"), id: v.id("source"), doc: now.Source, standing: now.Standing,
		})
	}
	if err != nil {
		return v.refuseSource(d, s, err)
	}
	if e.Keywords == 0 {
		return v.leave(v.at(keywordRoom, "new")+"?source="+url.QueryEscape(v.id("source")), "source_saved_first")
	}
	return v.leave(v.thing(sourceRoom, v.id("source")), "source_saved")
}

// refuseSource shows the form again with what is wrong at its fields.
func (v *visit) refuseSource(d *draft, s sourceView, err error) error {
	problems, ok := v.problems(err, string(catalogue.NounSource))
	if !ok {
		return err
	}
	s.problems, s.untried = problems, len(problems) == 1 && unready(problems[0])
	return v.showSource(http.StatusUnprocessableEntity, d, s)
}

// unready says whether a problem is that the source could not be fetched: no
// other speaks of a reason but that of a check.
func unready(p settings.Problem) bool { return p.Args["reason"] != "" && p.Key != "check" }

// untried says whether the source is to be saved as it is.
func (v *visit) untried() console.Untried {
	return console.Untried{Untried: v.r.PostForm.Has(untried)}
}

// acceptSource has readers told what is held back of the source.
func (v *visit) acceptSource() error {
	in := console.SourceAccept{Of: v.of(), ID: v.id("source")}
	if _, err := do[console.SourceAccept, console.SourceAccepted](v, "source.accept", in); err != nil {
		return err
	}
	return v.leave(v.thing(sourceRoom, in.ID), "source_accepted")
}

func (v *visit) askDeleteSource() error {
	if err := v.toWrite(); err != nil {
		return err
	}
	return v.showDeleteSource(http.StatusOK, "")
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

func (v *visit) showDeleteSource(status int, refusal string) error {
	id := v.id("source")
	e, err := v.getSource(id)
	if err != nil {
		return err
	}
	body := deletePage{Back: v.thing(sourceRoom, id), Text: refusal, Confirm: pages.Confirm{
		Title: v.t("source.delete_title", "id", id), Text: v.t("source.delete_text"), Action: v.thing(sourceRoom, id, "delete"),
		Yes: v.t("source.delete"), Cancel: v.thing(sourceRoom, id), CSRF: v.session.CSRF, Danger: true,
		Hidden: []pages.Hidden{{Name: "version", Value: e.Version}},
	}}
	for _, k := range e.KeywordIDs {
		body.Used = append(body.Used, pages.Tab{Label: k, Href: v.thing(keywordRoom, k)})
	}
	if e.Keywords > len(e.KeywordIDs) {
		body.More = v.at(keywordRoom) + "?source=" + id
	}
	return v.showAs(status, "page_source_delete", pages.Page{Title: body.Confirm.Title, Body: body, Crumbs: v.crumbs(sourceRoom, v.t("nav.sources"), id)})
}

func (v *visit) deleteSource() error {
	in := console.SourceDelete{Of: v.of(), ID: v.id("source")}
	in.Version = v.posted("version")
	_, err := do[console.SourceDelete, console.None](v, "source.delete", in)
	if err == nil {
		return v.leave(v.at(sourceRoom), "source_deleted")
	}
	if status, key := statusOf(err); key == "conflict" {
		return v.showDeleteSource(status, v.conflict(err))
	}
	return err
}

// conflict says why a thing that was to be deleted is still there.
func (v *visit) conflict(err error) string {
	var stale *console.Stale
	if errors.As(err, &stale) {
		return v.t("stale.delete")
	}
	return ""
}
