package site_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/sources/jsonapi"
	"keypull/web/console"
)

const room = "/console/p/lecker/"

// atWork returns a rig whose sources are at a press, an editor in it, and the
// address of the press.
func atWork(t testing.TB) (*rig, *visitor, string) {
	t.Helper()
	world := press(t)
	p := reachable(world.URL)
	other := reachable(world.URL)
	other.ID, other.Name = "other", "Other"
	r := newRig(t, p, other)
	newWorld(t, r)
	return r, r.visit(r.person("ann@example.org", "lecker editor")), world.URL
}

func (r *rig) sourceIDs() []string {
	var ids []string
	for _, s := range r.Publisher("lecker").Sources {
		ids = append(ids, s.ID)
	}
	return ids
}

// changed returns the form of a page with other values.
func (v *visitor) changed(path string, fields ...string) url.Values {
	v.t.Helper()
	values := v.get(path).wants(v.t, http.StatusOK).page(v.t).form("thing")
	for i := 0; i+1 < len(fields); i += 2 {
		values[fields[i]] = []string{fields[i+1]}
	}
	return values
}

func TestASourceIsTriedSavedAndGivenAWord(t *testing.T) {
	r, ann, world := atWork(t)
	ann.get(room+"sources/new").wants(t, 200, "News feed", "Quotes", "Written answers", "sources/new?kind=feed")
	form := ann.changed(room+"sources/new?kind=feed", "settings.url", world+"/feed.xml")

	tried := ann.submit(room+"sources/try", form).wants(t, 200, "Night trains to Paris return in December", "It works: 3 items shown", world+"/picture.svg",
		"Author: Ann Ouray", "1 request sent", "GET "+world+"/feed.xml", "Status 200")
	if got := tried.page(t).form("thing"); got.Get("settings.url") != world+"/feed.xml" {
		t.Errorf("trying lost what was typed: %v", got)
	}
	if len(r.sourceIDs()) != 3 {
		t.Errorf("trying saved it: %v", r.sourceIDs())
	}
	ann.submit(room+"sources", form).leads(t, room+"keywords/new?source=feed&done=source_saved_first")
	if s, ok := r.Publisher("lecker").Source("feed"); !ok || s.Settings["url"] != world+"/feed.xml" {
		t.Errorf("%v %+v", ok, s)
	}
	next := ann.get(room+"keywords/new?source=feed&done=source_saved_first").wants(t, 200, "The source is saved. Now give it a word.").page(t)
	if got := next.form("thing").Get("source"); got != "feed" {
		t.Errorf("the source that is chosen is %q", got)
	}
	if _, focused := attribute(next.by("f-phrases-en"), "data-focus"); !focused {
		t.Error("the phrases have not the focus")
	}
}

func TestASourceIsNamedAfterItsSite(t *testing.T) {
	for address, want := range map[string]string{
		"https://feeds.example.org/rss.xml": "example", "https://www.bbc.co.uk/feed": "bbc", "https://10.1.2.3/feed": "feed", "https://localhost/feed": "feed",
		"https://news.example.org/other": "feed",
	} {
		r, ann, _ := atWork(t)
		r.trials.source = nil
		if strings.HasSuffix(address, "/other") {
			form := ann.changed(room+"sources/new?kind=feed", "settings.url", "https://example.org/feed.xml")
			ann.submit(room+"sources", form).wants(t, 303)
		}
		form := ann.changed(room+"sources/new?kind=feed", "settings.url", address)
		ann.submit(room+"sources", form).wants(t, 303)
		if !slices.Contains(r.sourceIDs(), want) {
			t.Errorf("%s is called %v, not %s", address, r.sourceIDs(), want)
		}
	}
}

func TestARefusedSourceComesBackWithEverythingTyped(t *testing.T) {
	r, ann, world := atWork(t)
	large := strings.Repeat("x", 1<<20)
	for _, tt := range []struct {
		name, kind string
		fields     []string
		field      string
		says       string
		untried    bool
	}{
		{"an address where nothing is", "feed", []string{"settings.url", world + "/nothing.xml"}, "f-settings-url", "can't be fetched", true},
		{"a page that is no feed", "feed", []string{"settings.url", world + "/page.html"}, "f-settings-url", "can't be fetched", true},
		{"no address at all", "feed", []string{"settings.url", "just words"}, "f-settings-url", "http", false},
		{"nothing", "feed", []string{"settings.url", ""}, "f-settings-url", "Fill this in: it is required.", false},
		{"an id that is taken", "feed", []string{"settings.url", world + "/feed.xml", "id", "news"}, "f-id", "The id “news” is taken already", false},
		{"an odd duration", "feed", []string{"settings.url", world + "/feed.xml", "max_age", "soon"}, "f-max_age", "60s", false},
		{"an odd schedule", "feed", []string{"settings.url", world + "/feed.xml", "refresh", "now and then"}, "f-refresh", "now and then", false},
		{"a megabyte", "text", []string{"settings.answers[0].text", large}, "f-settings-answers-0-text", "8", false},
		{"a megabyte for an address", "feed", []string{"settings.url", "https://example.org/" + large}, "f-settings-url", "64 KiB", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			form := ann.changed(room+"sources/new?kind="+tt.kind, append([]string{"stale_if_error", "3h"}, tt.fields...)...)
			a := ann.submit(room+"sources", form).wants(t, http.StatusUnprocessableEntity)
			p := a.page(t)
			p.says(tt.field+"-problem", tt.says)
			p.says("summary", "One thing needs your attention")
			for name, values := range form {
				if got := p.form("thing")[name]; !slices.Equal(got, values) && name != "_csrf" {
					t.Errorf("%s was %.80q and is %.80q", name, values, got)
				}
			}
			if offered := strings.Contains(a.body, "Save without trying"); offered != tt.untried {
				t.Errorf("saving untried is offered: %v", offered)
			}
			if ids := r.sourceIDs(); len(ids) != 3 {
				t.Errorf("something was saved: %v", ids)
			}
		})
	}
}

func TestWhatCannotBeFetchedIsSavedOnDemand(t *testing.T) {
	r, ann, world := atWork(t)
	form := ann.changed(room+"sources/new?kind=feed", "settings.url", world+"/later.xml", "id", "later")
	ann.submit(room+"sources", form).wants(t, 422)
	form.Set("_untried", "1")
	ann.submit(room+"sources", form).leads(t, room+"keywords/new?source=later&done=source_saved_first")
	if !slices.Contains(r.sourceIDs(), "later") {
		t.Error(r.sourceIDs())
	}
}

func TestATrialTellsWhatIsWrongAtTheField(t *testing.T) {
	_, ann, world := atWork(t)
	form := ann.changed(room+"sources/new?kind=feed", "settings.url", world+"/page.html")
	p := ann.submit(room+"sources/try", form).wants(t, 422, "That did not work").page(t)
	if said(p.by("f-settings-url-problem")) == "" {
		t.Error("nothing is said at the field")
	}
	silent := ann.changed(room+"sources/new?kind=feed", "settings.url", world+"/later.xml")
	ann.submit(room+"sources/try", silent).wants(t, 422, `<a href="#f-settings-url">Address: `).lacks(t, "The form:")
	// A script gets what was brought, and the field alone.
	ann.header = http.Header{"Hx-Request": {"true"}}
	part := ann.submit(room+"sources/try", form).wants(t, 200, `hx-swap-oob="true"`, `name="_marked" value="f-settings-url"`, "That did not work").lacks(t, "<html")
	if said(part.page(t).by("f-settings-url-problem")) == "" {
		t.Error("nothing is said at the field that is shown anew")
	}
	form.Set("settings.url", world+"/feed.xml")
	form.Set("_marked", "f-settings-url")
	good := ann.submit(room+"sources/try", form).wants(t, 200, "It works: 3 items shown", `id="at-f-settings-url" hx-swap-oob="true"`)
	if good.page(t).by("f-settings-url-problem") != nil {
		t.Error("the field is still marked")
	}
}

// TestAValueIsChosenFirstForWhatAnAnswerShows holds that no field is filled in by a click which is folded away.
func TestAValueIsChosenFirstForWhatAnAnswerShows(t *testing.T) {
	r, ann, _ := atWork(t)
	r.trials.source = func(catalogue.Source, pull.Query) console.Trial {
		return console.Trial{Places: []settings.Place{{Path: "pools", Name: "pools"}, {Path: "pools[0].name", Item: "name", Name: "name", Value: "Stadtbad", Depth: 1}}}
	}
	form := ann.changed(room+"sources/new?kind="+jsonapi.Kind.Name, "settings.url", "https://pools.example/pools.json", "settings.items", "pools")
	body := ann.submit(room+"sources/try", form).wants(t, 200, `name="_spot"`).body
	next, chosen := strings.Index(body, `name="_spot" value="settings.next"`), strings.Index(body, `" form="thing" checked>`)
	if next < 0 || chosen < 0 || chosen > next || !strings.Contains(body[:chosen+1], `name="_spot" value="settings.fields:title"`) {
		t.Errorf("the next page is at %d, what is chosen at %d", next, chosen)
	}
}

func TestTheSpellingThatATrialProposesIsTakenByAButton(t *testing.T) {
	_, ann, world := atWork(t)
	form := ann.changed(room+"sources/new?kind=quote", "settings.url", world+"/price?place=XNYS&s={symbol}", "settings.price", "price")
	form.Set("_try_argument", "IBM")
	ann.submit(room+"sources/try", form).wants(t, 422, "That did not work", "XNYS:IBM", `name="_fill" value="settings.spelling=XNYS:{symbol}"`, "Use this")
	form.Set("_fill", "settings.spelling=XNYS:{symbol}")
	ann.submit(room+"sources/try", form).wants(t, 200, "Price: 12.40").lacks(t, "That did not work")
}

func TestManyNamesAreCounted(t *testing.T) {
	_, ann, world := atWork(t)
	form := ann.changed(room+"sources/new?kind=quote", "settings.url", world+"/price?s={symbol}", "settings.price", "price")
	for i := range 25 {
		form.Set("settings.symbols["+strconv.Itoa(i)+"].symbol", "S"+strconv.Itoa(i))
		form.Set("settings.symbols["+strconv.Itoa(i)+"].name", "Share "+strconv.Itoa(i))
	}
	ann.submit(room+"sources/try", form).wants(t, 200, "Price: 12.40", "Names that readers may ask for", "Share 19", "and 5 more").lacks(t, `class="chip">Share 20`)
}

func TestRowsAreAddedAndRemovedWithoutAScript(t *testing.T) {
	r, ann, _ := atWork(t)
	form := ann.changed(room+"sources/new?kind=text", "settings.answers[0].text", "One.")
	form.Set("_add", "settings.answers")
	p := ann.submit(room+"sources", form).wants(t, 200).page(t)
	if p.by("f-settings-answers-1-text") == nil || p.form("thing").Get("settings.answers[0].text") != "One." {
		t.Error("no row was added to the first")
	}
	form = p.form("thing")
	form.Set("settings.answers[1].text", "Two.")
	form.Set("_remove", "settings.answers[0]")
	p = ann.submit(room+"sources", form).wants(t, 200).page(t)
	if got := p.form("thing").Get("settings.answers[0].text"); got != "Two." {
		t.Errorf("after removing the first row the first is %q", got)
	}
	if len(r.sourceIDs()) != 3 {
		t.Error("a button of a row saved the form")
	}
}

func TestASourceInUseIsNotDeleted(t *testing.T) {
	r, ann, _ := atWork(t)
	ann.get(room+"sources/news/delete").wants(t, 200, "This source is in use", `href="/console/p/lecker/keywords/news"`)
	ann.post(room+"sources/news/delete", "version", "*").wants(t, http.StatusConflict, "This source is in use", `href="/console/p/lecker/keywords/news"`)
	p := ann.get(room+"sources/hours/delete").wants(t, 200, "Delete the source “hours – Written answers”?")
	p.lacks(t, "in use")
	ann.post(room+"sources/hours/delete", "version", "999").wants(t, http.StatusConflict, "Somebody has changed this meanwhile")
	version := r.Publisher("lecker").MetaOf("source", "hours").ETag()
	ann.post(room+"sources/hours/delete", "version", version).leads(t, room+"sources?done=source_deleted")
	if slices.Contains(r.sourceIDs(), "hours") {
		t.Error("it is still there")
	}
	ann.get(room+"sources/hours").wants(t, http.StatusNotFound)
}

func TestSecretsAreNeverShownAndStay(t *testing.T) {
	r, ann, world := atWork(t)
	const secret = "AAExtoken"
	a := ann.get(room+"channels/tg").wants(t, 200, "Stored, and never shown").lacks(t, secret)
	form := a.page(t).form("thing")
	form.Set("settings.rate", "7")
	ann.submit(room+"channels/tg", form).leads(t, room+"channels/tg?done=channel_unreached")
	c, _ := r.Publisher("lecker").Channel("tg")
	if c.Settings["token"] != "123456:"+secret || world == "" {
		t.Errorf("the secret is %v now", c.Settings["token"])
	}
}

func TestASourceCalledAsAPageHasAnAddressOfItsOwn(t *testing.T) {
	r, ann, world := atWork(t)
	for _, id := range []string{"new", "try"} {
		form := ann.changed(room+"sources/new?kind=feed", "settings.url", world+"/feed.xml", "id", id)
		ann.submit(room+"sources", form).wants(t, 303)
		ann.get(room+"sources").wants(t, 200, `href="/console/p/lecker/sources/~`+id+`"`)
		form = ann.changed(room+"sources/~"+id, "max_age", "5m")
		ann.submit(room+"sources/~"+id, form).wants(t, 303)
		if s, ok := r.Publisher("lecker").Source(id); !ok || s.MaxAge == nil {
			t.Errorf("%s: %+v", id, s)
		}
	}
	ann.get(room+"sources/new").wants(t, 200, "Paste an address")
}

func TestWhatIsHeldBackIsAcceptedAtItsSource(t *testing.T) {
	r, ann, _ := atWork(t)
	r.health.all = []pull.Health{{Publisher: "lecker", Source: "news", Bad: r.clock(), Error: words.Verbatim("what the source brought is held back"), Held: true}}
	ann.get(room+"sources/news").wants(t, 200, "held back", "Tell readers the new answer")
	ann.post(room+"sources/news/accept").leads(t, room+"sources/news?done=source_accepted")
	if posts := ann.get(room + "sources/news").page(t).posts(); slices.Contains(posts, room+"sources/news/accept") {
		t.Errorf("there is nothing left to accept, and the page offers it: %v", posts)
	}
}
