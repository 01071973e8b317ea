package demo

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Visits tells how often one part of the world was asked for.
type Visits struct {
	// Path is the part: "/exchange/quote", "/recipes/…".
	Path string `json:"path"`
	// Upstream counts the requests of keypull, Unchanged those of them that
	// were answered with 304; Browser counts people who followed a link.
	Upstream  int `json:"upstream"`
	Unchanged int `json:"unchanged"`
	Browser   int `json:"browser"`
}

// visits counts requests. Paths are grouped, so that it stays small.
type visits struct {
	mu    sync.Mutex
	parts map[string]*Visits
}

func newVisits() *visits {
	return &visits{parts: map[string]*Visits{}}
}

// countRequest counts a request that was answered with status.
func (v *visits) countRequest(r *http.Request, status int) {
	path := partOf(r.URL.Path)
	v.mu.Lock()
	defer v.mu.Unlock()
	p := v.parts[path]
	if p == nil {
		p = &Visits{Path: path}
		v.parts[path] = p
	}
	if fromBrowser(r) {
		p.Browser++
		return
	}
	p.Upstream++
	if status == http.StatusNotModified {
		p.Unchanged++
	}
}

// listVisits returns the counts by path.
func (v *visits) listVisits() []Visits {
	v.mu.Lock()
	defer v.mu.Unlock()
	all := make([]Visits, 0, len(v.parts))
	for _, p := range v.parts {
		all = append(all, *p)
	}
	slices.SortFunc(all, func(a, b Visits) int { return cmp.Compare(a.Path, b.Path) })
	return all
}

// countUpstream returns the number of keypull's requests to all parts.
func (v *visits) countUpstream() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	total := 0
	for _, p := range v.parts {
		total += p.Upstream
	}
	return total
}

// countAsked returns the number of keypull's requests that somebody's ask can cause:
// the recipes are gone through by a schedule, whoever asks meanwhile.
func (v *visits) countAsked() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	total := 0
	for path, p := range v.parts {
		if !strings.HasPrefix(path, "/recipes/") {
			total += p.Upstream
		}
	}
	return total
}

func (v *visits) resetCounts() {
	v.mu.Lock()
	defer v.mu.Unlock()
	clear(v.parts)
}

// partOf groups a path; all but the known ones share one group.
func partOf(path string) string {
	switch path {
	case "/", "/exchange/quote", "/news/feed.xml", "/news/fr.xml", "/news/de.xml", "/recipes/sitemap.xml":
		return path
	}
	for _, folder := range []string{"/recipes/", "/news/", "/help/"} {
		if strings.HasPrefix(path, folder) {
			return folder + "…"
		}
	}
	return "other"
}

// fromBrowser tells a person's browser from a program by the headers that only
// browsers send.
func fromBrowser(r *http.Request) bool {
	return r.Header.Get("Sec-Fetch-Site") != ""
}

// visit remembers the status of one answer.
type visit struct {
	http.ResponseWriter
	status int
}

// WriteHeader notes the status and passes it on.
func (v *visit) WriteHeader(status int) {
	v.status = status
	v.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (v *visit) Unwrap() http.ResponseWriter { return v.ResponseWriter }
