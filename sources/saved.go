package sources

import (
	"bytes"
	"cmp"
	"html"
	"net/url"
	"path"
	"regexp"
	"strings"
)

// DescribeSaved returns for a document in a file what its server would have told of it:
// where it came from, by the address that it gives itself, else one below
// saved.example that bears the file's name; and what it is written as, by what it
// holds, else by the name. It never fails.
func DescribeSaved(name string, body []byte) (address, contentType string) {
	head := plainHead(body)
	contentType = heldType(head, body, name)
	if contentType == typeHTML {
		said := ReadHead(Document{Body: head})
		if address = cmp.Or(SafeLink("", said.First(Canonical)), SafeLink("", said.First("og:url"))); address != "" {
			return address, contentType
		}
	}
	for _, own := range ownAddresses[contentType] {
		for _, found := range own.FindAllSubmatch(head, maxOwnAddresses) {
			if address = SafeLink("", html.UnescapeString(string(bytes.TrimSpace(found[1])))); address != "" {
				return address, contentType
			}
		}
	}
	return "https://saved.example/" + url.PathEscape(path.Base(strings.ReplaceAll(name, `\`, "/"))), contentType
}

// Bounds of where a document's own address is looked for.
const (
	maxSavedHead    = 256 << 10
	maxOwnAddresses = 4
)

// Media types of what is saved.
const (
	typeHTML = "text/html"
	typeRSS  = "application/rss+xml"
	typeAtom = "application/atom+xml"
	typeXML  = "application/xml"
	typeJSON = "application/json"
)

// ownAddresses are how documents say where they are, best first.
var ownAddresses = map[string][]*regexp.Regexp{
	typeRSS:  feedAddresses,
	typeAtom: feedAddresses,
	typeJSON: {regexp.MustCompile(`"feed_url"\s*:\s*"([^"\\]+)"`), regexp.MustCompile(`"home_page_url"\s*:\s*"([^"\\]+)"`)},
}

var feedAddresses = []*regexp.Regexp{
	regexp.MustCompile(`(?is)<(?:\w+:)?link\b[^>]*\brel\s*=\s*["']self["'][^>]*\bhref\s*=\s*["']([^"']+)`),
	regexp.MustCompile(`(?is)<(?:\w+:)?link\b[^>]*\bhref\s*=\s*["']([^"']+)["'][^>]*\brel\s*=\s*["']self["']`),
	regexp.MustCompile(`(?is)<link>\s*(?:<!\[CDATA\[)?\s*([^<\]]+)`),
	regexp.MustCompile(`(?is)<link\b[^>]*\bhref\s*=\s*["']([^"']+)`),
}

// plainHead returns the beginning of a document as far as it is plain letters: of
// UTF-16 without the zero bytes between them.
func plainHead(body []byte) []byte {
	head := body[:min(len(body), maxSavedHead)]
	if bytes.HasPrefix(head, []byte{0xFF, 0xFE}) || bytes.HasPrefix(head, []byte{0xFE, 0xFF}) || bytes.HasPrefix(head, []byte("<\x00")) || bytes.HasPrefix(head, []byte("\x00<")) {
		head = bytes.ReplaceAll(bytes.TrimLeft(head, "\xFF\xFE"), []byte{0}, nil)
	}
	return bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")))
}

// heldType returns what a document is written as.
func heldType(head, body []byte, name string) string {
	const look = 4 << 10
	begin := bytes.ToLower(head[:min(len(head), look)])
	first := func(marks ...string) int {
		at := -1
		for _, mark := range marks {
			if i := bytes.Index(begin, []byte(mark)); i >= 0 && (at < 0 || i < at) {
				at = i
			}
		}
		return at
	}
	page := first("<html", "<!doctype html", "<head", "<body")
	rss, atom := first("<rss", "<rdf:rdf"), first("<feed")
	switch {
	case bytes.HasPrefix(body, []byte("PK\x03\x04")), bytes.HasPrefix(body, []byte{0x1F, 0x8B}), bytes.HasPrefix(body, []byte("%PDF")):
		return byName(name, "application/octet-stream")
	case bytes.HasPrefix(begin, []byte("begin:vcalendar")):
		return "text/calendar"
	case bytes.HasPrefix(begin, []byte("{")), bytes.HasPrefix(begin, []byte("[")):
		return typeJSON
	case rss >= 0 && (page < 0 || rss < page) && (atom < 0 || rss < atom):
		return typeRSS
	case atom >= 0 && (page < 0 || atom < page):
		return typeAtom
	case page >= 0:
		return typeHTML
	case bytes.HasPrefix(begin, []byte("<?xml")):
		return typeXML
	case bytes.HasPrefix(begin, []byte("<")):
		return byName(name, typeHTML)
	}
	return byName(name, "text/plain")
}

// byName returns what a file's name says that it is written as.
func byName(name, otherwise string) string {
	known := map[string]string{
		".csv": "text/csv", ".tsv": "text/tab-separated-values", ".ics": "text/calendar", ".json": typeJSON, ".xml": typeXML, ".html": typeHTML, ".htm": typeHTML,
		".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".ods": "application/vnd.oasis.opendocument.spreadsheet", ".gz": "application/gzip",
	}
	return cmp.Or(known[strings.ToLower(path.Ext(name))], otherwise)
}
