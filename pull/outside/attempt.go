package outside

import (
	"bytes"
	"cmp"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"keypull/pull/words"
)

// attempt is one request on its way, from redirect to redirect.
type attempt struct {
	request   Request
	errand    Errand
	agent     string
	method    string
	url       *url.URL
	header    map[string]string
	body      []byte
	redirects int
	// passing says that a redirect was not for good.
	passing bool
	// status is what the current hop was answered with; zero before that.
	status int
}

func newAttempt(e Errand, r Request, agent string) (*attempt, error) {
	u, err := parseURL(r.URL)
	if err != nil {
		return nil, err
	}
	return &attempt{request: r, errand: e, agent: agent, method: cmp.Or(r.Method, http.MethodGet), url: u, header: r.Header, body: r.Body}, nil
}

const maxURLBytes = 8 << 10

func parseURL(text string) (*url.URL, error) {
	if len(text) > maxURLBytes {
		return nil, &Error{Reason: BadURL, Hint: words.Text{Key: "outside.url_long", Args: words.Args{"max": maxURLBytes}}}
	}
	u, err := url.Parse(text)
	if err != nil {
		// The cause would repeat the URL, which may hold a token.
		return nil, &Error{Reason: BadURL, Hint: words.Text{Key: "outside.url_unreadable"}}
	}
	switch u.Scheme {
	case "http", "https":
	case "":
		return nil, &Error{Reason: BadURL, Hint: words.Text{Key: "outside.url_bare"}}
	default:
		return nil, &Error{Reason: BadURL, Hint: words.Text{Key: "outside.url_scheme", Args: words.Args{"scheme": u.Scheme}}}
	}
	if u.Hostname() == "" {
		return nil, &Error{Reason: BadURL, Hint: words.Text{Key: "outside.url_hostless"}}
	}
	return u, nil
}

// httpRequest makes the HTTP request of this hop.
func (t *attempt) httpRequest() *http.Request {
	req := &http.Request{
		Method: t.method, URL: t.url, Host: t.url.Host,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: make(http.Header, len(t.header)+4),
	}
	if len(t.body) > 0 {
		req.ContentLength = int64(len(t.body))
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(t.body)), nil }
		req.Body, _ = req.GetBody()
	}
	for name, value := range t.header {
		req.Header.Set(name, value)
	}
	t.addOwnHeaders(req)
	return req
}

// addOwnHeaders adds the headers that are the client's own.
func (t *attempt) addOwnHeaders(req *http.Request) {
	req.Header.Del("Host")
	if req.Header.Get("User-Agent") == "" {
		req.Header.Set("User-Agent", t.agent)
	}
	if !t.request.Single {
		req.Header.Set("Accept-Encoding", accepted)
	}
	if t.request.ETag != "" {
		req.Header.Set("If-None-Match", t.request.ETag)
	}
	if t.request.LastModified != "" {
		req.Header.Set("If-Modified-Since", t.request.LastModified)
	}
	if u := t.url.User; u != nil && req.Header.Get("Authorization") == "" {
		password, _ := u.Password()
		req.SetBasicAuth(u.Username(), password)
	}
}

// redirectTarget returns where a response redirects to, or "".
func (t *attempt) redirectTarget(answer *http.Response) string {
	if t.request.Single {
		return ""
	}
	switch answer.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return ""
	}
	next := answer.Header.Get("Location")
	if next == "" {
		return ""
	}
	if s := answer.StatusCode; s != http.StatusMovedPermanently && s != http.StatusPermanentRedirect {
		t.passing = true
	}
	if s := answer.StatusCode; s != http.StatusTemporaryRedirect && s != http.StatusPermanentRedirect && t.method != http.MethodHead {
		t.method, t.body = http.MethodGet, nil
	}
	return next
}

// followRedirect turns the attempt to its next hop, or says why it may not go there.
func (t *attempt) followRedirect(location string) error {
	t.redirects++
	if t.redirects > MaxRedirects {
		return t.redirectError(words.Text{Key: "outside.redirects_many", Args: words.Args{"max": MaxRedirects}})
	}
	ref, err := url.Parse(location)
	if err != nil {
		return t.redirectError(words.Text{Key: "outside.redirects_no_url"})
	}
	to, err := parseURL(t.url.ResolveReference(ref).String())
	if err != nil {
		return t.redirectError(words.Text{Key: "outside.redirects_no_web"})
	}
	if t.url.Scheme == "https" && to.Scheme == "http" {
		return t.redirectError(words.Text{Key: "outside.redirects_open"})
	}
	if !SameHost(t.url, to) {
		if len(t.body) > 0 {
			return t.redirectError(words.Text{Key: "outside.redirects_content"})
		}
		t.header = harmlessHeaders(t.header)
		to.User = nil
	} else if ref.User != nil {
		to.User = t.url.User // who asks does not follow from what a redirect says
	}
	t.url = to
	return nil
}

func (t *attempt) redirectError(hint words.Text) error {
	return &Error{Reason: Redirects, Host: t.url.Host, Hint: hint, Sent: true}
}

// SameHost says whether what was meant for a may be shown to b: the name is one,
// and so is the port, or both are those of the web.
func SameHost(a, b *url.URL) bool {
	if !strings.EqualFold(a.Hostname(), b.Hostname()) {
		return false
	}
	return a.Port() == b.Port() || isWebPort(a) && isWebPort(b)
}

func isWebPort(u *url.URL) bool {
	switch u.Port() {
	case "", "80", "443":
		return true
	}
	return false
}

// harmlessHeaders keeps of a request's own headers those that any host may see.
func harmlessHeaders(header map[string]string) map[string]string {
	kept := map[string]string{}
	for name, value := range header {
		switch http.CanonicalHeaderKey(name) {
		case "Accept", "Accept-Language", "User-Agent":
			kept[name] = value
		}
	}
	return kept
}

// newResponse turns what came back into a plain value.
func (t *attempt) newResponse(of reply, arrived time.Time) Response {
	r := Response{
		Status: of.status, URL: t.request.URL, Header: of.header, Body: of.body,
		ETag: of.header.Get("ETag"), LastModified: of.header.Get("Last-Modified"),
	}
	if !t.request.Single || t.url.User != nil {
		shown := *t.url
		shown.User = nil
		r.URL = shown.String()
	}
	if t.redirects > 0 && !t.passing {
		r.Moved = r.URL
	}
	if of.status == http.StatusNotModified {
		r.ETag = cmp.Or(r.ETag, t.request.ETag)
		r.LastModified = cmp.Or(r.LastModified, t.request.LastModified)
	}
	r.setTimes(arrived)
	return r
}
