package pages_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"keypull/pull/settings"
	"keypull/web/console/pages"
)

// now returns when the gallery is looked at.
func now() time.Time { return time.Date(2026, 11, 20, 14, 2, 30, 0, time.UTC) }

// policy is the Content-Security-Policy that pages must do with.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: http: data:; " +
	"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"

// lengthy is longer than any line and has no place to break.
const lengthy = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"

// gallery serves every part of the design on pages of its own:
// /parts, /list, /form, /wrong, /confirm, /alone and /bare, in the language of ?l.
func gallery(t *testing.T) *httptest.Server {
	t.Helper()
	views, err := pages.New(now)
	if err != nil {
		t.Fatal(err)
	}
	return galleryOf(t, views)
}

func galleryOf(t *testing.T, views *pages.Views) *httptest.Server {
	t.Helper()
	if err := views.Add("testdata/gallery_*.html"); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle(pages.StaticPath, pages.Static())
	// The session of whoever looks does not end.
	mux.HandleFunc("/console/session", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	for name, fill := range map[string]func(*pages.Page){
		"parts": func(p *pages.Page) { p.Title, p.Body = "Parts", parts() },
		"list":  func(p *pages.Page) { p.Title, p.Body = "Sources", list() },
		"form":  func(p *pages.Page) { p.Title, p.Body = "A form", form(p.Language, false) },
		"wrong": func(p *pages.Page) { p.Title, p.Body = "A form with problems", form(p.Language, true) },
		"confirm": func(p *pages.Page) {
			p.Title, p.Body = "Delete the source?", pages.Confirm{Title: "Delete the source “news”?", Text: "Two keywords answer from it and will tell readers that they are closed.",
				Action: "/confirm", Yes: "Delete the source", Cancel: "/list", CSRF: "x", Danger: true, Facts: []pages.Fact{{Label: "Keywords", Value: "news, headlines"}, {Label: "Asks this week", Value: "1,204"}}}
		},
		"alone": func(p *pages.Page) {
			p.Title, p.Nav, p.Publisher, p.Publishers, p.Crumbs = "Welcome", nil, nil, nil, nil
			p.Body = pages.Confirm{Title: "Welcome", Text: "There is no publisher yet.", Action: "/new", Yes: "Make the first one", Cancel: "/list"}
		},
		"bare": func(p *pages.Page) { p.Title, p.Body, p.Bare = "Sign in", signIn(), true },
	} {
		mux.HandleFunc("/"+name, func(w http.ResponseWriter, r *http.Request) {
			page := frame(r.URL.Query().Get("l"), name)
			fill(&page)
			w.Header().Set("Content-Security-Policy", policy)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			template := "gallery_" + strings.NewReplacer("wrong", "form", "alone", "confirm").Replace(name)
			if err := views.Render(w, template, page); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

// frame returns what surrounds every page of the gallery.
func frame(language, name string) pages.Page {
	page := pages.Page{
		Language: language, Zone: time.FixedZone("CET", 3600), Path: "/" + name, CSRF: "0123456789abcdef",
		Nav:       pages.Nav(language, "/console/lecker", "sources", nil),
		Publisher: &pages.PublisherLink{ID: "lecker", Name: "Lecker", Href: "/console/lecker", Current: true},
		Publishers: []pages.PublisherLink{
			{ID: "lecker", Name: "Lecker", Href: "/console/lecker", Current: true},
			{ID: "nachrichten", Name: "Neueste Niedersächsische Nachrichten", Href: "/console/nachrichten"},
		},
		Person: &pages.PersonView{Name: "Anne-Sophie de la Tour", Role: "Editor", Href: "/console/me", SignOut: "/console/out"},
		Crumbs: []pages.Crumb{{Label: pages.T(language, "nav.sources"), Href: "/list"}, {Label: "news"}},
		Live:   "3 sources",
	}
	page.Nav[0].Count = 12
	if name == "list" {
		page.Crumbs = nil
		page.Toasts = []pages.Toast{
			{State: "bad", Text: "The feed could not be reached: the server answered 503."},
			{State: "ok", Text: "The source “news” is deleted.", Undo: &pages.Undo{Action: "/undo", Hidden: []pages.Hidden{{Name: "id", Value: "news"}}}},
		}
	}
	return page
}

func parts() map[string]any {
	at := now()
	return map[string]any{
		"Head": pages.Header{Title: "News of the day", Lead: "A feed of the front page. Readers who send “news” get the three newest stories.", Badge: &pages.Badge{State: "ok", Text: "Live"},
			Actions: []pages.Action{{Label: "Try it", Href: "#try", Icon: "play"}, {Label: "Pause", Href: "/pause", Icon: "pause", Post: true, CSRF: "x", Confirm: "Pause the source?"}, {Label: "Edit", Href: "#edit", Icon: "edit", Style: "primary"}}},
		"Tabs": pages.Tabs{Label: "Source", Items: []pages.Tab{{Label: "Overview", Href: "#1", Current: true}, {Label: "Settings", Href: "#2"}, {Label: "Items", Href: "#3", Count: 48}, {Label: "Versions", Href: "#4"}}},
		"Tiles": []pages.Tile{
			{Label: "Asks today", Value: "1,204", Hint: "12 % more than yesterday", Href: "#asks"},
			{Label: "Answered", Value: "99.2 %", Hint: "9 without an answer"},
			{Label: "Answer time", Value: "48 ms", Hint: "Half of all are faster"},
			{Label: "Freshness", Value: "12 s", Hint: "Older than allowed"},
		},
		"Minutes": at.Add(-3 * time.Minute), "Days": at.Add(-50 * time.Hour), "Never": time.Time{}, "Long": lengthy,
		"Facts": []pages.Fact{{Label: "Address", Value: "https://example.org/a/very/long/path/to/the/feed/of/the/front/page.xml?edition=international", Code: true},
			{Label: "Kind", Value: "Feed"}, {Label: "State", Badge: &pages.Badge{State: "ok", Text: "Live"}}, {Label: "Keyword", Value: "news", Href: "#news"}, {Label: "Niederschlagswahrscheinlichkeit", Value: lengthy}},
		"Findings": []pages.Finding{{Level: "error", Text: "“stop” is a word that readers leave with; no keyword may take it.", Where: "Phrases, English", Href: "#p"},
			{Level: "warning", Text: "“news” and “mews” differ by one letter.", Where: "Keyword mews"}, {Level: "info", Text: "The template is used for all languages."}, {Level: "ok", Text: "The feed answers, with 48 items."}},
		"Code": pages.Code{ID: "wire", Label: "Webhook address", Text: "https://pull.example.org/hook/lecker/telegram"},
		"Previews": []pages.Preview{
			{Channel: "webchat", Title: "Web chat", Note: "as of 14:02", Messages: []pages.Bubble{{Mine: true, Text: "news"},
				{Text: "Council votes for night trains\nFrom December a train leaves for Paris every evening.", Image: pages.Asset("favicon.svg"), Alt: "A train at night", Buttons: []string{"Read on", "More", "Menu"}}}},
			{Channel: "telegram", Title: "Telegram", Messages: []pages.Bubble{{Mine: true, Text: "/wipro"}, {Text: "WIPRO 513.57 INR ▲ 0.23 %\nas of 14:02, 12 s ago\n" + lengthy, Buttons: []string{"Refresh", "Menu"}}}},
			{Channel: "sms", Title: "SMS", Messages: []pages.Bubble{{Text: "Council votes for night trains. From December a train leaves for Paris every evening. https://lecker.example/n/4711"}}, Segments: 2, Characters: 187, Encoding: "GSM-7"},
		},
		"Kinds": []pages.Kind{{Title: "Feed", Text: "RSS, Atom or JSON Feed: the newest stories of a site.", Icon: "source", Href: "#feed"}, {Title: "Recipes", Text: "Pages with recipes, found by their names and ingredients.", Icon: "source", Href: "#recipe"},
			{Title: "Quotes", Text: "Prices by symbol from a service that answers in JSON or CSV.", Icon: "source", Href: "#quote"}, {Title: "Written answers", Text: "Answers written here, each for as long as it holds.", Icon: "source", Href: "#text"}},
		"Diff": pages.NewDiff("Version 3, by Anne", "url = https://example.org/feed.xml\nitems = 20\nmax_age = 60s\n", "Version 4, by you", "url = https://example.org/feed.xml\nitems = 50\nmax_age = 60s\nrefresh = "+lengthy+"\n"),
	}
}

func list() map[string]any {
	type row struct {
		Name, Note, Kind string
		Badge            pages.Badge
		Asks             int
		At               time.Time
	}
	return map[string]any{
		"Head":   pages.Header{Title: "Sources", Lead: "Where answers come from.", Actions: []pages.Action{{Label: "New source", Href: "#new", Icon: "plus", Style: "primary"}}},
		"Search": pages.Search{Action: "/list", Label: "Find a source", Filters: []pages.Filter{{Name: "state", Label: "State", Options: []pages.Option{{Label: "All states"}, {Value: "live", Label: "Live", Selected: true}}}}},
		"Rows": []row{{"news", "Front page", "Feed", pages.Badge{State: "ok", Text: "Live"}, 1204, now().Add(-12 * time.Second)},
			{"quotes", "Exchange of Mumbai", "Quotes", pages.Badge{State: "warning", Text: "Stale"}, 310, now().Add(-5 * time.Hour)},
			{lengthy, "https://example.org/a/very/long/path/to/the/feed.xml", "Recipes", pages.Badge{State: "bad", Text: "Unreachable"}, 0, time.Time{}},
			{"weather", "", "Written answers", pages.Badge{State: "idle", Text: "Paused"}, 48210, now().Add(-400 * 24 * time.Hour)}},
		"Empty": pages.Empty{Icon: "source", Title: "No source yet", Text: "A source is a place that answers come from: a feed, a page of recipes, a price service. Paste its address and see what readers would get.",
			Actions: []pages.Action{{Label: "Add the first source", Href: "#new", Icon: "plus", Style: "primary"}}},
	}
}

func signIn() pages.FieldList {
	return pages.Inputs{Language: "en", Fields: []settings.Field{
		{Name: "email", Label: "E-mail", Type: settings.Text, Required: true, Example: "you@example.org"},
		{Name: "password", Label: "Password", Type: settings.Hidden, Required: true},
	}}.List()
}
