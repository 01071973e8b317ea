package archive_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/pull"
	"keypull/sources"
	"keypull/sources/archive"
	"keypull/sources/sourcetest"
)

// paper is the site of an outlet: a sitemap of sitemaps, one of them zipped, and
// pages of several makes.
type paper struct {
	mu    sync.Mutex
	asked map[string]int
	pages map[string]string
	// robots is its robots.txt.
	robots string
}

func (p *paper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked[r.URL.Path]++
	base := "http://" + r.Host
	switch {
	case r.URL.Path == "/robots.txt":
		_, _ = w.Write([]byte(p.robots))
	case r.URL.Path == "/sitemap.xml":
		_, _ = fmt.Fprintf(w, `<sitemapindex><sitemap><loc>%s/1.xml.gz</loc></sitemap></sitemapindex>`, base)
	case r.URL.Path == "/1.xml.gz":
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write([]byte("<urlset>"))
		for at := range p.pages {
			stamp := "2026-04-01"
			if strings.Contains(at, "old") {
				stamp = "2019-04-01"
			}
			_, _ = fmt.Fprintf(z, "<url><loc>%s%s</loc><lastmod>%s</lastmod></url>", base, at, stamp)
		}
		_, _ = z.Write([]byte("</urlset>"))
		_ = z.Close()
		_, _ = w.Write(b.Bytes())
	case p.pages[r.URL.Path] != "":
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(p.pages[r.URL.Path]))
	default:
		http.NotFound(w, r)
	}
}

const filler = "The meeting in the parish hall lasted three hours and was attended by some sixty people, most of whom stayed until the end."

func newPaper() *paper {
	return &paper{asked: map[string]int{}, robots: "User-agent: *\nDisallow: /closed\n", pages: map[string]string{
		"/described": `<html lang="en"><head><script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry to Orrin stops in autumn","datePublished":"2026-03-02T08:00:00Z",` +
			`"articleBody":"The ferry to Orrin will stop on 30 September.\n\nIts operator Harlow Lines blames the price of diesel, which has doubled.\n\n` + filler + `"}</script></head><body><h1>x</h1></body></html>`,
		"/readable": `<html lang="en"><head><title>Orrin gets a doctor</title><meta property="article:published_time" content="2026-03-05T08:00:00Z"></head><body><nav><a href="/">Home</a></nav><article><h1>Orrin gets a doctor</h1>` +
			`<p>After two years without one, the island of Orrin has a doctor again. Mairi Sloane starts on 1 June.</p><p>` + filler + `</p><p>` + filler + `</p><p>She comes from Glasgow, and brings two goats along.</p></article><footer>Imprint</footer></body></html>`,
		"/old":      `<html lang="en"><head><meta property="article:published_time" content="2019-03-05T08:00:00Z"></head><body><article><h1>Orrin school burns</h1><p>` + filler + `</p><p>The school of Orrin burned down on Sunday.</p><p>` + filler + `</p></article></body></html>`,
		"/closed/a": `<html><body><article><h1>Secret</h1><p>` + filler + `</p></article></body></html>`,
	}}
}

func TestASiteIsReadByItsSitemapAndRobots(t *testing.T) {
	p := newPaper()
	server := httptest.NewServer(p)
	defer server.Close()
	env := sourcetest.Env(t, "")
	settings := map[string]any{"sitemap": server.URL + "/sitemap.xml", "from": "2020-01-01"}
	source := sourcetest.Open(t, archive.Kind, env, settings)
	first, err := source.Fetch(t.Context(), "archive", nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(first.Items) != 2 || p.asked["/closed/a"] > 0 || p.asked["/old"] > 0 {
		t.Fatalf("%d articles: %v, %v; asked %v", len(first.Items), first.Items, first.Warnings, p.asked)
	}
	for _, c := range []struct{ question, passage string }{
		{"Which operator of the ferry to Orrin blames the doubled price of diesel?", "Its operator Harlow Lines blames the price of diesel, which has doubled."},
		{"when does the ferry to orrin stop", "The ferry to Orrin will stop on 30 September."},
		{"When does the doctor on Orrin start?", "After two years without one, the island of Orrin has a doctor again. Mairi Sloane starts on 1 June."},
		{"When did the school of Orrin burn?", ""},
	} {
		found, err := source.Select(t.Context(), first, pull.Query{Argument: c.question, Count: 1, Language: "en", At: time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)})
		got := ""
		if len(found.Items) > 0 {
			got = found.Items[0].Summary
		}
		if err != nil || got != c.passage {
			t.Errorf("%q is answered by %q, %v; want %q", c.question, got, err, c.passage)
		}
		if got == "" && (len(found.Choices) == 0 || !found.Near) {
			t.Errorf("%q is refused without headlines", c.question)
		}
	}
	if err := source.(pull.Closer).Close(); err != nil {
		t.Fatal(err)
	}
	// Another process goes on with what is there.
	again := sourcetest.Open(t, archive.Kind, env, settings)
	defer func() { _ = again.(pull.Closer).Close() }()
	second, err := again.Fetch(t.Context(), "archive", &first)
	if err != nil || len(second.Items) != 2 || p.asked["/described"] != 1 || p.asked["/readable"] != 1 {
		t.Errorf("after a restart: %d articles, %v, asked %v", len(second.Items), err, p.asked)
	}
}

// TestPagesThatAreNoArticlesTellTheirRows reads single pages of a site: their tables with what the columns are called,
// their lists, and no menu.
func TestPagesThatAreNoArticlesTellTheirRows(t *testing.T) {
	const menu = `<table><tr><td><a href="/">Home</a><br><a href="/ovens">Ovens</a><br><a href="/markets">Markets</a><br></td><td>`
	p := newPaper()
	p.pages = map[string]string{
		"/ovens": `<html lang="en"><head><title>Oven temperatures - The Ladle</title><meta property="og:title" content="Oven temperatures - The Ladle"></head><body><main><h1>Oven temperatures</h1>` +
			`<table><tr><th>Gas mark</th><th>°C</th><th>Is called</th></tr><tr><td>4</td><td>180</td><td>Moderate</td></tr><tr><td>6</td><td>200</td><td>Fairly hot</td></tr></table></main></body></html>`,
		"/markets": `<html lang="en"><body>` + menu + `<h1>Markets near us</h1><p>Stroud, Cornhill: Saturday 5 December, 9am to 2pm<br>Ludlow, Town Centre: Sunday 6 December, 10am to 3pm</p></td></tr></table></body></html>`,
	}
	server := httptest.NewServer(p)
	defer server.Close()
	for at, body := range p.pages {
		if !(&archive.Settings{}).Recognises(sources.Document{URL: server.URL + at, Type: "text/html", Body: []byte(body)}) {
			t.Errorf("%s has no text", at)
		}
	}
	source := sourcetest.Open(t, archive.Kind, sourcetest.Env(t, ""), map[string]any{"pages": []string{server.URL + "/ovens", server.URL + "/markets"}})
	defer func() { _ = source.(pull.Closer).Close() }()
	s, err := source.Fetch(t.Context(), "archive", nil)
	if err != nil || len(s.Items) != 2 {
		t.Fatalf("%d pages, %v, %v", len(s.Items), err, s.Warnings)
	}
	for _, c := range []struct{ question, title, passage string }{
		{"which temperature is gas mark 6", "Oven temperatures", "Gas mark 6, °C: 200, Is called: Fairly hot"},
		{"when is the market in Ludlow", "Markets near us", "Ludlow, Town Centre: Sunday 6 December, 10am to 3pm"},
	} {
		q := pull.Query{Argument: c.question, Count: 1, Language: "en", At: s.Fetched}
		found, err := source.Select(t.Context(), s, q)
		if err == nil && found.Near { // the nearest headline tells what comes nearest in its text
			q.Argument = found.Choices[0].Value
			found, err = source.Select(t.Context(), s, q)
		}
		if err != nil || len(found.Items) != 1 || found.Items[0].Title != c.title || found.Items[0].Summary != c.passage {
			t.Errorf("%q is answered by %+v, %v; want %q", c.question, found, err, c.passage)
		}
	}
}

// TestAChosenArticleTellsWhatAnswersInIt holds how much of an article is told that was chosen among those offered.
func TestAChosenArticleTellsWhatAnswersInIt(t *testing.T) {
	p := newPaper()
	filler := strings.Repeat("Nobody on the quay had thought that it would take the whole of the winter to say so. ", 4)
	p.pages = map[string]string{
		"/letter": `<html lang="en"><head><title>Our letter</title></head><body><main><article><h1>Our letter</h1><p>` + filler + `</p><h3>How do I leave the newsletter?</h3><p>Write “enough” to the desk, and it is done by noon.</p>` +
			`<h2>Prices</h2><ul><li><p>Weekly, 12 pounds</p></li><li><p>Weekly for pensioners, 9 pounds</p></li></ul><p>` + filler + `</p>` +
			`<h2>Notice 51: lifeguards</h2><p>12 posts, with a badge of swimming, until Friday.</p><p>` + filler + `</p><p>Lifeguards get a whistle.</p>` +
			`<h3>Who may borrow the marquee?</h3><p>` + strings.Repeat("Every club of the parish that has paid its share of the canvas may have the marquee. ", 8) + `</p>` +
			`<p>Skittles: 4 pounds a lane</p><p>` + filler + `</p><p>` + filler + `</p><p>Regatta: Sat 14 June, 10:00</p></article></main></body></html>`,
	}
	server := httptest.NewServer(p)
	defer server.Close()
	source := sourcetest.Open(t, archive.Kind, sourcetest.Env(t, ""), map[string]any{"pages": []string{server.URL + "/letter"}})
	defer func() { _ = source.(pull.Closer).Close() }()
	s, err := source.Fetch(t.Context(), "archive", nil)
	if err != nil || len(s.Items) != 1 {
		t.Fatalf("%d pages, %v, %v", len(s.Items), err, s.Warnings)
	}
	sum := sha256.Sum256([]byte(s.Items[0].ID))
	for question, want := range map[string]string{
		"how do i leave the newsletter": "How do I leave the newsletter?\nWrite “enough” to the desk, and it is done by noon.",
		"what do old pensioners get":    "Prices · • Weekly, 12 pounds • Weekly for pensioners, 9 pounds",
		"who may borrow the marquee":    "Who may borrow the marquee?\n" + strings.TrimSpace(strings.Repeat("Every club of the parish that has paid its share of the canvas may have the marquee. ", 8)),
		"skittles lane":                 "Skittles: 4 pounds a lane · " + strings.TrimSpace(filler),
		"when is the regatta":           "Regatta: Sat 14 June, 10:00",
		"lifeguard posts":               "Notice 51: lifeguards · 12 posts, with a badge of swimming, until Friday. … Lifeguards get a whistle.",
	} {
		found, err := source.Select(t.Context(), s, pull.Query{Argument: "#" + hex.EncodeToString(sum[:6]) + pull.ChoiceDetail + question, Count: 1, Language: "en", At: s.Fetched})
		if err != nil || len(found.Items) != 1 || found.Items[0].Summary != want {
			t.Errorf("%q is answered by %+v, %v; want %q", question, found, err, want)
		}
	}
}

// TestNamedPagesAreReadAgainAndForgotten changes a page, and then takes it out of the settings.
func TestNamedPagesAreReadAgainAndForgotten(t *testing.T) {
	p := newPaper()
	page := func(opens string) string {
		return `<html lang="en"><body><h1>Zoo</h1><p>The zoo opens at ` + opens + ` on all days of the week, also on holidays.</p></body></html>`
	}
	p.pages = map[string]string{"/zoo": page("nine"), "/pool": `<html lang="en"><body><h1>Pool</h1><p>` + filler + `</p></body></html>`}
	server := httptest.NewServer(p)
	defer server.Close()
	env, now := sourcetest.Env(t, ""), time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)
	env.Clock = func() time.Time { return now }
	var last *pull.Snapshot
	for _, step := range []struct {
		pages []string
		zoo   string
		want  string
	}{
		{[]string{"/zoo", "/pool"}, "nine", "The zoo opens at nine"},
		{[]string{"/zoo", "/pool"}, "ten", "The zoo opens at ten"},
		{[]string{"/pool"}, "ten", ""},
	} {
		p.mu.Lock()
		p.pages["/zoo"] = page(step.zoo)
		p.mu.Unlock()
		var addresses []string
		for _, at := range step.pages {
			addresses = append(addresses, server.URL+at)
		}
		source := sourcetest.Open(t, archive.Kind, env, map[string]any{"pages": addresses})
		s, err := source.Fetch(t.Context(), "archive", last)
		if err != nil {
			t.Fatal(err)
		}
		found, err := source.Select(t.Context(), s, pull.Query{Argument: "when does the zoo open", Count: 1, Language: "en", At: now})
		got := ""
		if len(found.Items) > 0 {
			got = found.Items[0].Summary
		}
		if err != nil || len(s.Items) != len(step.pages) || !strings.HasPrefix(got, step.want) || step.want == "" && got != "" {
			t.Errorf("%v, %s: %d pages, %q, %v; want %q", step.pages, step.zoo, len(s.Items), got, err, step.want)
		}
		last, now = &s, now.Add(25*time.Hour)
		if err := source.(pull.Closer).Close(); err != nil {
			t.Fatal(err)
		}
	}
	server.Close()
	if _, err := sourcetest.Open(t, archive.Kind, sourcetest.Env(t, ""), map[string]any{"pages": []string{server.URL + "/zoo"}}).Fetch(t.Context(), "archive", nil); err == nil {
		t.Error("a site that is down fails nothing")
	}
}

// TestArticlesThatAPageListsAreReadAndKept finds the articles of a site that has neither feed nor sitemap by its front page,
// which lists others later.
func TestArticlesThatAPageListsAreReadAndKept(t *testing.T) {
	article := func(title, text string) string {
		return `<html lang="en"><head><title>` + title + `</title></head><body><article><h1>` + title + `</h1><p>` + text + `</p><p>` + filler + `</p></article></body></html>`
	}
	front := func(articles ...string) string {
		cards := ""
		for _, at := range articles {
			cards += `<article><header><h2><a href="` + at + `">Read on</a></h2></header></article>`
		}
		return `<html lang="en"><body><nav><a href="/prices">Prices</a></nav><main>` + cards + `<a href="/login">Log in</a> <a href="https://elsewhere.example/x">x</a></main><footer><a href="/imprint">Imprint</a></footer></body></html>`
	}
	pages := map[string]string{
		"/": front("/owl", "/mill", "/pier"), "/prices": article("Prices", filler), "/imprint": article("Imprint", filler),
		"/owl":  article("Owl moves into the church", "An owl has moved into the tower of Saint Brannoc."),
		"/mill": article("Mill turns again", "The mill of Tarrow turns again after ninety years."),
		"/pier": article("Pier loses a leg", "The pier of Lunnick has lost a leg in the storm."),
		"/goat": article("Goat wins the race", "A goat called Bramble has won the harbour race."),
	}
	p := &paper{asked: map[string]int{}, pages: pages, robots: "User-agent: *"}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "sitemap") {
			http.NotFound(w, r)
			return
		}
		p.ServeHTTP(w, r)
	}))
	defer server.Close()
	env, now := sourcetest.Env(t, ""), time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)
	env.Clock = func() time.Time { return now }
	found, err := sources.Discover(t.Context(), env.Client, []sources.Kind{archive.Kind}, server.URL+"/", "")
	if err != nil || len(found.Offers) != 1 {
		t.Fatalf("found %+v, %v", found.Offers, err)
	}
	if lists := found.Offers[0].Settings["lists"]; fmt.Sprint(lists) != fmt.Sprint([]string{server.URL + "/"}) {
		t.Errorf("the lists are %v", lists)
	}
	source := sourcetest.Open(t, archive.Kind, env, found.Offers[0].Settings)
	var last *pull.Snapshot
	for _, step := range []struct{ front, pier, asked, want string }{
		{front("/owl", "/mill", "/pier"), "The pier of Lunnick has lost a leg in the storm.", "where did the owl move", "An owl has moved into the tower"},
		{front("/goat", "/mill", "/pier"), "The pier of Lunnick has lost two legs in the storm.", "which goat won the race", "A goat called Bramble"},
		{front("/goat", "/mill", "/pier"), "The pier of Lunnick has lost two legs in the storm.", "where did the owl move", "An owl has moved into the tower"},
		{front("/goat", "/mill", "/pier"), "The pier of Lunnick is gone.", "what has the pier of Lunnick lost", "The pier of Lunnick is gone."},
	} {
		p.mu.Lock()
		p.pages["/"], p.pages["/pier"] = step.front, article("Pier loses a leg", step.pier)
		p.mu.Unlock()
		s, err := source.Fetch(t.Context(), "archive", last)
		if err != nil {
			t.Fatal(err)
		}
		told, err := source.Select(t.Context(), s, pull.Query{Argument: step.asked, Count: 1, Language: "en", At: now})
		if err != nil || len(told.Items) != 1 || !strings.HasPrefix(told.Items[0].Summary, step.want) {
			t.Errorf("%q is answered by %+v, %v; want %q", step.asked, told.Items, err, step.want)
		}
		last, now = &s, now.Add(25*time.Hour)
	}
	if p.asked["/login"] != 0 {
		t.Error("a page to log in was asked for")
	}
	nothing := sourcetest.Open(t, archive.Kind, sourcetest.Env(t, ""), map[string]any{"lists": []string{server.URL + "/owl"}})
	if _, err := nothing.Fetch(t.Context(), "archive", nil); pull.KindOf(err) != pull.Unusable {
		t.Errorf("a page that lists nothing fails with %v", err)
	}
}

// TestASlipInAQuestionIsOfferedWhatItMeans asks with a word that no article has, one letter beside one that some have: what answers
// is offered then, and not told.
func TestASlipInAQuestionIsOfferedWhatItMeans(t *testing.T) {
	server := httptest.NewServer(newPaper())
	defer server.Close()
	source := sourcetest.Open(t, archive.Kind, sourcetest.Env(t, ""), map[string]any{"sitemap": server.URL + "/sitemap.xml"})
	s, err := source.Fetch(t.Context(), "archive", nil)
	if err != nil {
		t.Fatal(err)
	}
	for question, want := range map[string]struct{ told, offered string }{
		"why does the operator stop the ferry":      {told: "Its operator Harlow Lines"},
		"why does the operattor stop the ferry":     {offered: "Ferry to Orrin stops in autumn"},
		"why does the shop close for lunches":       {},
		"which operatro blames the price of diesel": {offered: "Ferry to Orrin stops in autumn"},
	} {
		found, err := source.Select(t.Context(), s, pull.Query{Argument: question, Count: 1, Language: "en", At: time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)})
		told, offered := "", ""
		if len(found.Items) > 0 {
			told = found.Items[0].Summary
		}
		if len(found.Choices) > 0 {
			offered = found.Choices[0].Names[0]
		}
		if err != nil || !strings.HasPrefix(told, want.told) || want.told == "" && told != "" || offered != want.offered {
			t.Errorf("%q is told %q, offered %q, %v; want %+v", question, told, offered, err, want)
		}
	}
}
