package sourcetest

import (
	"bytes"
	"fmt"
	"strings"
)

// documentLies are documents that are not what they should be, changed from
// what they were.
func documentLies() []lie {
	const plainly = "Content-Type: TYPE\n"
	part := func(of, all int) func(*exchange) {
		return altered(plainly, func(b []byte) []byte { return b[:len(b)*of/all] })
	}
	swapped := func(old, with string) func(*exchange) {
		return altered(plainly, func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(old), []byte(with)) })
	}
	return []lie{
		{name: "a tenth of the document", tell: part(1, 10)},
		{name: "half of the document", tell: part(1, 2)},
		{name: "nearly the whole document", tell: part(49, 50)},
		{name: "the document twice", tell: altered(plainly, func(b []byte) []byte { return append(bytes.Clone(b), b...) })},
		{name: "the document behind blanks", tell: altered(plainly, func(b []byte) []byte { return append(bytes.Repeat([]byte(" \n"), 5000), b...) })},
		{name: "the document behind a warning of PHP", tell: altered(plainly, func(b []byte) []byte {
			return append([]byte("<br />\n<b>Warning</b>:  Undefined variable $x in <b>/var/www/index.php</b> on line <b>3</b><br />\n"), b...)
		})},
		{name: "the document before a remark", tell: altered(plainly, func(b []byte) []byte { return append(bytes.Clone(b), "\n<!-- cached by nobody -->"...) })},
		{name: "the document from its end", tell: altered(plainly, func(b []byte) []byte {
			b = bytes.Clone(b)
			for i := range len(b) / 2 {
				b[i], b[len(b)-1-i] = b[len(b)-1-i], b[i]
			}
			return b
		})},
		{name: "a document without quotes", tell: swapped(`"`, "")},
		{name: "a document without ends", tell: swapped("</", "<")},
		{name: "a document whose letters are NULs", tell: swapped("e", "\x00")},
		{name: "a document of one line", tell: swapped("\n", " ")},
		{name: "a document whose numbers are too large", tell: swapped("1", "1e400")},
		{name: "a document whose numbers are none", tell: swapped("5", "NaN")},
		{name: "a document whose years are nought", tell: swapped("2026", "0000")},
		{name: "a document whose years are 9999", tell: swapped("2026", "9999")},
		{name: "a document whose names are others", tell: swapped("t", "T")},
		{name: "a document whose links lead inside", tell: swapped("https://", "http://169.254.169.254/")},
		{name: "a document whose links are scripts", tell: swapped("https://", "javascript:alert(1)//")},
	}
}

// foreignLies are documents of another kind in the place of the one that is
// wanted: most kinds cannot make anything of them, none anything harmful.
func foreignLies() []lie {
	page := func(body string) func(*exchange) {
		return typed("text/html; charset=utf-8", "<!doctype html><html><head><title>Example</title></head><body>"+body+"</body></html>")
	}
	lies := []lie{
		{name: "an error page with a 200", tell: page("<h1>500 Internal Server Error</h1><hr>nginx")},
		{name: "a page to sign in", tell: page(`<h1>Sign in</h1><form action=/login method=post><input name=user><input name=password type=password></form>`)},
		{name: "a page of a hotel's network", tell: page(`<meta http-equiv=refresh content="0; url=http://192.168.1.1/portal"><a href="http://192.168.1.1/portal">Accept the terms</a>`)},
		{name: "a puzzle to solve", tell: page(`<title>Just a moment...</title><noscript>Enable JavaScript and cookies to continue</noscript><script src="/cdn-cgi/challenge-platform/x.js"></script>`)},
		{name: "a page that all is being mended", tell: page("<h1>We will be back soon</h1><p>Scheduled maintenance until 06:00.</p>")},
		{name: "a page for a domain that is for sale", tell: page("<h1>example.org is for sale</h1><a href=https://sedo.example/>Buy it</a>")},
		{name: "a wish for consent", tell: page("<div id=consent>We and our 842 partners value your privacy</div>")},
		{name: "a page whose canonical leads inside", tell: page(`<link rel=canonical href="http://127.0.0.3/inside"><base href="http://127.0.0.3/"><link rel=alternate type="application/rss+xml" href="http://127.0.0.3/inside">`)},
		{name: "a page that is empty", tell: page("")},
		{name: "JSON that tells of an error", tell: typed("application/json", `{"error":{"code":401,"message":"Invalid API key"},"status":"error"}`)},
		{name: "JSON that tells of too many requests", tell: typed("application/json", `{"Note":"Thank you for using our API! Our standard call frequency is 5 calls per minute."}`)},
	}
	for name, text := range map[string]string{
		"null": "null", "true": "true", "a number": "42", "a text in quotes": `"hello"`, "an empty list": "[]", "an empty object": "{}", "a list of nothing": "[null,null]",
		"a word": "OK", "a blank": " ", "a byte": "\x00", "an empty element": "<a/>", "a declaration": `<?xml version="1.0"?>`, "a remark alone": "<!-- nothing -->",
		"a key twice": `{"data":1,"data":{"articles":[]},"items":[],"items":null}`, "NaN": `{"price":NaN,"items":[NaN,Infinity,-Infinity]}`, "a number of 1e400": `{"price":1e400,"quote":{"last":1e400},"items":[1e400]}`,
		"half a surrogate": `{"text":"\ud800","items":[{"title":"\udc00","id":"\ud800"}]}`, "JSON with remarks": "/* x */ {\"a\":1,} // y", "JSON behind a guard": ")]}'\n{\"items\":[]}",
		"a call of JSON": `callback({"items":[]});`, "lines of JSON": "{\"a\":1}\n{\"a\":2}\n", "YAML": "a: &a [*a]\nb: !!python/object/apply:os.system ['id']\n",
		"a feed without entries": `<rss version="2.0"><channel><title>x</title></channel></rss>`, "a feed of Atom without entries": `<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title></feed>`,
		"a calendar without events": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", "a table without rows": "name,price\r\n", "a zip of nothing": "PK\x05\x06" + strings.Repeat("\x00", 18),
		"a picture": "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a PDF": "%PDF-1.7\n\x00\xff\xfe", "a program": "\x7fELF\x02\x01\x01", "a script of a shell": "#!/bin/sh\nrm -rf /\n", "an e-mail": "From: a@example.org\r\nSubject: x\r\n\r\nx",
	} {
		lies = append(lies, lie{name: "in its place " + name, tell: document(text)})
	}
	for _, one := range feedsOfLies() {
		lies = append(lies, lie{name: "a feed " + one[0], tell: typed("application/rss+xml", `<rss version="2.0"><channel><title>x</title>`+one[1]+`</channel></rss>`)})
	}
	return lies
}

// feedsOfLies returns what entries of feeds are made of to mislead.
func feedsOfLies() [][2]string {
	item := func(more string) string { return "<item><title>Lie</title>" + more + "</item>" }
	var same, dates strings.Builder
	for i := range 500 {
		same.WriteString(item("<guid>same</guid><link>https://example.org/same</link>"))
		fmt.Fprintf(&dates, "<item><title>Lie %d</title><guid>%d</guid><pubDate>%s</pubDate></item>", i, i, []string{
			"Sat, 01 Jan 0000 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 30 Feb 2026 25:00:00 +9999", "yesterday", "0", "99999999999999999999",
		}[i%6])
	}
	return [][2]string{
		{"whose entries are all the same", same.String()},
		{"whose dates are those of no calendar", dates.String()},
		{"whose entries have no title", strings.Repeat("<item><guid>g</guid></item>", 20)},
		{"that is its own next page", `<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="next" href="/feed.xml"/>` + item("<guid>a</guid>")},
		{"whose hub lies inside", `<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="hub" href="http://127.0.0.3/inside"/><atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" href="http://127.0.0.3/inside"/>` + item("<guid>a</guid>")},
		{"whose address has moved inside", `<itunes:new-feed-url xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">http://127.0.0.3/inside</itunes:new-feed-url>` + item("<guid>a</guid>")},
		{"whose pictures are bombs", item(`<guid>a</guid><enclosure url="http://127.0.0.3/inside" length="-1" type="image/png"/><enclosure url="data:image/png;base64,AAAA" length="999999999999999999999" type="x"/>`)},
		{"in a feed in a feed", strings.Repeat("<rss><channel><item><title>Lie</title>", 50)},
	}
}
