package site_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/people"
	"keypull/web/console"
	"keypull/web/console/undo"
)

// asked returns a context in which a person asks this rig by an interface.
func (r *rig) asked(p people.Person, face console.Face) context.Context {
	ctx := console.WithDoer(r.t.Context(), r.console)
	return console.WithCaller(ctx, console.Principal{ID: p.ID, Person: p.ID, Name: p.Name, Face: face, Roles: p.Roles, Language: "en"})
}

func ofThing(n catalogue.Resource, id string) undo.OfThing {
	return undo.OfThing{Of: console.Of{Publisher: "lecker"}, Resource: n, ID: id}
}

// historyOf returns all versions of a thing, page by page.
func historyOf(t *testing.T, ctx context.Context, n catalogue.Resource, id string, page int) (all []undo.Version, now string) {
	t.Helper()
	in := undo.HistoryList{OfThing: ofThing(n, id), Page: console.Page{Limit: page}}
	for {
		h, err := undo.ListHistory.Call(ctx, in)
		if err != nil {
			t.Fatal(err)
		}
		all, now, in.Cursor = append(all, h.Versions...), h.Current, h.Next
		if h.Next == "" {
			return all, now
		}
	}
}

func TestAKeywordsVersionsAreToldAndPutBack(t *testing.T) {
	r := newRig(t)
	ann, olga := r.person("ann@example.org", "lecker editor"), r.person("olga@example.org", "lecker owner")
	page, api := r.asked(ann, console.FacePage), r.asked(olga, console.FaceAPI)
	change := func(ctx context.Context, field string, value any) {
		t.Helper()
		r.wait(time.Minute)
		e, err := console.GetKeyword.Call(ctx, console.KeywordGet{Of: console.Of{Publisher: "lecker"}, ID: "news"})
		if err != nil {
			t.Fatal(err)
		}
		e.Keyword[field] = value
		in := console.KeywordUpdate{Of: console.Of{Publisher: "lecker"}, ID: "news", Keyword: e.Keyword}
		in.Version = e.Version
		if _, err := console.UpdateKeyword.Call(ctx, in); err != nil {
			t.Fatal(err)
		}
	}
	change(page, "template", "The news: {{ item.title }}")
	change(api, "count", 3)
	change(page, "template", "Latest news: {{ item.title }}")
	rename := console.KeywordRename{Of: console.Of{Publisher: "lecker"}, ID: "news"}
	rename.Version, rename.To = "*", "latest"
	r.wait(time.Minute)
	if _, err := console.RenameKeyword.Call(page, rename); err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{0, 1, 2} {
		all, _ := historyOf(t, page, catalogue.ResourceKeyword, "latest", size)
		var told []string
		for _, v := range all {
			told = append(told, fmt.Sprint(v.By, " ", v.Face, " ", v.Operation, " ", v.Document["count"], " ", v.Document["id"], " ", v.Now, v.First))
		}
		want := []string{"Ann page keyword.rename 3 latest true false", "Ann page keyword.update 3 news false false", "Olga api keyword.update 3 news false false",
			"Ann page keyword.update 1 news false false", "setup   1 news false true"}
		if strings.Join(told, "\n") != strings.Join(want, "\n") {
			t.Errorf("pages of %d:\n%s, want\n%s", size, strings.Join(told, "\n"), strings.Join(want, "\n"))
		}
	}
	all, now := historyOf(t, page, catalogue.ResourceKeyword, "latest", 0)
	back := undo.HistoryRestore{OfThing: ofThing(catalogue.ResourceKeyword, "latest"), Kept: all[3].Version}
	back.Version = "1"
	if _, err := undo.RestoreHistory.Call(page, back); console.KindOf(err) != pull.Conflict {
		t.Errorf("a version that nobody has seen is replaced: %v", err)
	}
	var receipt console.Receipt
	back.Version = now
	if _, err := undo.RestoreHistory.Call(console.WithReceipt(page, &receipt), back); err != nil {
		t.Fatal(err)
	}
	k, ok := r.Publisher("lecker").Keyword("latest")
	if !ok || k.Count != 1 || k.Template[""] != "The news: {{ item.title }}" || len(k.Formerly) != 1 {
		t.Errorf("put back it is %+v", k)
	}
	r.undoes(page, &receipt)
	if k, _ := r.Publisher("lecker").Keyword("latest"); k.Count != 3 {
		t.Errorf("undone it is %+v", k)
	}
	for name, kept := range map[string]string{"no version": "x.y", "of another thing": strings.TrimSuffix(all[3].Version, "news") + "sap"} {
		back.Kept, back.Version = kept, "*"
		if _, err := undo.RestoreHistory.Call(page, back); console.KindOf(err) != pull.Unknown {
			t.Errorf("%s: %v", name, err)
		}
	}
	r.wait(31 * 24 * time.Hour)
	if all, _ := historyOf(t, page, catalogue.ResourceKeyword, "latest", 0); len(all) != 1 || !all[0].First || !all[0].Now {
		t.Errorf("after a month it has %+v", all)
	}
}

func TestAHistoryIsAPageOfEveryThing(t *testing.T) {
	r := newRig(t)
	olga := r.visit(r.person("olga@example.org", "lecker owner"))
	version := func(n catalogue.Resource, id string) string { return r.Publisher("lecker").MetaOf(n, id).ETag() }
	olga.post(room+"channels/web", "kind", "webchat", "settings.title", "Second", "version", version("channel", "web")).leads(t, room+"channels/web?done=channel_saved")
	olga.get(room+"channels/web").wants(t, 200, room+"channels/web/history")
	shown := olga.get(room+"channels/web/history").wants(t, 200, "History of", "<b>Olga</b> changed the channel", "in the console", "Title", "Second", "no longer kept", "Put this version back")
	kept := between(t, shown.body, `name="kept" value="`, `"`)
	olga.post(room+"channels/web/history", "kept", kept, "version", "0").wants(t, http.StatusConflict, "Olga changed")
	olga.post(room+"channels/web/history", "kept", kept, "version", version("channel", "web")).leads(t, room+"channels/web?done=put_back")
	olga.get(room+"channels/web/history").wants(t, 200, "put back an earlier version of")

	olga.get(room+"settings").wants(t, 200, room+"settings/history")
	olga.get(room+"settings/history").wants(t, 200, "History of the settings", "no longer kept")
	ann := r.visit(r.person("ann@example.org", "lecker editor"))
	ann.get(room+"settings/history").wants(t, 403)
	r.visit(r.person("vic@example.org", "lecker viewer")).get(room+"keywords/news/history").wants(t, 403)

	ann.post(room+"keywords/sap/delete", "version", version("keyword", "sap")).leads(t, room+"keywords?done=keyword_deleted")
	gone := ann.get(room+"keywords/sap/history").wants(t, 200, "It is not there at the moment", "It was deleted.")
	ann.post(room+"keywords/sap/history", "kept", between(t, gone.body, `name="kept" value="`, `"`), "version", "").leads(t, room+"keywords/sap?done=put_back")
	if k, ok := r.Publisher("lecker").Keyword("sap"); !ok || k.Source != "prices" {
		t.Errorf("made again it is %+v", k)
	}
	ann.get(room+"keywords/nobody/history").wants(t, 404)
}
