package main

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"keypull/web/console/accounts"
	"keypull/web/console/presignin"
)

// payloads are what somebody writes who wants to break a page. Each would set
// window.__pwned, open a dialog, or be worked out.
var payloads = []string{
	`<script>window.__pwned=1;alert(1)</script>`,
	`"><img src=x onerror="window.__pwned=1;alert(2)">`,
	`</textarea></title></style><svg onload=window.__pwned=1>`,
	`<iframe srcdoc="<script>parent.__pwned=1</script>"></iframe>`,
	`' autofocus onfocus=alert(3) x='`,
	`{{ 40 | plus: 2 }} {{ publisher.name }} ${40+2} {{constructor.constructor('alert(4)')()}}`,
	`<a href="javascript:window.__pwned=1">javascript:alert(5)</a>`,
	`<b hx-get=/console/me hx-trigger=load hx-on::load=alert(6)>`,
}

// badLinks are addresses that no page may lead to.
var badLinks = []string{
	"javascript:window.__pwned=1", "JaVaScRiPt:alert(1)", " java\nscript:alert(1)", "data:text/html,<script>alert(1)</script>",
	"vbscript:msgbox(1)", `http://127.0.0.1:9/"onmouseover="alert(1)`, "//127.0.0.1:9/x", "file:///etc/passwd",
}

// hostileFeed brings a payload wherever a feed has a place for one.
func hostileFeed(t *testing.T) *newsFeed {
	t.Helper()
	f := newNewsSite(t).feed("feed.xml", "")
	var items strings.Builder
	for i, p := range payloads {
		link := html.EscapeString(badLinks[i])
		fmt.Fprintf(&items, `<item><title>%s</title><description>%s</description><author>%s</author><category>%s</category><link>%s</link>`+
			`<guid isPermaLink="false">%d</guid><pubDate>%s</pubDate><media:content url="%s" medium="image"><media:description>%s</media:description></media:content></item>`,
			html.EscapeString(html.EscapeString(p)), html.EscapeString(p), html.EscapeString(p), html.EscapeString(p), link, i,
			time.Now().Add(-time.Duration(i)*time.Hour).UTC().Format(time.RFC1123Z), link, html.EscapeString(p))
	}
	f.raw = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		_, _ = fmt.Fprintf(w, `<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>%s</title>%s</channel></rss>`,
			html.EscapeString(payloads[0]), &items)
	}
	return f
}

// hostileHouse returns a publisher all of whose people write payloads.
func hostileHouse(t *testing.T) *service {
	t.Helper()
	s := serveConsole(t)
	c := s.admin()
	c.want(http.StatusCreated, http.MethodPost, "/publishers", object{"publisher": object{
		"id": "lecker", "name": "Lecker" + payloads[4], "languages": []string{"en", "fr"}, "time_zone": "Europe/Paris"}})
	c.add("lecker", "source", feedDoc("news", hostileFeed(t).url()))
	c.add("lecker", "source", object{"id": "hours", "kind": "text", "settings": object{"answers": []object{{"title": payloads[0], "text": strings.Join(payloads, "\n")}}}})
	phrases := append([]string{"news"}, payloads...)
	c.add("lecker", "keyword", wordDoc("news", "news", object{"count": 8, "phrases": object{"en": phrases}}))
	c.add("lecker", "keyword", wordDoc("raw", "news", object{"template": "{{ item.title }} {{ item.summary }} {{ item.link }} {{ item.image }}"}))
	c.add("lecker", "keyword", wordDoc("hours", "hours"))
	c.want(http.StatusCreated, http.MethodPost, "/publishers/lecker/tokens", object{"name": payloads[1], "role": "viewer"})
	c.want(http.StatusOK, http.MethodPost, "/publishers/lecker/invites", object{"email": "eve@example.org", "name": payloads[3], "role": "viewer"})
	web := c.get("/publishers/lecker/channels/web")
	doc := tableOf(web.object, "channel")
	doc["settings"] = object{"title": payloads[0], "consent": payloads[1], "budget": object{"asks": 0, "sessions": 0}}
	c.want(http.StatusOK, http.MethodPut, "/publishers/lecker/channels/web", object{"channel": doc}, "If-Match", web.header.Get("ETag"))
	for _, words := range append(slices.Clone(payloads), badLinks...) {
		// Words are shown once five readers wrote them who agreed to that.
		for range 5 {
			body := asJSON(t, object{"text": "zz " + words, "consent": true})
			if got, err := tryRequest(http.MethodPost, s.URL+"/chat/lecker/web/messages", body, jsonHeader); err != nil || got.status != http.StatusOK {
				t.Error(err, got.status)
			}
		}
		c.want(http.StatusOK, http.MethodPost, "/publishers/lecker/ask", object{"channel": "", "reader": "1", "text": "zz " + words})
	}
	s.settled()
	s.person("ann@example.org", payloads[1], "en", "admin", "lecker owner")
	return s
}

// harm are what a page must not hold: a script that ran, or an address that
// leads elsewhere than to the web.
const harm = `(() => { const found = []; if (window.__pwned !== undefined) found.push("a script ran");
	for (const x of document.querySelectorAll("[href], [src], [action], [formaction], [hx-get], [hx-post]"))
		for (const name of ["href", "src", "action", "formaction", "hx-get", "hx-post"]) {
			const to = x.getAttribute(name);
			if (to !== null && !/^(https?:\/\/|\/(?!\/)|#|\?|$)/.test(to)) found.push(x.outerHTML.slice(0, 200));
		}
	for (const x of document.querySelectorAll("main *")) for (const a of x.attributes) if (/^on|^hx-on|^style$/i.test(a.name)) found.push(x.outerHTML.slice(0, 200));
	if (document.querySelectorAll("iframe, object, embed, base, main script, main style").length) found.push("a foreign element");
	return found.join("\n"); })()`

// harmless looks at the page that is shown.
func (s *seat) harmless() {
	s.t.Helper()
	if got := s.eval(harm); got != "" {
		s.t.Errorf("%s holds %s", s.eval("location.href"), got)
	}
	for _, said := range s.complaints() {
		s.t.Errorf("%s: the browser complains: %s", s.eval("location.href"), said)
	}
}

// alike are parts of addresses by which pages differ in a name alone: one page
// of each is enough.
var alike = regexp.MustCompile(`/[^/]+/(delete|remove|revoke)$|(/installation/people)/[^/]+$|(keywords/new|keywords|ask|demand|sources/withdrawn)\?.*$|(figures\?(?:by=hour_of_week)?).*$`)

// walk visits every page that a link of the console leads to, from one of them
// on, and returns their addresses.
func (s *seat) walk(from string, look func()) (paths []string) {
	s.t.Helper()
	base, err := url.Parse(from)
	if err != nil {
		s.t.Fatal(err)
	}
	queue, known := []string{base.RequestURI()}, map[string]bool{base.RequestURI(): true}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		s.open(base.Scheme + "://" + base.Host + at)
		s.until(calm)
		look()
		paths = append(paths, at)
		// What is downloaded is no page.
		const links = `[...document.querySelectorAll('a[href^="/console"]:not([href*="/export"])')].map((a) => a.getAttribute("href").replace(/#.*/, "")).join("\n")`
		for next := range strings.SplitSeq(s.eval(links), "\n") {
			if shape := alike.ReplaceAllString(next, "/$1$2$3$4"); next != "" && !known[shape] {
				known[shape] = true
				queue = append(queue, next)
			}
		}
	}
	return paths
}

func TestWhatOthersWriteNeverRuns(t *testing.T) {
	s := hostileHouse(t)
	b := newSeat(t)
	// Pictures that are nowhere are not the console's fault.
	b.ignores("Failed to load resource: net::")
	b.signIn(s.URL, "ann@example.org")
	paths := b.walk(s.URL+"/console/p/lecker/today", b.harmless)
	for _, want := range []string{"today", "sources", "sources/new?kind=feed", "sources/news", "keywords", "keywords/news", "keywords/raw", "keywords/new", "channels/web",
		"people", "people/tokens", "audit", "settings"} {
		if !slices.Contains(paths, "/console/p/lecker/"+want) {
			t.Errorf("the walk did not come by %s; it saw %q", want, paths)
		}
	}
	if len(paths) < 35 {
		t.Errorf("the walk saw %d pages only: %q", len(paths), paths)
	}
	b.open(s.URL + "/console/p/lecker/today")
	b.wants(`document.querySelectorAll("#today bdi").length >= 3`, "true")
	b.reads("zz vbscript")
	b.harmless()
	b.open(s.URL + "/console/p/lecker/demand")
	b.wants(`document.querySelectorAll("#demand-own").length === 1 && document.querySelectorAll("bdi").length >= 6`, "true")
	b.harmless()
	b.open(s.URL + "/console/p/lecker/sources/news")
	b.press("Try it")
	b.until(`main().includes("It works")`)
	b.reads(payloads[5])
	b.harmless()
	for _, keyword := range []string{"raw", "hours"} {
		b.open(s.URL + "/console/p/lecker/keywords/" + keyword)
		b.until(`document.querySelectorAll("#preview .bubble").length >= 2`)
		b.harmless()
	}
	b.reads(payloads...)
	b.open(s.URL + "/console/p/lecker/audit")
	b.wants(`document.querySelectorAll("details").length > 5 && ![...document.querySelectorAll("details")].forEach((x) => { x.open = true; })`, "true")
	b.harmless()
	b.open(s.URL + "/chat/lecker/web")
	b.until(`(window.root = document.querySelector("#chat")?.firstElementChild?.shadowRoot)?.querySelector("form textarea")`)
	b.asks("hours", payloads...)
	b.asks("news", "{{ 40 | plus: 2 }}")
	b.wants(`[...root.querySelectorAll("a")].every((a) => /^https?:/.test(a.getAttribute("href"))) && window.__pwned === undefined`, "true")
}

// foreignPage returns a page of somebody else, on this machine by one name or the
// other: by the first it is of the same site to a browser, by the second not.
func foreignPage(t *testing.T, body string) (near, far string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprint(w, "<!doctype html><title>Elsewhere</title><link rel=icon href=data:,>"+body)
	}))
	t.Cleanup(server.Close)
	return server.URL, strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
}

func TestAForeignPageChangesNothing(t *testing.T) {
	s := serveConsole(t)
	c := s.admin()
	c.outlet("lecker")
	c.add("lecker", "source", textDoc("hours", "Open from 9 to 17."))
	c.add("lecker", "keyword", wordDoc("hours", "hours"))
	s.person("ann@example.org", "Ann", "en", "admin", "lecker owner")
	b := newSeat(t)
	b.signIn(s.URL, "ann@example.org")
	before, acts := s.holdings("lecker"), len(c.acts())
	stolen := b.eval(`document.querySelector('[name="_csrf"]').value`)
	for action, fields := range map[string]string{
		"/console/p/lecker/keywords/hours/delete": `<input name=version value="*">`,
		"/console/p/lecker/keywords":              `<input name=phrases.en value=evil><input name=source value=hours><input name=reply_mode value=own>`,
		"/console/p/lecker/people/invites":        `<input name=email value=eve@example.org><input name=role value=owner>`,
		"/console/installation/tokens":            `<input name=name value=evil>`,
		"/console/me/password":                    `<input name=current value="` + personPassword + `"><input name=new value="evil evil evil">`,
		"/console/sign-out":                       ``,
	} {
		near, far := foreignPage(t, `<form method=post action="`+s.URL+action+`"><input name=_csrf value="`+stolen+`">`+fields+
			`</form><script>document.forms[0].submit()</script>`)
		for _, from := range []string{near, far} {
			b.do(chromedp.Navigate(from))
			b.until(`location.origin === "` + s.URL + `" && document.readyState === "complete"`)
			// From another site the browser sends no cookie along.
			if from == near {
				b.wants(`location.pathname`, action)
				b.reads("You may not do this")
			}
			b.complaints()
		}
	}
	if got := s.holdings("lecker"); got != before {
		t.Errorf("a foreign page changed the publisher: %s", got)
	}
	if got := c.acts(); len(got) != acts {
		t.Errorf("a foreign page left acts: %v", got)
	}
	b.open(s.URL + "/console/p/lecker/today")
	b.wants(`location.pathname`, "/console/p/lecker/today")
}

func TestAForeignPageFramesNoPage(t *testing.T) {
	s := serveConsole(t)
	s.admin().outlet("lecker")
	s.person("ann@example.org", "Ann", "en", "lecker owner")
	b := newSeat(t)
	b.signIn(s.URL, "ann@example.org")
	for _, path := range []string{"/console/p/lecker/today", "/console/sign-in", "/console/p/lecker/keywords/new"} {
		near, far := foreignPage(t, `<iframe src="`+s.URL+path+`" onload="document.title='done'"></iframe>`)
		for _, from := range []string{near, far} {
			b.do(chromedp.Navigate(from))
			b.until(`document.title === "done"`)
			said := strings.Join(b.complaints(), "\n")
			if !strings.Contains(said, "frame-ancestors") {
				t.Errorf("%s is shown in a frame of %s; the browser says %q", path, from, said)
			}
		}
	}
}

func TestASessionThatWasThereBeforeIsNotTheOneAfter(t *testing.T) {
	s := serveConsole(t)
	s.admin().outlet("lecker")
	s.person("ann@example.org", "Ann", "en", "lecker owner")
	s.person("eve@example.org", "Eve", "en")
	eve, _, err := s.resources.people.ByEmail(t.Context(), "eve@example.org")
	if err != nil {
		t.Fatal(err)
	}
	entry, err := s.gate.Admit(t.Context(), eve.ID, accounts.Browser{})
	if err != nil {
		t.Fatal(err)
	}
	chrome := newSeat(t)
	for name, planted := range map[string]string{"a made up one": strings.Repeat("a", 43), "that of somebody else": entry.Secret} {
		t.Run(name, func(t *testing.T) {
			b := chrome.another()
			b.open(s.URL + "/console/sign-in")
			yes, cookie := true, presignin.CookiesOf(s.gate.DeviceKey).Session(planted, 0)
			if _, err := chromedp.Call(b.ctx, network.SetCookie, network.SetCookieParams{Name: cookie.Name, Value: planted, URL: s.URL + "/", Secure: &yes}); err != nil {
				t.Fatal(err)
			}
			b.enter("ann@example.org")
			b.wants(`document.querySelector(".person b").textContent`, "Ann")
			got, err := chromedp.Call(b.ctx, network.GetCookies, network.GetCookiesParams{URLs: []string{s.URL}})
			if err != nil || len(got.Cookies) != 2 {
				t.Fatalf("the cookies after signing in are %+v, %v", got.Cookies, err)
			}
			for _, c := range got.Cookies {
				if c.Value == planted || !c.HTTPOnly || !strings.HasPrefix(c.Name, "__Host-keypull-") {
					t.Errorf("the cookie after signing in is %+v", c)
				}
			}
			who, _, err := s.gate.Session(t.Context(), planted)
			if err == nil && who.Name == "Ann" {
				t.Error("the planted session is Ann's")
			}
		})
	}
}
