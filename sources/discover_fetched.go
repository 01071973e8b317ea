package sources

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"sync"

	"keypull/pull/outside"
	"keypull/pull/what/textform"
)

// fetched is what a discovery has brought, by the addresses that were asked, within
// bounds.
type fetched struct {
	mu    sync.Mutex
	by    map[string]outside.Response
	bytes int
	// failed are the addresses that could not be had, which are not asked again.
	failed map[string]error
}

// keepError keeps why an address could not be had.
func (f *fetched) keepError(address string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failed[address] = err
}

// findError returns why an address could not be had; nil for one that was not asked.
func (f *fetched) findError(address string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.failed[address]
}

// isKnown reports whether an address was asked, whatever came of it.
func (f *fetched) isKnown(address string) bool {
	_, known := f.findResponse(address)
	return known || f.findError(address) != nil
}

func (f *fetched) findResponse(address string) (outside.Response, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	res, ok := f.by[address]
	return res, ok
}

func (f *fetched) keepResponse(address string, res outside.Response) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.bytes+len(res.Body) > maxKeptBytes {
		return
	}
	for _, at := range []string{address, res.URL} {
		if _, known := f.by[at]; !known && at != "" {
			f.by[at] = res
			f.bytes += len(res.Body)
		}
	}
}

// answerRequest answers a request as the address did; any other is not found.
func (f *fetched) answerRequest(_ context.Context, r outside.Request) (outside.Response, error) {
	if res, ok := f.findResponse(r.URL); ok {
		res.Body, res.Header = bytes.Clone(res.Body), res.Header.Clone()
		return res, nil
	}
	return outside.Response{Status: http.StatusNotFound, URL: r.URL, Header: http.Header{}}, nil
}

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
