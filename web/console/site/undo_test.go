package site_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/people"
	"keypull/web/console"
	"keypull/web/console/undo"
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

// editing returns the context of an editor's program, with the receipt of what it does.
func (r *rig) editing() (context.Context, *console.Receipt) {
	receipt := &console.Receipt{}
	by := console.Principal{Name: "Ann", Language: "en", Roles: map[string]people.Role{"lecker": people.Editor}}
	return console.WithReceipt(console.WithCaller(console.WithDoer(r.t.Context(), r.console), by), receipt), receipt
}

// undoes takes back what a receipt is of, and returns how many things that were.
func (r *rig) undoes(ctx context.Context, receipt *console.Receipt) int {
	r.t.Helper()
	out, err := undo.UndoChange.Call(ctx, undo.Of{Of: console.Of{Publisher: receipt.Publisher}, Change: receipt.Change})
	if err != nil {
		r.t.Fatal(err)
	}
	return out.Things
}

// things returns all that a publisher has, without versions; no list is an empty one.
func (r *rig) things() string { return fmt.Sprintf("%+v", r.Publisher("lecker").Publisher) }

func TestABulkIsUndoneAsOne(t *testing.T) {
	p := lecker()
	word := func(id string, count int) catalogue.Keyword {
		k := catalogue.Keyword{ID: id, Source: "news", Phrases: map[string][]string{"en": {"phrase " + id}}}
		k.Defaults()
		k.Count = count
		return k
	}
	var rows []console.KeywordRow
	for i := range 100 {
		changed, deleted, created := fmt.Sprint("changed-", i), fmt.Sprint("deleted-", i), fmt.Sprint("created-", i)
		p.Keywords = append(p.Keywords, word(changed, 2), word(deleted, 3))
		rows = append(rows,
			// What is created is called as what is deleted was.
			console.KeywordRow{Do: console.DoCreate, ID: created, Keyword: console.Doc{"source": "news", "phrases": map[string]any{"en": []any{"phrase " + deleted}}}},
			console.KeywordRow{Do: console.DoMerge, ID: changed, Version: "*", Keyword: console.Doc{"count": 7}},
			console.KeywordRow{Do: console.DoDelete, ID: deleted, Version: "*"})
	}
	slices.SortFunc(p.Keywords, func(a, b catalogue.Keyword) int { return strings.Compare(a.ID, b.ID) })
	r := newRig(t, p)
	ctx, receipt := r.editing()
	before := r.things()
	of := console.Of{Publisher: "lecker"}
	if _, err := console.BulkKeywords.Call(ctx, console.KeywordBulk{Of: of, Rows: rows}); err != nil {
		t.Fatal(err)
	}
	after := r.things()
	if n := r.undoes(ctx, receipt); n != 300 || r.things() != before {
		t.Fatalf("after undoing %d it is not as it was", n)
	}
	if r.undoes(ctx, receipt); r.things() != after {
		t.Fatal("undoing that does not do it again")
	}
	done := *receipt
	// Somebody else gives a phrase away that would come back.
	if _, err := console.BulkKeywords.Call(ctx, console.KeywordBulk{Of: of, Rows: []console.KeywordRow{
		{Do: console.DoCreate, ID: "thief", Keyword: console.Doc{"source": "news", "phrases": map[string]any{"en": []any{"phrase of nobody"}}}},
	}}); err != nil {
		t.Fatal(err)
	}
	dropped := []console.KeywordRow{{Do: console.DoDelete, ID: "created-1", Version: "*"}, {Do: console.DoDelete, ID: "created-2", Version: "*"}}
	if _, err := console.BulkKeywords.Call(ctx, console.KeywordBulk{Of: of, Rows: dropped}); err != nil {
		t.Fatal(err)
	}
	gone := *receipt
	thief := console.KeywordRow{Do: console.DoMerge, ID: "thief", Version: "*", Keyword: console.Doc{"phrases": map[string]any{"en": []any{"phrase deleted-2"}}}}
	if _, err := console.BulkKeywords.Call(ctx, console.KeywordBulk{Of: of, Rows: []console.KeywordRow{thief}}); err != nil {
		t.Fatal(err)
	}
	for says, change := range map[string]string{"The keyword “created-2” can't come back": gone.Change, "has been deleted since": done.Change} {
		if _, err := undo.UndoChange.Call(ctx, undo.Of{Of: of, Change: change}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}

func TestAnotherIDIsUndone(t *testing.T) {
	r := newRig(t)
	of := console.Of{Publisher: "lecker"}
	ctx, receipt := r.editing()
	before := r.things()
	for _, rename := range []func() error{
		func() error {
			_, err := console.RenameKeyword.Call(ctx, console.KeywordRename{Of: of, ID: "news", Renaming: console.Renaming{Guarded: console.Guarded{Version: "*"}, To: "latest"}})
			return err
		},
		func() error {
			_, err := console.RenameSource.Call(ctx, console.SourceRename{Of: of, ID: "news", Renaming: console.Renaming{Guarded: console.Guarded{Version: "*"}, To: "latest"}})
			return err
		},
	} {
		if err := rename(); err != nil {
			t.Fatal(err)
		}
		after := r.things()
		if after == before {
			t.Fatal("nothing has another id")
		}
		if r.undoes(ctx, receipt); r.things() != before {
			t.Fatalf("it is not as it was: %s", r.things())
		}
		pub := r.Publisher("lecker")
		for _, n := range []catalogue.Resource{catalogue.ResourceKeyword, catalogue.ResourceSource} {
			if now := pub.Now(n, "latest"); now != "latest" {
				t.Errorf("the %s latest leads to %s", n, now)
			}
		}
		if _, err := console.GetKeyword.Call(ctx, console.KeywordGet{Of: of, ID: "latest"}); console.KindOf(err) != pull.Unknown {
			t.Errorf("there is something under the id that was taken back: %v", err)
		}
		if r.undoes(ctx, receipt); r.things() != after {
			t.Fatalf("done again it is another: %s", r.things())
		}
		r.undoes(ctx, receipt)
	}
}

func TestAnImportedTableIsUndoneByOneClick(t *testing.T) {
	r, ann, _ := atWork(t)
	before := r.things()
	form := url.Values{"_csrf": {ann.changed(room + "keywords/new").Get("_csrf")}, "do": {"all"}, "csv": {"id,source,phrases.en,count\ntram,news,tram,\nbus,news,bus,2\nnews,news,headlines,4\n"}}
	to := ann.submit(room+"keywords/import", form).leads(t, room+"keywords?done=keyword_imported").header.Get("Location")
	shown := ann.get(to).wants(t, http.StatusOK, "The table is imported.", "Undo", "imported a table: Keywords", "one change of the last ten minutes")
	ann.post("/console/p/lecker/changes/"+between(t, shown.body, `action="/console/p/lecker/changes/`, `"`)).leads(t, room+"keywords?done=undone")
	if r.things() != before {
		t.Errorf("it is not as it was: %s", r.things())
	}
}
