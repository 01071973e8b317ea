package messengertest

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// api is a platform that takes every message and writes down what it got.
type api struct {
	url string
	mu  sync.Mutex
	all [][]string
}

// serve answers every request that carries a message with a status and a body.
func (c Case) serve(t T, status int, body string) *api {
	t.Helper()
	a := &api{}
	a.url = c.stand(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c.Aside != nil {
			if answer, aside := c.Aside(r); aside {
				_, _ = io.WriteString(w, answer)
				return
			}
		}
		said := leaves(r)
		a.mu.Lock()
		a.all = append(a.all, said)
		a.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		if status == http.StatusTooManyRequests {
			w.Header().Set("Retry-After", strconv.Itoa(retrySeconds))
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	return a
}

// stand has a handler be the platform, and returns where.
func (c Case) stand(t T, platform http.Handler) (url string) {
	t.Helper()
	if c.Bridge != nil {
		return "tcp://" + c.Bridge(t, platform)
	}
	server := httptest.NewServer(platform)
	t.Cleanup(server.Close)
	return server.URL
}

// once fails where a message went out in more than one request: it would arrive as
// often.
func (a *api) once(t T) {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.all) > 1 {
		t.Errorf("one short message goes out in %d requests: when to try again is decided elsewhere", len(a.all))
	}
}

// taken returns what came since it was last asked, all requests as one.
func (a *api) taken() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := slices.Concat(a.all...)
	a.all = nil
	return all
}

// leaves returns all texts that a request is made of: steps of its path, values of
// its query and header, and of its body as JSON, form, XML or plain text.
func leaves(r *http.Request) []string {
	var all []string
	for step := range strings.SplitSeq(r.URL.EscapedPath(), "/") {
		if text, err := url.PathUnescape(step); err == nil {
			all = append(all, text)
		}
	}
	for _, values := range r.URL.Query() {
		all = append(all, values...)
	}
	for name, values := range r.Header {
		if !slices.Contains([]string{"User-Agent", "Content-Type", "Content-Length", "Accept-Encoding"}, name) {
			all = append(all, values...)
		}
	}
	body, _ := io.ReadAll(r.Body)
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case kind == "application/x-www-form-urlencoded":
		form, _ := url.ParseQuery(string(body))
		for _, values := range form {
			all = append(all, values...)
			for _, v := range values {
				all = append(all, within(v)...)
			}
		}
	case kind == "multipart/form-data":
		all = append(all, parts(body, params["boundary"])...)
	case strings.HasSuffix(kind, "xml"):
		all = append(all, texts(body)...)
	case strings.HasPrefix(kind, "text/"):
		all = append(all, string(body))
	default:
		all = append(all, within(string(body))...)
	}
	return all
}

// within returns the values of a text that is JSON.
func within(text string) []string {
	return values(parsed([]byte(text)))
}

func values(v any) []string {
	switch v := v.(type) {
	case map[string]any:
		var all []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			all = append(all, values(v[key])...)
		}
		return all
	case []any:
		var all []string
		for _, inner := range v {
			all = append(all, values(inner)...)
		}
		return all
	case string:
		// A value that is JSON itself says what is in it.
		return append(object(v), v)
	case nil:
		return nil
	}
	return []string{fmt.Sprint(v)}
}

// object returns the values of a text that is an object or list of JSON.
func object(text string) []string {
	if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		return within(text)
	}
	return nil
}

func parts(body []byte, boundary string) (all []string) {
	for r := multipart.NewReader(bytes.NewReader(body), boundary); ; {
		p, err := r.NextPart()
		if err != nil {
			return all
		}
		text, _ := io.ReadAll(p)
		all = append(all, string(text))
		all = append(all, object(string(text))...)
	}
}

func texts(body []byte) (all []string) {
	for d := xml.NewDecoder(bytes.NewReader(body)); ; {
		token, err := d.Token()
		if err != nil {
			return all
		}
		switch token := token.(type) {
		case xml.CharData:
			all = append(all, string(token))
		case xml.StartElement:
			for _, a := range token.Attr {
				all = append(all, a.Value)
			}
		}
	}
}

// says reports whether one of the texts has another in it, its lines perhaps
// broken as HTML breaks them.
func says(all []string, text string) bool {
	return slices.ContainsFunc(all, func(leaf string) bool {
		return strings.Contains(leaf, text) || strings.Contains(strings.ReplaceAll(leaf, "<br>", "\n"), text)
	})
}

// names reports whether the texts name an address: one of them is it, or has it
// as a word; of an address that is made of several, each is named.
func names(all []string, address string) bool {
	if slices.ContainsFunc(all, func(leaf string) bool { return word(leaf, address) }) {
		return true
	}
	pieces := strings.FieldsFunc(address, func(r rune) bool { return r == '/' || r == '|' || r == ' ' })
	return len(pieces) > 1 && !slices.ContainsFunc(pieces, func(p string) bool { return !names(all, p) })
}

// word reports whether a text has another in it that neither begins nor ends
// within a longer word.
func word(text, part string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], part)
		if i < 0 {
			return false
		}
		from, to := at+i, at+i+len(part)
		before, after := []rune(text[:from]), []rune(text[to:])
		if (len(before) == 0 || !inWord(before[len(before)-1])) && (len(after) == 0 || !inWord(after[0])) {
			return true
		}
		at = from + 1
	}
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// noURL and reader make a request of a response, to be read by leaves.
func noURL() *url.URL { return &url.URL{} }

func reader(body []byte) io.ReadCloser { return io.NopCloser(bytes.NewReader(body)) }
