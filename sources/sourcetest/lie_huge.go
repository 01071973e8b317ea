package sourcetest

import (
	"fmt"
	"strings"
)

// hugeLies are documents that are made to cost: deep, long, without end, or
// growing as they are read.
func hugeLies() []lie {
	lies := []lie{
		{name: "a body without end", heavy: true, follows: fails, tell: endlessly(ok+"\n", "<item><title>more</title></item>\n")},
		{name: "a body without end in JSON", heavy: true, follows: fails, tell: endlessly(ok+"\n[0", ",0")},
		{name: "a body without end in chunks", heavy: true, follows: fails, tell: endlessly(ok+"Transfer-Encoding: chunked\n\n", "400\n"+strings.Repeat("x", 1024)+"\n")},
		{name: "a body that is as long as it said, and that was long", heavy: true, follows: fails, tell: endlessly(ok+"Content-Length: 200000000\n\n", "xxxxxxxx")},
	}
	for name, text := range hugeDocuments() {
		lies = append(lies, lie{name: name, heavy: true, tell: document(text)})
	}
	return lies
}

// hugeDocuments returns those that have an end, by name.
func hugeDocuments() map[string]string {
	var billion strings.Builder
	billion.WriteString(`<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "lol">`)
	for i := 1; i < 10; i++ {
		fmt.Fprintf(&billion, `<!ENTITY a%d "%s">`, i, strings.Repeat(fmt.Sprintf("&a%d;", i-1), 10))
	}
	billion.WriteString(`]><rss><channel><item><title>&a9;</title></item></channel></rss>`)
	entity := func(what string) string {
		return `<?xml version="1.0"?><!DOCTYPE rss [` + what + `]><rss><channel><item><title>&x;</title></item></channel></rss>`
	}
	repeated := func(head, more string, n int, tail string) string { return head + strings.Repeat(more, n) + tail }
	var keys, attributes, events strings.Builder
	for i := range 60_000 {
		fmt.Fprintf(&keys, `"k%d":%d,`, i, i)
		fmt.Fprintf(&attributes, ` a%d="b"`, i)
	}
	for i := range 5000 {
		fmt.Fprintf(&events, "BEGIN:VEVENT\r\nUID:%d\r\nDTSTART:20260101T000000Z\r\nRRULE:FREQ=SECONDLY\r\nSUMMARY:x\r\nEND:VEVENT\r\n", i)
	}
	return map[string]string{
		"a billion laughs":                  billion.String(),
		"an entity that is a long text":     entity(`<!ENTITY x "`+strings.Repeat("y", 50_000)+`">`) + strings.Repeat("&x;", 5000),
		"an entity that is a file":          entity(`<!ENTITY x SYSTEM "file:///etc/passwd">`),
		"an entity that lies inside":        entity(`<!ENTITY x SYSTEM "http://127.0.0.3/inside">`),
		"an entity of a parameter":          entity(`<!ENTITY % p SYSTEM "http://127.0.0.3/inside"> %p; <!ENTITY x "y">`),
		"an entity that is itself":          entity(`<!ENTITY x "&x;">`),
		"a stylesheet that lies inside":     `<?xml version="1.0"?><?xml-stylesheet href="http://127.0.0.3/inside"?><rss><channel/></rss>`,
		"an inclusion":                      `<rss xmlns:xi="http://www.w3.org/2001/XInclude"><channel><xi:include href="file:///etc/passwd" parse="text"/></channel></rss>`,
		"a declaration without end":         `<!DOCTYPE rss [` + strings.Repeat("<!ELEMENT a (b)>", 60_000),
		"XML a hundred thousand deep":       repeated("<rss><channel><item><description>", "<a>", 100_000, ""),
		"HTML a hundred thousand deep":      repeated("<html><body>", "<div><span>", 50_000, "x"),
		"JSON a hundred thousand deep":      repeated("", "[", 100_000, strings.Repeat("]", 100_000)),
		"objects a hundred thousand deep":   repeated("", `{"items":`, 100_000, "1"+strings.Repeat("}", 100_000)),
		"data in a page, deep":              `<script type="application/ld+json">` + strings.Repeat(`{"@graph":[`, 30_000) + `</script>`,
		"data in a page, by the thousand":   strings.Repeat(`<script type="application/ld+json">{"@type":"Recipe","name":"x","recipeIngredient":["y"]}</script>`, 5000),
		"a hundred thousand elements":       repeated("<rss><channel>", "<a/>", 100_000, "</channel></rss>"),
		"sixty thousand attributes":         "<rss" + attributes.String() + "><channel><item/></channel></rss>",
		"an attribute beyond measure":       "<rss a=\"" + strings.Repeat("x", 1<<20) + "\"><channel/></rss>",
		"a name beyond measure":             "<" + strings.Repeat("x", 1<<20) + "/>",
		"names of spaces without end":       repeated("<rss", ` xmlns:a="b"`, 20_000, "><channel/></rss>"),
		"sixty thousand keys":               "{" + keys.String() + `"items":[]}`,
		"a text of a megabyte":              `{"items":[{"title":"` + strings.Repeat("long ", 200_000) + `"}]}`,
		"a number of a hundred thousand":    `{"price":` + strings.Repeat("9", 100_000) + `,"quote":{"last":` + strings.Repeat("9", 100_000) + `}}`,
		"escapes without end":               `{"items":[{"title":"` + strings.Repeat(`\u0041`, 100_000) + `"}]}`,
		"a line of a megabyte":              strings.Repeat("x", 1<<20),
		"columns by the hundred thousand":   repeated("a", ",a", 100_000, "\n"+strings.Repeat(",", 100_000)),
		"rows by the hundred thousand":      repeated("name,price\n", "a,1\n", 100_000, ""),
		"a quote that never ends":           "name,price\n\"" + strings.Repeat("a,b\n", 100_000),
		"a table in tables":                 repeated("", "<table><tr><td>", 3000, "x"),
		"a cell that spans all":             `<table><tr><th>name</th></tr><tr><td rowspan="999999999" colspan="999999999">x</td></tr></table>`,
		"events without end":                "BEGIN:VCALENDAR\r\n" + events.String() + "END:VCALENDAR\r\n",
		"lines that are folded without end": "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:x" + strings.Repeat("\r\n x", 100_000),
		"a calendar in calendars":           strings.Repeat("BEGIN:VCALENDAR\r\n", 30_000),
		"a map of a site that is its own":   `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">` + strings.Repeat("<sitemap><loc>/feed.xml</loc></sitemap>", 500) + `</sitemapindex>`,
		"a map of a site that lies inside":  `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">` + strings.Repeat("<url><loc>http://127.0.0.3/inside</loc></url>", 500) + `</urlset>`,
		"NULs alone":                        strings.Repeat("\x00", 1<<20),
		"blanks alone":                      strings.Repeat(" ", 1<<20),
		"brackets alone":                    strings.Repeat("<", 200_000),
		"ampersands alone":                  strings.Repeat("&", 200_000),
		"quotes alone":                      strings.Repeat(`"`, 200_000),
		"a document in a section of text":   "<rss><channel><item><title><![CDATA[" + strings.Repeat("]]", 200_000),
		"a remark that never ends":          "<!--" + strings.Repeat("--", 200_000),
	}
}

// robotsLies are about robots.txt. Who asks for it may not read the site then;
// nobody else notices.
func robotsLies() []lie {
	lies := []lie{}
	for name, tell := range map[string]func(*exchange){
		"a 500": status(500, ""), "a 429": status(429, "Retry-After: 99999\n"), "a 401": status(401, ""), "a 404": status(404, ""), "a 206": status(206, ""), "a 304": say("HTTP/1.1 304 Not Modified\nConnection: close\n\n"),
		"a page": typed("text/html", "<html><body>Not found</body></html>"), "a redirect in a loop": say(moved(302, "/robots.txt")), "a redirect inside": say(moved(302, "http://127.0.0.3:INSIDE/inside")),
		"a redirect to a stranger": say(moved(301, "STRANGER/robots.txt")), "a reset": reset(""), "garbage": say("garbage\n\n"), "a bomb": coded("gzip", "raw"),
		"rules without end": endlessly(ok+"\n", "Disallow: /x\n"), "a line without end": endlessly(ok+"\nDisallow: /", "x"), "all forbidden": document("User-agent: *\nDisallow: /\n"),
		"rest for years": document("User-agent: *\nCrawl-delay: 99999999999\nAllow: /\n"), "a pattern that takes for ever": document("User-agent: *\nDisallow: /" + strings.Repeat("*a", 5000) + "$\n"),
		"UTF-16": altered("", func([]byte) []byte { return []byte("\xff\xfeU\x00s\x00e\x00r\x00") }), "maps that lie inside": document("Sitemap: http://127.0.0.3/inside\n"),
	} {
		lies = append(lies, lie{name: "robots.txt: " + name, robots: true, tell: tell})
	}
	return append(lies, lie{name: "robots.txt: silence", robots: true, stalls: true, tell: stall("")})
}
