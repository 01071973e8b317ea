package page_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/sources"
	"keypull/sources/page"
	"keypull/sources/sourcetest"
)

type values = map[string]any

var fetched = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

const list = `<!doctype html><html lang="en"><head><title>News</title></head><body>
<nav><a href="/">Home</a></nav>
<article class="teaser"><h2><a href="/bridge">Bridge <em>closed</em></a></h2><time datetime="2026-05-03T10:00:00Z">3 May</time><p>The bridge is closed.</p><img src="/b.jpg" alt="b"><script>alert(1)</script></article>
<article class="teaser"><h2><a href="/tram">Tram runs again</a></h2><time datetime="2026-05-02T10:00:00Z">2 May</time><p>Line 4 runs.</p><img src="data:x" data-src="/t.jpg"></article>
</body></html>`

func article(title, when string) string {
	return `<article class="teaser"><h2><a href="/x">` + title + `</a></h2><time datetime="` + when + `"></time></article>`
}

func TestPage(t *testing.T) {
	sourcetest.Run(t, sourcetest.Case{
		Kind: page.Kind,
		Settings: func(upstream string) values {
			return values{
				"url": upstream + "/news", "item": "article.teaser", "shape": "article", "bearer": "hush-hush-hush",
				"fields": values{"title": "h2", "link": "h2 a@href", "summary": "p", "published": "time", "image": "img", "id": "h2"},
			}
		},
		Upstream: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, list) }),
		Query:    pull.Query{Count: 1, Argument: "bridge"}, Other: "tram",
		Bad: []sourcetest.Bad{
			{Name: "no address", Settings: values{}, Field: "url"},
			{Name: "a place in the host", Settings: values{"url": "https://{argument}.example.org/"}, Field: "url"},
			{Name: "a place that is none", Settings: values{"url": "https://example.org/{page}"}, Field: "url"},
			{Name: "a selector that is none", Settings: values{"url": "https://example.org/", "item": "a[["}, Field: "item"},
			{Name: "a selector of many steps", Settings: values{"url": "https://example.org/", "item": "* * * * * * * b"}, Field: "item"},
			{Name: "a field that is none", Settings: values{"url": "https://example.org/", "fields": values{"title": "]"}}, Field: "fields"},
		},
		Hostile: map[string]string{
			"markup in texts":        `<article class=teaser><h2>&lt;script&gt;alert(1)&lt;/script&gt;x<script>y</script></h2><a href="javascript:alert(1)">z</a><img src="javascript:1"></article>`,
			"elements without end":   strings.Repeat("<div>", 100_000),
			"formatting without end": strings.Repeat("<b x=1><i y=2>", 300) + strings.Repeat("<p>x", 10_000),
			"formatting of all kinds": func() string {
				var b strings.Builder
				for i := range 300 {
					fmt.Fprintf(&b, "<b x=%d>", i)
				}
				return b.String() + strings.Repeat("<p>x</p>", 50_000)
			}(),
			"tables in tables":       strings.Repeat("<table><tr><td>", 3_000) + "x",
			"many attributes":        "<article class=teaser " + strings.Repeat("a=b ", 200_000) + "><h2>x</h2></article>",
			"a comment without end":  "<html><!-- " + strings.Repeat("x", 100_000),
			"a broken character set": "<meta charset=utf-16><article class=teaser><h2>x</h2></article>",
		},
		Dated: func(at ...time.Time) string {
			var b strings.Builder
			for _, when := range at {
				b.WriteString(article("bridge "+when.Format(time.DateOnly), when.Format(time.RFC3339)))
			}
			return b.String()
		},
		Zoneless:   article("bridge", "2026-03-02 09:59:59 XYZ"),
		Ahead:      article("bridge opens", "2126-03-02T09:59:59Z") + article("bridge closes", "2026-03-02T09:59:59Z"),
		Twins:      article("bridge", "2026-03-02T09:59:59Z") + article("bridge", "2026-03-02T09:59:59Z"),
		Discovered: discovered(),
	})
}

func canned(t testing.TB, settings values, contentType, text string) (source pull.Source, asked *[]string) {
	t.Helper()
	asked = new([]string)
	env := sourcetest.Env(t, "")
	env.Zone, _ = time.LoadLocation("Europe/Berlin")
	env.Client = outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
		*asked = append(*asked, r.URL)
		if strings.HasSuffix(r.URL, "/robots.txt") {
			return outside.Response{Status: 404, URL: r.URL, Fetched: fetched}, nil
		}
		return outside.Response{Status: 200, URL: r.URL, Header: http.Header{"Content-Type": {contentType}}, Body: []byte(text), Fetched: fetched}, nil
	}})
	if settings["url"] == nil {
		settings["url"] = "https://site.example/dir/page"
	}
	return sourcetest.Open(t, page.Kind, env, settings), asked
}

// told returns an item in a line.
func told(it what.Item) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s | %s | %s | %s", it.Title, it.Summary, it.Link, it.Image())
	if it.Body != "" {
		b.WriteString(" | " + strings.Join(strings.Fields(it.Body), " "))
	}
	if !it.Published.IsZero() {
		b.WriteString(" | " + it.Published.Format("2006-01-02T15:04Z07"))
	}
	for _, f := range it.Facts {
		fmt.Fprintf(&b, " | %s=%s%s", f.Name, f.Text, strings.Join(f.List, ","))
	}
	return b.String()
}

func fetch(t testing.TB, source pull.Source) []what.Item {
	t.Helper()
	s, err := source.Fetch(t.Context(), "-", nil)
	if err != nil {
		t.Fatal(err)
	}
	return s.Items
}

func TestPagesBecomeItems(t *testing.T) {
	const ldEvents = `<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"S"},
		{"@type":"MusicEvent","name":"Concert","startDate":"2026-07-01T20:00","endDate":"2026-07-01T22:00","location":{"@id":"#hall"},"offers":{"@type":"Offer","price":"12.50"},"url":"/c"},
		{"@type":["Festival"],"name":"Fair","startDate":"2026-06-01","offers":{"price":"5","priceCurrency":"EUR"},"location":{"@type":"Place","address":"Market 1"}},{"@id":"#hall","@type":"Place","name":"Hall"}]}</script>`
	for name, c := range map[string]struct {
		settings values
		page     string
		want     []string
	}{
		"items by selectors": {values{"item": "tr.row", "shape": "product", "fields": values{"title": "td:first-child", "price": "td.p", "link": "a@href", "sku": "@data-sku", "sizes": "li[]", "note": ".none"}},
			`<base href="/base/"><table><tr class=row data-sku=007><td>Boot<td class=p>1,299.00&nbsp;€<td><a href="b?a=1&amp;b=2">x</a><ul><li>41<li>42</ul></table>`,
			[]string{"Boot |  | https://site.example/base/b?a=1&b=2 |  | price=1299.00 | currency=€ | sku=007 | sizes=41,42"}},
		"a day for machines, and the time for people": {values{"item": "li", "shape": "event", "fields": values{"title": "b", "start": "time@datetime", "time": ".until"}},
			`<li><b>Fair</b><time datetime="2026-12-05"><i>December 5 @ 6:30 pm</i> - <i class=until>7:30 pm</i></time><li><b>Ball</b><time datetime="2026-12-06"><i>8 pm</i> - <i class=until>11 pm</i></time>`,
			[]string{"Fair |  |  |  | start=2026-12-05T18:30:00+01:00", "Ball |  |  |  | start=2026-12-06T20:00:00+01:00"}},
		"items without those beside the page": {values{"item": "article"}, `<main>` + article("Fair", "2026-05-03T10:00:00Z") + `</main><aside>` + article("Most read", "2026-05-02T10:00:00Z") + `</aside>`,
			[]string{"Fair |  | https://site.example/x |  | 2026-05-03T10:00Z"}},
		"items without fields": {values{"item": "article"}, list,
			[]string{"Bridge closed | The bridge is closed. | https://site.example/bridge | https://site.example/b.jpg | 2026-05-03T10:00Z", "Tram runs again | Line 4 runs. | https://site.example/tram | https://site.example/t.jpg | 2026-05-02T10:00Z"}},
		"events by JSON-LD": {values{"shape": "event"}, "<p>x" + ldEvents,
			[]string{"Concert |  | https://site.example/c |  | start=2026-07-01T20:00:00+02:00 | end=2026-07-01T22:00:00+02:00 | place=Hall | admission=12.50", "Fair |  |  |  | start=2026-06-01 | place=Market 1 | admission=5 | currency=EUR"}},
		"a product by JSON-LD": {values{}, `<meta property="og:image" content="/og.jpg"><script type="application/ld+json">{"@type":"Product","name":"Boot","sku":"B1","brand":{"@type":"Brand","name":"V"},"offers":[{"@type":"Offer","price":99.5,"priceCurrency":"EUR","availability":"https://schema.org/InStock"}]}</script>`,
			[]string{"Boot |  | https://site.example/dir/page | https://site.example/og.jpg | price=99.5 | currency=EUR | stock=in stock | sku=B1 | brand=V"}},
		"an article by JSON-LD": {values{}, `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Bridge","description":"Closed","articleBody":"All of it.","datePublished":"2026-05-03T10:00:00Z","author":[{"@type":"Person","name":"Kim"}],"image":["/i.jpg"],"isAccessibleForFree":false,"mainEntityOfPage":{"@id":"https://site.example/bridge"}}</script>`,
			[]string{"Bridge | Closed | https://site.example/bridge | https://site.example/i.jpg | All of it. | 2026-05-03T10:00Z | author=Kim | free=false"}},
		"questions by JSON-LD": {values{}, `<script type="application/ld+json">{"@type":"FAQPage","mainEntity":[{"@type":"Question","name":"How long?","acceptedAnswer":{"@type":"Answer","text":"<p>Two <b>days</b>.</p>"}},{"@type":"Question","name":"How much?","acceptedAnswer":{"text":"Nothing."}}]}</script>`,
			[]string{"How long? | Two days. |  | ", "How much? | Nothing. |  | "}},
		"microdata": {values{"shape": "event"}, `<div itemscope itemtype="https://schema.org/Event"><h1 itemprop="name">Fair</h1><time itemprop="startDate" datetime="2026-06-01">1 June</time><div itemprop="location" itemscope itemtype="https://schema.org/Place"><span itemprop="name">Market</span></div><a itemprop="url" href="/f">more</a></div>`,
			[]string{"Fair |  | https://site.example/f |  | start=2026-06-01 | place=Market"}},
		"Open Graph and what reads like an article": {values{}, `<html lang=de><head><title>Brücke | Zeitung</title><meta property="og:title" content="Brücke"><meta property="og:description" content="Gesperrt"><meta property="article:published_time" content="2026-05-03T10:00:00+02:00"><link rel=canonical href="/b"></head><body><nav>Menu Menu</nav><article><h1>Brücke</h1>` + strings.Repeat("<p>Die Brücke ist wegen Bauarbeiten gesperrt, und der Verkehr wird umgeleitet, sagt die Stadt.</p>", 8) + `</article></body>`,
			[]string{"Brücke | Gesperrt | https://site.example/b |  | " + strings.TrimSpace(strings.Repeat("Die Brücke ist wegen Bauarbeiten gesperrt, und der Verkehr wird umgeleitet, sagt die Stadt. ", 8)) + " | 2026-05-03T08:00Z"}},
		"fields of the page itself": {values{"fields": values{"title": "h1", "price": "meta[itemprop=price]", "updated": "time"}, "shape": "quote"}, `<h1>Gold</h1><meta itemprop=price content="2,345.60"><time>now</time>`,
			[]string{"Gold |  | https://site.example/dir/page |  | price=2345.60 | updated=now"}},
		"a recipe by selectors": {values{"shape": "recipe", "fields": values{"title": "h1", "ingredients": "li", "steps": "ol p", "prep_minutes": ".t"}}, `<h1>Soup</h1><ul><li>1 leek<li>2 potatoes</ul><ol><p>Cut.<p>Boil.</ol><b class=t>15 min</b>`,
			[]string{"Soup |  | https://site.example/dir/page |  | ingredients=1 leek,2 potatoes | steps=Cut.,Boil. | prep_minutes=15"}},
	} {
		t.Run(name, func(t *testing.T) {
			source, _ := canned(t, c.settings, "text/html", c.page)
			var got []string
			for _, it := range fetch(t, source) {
				got = append(got, told(it))
			}
			if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

func TestTheCharacterSetIsFound(t *testing.T) {
	for name, c := range map[string]struct{ header, page string }{
		"by the header":    {"text/html; charset=windows-1251", "<h1>\xcc\xee\xf1\xf2</h1>"},
		"by meta":          {"text/html", "<meta charset=koi8-r><h1>\xed\xcf\xd3\xd4</h1>"},
		"by http-equiv":    {"", "<meta http-equiv=content-type content='text/html; charset=windows-1251'><h1>\xcc\xee\xf1\xf2</h1>"},
		"by the mark":      {"text/html; charset=iso-8859-1", "\xef\xbb\xbf<h1>Мост</h1>"},
		"UTF-16":           {"text/html", "\xff\xfe<\x00h\x001\x00>\x00\x1c\x04>\x04A\x04B\x04<\x00/\x00h\x001\x00>\x00"},
		"UTF-8 without it": {"", "<h1>Мост</h1>"},
	} {
		source, _ := canned(t, values{"fields": values{"title": "h1"}}, c.header, c.page)
		if got := fetch(t, source)[0].Title; got != "Мост" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestTheEditorIsToldThatTheEncodingOfAPageIsAGuess(t *testing.T) {
	const foreign = "<h1>\xdelu\x9dou\xe8k\xfd k\xf9\xf2</h1><p>P\xf8\xedli\x9a \x9elu\x9dou\xe8k\xfd k\xf9\xf2 \xfap\xecl \xef\xe1belsk\xe9 \xf3dy."
	for name, c := range map[string]struct {
		header, page string
		warned       bool
	}{
		"guessed":  {"text/html", foreign, true},
		"declared": {"text/html; charset=windows-1250", foreign, false},
		"UTF-8":    {"text/html", "<h1>Žluťoučký kůň</h1>", false},
	} {
		source, _ := canned(t, values{"fields": values{"title": "h1"}}, c.header, c.page)
		s, err := source.Fetch(t.Context(), "-", nil)
		if err != nil || len(s.Items) != 1 {
			t.Fatalf("%s: %+v, %v", name, s.Items, err)
		}
		if warned := len(s.Warnings) == 1 && s.Warnings[0].Key == "source.encoding_guessed"; warned != c.warned || !warned && len(s.Warnings) > 0 {
			t.Errorf("%s: the editor is told %v", name, s.Warnings)
		}
	}
}

func TestWhatIsWrongIsTold(t *testing.T) {
	for text, want := range map[string]string{
		"": "the page is empty", `{"a":1}`: "no web page", "%PDF-1.7\x00": "no web page", strings.Repeat("<div>", 1000): "nested too deep", strings.Repeat("<i>", 600): "nested too deep",
		strings.Repeat("<p>", 400_000): "too many elements", "<p>x": "nothing on the page fits b.x",
	} {
		source, _ := canned(t, values{"item": "b.x"}, "text/html", text)
		if _, err := source.Fetch(t.Context(), "-", nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q gives %v; want %q", text, err, want)
		}
	}
	source, _ := canned(t, values{}, "text/html", `<html><head><title>App</title></head><body><div id=app></div><script>render()</script></body>`)
	if _, err := source.Fetch(t.Context(), "-", nil); err == nil || !strings.Contains(err.Error(), "made by a script") {
		t.Errorf("an empty page gives %v", err)
	}
}

func TestThePageStaysWithinItsMemory(t *testing.T) {
	var b strings.Builder
	for i := range 200 {
		fmt.Fprintf(&b, "<b x=%d>", i)
	}
	b.WriteString(strings.Repeat("<p>x</p>", 300_000))
	source, _ := canned(t, values{"item": "p"}, "text/html", b.String())
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := source.Fetch(t.Context(), "-", nil)
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; err == nil || took > 64<<20 {
		t.Errorf("%v; it took %d bytes", err, took)
	}
}

func TestTheArgumentIsEscapedAndAsksTheSite(t *testing.T) {
	source, asked := canned(t, values{"url": "https://site.example/s/{argument}?q={argument}&x=1", "item": "article"}, "text/html", list)
	key, err := source.Key(pull.Query{Argument: "a/b & c"})
	if err != nil {
		t.Fatal(err)
	}
	s, err := source.Fetch(t.Context(), key, nil)
	if err != nil || len(s.Items) != 2 || s.Requests != 2 {
		t.Fatalf("%+v, %v", s, err)
	}
	if got := (*asked)[len(*asked)-1]; got != "https://site.example/s/a%2Fb%20&%20c?q=a%2Fb+%26+c&x=1" {
		t.Errorf("asked for %s", got)
	}
	if _, err := source.Key(pull.Query{Argument: ".."}); pull.KindOf(err) != pull.Invalid {
		t.Errorf("it leads elsewhere: %v", err)
	}
}

func TestRobotsAreObeyed(t *testing.T) {
	for robots, allowed := range map[string]bool{
		"User-agent: *\nDisallow: /news": false, "User-agent: *\nDisallow: /other": true, "": true, "User-agent: *\nDisallow: /\nAllow: /news": true,
	} {
		var paths []string
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			paths = append(paths, r.URL.Path)
			if r.URL.Path == "/robots.txt" {
				_, _ = io.WriteString(w, robots)
				return
			}
			_, _ = io.WriteString(w, list)
		}))
		source := sourcetest.Open(t, page.Kind, sourcetest.Env(t, ""), values{"url": server.URL + "/news", "item": "article"})
		_, err := source.Fetch(t.Context(), "-", nil)
		server.Close()
		if (err == nil) != allowed || (len(paths) == 2) != allowed {
			t.Errorf("%q: %v, asked for %q", robots, err, paths)
		}
	}
}

func discovered() []sourcetest.Discovered {
	const at = "https://site.example/x"
	doc := func(body string) sources.Document {
		return sources.Document{Address: at, URL: at, Type: "text/html", Body: []byte(body), Fetched: fetched}
	}
	three := strings.Repeat(article("A", "2026-05-01"), 3)
	return []sourcetest.Discovered{
		{Name: "events", Document: doc(`<html><script type="application/ld+json">[{"@type":"Event","name":"Fair","startDate":"2026-06-01"}]</script>`), Settings: values{"url": at, "shape": "event"}},
		{Name: "a product", Document: doc(`<html><script type="application/ld+json">{"@type":"Product","name":"Boot","offers":{"price":"9"}}</script>`), Settings: values{"url": at, "shape": "product"}},
		{Name: "questions", Document: doc(`<html><script type="application/ld+json">{"@type":"FAQPage","mainEntity":[{"@type":"Question","name":"A?","acceptedAnswer":{"text":"a"}},{"@type":"Question","name":"B?","acceptedAnswer":{"text":"b"}}]}</script>`), Settings: values{"url": at, "shape": "question"}},
		{Name: "questions on buttons in headings", Document: doc(`<html><div><h2><button>Where can I park?</button></h2><div><p>Behind the hall.</p></div></div><div><h2><button>Are dogs allowed?</button></h2><div><p>On a lead.</p></div></div>`), Settings: values{"url": at, "shape": "question"}},
		{Name: "questions that are folded away", Document: doc(`<html><details><summary>営業時間を教えて</summary>9時から</details><details><summary>Wo sind Sie?</summary><p>Hier.</p></details><details><summary>Kann ich zahlen?</summary>Ja.</details>`), Settings: values{"url": at, "shape": "question"}},
		{Name: "headings that ask", Document: doc(`<html><nav><h3>Why?</h3></nav><div><h3>¿Dónde está?</h3></div><div><p>Aquí.</p></div><h3>Precio del abono</h3><p>Nueve euros.</p><h3>¿Y los domingos?</h3>Cerrado.`), Settings: values{"url": at, "shape": "question"}},
		{Name: "questions on buttons", Document: doc(`<html><h1>Ajuda</h1><div><div><button>Aceitam MB Way?</button><div><p>Sim.</p></div></div><div><button>O jornal não chegou. O que faço?</button><div><p>Ligue até às 11h.</p></div></div></div>`), Settings: values{"url": at, "shape": "question"}},
		{Name: "terms in bold", Document: doc(`<html><h1>Glossary</h1><p><b>Annuity</b><br>A contract that pays a fixed income for life.</p><p><b>ETF</b><br>A fund that follows an index of shares.</p><p><b>Gilt</b><br>A bond that the British government issued.</p>`), Settings: values{"url": at, "shape": "question"}},
		{Name: "entries in boxes, beside adverts in a layout of cells", Document: doc(`<html><table><tr><td><h1>Recalls</h1><div><h2>High chair</h2><div>Reason: Legs may break</div><div>Return it to any shop.</div></div><div><h2>Smoked salmon</h2><div>Reason: Listeria in it</div></div></td><td><div><h2>Advertisement</h2><p>Invest from 50 a month.</p></div></td></tr></table><div class="x"><h2>We use cookies</h2><p>By clicking you agree.</p><button>OK</button></div>`),
			Settings: values{"url": at, "item": "h2", "shape": "question"}},
		{Name: "questions in bold", Document: doc(`<html><p><strong>Serve la tessera?</strong><br>Sì, <b>sempre</b>.</p><p><b>Posso pagare a rate?</b></p><p>In tre rate.</p>`), Settings: values{"url": at, "shape": "question"}},
		{Name: "questions beside headings that tell", Document: doc(`<html><h2>Costs</h2><p>Nine euros.</p><h2>What to bring</h2><p>A photo.</p><details><summary>How long does it take?</summary>Five days.</details><details><summary>Is it urgent?</summary>Say so.</details>`), Settings: values{"url": at, "item": "h2", "shape": "question"}},
		{Name: "terms that are explained", Document: doc(`<html><dl><dt>Bull market<dd>A time in which most prices rise.<dt>Short sale<dd>To sell what one has only borrowed.<dt>Yield<dd>What a paper brings in a year.</dl>`), Settings: values{"url": at, "shape": "question"}},
		{Name: "terms in boxes of their own", Document: doc(`<html><h1>Glossary</h1><dl><div><dt>Bull market<dd>A time in which most prices rise.</div><div><dt>Short sale<dd>To sell what one has only borrowed.</div><div><dt>Yield<dd>What a paper brings in a year.</div></dl>`), Settings: values{"url": at, "shape": "question"}},
		{Name: "questions on buttons with a sign for the eye", Document: doc(`<html><h1>Help</h1><div><h3><button><span>When is it paid?</span><span aria-hidden="true">+</span></button></h3><div><p>On the 17th.</p></div></div><div><h3><button><span>How much is it?</span><span aria-hidden="true">+</span></button></h3><div><p>It depends.</p></div></div>`), Settings: values{"url": at, "shape": "question"}},
		{Name: "what is on, below days as terms", Document: doc(`<html><h1>On call</h1><dl><dt>Monday, 4 May<dd>Eagle Pharmacy, 12 Mill Lane, tel. 0555 2020<dt>Tuesday, 5 May<dd>Vita Pharmacy, 40 Quay Street, tel. 0555 1133<dt>Wednesday, 6 May<dd>Eagle Pharmacy, 12 Mill Lane, tel. 0555 2020</dl>`),
			Settings: values{"url": at, "item": "dt", "shape": "event", "fields": values{"start": ".", "title": "+ dd"}}},
		{Name: "how somebody is reached", Document: doc(`<html><dl><dt>Phone<dd>0555 1234<dt>Mail<dd>desk@site.example<dt>Address<dd>Mill Lane 3, Nordlach</dl>`)},
		{Name: "headings of which few ask", Document: doc(`<html><h3>Sport</h3><p>a</p><h3>What now?</h3><p>b</p><h3>Town</h3><p>c</p>`), Settings: values{"url": at, "item": "h3", "shape": "question"}},
		{Name: "texts below headings of several levels", Document: doc(`<html><div><h1>Weddings</h1><p>Book two weeks ahead.</p><table><tr><th>Day<th>Hall<tr><td>Friday<td>510</table><h2>Rings</h2><ul><li>Gold or silver</ul></div><div><h3>Sponsors</h3><p>Mill Bakery</p></div>`), Settings: values{"url": at, "item": "h1, h2, h3, h4", "shape": "question"}},
		{Name: "a title that only headings with tables follow", Document: doc(`<html><main><h1>Cinemas</h1><h2>Crown</h2><table><tr><th>Film<th>Age<tr><td>Ida<td>PG<tr><td>Zoo<td>U</table><h2>Royal</h2><table><tr><th>Film<th>Age<tr><td>Ida<td>PG<tr><td>Sun<td>U</table></main><div class="cookie-notice"><p>We use cookies.</p></div>`)},
		{Name: "headings that lead on", Document: doc(`<html><h3><a href="/a">Sport</a></h3><p>a</p><a href="/b"><h3>Town</h3></a><p>c</p>`)},
		{Name: "headings in headers, but that of the page", Document: doc(`<html><header><h2>Hall</h2><p>All year</p></header><section><header><h2>Parking</h2></header><p>Behind it.</p></section><section><header><h2>Cloakroom</h2></header><p>For free.</p></section>`), Settings: values{"url": at, "item": "h2", "shape": "question"}},
		{Name: "what is on below days", Document: doc(`<html><h3>Monday 4 May 2026</h3><table><tr><th>Line<th>Dish<th>Price<tr><td>Soup<td>Leek and potato<td>2,10 €<tr><td>Main<td>Fish pie<td>5,40 €</table><h3>Tuesday 5 May 2026</h3><table><tr><th>Line<th>Dish<th>Price<tr><td>Soup<td>Green pea<td>2,10 €<tr><td>Main<td>Stuffed peppers<td>4,90 €</table>`),
			Settings: values{"url": at, "item": "tr:has(td)", "shape": "event", "fields": values{"title": "td:nth-child(2)", "line": "td:nth-child(1)", "price": "td:nth-child(3)", "start": "^h3"}}},
		{Name: "days to come beside a table of other columns", Document: doc(`<html><table><tr><th>Date<th>Time<th>Home<tr><td>Sat 9 May 2026<td>18:00<td>Vale<tr><td>Sat 16 May 2026<td>18:00<td>Rovers<tr><td>Sat 23 May 2026<td>18:00<td>Dunmore</table><table><tr><th>Date<th>Match<tr><td>11 Apr 2026<td>Vale 3-1 Rovers<tr><td>4 Apr 2026<td>Dunmore 0-0 Vale<tr><td>28 Mar 2026<td>Vale 2-2 Pinewood</table>`),
			Settings: values{"url": at, "item": "table:nth-of-type(1) > tbody > tr:has(td)", "shape": "event", "fields": values{"start": "td:nth-child(1)", "time": "td:nth-child(2)", "title": "td:nth-child(3)"}}},
		{Name: "the weather, whose days head their rows", Document: doc(`<html><table><thead><tr><th>Day<th>Sky<th>Day °C<th>Night °C<th>Wind</thead><tr><th scope=row>Tuesday, 5 May<td>sunny<td>17<td>9<td>W 25 km/h<tr><th scope=row>Wednesday, 6 May<td>rain and sleet<td>12<td>-1<td>SW 12 km/h<tr><th scope=row>Thursday, 7 May<td>sunny<td>15<td>8<td>N 8 km/h</table>`),
			Settings: values{"url": at, "item": "tr:has(td)", "shape": "event", "fields": values{"start": "th:nth-child(1)", "title": "td:nth-child(2)", "day °c": "td:nth-child(3)", "night °c": "td:nth-child(4)", "wind": "td:nth-child(5)"}}},
		{Name: "rates, since a day and until another", Document: doc(`<html><table><tr><th>Bank<th>Rate<th>Since<th>Next decision<tr><td>Nordlach<td>3.50%<td>5 March 2026<td>17 June 2026<tr><td>Mill Lane<td>3.25–3.50%<td>11 June 2025<td>17 June 2026<tr><td>Ferry<td>2.00%<td>28 April 2026<td>9 June 2026</table>`),
			Settings: values{"url": at, "item": "tr:has(td)", "shape": "article", "fields": values{"title": "td:nth-child(1)", "rate": "td:nth-child(2)", "published": "td:nth-child(3)", "next decision": "td:nth-child(4)"}}},
		{Name: "lines below days, with their names in bold", Document: doc(`<html><h2>8 May 2026</h2><ul><li><b>Quiz</b>, Crown, 8 pm<li><b>Choir</b>, chapel, 7 pm</ul><h2>9 May 2026</h2><ul><li><b>Fair</b>, green, all day<li><b>Ball</b>, hall, 9 pm</ul>`),
			Settings: values{"url": at, "item": "li", "shape": "event", "fields": values{"title": "b", "summary": ".", "start": "^h2"}}},
		{Name: "rows of days below several headings, which tell what they are of", Document: doc(`<html><h2>Boys</h2><table><tr><th>Date<th>Opponent<th>Site<tr><td>Tue., May 5<td>Vale<td>Home<tr><td>Fri., May 8<td>Rovers<td>Away</table><h2>Girls</h2><table><tr><th>Date<th>Opponent<th>Site<tr><td>Thu., May 7<td>Dunmore<td>Away<tr><td>Sat., May 9<td>Vale<td>Home</table>`),
			Settings: values{"url": at, "item": "tr:has(td)", "shape": "event", "fields": values{"start": "td:nth-child(1)", "title": "td:nth-child(2)", "site": "td:nth-child(3)", "section": "^h2"}}},
		{Name: "what is served on a day, as one item", Document: doc(`<html>` + strings.ReplaceAll(`<div class=day><h4>Tuesday, May 5</h4><ul><li>Pea soup<li>Fish pie<li>Pears</ul></div><div class=day><h4>Wednesday, May 6</h4><ul><li>Leek soup<li>Pizza<li>Plums</ul></div><div class=day><h4>Thursday, May 7</h4><ul><li>Bean soup<li>Tacos<li>Figs</ul></div>`, "day>", "meals>")),
			Settings: values{"url": at, "item": "div.meals", "shape": "event", "fields": values{"start": "h4", "title": "li", "summary": "li[]"}}},
		{Name: "rows of boxes, some with labels", Document: doc(`<html>` + strings.ReplaceAll(`<div class=row><div class=f><div>5 May 2026</div></div><div class="f at"><b>Time: </b><i>11:00</i></div><div class="f name"><i>Rates</i></div></div><div class=row><div class=f><div>6 May 2026</div></div><div class="f at"><b>Time: </b><i>9:30</i></div><div class="f name"><i>Jobs</i></div></div><div class=row><div class=f><div>7 May 2026</div></div><div class="f at"><b>Time: </b><i>14:15</i></div><div class="f name"><i>Prices</i></div></div>`, "class=row", "class=views-row")),
			Settings: values{"url": at, "item": "div.views-row", "shape": "event", "fields": values{"start": ".f > div", "time": "i", "title": ".name > i"}}},
		{Name: "entries whose text goes on below their first line, beside what is read most", Document: doc(`<html><main><h1>Places to eat</h1>` + strings.Repeat(`<article><h2>Crown</h2><p>Nordlach</p><p>Pies. Closed on Mondays.</p><ul><li>Mill Lane 3<li>About 20 €</ul></article>`, 3) + `</main><aside>` + three + `</aside>`),
			Settings: values{"url": at, "item": "h2", "shape": "question"}},
		{Name: "lists of terms below headings", Document: doc(`<html><h1>How long</h1><h2>Eggs</h2><dl><div><dt>Soft<dd>4 minutes</div><div><dt>Hard<dd>10 minutes</div></dl><h2>Beans</h2><dl><div><dt>White<dd>20 minutes</div><div><dt>Black<dd>25 minutes</div></dl>`), Settings: values{"url": at, "item": "h2", "shape": "question"}},
		{Name: "names with a text and where it goes on", Document: doc(`<html><ul>` + strings.Repeat(`<li class=film><h2><a href="/x">The Ferry</a></h2><div><p>Drama, 98 min</p><p>Hall 1: 5 pm, 8 pm</p></div>`, 3) + `</ul>`),
			Settings: values{"url": at, "item": "li.film", "shape": "article", "fields": values{"title": "a", "link": "a@href", "summary": "p[]"}}},
		{Name: "a list of articles", Document: doc(`<html>` + three), Settings: values{"url": at, "item": "article", "shape": "article"}},
		{Name: "one that has a feed", Document: doc(`<html><link rel=alternate type="application/rss+xml" href="/f">` + three)},
		{Name: "rows with prices", Document: doc(`<html><table><tr><th>Fish<th>Costs<tr><td>Cod<td>4,20 €<tr><td>Hake<td>6,10 €<tr><td>Sole<td>9,80 €</table>`),
			Settings: values{"url": at, "item": "tr:has(td)", "shape": "product", "fields": values{"title": "td:nth-child(1)", "price": "td:nth-child(2)"}}},
		{Name: "days that one of them tells the order of", Document: doc(`<html><div class=result><i>21/04/2026</i><h3>Rovers 2 - 1 Pinewood</h3></div><div class=result><i>14/04/2026</i><h3>Vale 0 - 0 Rovers</h3></div><div class=result><i>07/04/2026</i><h3>Rovers 3 - 2 Dunmore</h3></div>`),
			Settings: values{"url": at, "item": "div.result", "shape": "article", "fields": values{"title": "h3", "published": "i"}}},
		{Name: "from a day to another", Document: doc(`<html>` + strings.Repeat(`<article><h2>Fils d'or</h2><p class=dates>Du 12 mars au 28 juin 2026<p>Broderies du XVIIe siècle.</article>`, 3)),
			Settings: values{"url": at, "item": "article", "shape": "event", "fields": values{"title": "h2", "start": ".dates", "summary": "p:nth-of-type(2)"}}},
		{Name: "days without their year", Document: doc(`<html><ul><li><b>Quiz</b> <i>Fr, 8. Mai, 19 Uhr</i><li><b>Choir</b> <i>Sa, 9. Mai, 18:30 Uhr</i><li><b>Fair</b> <i>So, 7. Juni, 10 – 17 Uhr</i></ul>`),
			Settings: values{"url": at, "item": "li", "shape": "event", "fields": values{"title": "b", "start": "i"}}},
		{Name: "prices within what else is told", Document: doc(`<html>` + strings.Repeat(`<div class=show><h3>Ida</h3><p class=when>1 June 2026, 20:00<p class=where>Hall 2, seat 20 €</div>`, 3)),
			Settings: values{"url": at, "item": "div.show", "shape": "event", "fields": values{"title": "h3", "start": ".when", "summary": ".where"}}},
		{Name: "a menu", Document: doc(`<html><div>` + strings.Repeat(`<p><a href="/x">Sport</a></p>`, 5) + `</div>`)},
		{Name: "a page of text", Document: doc(`<html><p>Nothing</p>`)},
		{Name: "JSON", Document: sources.Document{Address: at, URL: at, Type: "application/json", Body: []byte(`[{"a":1}]`)}},
	}
}

func TestAPageAboutAnotherThingIsAnError(t *testing.T) {
	source, _ := canned(t, values{"url": "https://site.example/q?s={argument}", "fields": values{"title": "h1", "symbol": "b", "price": "i"}}, "text/html", "<h1>Microsoft</h1><b>MSFT</b><i>10</i>")
	for argument, told := range map[string]bool{"MSFT": true, "IBM": false} {
		key, err := source.Key(pull.Query{Argument: argument, Language: "en"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := source.Fetch(t.Context(), key, nil); (err == nil) != told {
			t.Errorf("%s: %v", argument, err)
		}
	}
}

func FuzzPage(f *testing.F) {
	f.Add([]byte(list), "article", "h2 a@href")
	f.Add([]byte(`<div itemscope itemtype="x/Event"><b itemprop="name">a</b></div>`), "", "")
	f.Add([]byte(`<script type="application/ld+json">{"@type":"Product","name":"a","offers":{"price":"1,2"}}</script>`), "", "")
	f.Add([]byte(`<details><summary>a b?</summary>c</details><details><summary>d e</summary>f</details><h3>g?<h3>h?<p>i`), "", "questions")
	f.Fuzz(func(t *testing.T, text []byte, item, field string) {
		s := &page.Settings{URL: "https://x.example/", Item: item}
		if field == "questions" {
			s.Shape = "question"
		} else if field != "" {
			s.Fields = map[string]string{"title": field, "price": field, "start": field}
		}
		if len(s.Check()) > 0 {
			return
		}
		env := sourcetest.Env(t, "")
		env.Client = outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
			return outside.Response{Status: 200, URL: r.URL, Header: http.Header{}, Body: text, Fetched: fetched}, nil
		}})
		source, err := s.Open(env)
		if err != nil {
			t.Fatal(err)
		}
		snapshot, err := source.Fetch(context.Background(), "-", nil)
		if err != nil {
			var e *pull.Error
			if !errors.As(err, &e) || e.Hint.IsZero() || strings.Contains(err.Error(), "panic") {
				t.Errorf("the error is %v", err)
			}
			return
		}
		sourcetest.Inspect(t, snapshot.Items)
	})
}

// TestTextsBelowHeadingsOfSeveralLevels are those before the next, without tables, and none of what
// stands beside the first.
func TestTextsBelowHeadingsOfSeveralLevels(t *testing.T) {
	const body = `<html><div><h1>Weddings</h1><p>Book two weeks ahead.</p><table><tr><th>Day<th>Hall<tr><td>Friday<td>510</table>
		<h2>Rings</h2><ul><li>Gold or silver</ul><h2>Prices</h2><table><tr><td>Saturday<td>815</table></div><div><h3>Sponsors</h3><p>Mill Bakery</p></div>`
	source, _ := canned(t, values{"url": "https://site.example/weddings", "item": "h1, h2, h3, h4", "shape": "question"}, "text/html", body)
	s, err := source.Fetch(t.Context(), "-", nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, it := range s.Items {
		got = append(got, it.Title+": "+it.Body)
	}
	if want := []string{"Weddings: Book two weeks ahead.", "Rings: • Gold or silver"}; !slices.Equal(got, want) {
		t.Errorf("they are %q, want %q", got, want)
	}
}

// TestWhatStandsBesideThePageIsNoText of a heading: bars of consent, footers and menus, wherever the
// heading's own text ends.
func TestWhatStandsBesideThePageIsNoText(t *testing.T) {
	const bar, footer = `<div id="cookie-law-info-bar"><span>We use cookies.</span></div>`, `<footer><ul><li><a href="/help">Help</a></ul><p>© 2026</p></footer>`
	for name, c := range map[string]struct {
		item, page string
		want       []string
	}{
		"a title that the next heading follows": {"h1, h2, h3, h4", `<div><main><h1>Cinemas</h1><h2>Crown</h2><table><tr><th>Film<th>Hours<tr><td>Ida<td>15:30</table><h2>Getting there</h2><p>By tram 4.</p></main></div>` + bar + footer,
			[]string{"Getting there: By tram 4."}},
		"a title above boxes with headings": {"h1, h2, h3, h4", `<main><h1>Obituaries</h1><div><h3>Ann Field</h3><p>On 1 May, aged 84.</p></div><div><h3>Tom Hill</h3><p>On 2 May, aged 91.</p></div></main>` + bar + footer,
			[]string{"Ann Field: On 1 May, aged 84.", "Tom Hill: On 2 May, aged 91."}},
		"a title whose list is made elsewhere": {"h1", `<main><h1>Offers</h1></main><div>Elsewhere</div><h1>Hours</h1><p>From nine.</p>`,
			[]string{"Hours: From nine."}},
		"no main part": {"h2", `<div><h2>Parking</h2><p>Behind the hall.</p><h2>Dogs</h2><p>On a lead.</p>` + bar + footer + `</div>`,
			[]string{"Parking: Behind the hall.", "Dogs: On a lead."}},
		"a menu within what is told": {"h2", `<h2>Parking</h2><div><p>Behind the hall.</p><nav><a href="/x">Next</a></nav></div><h2>Dogs</h2><div><p>On a lead.</p><div role=contentinfo>Imprint</div></div>`,
			[]string{"Parking: Behind the hall.", "Dogs: On a lead."}},
		"a sign beside a question on a button, and a panel that is folded away": {"h3", `<h3><button><span>When?</span><span aria-hidden=true>+</span></button></h3><div aria-hidden=true><p>On the 17th.</p></div><h3><button><span>Where?</span><span aria-hidden=true>+</span></button></h3><div aria-hidden=true><p>At home.</p></div>`,
			[]string{"When?: On the 17th.", "Where?: At home."}},
		"a heading in a bar": {"h3", `<h3>Parking</h3><p>Behind the hall.</p><div class="cmplz-cookiebanner"><h3>Your choice</h3><p>We use cookies.</p></div>`,
			[]string{"Parking: Behind the hall."}},
		"a recipe of cookies": {"h3", `<div class="post category-cookies tag-cookie-bars"><h3>Oats</h3><p>Bake them.</p><h3>Nuts</h3><p>Roast them.</p></div>`,
			[]string{"Oats: Bake them.", "Nuts: Roast them."}},
	} {
		t.Run(name, func(t *testing.T) {
			source, _ := canned(t, values{"item": c.item, "shape": "question"}, "text/html", "<html>"+c.page)
			var got []string
			for _, it := range fetch(t, source) {
				got = append(got, it.Title+": "+it.Body)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("they are %q, want %q", got, c.want)
			}
		})
	}
}

// TestAPageOfQuestionsAnswersThem asks a page of questions as readers do.
func TestAPageOfQuestionsAnswersThem(t *testing.T) {
	const faq = `<html><details><summary>Meine Zeitung ist nicht gekommen. Was kann ich tun?</summary><p>Rufen Sie bis 11 Uhr an.</p></details>
		<details><summary>Wie kündige ich mein Abonnement?</summary><p>Mit vier Wochen Frist.</p></details>`
	source, _ := canned(t, values{"url": "https://site.example/faq", "shape": "question"}, "text/html", faq)
	s, err := source.Fetch(t.Context(), "-", nil)
	if err != nil || len(s.Items) != 2 {
		t.Fatalf("%d items, %v", len(s.Items), err)
	}
	for said, want := range map[string]string{
		"meine zeitung ist nicht gekommen": "Rufen Sie bis 11 Uhr an.", "Wie kündige ich mein Abonnement?": "Mit vier Wochen Frist.",
		"abonnement kündigen": "Mit vier Wochen Frist.", "habt ihr einen parkplatz": "",
	} {
		found, err := source.Select(t.Context(), s, pull.Query{Argument: said, Count: 1, Language: "de"})
		got := ""
		if len(found.Items) == 1 {
			got = found.Items[0].Body
		}
		if err != nil || got != want {
			t.Errorf("%q is answered %q, %v; want %q", said, got, err, want)
		}
	}
	if list, err := source.Select(t.Context(), s, pull.Query{Count: 1, Language: "de"}); err != nil || len(list.Choices) != 2 {
		t.Errorf("without a question it lists %v, %v", list.Choices, err)
	}
}
