package sources

import (
	"bytes"
	"context"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"keypull/pull/outside"
	"keypull/pull/what/textform"
)

// fetched is what a discovery has brought, by the addresses that were asked, within
// bounds.
type fetched struct {
	mu    sync.Mutex
	by    map[string]outcome
	bytes int
}

// outcome is what came of an address: a response, or why it could not be had, so that it is not
// asked again.
type outcome struct {
	outside.Response
	err error
}

// findOutcome returns what came of an address; false where it was not asked.
func (f *fetched) findOutcome(address string) (outcome, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	o, known := f.by[address]
	return o, known
}

func (f *fetched) keep(address string, o outcome) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if o.err != nil {
		o.Response = outside.Response{}
	}
	if f.bytes+len(o.Body) > maxKeptBytes {
		return
	}
	for _, at := range []string{address, o.URL} {
		if old, known := f.by[at]; (!known || old.err != nil && o.err == nil) && at != "" {
			f.by[at] = o
			f.bytes += len(o.Body)
		}
	}
}

// answerRequest answers a request as the address did; any other is not found.
func (f *fetched) answerRequest(_ context.Context, r outside.Request) (outside.Response, error) {
	if o, known := f.findOutcome(r.URL); known && o.err == nil {
		o.Body, o.Header = bytes.Clone(o.Body), o.Header.Clone()
		return o.Response, nil
	}
	return outside.Response{Status: http.StatusNotFound, URL: r.URL, Header: http.Header{}}, nil
}

// pagesOf returns the pages of a site that were fetched, in the order of their addresses; none that asks for a password, or
// that an address with a query leads to.
func (f *fetched) pagesOf(site string) (pages []Document) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, at := range slices.Sorted(maps.Keys(f.by)) {
		o := f.by[at]
		d := Document{Address: at, URL: o.URL, Type: o.Header.Get("Content-Type"), Body: o.Body, Fetched: o.Fetched}
		if o.err == nil && at == o.URL && d.IsPage() && SameSite(site, at) && !strings.Contains(at, "?") && !passwordField.Match(d.Body) {
			pages = append(pages, d)
		}
	}
	return pages
}

// robotsOf returns what the robots.txt of a site asks for, if it was fetched.
func (f *fetched) robotsOf(site string) robotsRules {
	u, err := url.Parse(site)
	if err != nil {
		return robotsRules{}
	}
	o, known := f.findOutcome(u.ResolveReference(&url.URL{Path: "/robots.txt"}).String())
	if !known || o.err != nil {
		return robotsRules{}
	}
	return readRobots(o.Body)
}

// allowsAddress reports whether the page at an address may be asked for.
func (r robotsRules) allowsAddress(address string) bool {
	u, err := url.Parse(address)
	return err == nil && r.allowsPath(u.RequestURI())
}

// passwordField is where a page asks for a password.
var passwordField = regexp.MustCompile(`(?i)<input[^>]+type=["']?password`)

// titleParts parts what pages call themselves into the page's own name and the site's.
var titleParts = strings.NewReplacer(" | ", "\x00", " – ", "\x00", " — ", "\x00", " - ", "\x00", " · ", "\x00", " » ", "\x00", " : ", "\x00", ": ", "\x00")

// siteName returns what a site calls itself: as its page says, else the part of its title
// that others of its pages have too or that its address says, else the whole title of its
// front page.
func (f *fetched) siteName(l *landing) string {
	if l.site != "" {
		return l.site
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	const headBytes = 16 << 10
	best, most := "", 1
	parts := strings.Split(titleParts.Replace(l.title), "\x00")
	if len(parts) == 1 && strings.Trim(l.url.Path, "/") == "" {
		best = Line(l.title)
	}
	for _, part := range parts {
		part = Line(part)
		n := 0
		for at, res := range f.by {
			if at == res.URL && part != "" && strings.Contains(ReadHead(Document{Body: res.Body[:min(len(res.Body), headBytes)]}).Title, part) {
				n++
			}
		}
		if said := bareLetters(part); n <= 1 && best == "" && said != "" && strings.Contains(bareLetters(l.url.Hostname()), said) {
			best = part
		}
		if n > most {
			best, most = part, n
		}
	}
	return best
}

// bareLetters returns the letters and digits of a text alone, as they are compared.
func bareLetters(text string) string { return Signless(textform.Fold(text)) }
