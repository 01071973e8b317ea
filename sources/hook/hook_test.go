package hook_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/sources"
	"keypull/sources/hook"
	"keypull/sources/sourcetest"
)

type values = map[string]any

const (
	secret     = "a-secret-of-the-endpoint"
	pushSecret = "whsec_cHVzaGVzLWFyZS1zaWduZWQtd2l0aC10aGlz"
)

// endpoint answers as a publisher's script would, and refuses what is not
// signed.
func endpoint(w http.ResponseWriter, r *http.Request) {
	body := read(r)
	id, stamp := r.Header.Get("Webhook-Id"), r.Header.Get("Webhook-Timestamp")
	seconds, _ := strconv.ParseInt(stamp, 10, 64)
	if r.Header.Get("Webhook-Signature") != sources.Sign(secret, id, stamp, body) || time.Since(time.Unix(seconds, 0)) > 5*time.Minute {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var ask struct {
		Argument, Language string
		Reader             map[string]string
	}
	if json.Unmarshal(body, &ask) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(values{
		"items": []any{
			values{"id": "w-" + ask.Argument, "title": "Weather in " + ask.Argument, "body": "<b>Sunny</b> for " + ask.Reader["city"], "link": "https://example.org/w", "as_of": "2026-03-02T09:59:59+05:30",
				"facts": values{"degrees": 21.5, "wind": 12, "places": []any{"coast", "hills"}}},
			values{"title": "Tomorrow", "text": "Rain."},
		},
		"buttons": []any{values{"label": "More of it", "url": "https://example.org/more"}, values{"label": "News", "keyword": "news"}},
		"next":    []any{"weather tomorrow"},
		"as_of":   "2026-03-02T09:59:59+05:30",
	})
}

var pushes atomic.Int64

// pushOf returns a signed push of a body.
func pushOf(body string) pull.Push {
	p := pull.Push{Method: http.MethodPost, Body: []byte(body), At: time.Now()}
	sign(&p)
	return p
}

// sign signs a push as of its moment.
func sign(p *pull.Push) {
	id, stamp := fmt.Sprintf("push_%d", pushes.Add(1)), strconv.FormatInt(p.At.Unix(), 10)
	p.Header = map[string][]string{
		"Webhook-Id": {id}, "Webhook-Timestamp": {stamp}, "Webhook-Signature": {sources.Sign(settings.Secret(pushSecret), id, stamp, p.Body)},
	}
}

func TestHook(t *testing.T) {
	bad := func(changed values) values {
		v := values{"url": "https://example.org/ask", "secret": secret}
		maps.Copy(v, changed)
		return v
	}
	sourcetest.Run(t, sourcetest.Case{
		Lacks: sourcetest.Because("an endpoint answers one ask, without dates", sourcetest.Zoneless, sourcetest.Ahead, sourcetest.Twins, sourcetest.Dated),
		Kind:  hook.Kind,
		Settings: func(upstream string) map[string]any {
			return values{"url": upstream + "/ask", "secret": secret, "reader": []any{"city"}, "push_secret": pushSecret}
		},
		Upstream: http.HandlerFunc(endpoint),
		Query:    pull.Query{Argument: "Lyon", Count: 1},
		Other:    "Nice",
		Push: func(map[string]any) pull.Push {
			return pushOf(`{"argument": "Lyon", "items": [{"title": "Storm", "text": "Stay inside."}], "as_of": "2026-03-02T10:00:00Z"}`)
		},
		Bad: []sourcetest.Bad{
			{Name: "nothing at all", Settings: values{}, Field: "url"},
			{Name: "no secret", Settings: values{"url": "https://example.org/ask"}, Field: "secret"},
			{Name: "no address", Settings: bad(values{"url": "ftp://example.org"}), Field: "url"},
			{Name: "an escape in the name of the host", Settings: bad(values{"url": "https://%k.example.org/", "dialect": "kannel"}), Field: "url"},
			{Name: "an unknown dialect", Settings: bad(values{"dialect": "xml"}), Field: "dialect"},
			{Name: "a fact of no name", Settings: bad(values{"reader": []any{"City Name"}}), Field: "reader"},
		},
		Hostile: map[string]string{
			"scripts":            `{"items": [{"title": "<script>alert(1)</script>x", "body": "<img src=x onerror=alert(1)>y", "link": "javascript:alert(1)", "media": [{"url": "data:text/html,x"}]}], "buttons": [{"label": "<b>x</b>", "url": "javascript:alert(1)"}, {"label": "x", "send": "o:1:x"}, {"label": "y", "send": "c:forget"}]}`,
			"many items":         `{"items": [` + strings.Repeat(`{"title": "x"},`, 5000) + `{"title": "x"}]}`,
			"many buttons":       `{"text": "x", "buttons": [` + strings.Repeat(`{"label": "x", "send": "y"},`, 5000) + `{"label": "x", "send": "y"}]}`,
			"wrong types":        `{"items": {"title": []}}`,
			"facts of facts":     `{"items": [{"title": {"a": 1}, "text": "x", "facts": {"a": {"b": 1}, "c": [[1]], "d": 1e999, "e": null}}]}`,
			"a card of ManyChat": `{"version": "v2", "content": {"messages": [{"type": "cards", "elements": [{"title": "<i>x</i>", "action_url": "file:///etc/passwd", "image_url": "javascript:1"}]}]}}`,
			"turned around":      `"a \u202e b"`,
		},
	})
}

func TestOtherDialects(t *testing.T) {
	for name, c := range map[string]struct {
		settings values
		answer   string
		kind     string
	}{
		"kannel":   {values{"dialect": "kannel"}, "It is %s today.", "text/plain"},
		"manychat": {values{"dialect": "manychat", "secret": secret}, `{"version": "v2", "content": {"messages": [{"type": "text", "text": "It is %s today."}]}}`, "application/json"},
	} {
		t.Run(name, func(t *testing.T) {
			sourcetest.Run(t, sourcetest.Case{
				Lacks: sourcetest.Because("an answer is a text, read as in the own dialect", sourcetest.Hostile, sourcetest.Zoneless, sourcetest.Ahead, sourcetest.Twins, sourcetest.Dated),
				Kind:  hook.Kind,
				Settings: func(upstream string) map[string]any {
					all := values{"url": upstream + "/cgi?text=%a", "push_secret": pushSecret, "timed": true}
					maps.Copy(all, c.settings)
					return all
				},
				Upstream: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					said := r.URL.Query().Get("text")
					if r.Method == http.MethodPost {
						var ask struct{ Argument string }
						_ = json.Unmarshal(read(r), &ask)
						said = ask.Argument
					}
					w.Header().Set("Content-Type", c.kind)
					_, _ = fmt.Fprintf(w, c.answer, said)
				}),
				Push:  func(map[string]any) pull.Push { return pushOf(`{"argument": "warm", "text": "It is pushed."}`) },
				Query: pull.Query{Argument: "warm", Count: 1}, Other: "cold",
			})
		})
	}
}

func read(r *http.Request) []byte {
	b, _ := io.ReadAll(r.Body)
	return b
}
