package site_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestWhatWasDeletedIsUndoneByOneClick(t *testing.T) {
	r := newRig(t)
	ann := r.visit(r.person("ann@example.org", "lecker editor"))
	viewer := r.visit(r.person("vic@example.org", "lecker viewer"))
	const at = room + "keywords/news"
	before := r.keywordOf("news")
	page := ann.get(at).wants(t, 200).page(t)
	if !strings.Contains(strings.Join(page.posts(), " "), at+"/delete") {
		t.Fatalf("the page has no form that deletes: %v", page.posts())
	}
	to := ann.post(at+"/delete", "version", r.Publisher("lecker").MetaOf("keyword", "news").ETag()).leads(t, room+"keywords?done=keyword_deleted").header.Get("Location")
	shown := ann.get(to).wants(t, 200, "The keyword is deleted.", "Undo", "one change of the last ten minutes", "deleted the keyword news")
	action := "/console/p/lecker/changes/" + between(t, shown.body, `action="/console/p/lecker/changes/`, `"`)
	ann.post(action).leads(t, at+"?done=undone")
	if got := r.keywordOf("news"); got.ID != before.ID || got.Source != before.Source {
		t.Errorf("it came back as %+v", got)
	}
	ann.get(room+"today").wants(t, 200, "undid a change of news")
	ann.post(action).wants(t, 409, "undone already", "All is as it was before")
	viewer.post(action).wants(t, 403)
	viewer.get(room+"today").wants(t, 200).lacks(t, "of the last ten minutes")
	r.wait(11 * time.Minute)
	ann.get(room+"today").wants(t, 200).lacks(t, "of the last ten minutes")
}

func TestTheAuditLogBringsBack(t *testing.T) {
	r := newRig(t)
	ann, owner := r.visit(r.person("ann@example.org", "lecker editor")), r.visit(r.person("olga@example.org", "lecker owner"))
	version := func() string { return r.Publisher("lecker").MetaOf("channel", "web").ETag() }
	ann.post(room+"channels/web", "kind", "webchat", "settings.title", "Second", "version", version()).leads(t, room+"channels/web?done=channel_saved")
	r.wait(time.Minute)
	ann.post(room+"channels/web", "kind", "webchat", "settings.title", "Third", "version", version()).leads(t, room+"channels/web?done=channel_saved")
	r.wait(time.Hour)
	log := owner.get(room+"audit").wants(t, 200, "Bring it back", "Title", "Second", "Third").lacks(t, "&#34;settings&#34;")
	rest := log.body
	for range 2 { // the first of the two changes is the lower one
		_, rest, _ = strings.Cut(rest, `href="/console/p/lecker/changes/`)
	}
	id, _, _ := strings.Cut(rest, `"`)
	page := owner.get(room+"changes/"+id).wants(t, 200, "It was changed again since", "Third", "Lecker")
	first := between(t, page.body, `name="version" value="`, `"`)
	ann.post(room+"changes/"+id+"/undo").wants(t, 409, "The ten minutes for undoing this are over")
	ann.post(room+"channels/web", "kind", "webchat", "settings.title", "Fourth", "version", version()).leads(t, room+"channels/web?done=channel_saved")
	stale := owner.post(room+"changes/"+id+"/restore", "version", first).wants(t, 409, "Somebody else has changed this meanwhile", "Fourth")
	owner.post(room+"changes/"+id+"/restore", "version", between(t, stale.body, `name="version" value="`, `"`)).leads(t, room+"channels/web?done=restored")
	owner.get(room+"channels/web").wants(t, 200, `value="Lecker"`)
	owner.get(room+"changes/nothing").wants(t, 404)
}

func TestUndoIsReachedByKeys(t *testing.T) {
	r := newRig(t)
	b := newBrowser(t)
	b.signIn(r.visit(r.person("ann@example.org", "lecker editor")))
	b.Open(r.server.URL + room + "keywords/news")
	b.click(`form[action$="/keywords/news/delete"] button`)
	b.Wants(`location.pathname`, "/console/p/lecker/keywords")
	b.Until(`document.getElementById("live").textContent === "The keyword is deleted."`)
	b.Wants(`(() => { const skip = document.querySelector('a.skip[href="#undo"]'); skip.focus(); return document.activeElement === skip })()`, "true")
	b.Wants(`(() => { const undo = document.getElementById("undo"); undo.focus(); return undo.textContent.trim() })()`, "Undo")
	b.Wants(`document.activeElement.id`, "undo")
	b.Do(chromedp.KeyEvent(kb.Enter))
	b.Until(`location.pathname === "/console/p/lecker/keywords/news"`)
	if r.keywordOf("news").ID != "news" {
		t.Error("it is not there")
	}
}
