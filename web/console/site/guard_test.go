package site_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// postRoutes returns all that change or try something.
func postRoutes() []string {
	return []string{
		"sources", "sources/try", "sources/news", "sources/news/delete", "sources/news/accept", "sources/news/refuse", "sources/news/refresh", "sources/withdrawn", "keywords", "keywords/check", "keywords/preview", "keywords/pick", "keywords/reply",
		"keywords/change", "keywords/drop", "keywords/import", "keywords/news", "keywords/news/rename", "keywords/news/delete", "sources/news/rename", "channels", "channels/check", "channels/tg", "channels/tg/test", "channels/tg/delete",
		"demand/adopt", "demand/look", "channels/dead",
	}
}

// getRoutes returns all pages.
func getRoutes() []string {
	return []string{
		"sources", "sources/withdrawn", "sources/new", "sources/new?kind=feed", "sources/news", "sources/news/drill", "sources/news/rename", "sources/news/delete", "keywords", "keywords/new", "keywords/import", "keywords/news", "keywords/news/rename", "keywords/news/ways", "keywords/news/delete",
		"channels", "channels/new", "channels/new?kind=telegram", "channels/tg", "channels/web", "channels/tg/delete",
		"demand", "channels/dead",
	}
}

func TestAViewerLooksAndChangesNothing(t *testing.T) {
	r, _, _ := atWork(t)
	bob := r.as("lecker viewer")
	for _, path := range postRoutes() {
		bob.post(room+path, "kind", "feed", "stored", "news", "source", "news").wants(t, http.StatusForbidden)
	}
	for _, path := range getRoutes() {
		a := bob.get(room + path)
		if strings.Contains(path, "new?") || slices.Contains([]string{"new", "import", "rename", "delete"}, path[strings.LastIndex(path, "/")+1:]) {
			a.wants(t, http.StatusForbidden)
		} else {
			a.wants(t, http.StatusOK)
		}
		if posts := a.page(t).posts(); len(posts) != 0 {
			t.Errorf("%s shows a viewer forms to %v", path, posts)
		}
	}
	bob.get(room+"sources/news").wants(t, 200, "You may look at this, but not change it", "/feed.xml").lacks(t, "Try it", ">Save<")
	bob.get(room+"sources").lacks(t, "New source")
	if o := r.Publisher("lecker"); len(o.Sources) != 3 || len(o.Keywords) != 2 || len(o.Channels) != 2 {
		t.Error("something has changed")
	}
}

func TestAPublisherDoesNotExistForWhoHasNoPartInIt(t *testing.T) {
	r, _, _ := atWork(t)
	eve := r.as("other owner")
	for _, path := range postRoutes() {
		eve.post(room+path, "kind", "feed", "stored", "news", "source", "news").wants(t, http.StatusNotFound).lacks(t, "Lecker")
	}
	for _, path := range getRoutes() {
		eve.get(room+path).wants(t, http.StatusNotFound).lacks(t, "Lecker")
	}
	// Nor do its things within another publisher.
	for _, path := range []string{"sources/lecker", "keywords/nothing", "channels/nothing", "sources/nothing/delete"} {
		eve.get("/console/p/other/"+path).wants(t, http.StatusNotFound)
	}
	form := url.Values{"kind": {"feed"}, "stored": {"nothing"}, "settings.url": {"https://example.org"}}
	eve.submit("/console/p/other/sources/try", form).wants(t, http.StatusUnprocessableEntity).lacks(t, "Lecker")
}

func TestAFormOfAnotherPageIsRefused(t *testing.T) {
	r, ann, _ := atWork(t)
	ann.csrf = "another session's"
	for _, path := range postRoutes() {
		ann.post(room+path, "kind", "feed").wants(t, http.StatusForbidden)
	}
	if len(r.Publisher("lecker").Sources) != 3 {
		t.Error("something has changed")
	}
}

func TestWhatStandsInTheFileIsShownAndTried(t *testing.T) {
	r, ann, world := atWork(t)
	r.Provision("lecker")
	const reason = "stands in the configuration file"
	for path, wants := range map[string]string{
		"sources": "news", "sources/news": world + "/feed.xml", "keywords": "headlines", "keywords/news": "headlines", "channels": "tg", "channels/tg": "webhook", "channels/web": "chat.js",
	} {
		p := ann.get(room+path).wants(t, 200, reason, wants).page(t)
		for _, n := range p.all(func(n *html.Node) bool {
			id, _ := attribute(n, "id")
			return strings.HasPrefix(id, "f-settings-") && n.Data == "input"
		}) {
			if _, disabled := attribute(n, "disabled"); !disabled {
				id, _ := attribute(n, "id")
				t.Errorf("%s: #%s is not disabled", path, id)
			}
		}
	}
	for _, path := range []string{"sources/new", "keywords/new", "channels/new"} {
		ann.get(room+path).wants(t, http.StatusForbidden, reason)
	}
	for _, path := range []string{"sources", "sources/news", "sources/hours/delete", "keywords", "keywords/news", "keywords/news/delete", "channels", "channels/web", "channels/web/delete"} {
		kind := "feed"
		if strings.HasPrefix(path, "channels") {
			kind = "webchat"
		}
		ann.post(room+path, "kind", kind, "version", "*", "source", "news", "phrases.en", "x", "settings.url", world+"/feed.xml").wants(t, http.StatusForbidden, "config.toml")
	}
	ann.submit(room+"sources/try", ann.get(room+"sources/news").page(t).form("thing")).wants(t, 200, "It works: 3 items shown")
	ann.submit(room+"keywords/preview", ann.get(room+"keywords/news").page(t).form("thing")).wants(t, 200, "Night trains to Paris", `data-channel="sms"`)
	ann.submit(room+"keywords/pick", ann.get(room+"keywords/news").page(t).form("thing")).wants(t, 200, "Night trains to Paris")
}

func TestWhatContentBringsHarmsNoPage(t *testing.T) {
	r, ann, world := atWork(t)
	source := ann.changed(room+"sources/new?kind=feed", "settings.url", world+"/hostile.xml", "id", "evil")
	ann.submit(room+"sources/try", source).wants(t, 200).page(t).harmless()
	ann.submit(room+"sources", source).wants(t, 303)
	text := ann.changed(room+"sources/new?kind=text", "settings.answers[0].text", hostile, "settings.answers[0].title", hostile, "settings.answers[0].link", "javascript:alert(1)")
	ann.submit(room+"sources", text).wants(t, 422).page(t).harmless()
	keyword := ann.changed(room+"keywords/new?source=evil&phrase="+url.QueryEscape(hostile), "phrases.fr", hostile+"\n"+lengthy, "id", "evil", "reply_mode", "template",
		"template.all", hostile+"{{ item.title }}", "query", hostile, "_ask_text", hostile)
	for _, path := range []string{"check", "preview", "pick", "reply"} {
		a := ann.submit(room+"keywords/"+path, keyword).wants(t, 200)
		a.page(t).harmless()
	}
	ann.submit(room+"keywords", keyword).leads(t, room+"keywords/evil?done=keyword_saved")
	for _, path := range []string{"sources", "sources?q=" + url.QueryEscape(hostile), "sources/evil", "keywords", "keywords?q=" + url.QueryEscape(hostile), "keywords/evil", "keywords/evil/delete", "channels/web"} {
		ann.get(room+path).wants(t, 200).page(t).harmless()
	}
	ann.header = http.Header{"Hx-Request": {"true"}}
	for _, path := range []string{"keywords/check", "keywords/preview", "keywords/pick", "keywords/reply", "sources/try"} {
		form := keyword
		if path == "sources/try" {
			form = source
		}
		ann.submit(room+path, form).wants(t, 200).page(t).harmless()
	}
	if r.log.Len() > 0 {
		t.Errorf("the site complained: %s", r.log)
	}
}

func TestAStaleVersionIsShownBesideTheLiveOne(t *testing.T) {
	r, ann, world := atWork(t)
	bob := r.visit(r.person("bob@example.org", "lecker editor"))
	for _, tt := range []struct{ path, field, mine, theirs, label string }{
		{"sources/news", "max_age", "7m", "9m", "Fresh for"},
		{"keywords/news", "phrases.en", "news\nheadlines\nmine", "news\nheadlines\ntheirs", "Which word shall readers send? en"},
		{"channels/web", "settings.title", "Mine", "Theirs", "Title"},
	} {
		t.Run(tt.path, func(t *testing.T) {
			form := ann.changed(room+tt.path, tt.field, tt.mine)
			bob.submit(room+tt.path, bob.changed(room+tt.path, tt.field, tt.theirs)).wants(t, 303)
			a := ann.submit(room+tt.path, form).wants(t, http.StatusConflict, "Somebody else was faster", "Bob saved another version", tt.label, "Your version", "The version that is live")
			mine, theirs := tt.mine[strings.LastIndexByte(tt.mine, '\n')+1:], tt.theirs[strings.LastIndexByte(tt.theirs, '\n')+1:]
			p := a.page(t)
			var kept url.Values
			for _, n := range p.all(func(n *html.Node) bool {
				action, _ := attribute(n, "action")
				return n.Data == "form" && action == room+tt.path
			}) {
				n.Attr = append(n.Attr, html.Attribute{Key: "id", Val: "mine"})
				kept = p.form("mine")
			}
			a.wants(t, 409, mine, theirs, `href="`+room+tt.path+`"`)
			if got := ann.get(room + tt.path).page(t).form("thing").Get(tt.field); got != tt.theirs {
				t.Errorf("something was saved: %q", got)
			}
			ann.submit(room+tt.path, kept).wants(t, 303)
			if got := ann.get(room + tt.path).page(t).form("thing").Get(tt.field); got != tt.mine {
				t.Errorf("keeping mine saved %q", got)
			}
		})
	}
	if world == "" {
		t.Error("no world")
	}
}

// reading returns an editor who reads in a language and a zone.
func (r *rig) reading(language, zone string) *visitor {
	r.t.Helper()
	p := r.person("carl@example.org", "lecker editor")
	_, revision, err := r.gate.People.Get(r.t.Context(), p.ID)
	if err != nil {
		r.t.Fatal(err)
	}
	p.Language, p.Zone = language, zone
	if _, err := r.gate.People.Put(r.t.Context(), p, revision); err != nil {
		r.t.Fatal(err)
	}
	return r.visit(p)
}

func TestEditorsReadTheirOwnLanguage(t *testing.T) {
	r, _, world := atWork(t)
	carl := r.reading("de", "Europe/Berlin")
	carl.get(room+"sources/new").wants(t, 200, "Adresse einfügen")
	form := carl.changed(room+"sources/new?kind=feed", "settings.url", world+"/page.html")
	carl.submit(room+"sources", form).wants(t, 422, "Der Abruf gelingt nicht", "Speichern, ohne es auszuprobieren")
	form.Set("settings.url", "")
	carl.submit(room+"sources", form).wants(t, 422, "Füllen Sie das aus: Es ist erforderlich.").lacks(t, "A value is required")
	keyword := carl.changed(room+"keywords/new?source=news", "phrases.en", "headlines")
	carl.submit(room+"keywords", keyword).wants(t, 422, "ist doppelt")
}
