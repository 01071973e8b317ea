package sourcetest

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"keypull/pull/settings"
)

// keepsSecrets: what proves who asks goes to the host of the address alone,
// wherever that redirects to.
func (c overHTTP) keepsSecrets(t *testing.T) {
	fields, err := settings.Fields(c.Kind.New())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(fields, func(f settings.Field) bool { return f.Name == "bearer" && f.Type == settings.Hidden }) {
		return
	}
	const secret = "swordfish-3141592653"
	var met, own atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(fmt.Sprint(r.Header, r.URL), secret) {
			met.Add(1)
		}
		c.Upstream.ServeHTTP(w, r)
	}))
	defer other.Close()
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "Bearer "+secret && r.Header.Get("X-Partner") == secret {
			own.Add(1)
		}
		http.Redirect(w, r, other.URL+r.URL.RequestURI(), http.StatusTemporaryRedirect) //nolint:gosec // to the server above
	}))
	defer front.Close()
	values := c.Settings(front.URL)
	for _, other := range []string{"username", "password", "oauth"} {
		delete(values, other)
	}
	values["bearer"] = secret
	headers := map[string]any{"X-Partner": secret}
	if set, ok := values["headers"].(map[string]any); ok {
		maps.Copy(headers, set)
	}
	values["headers"] = headers
	source := Open(t, c.Kind, Env(t, c.Base), values)
	q := c.Query
	q.Count, q.At = max(q.Count, 1), time.Now()
	key, err := source.Key(q)
	if err != nil {
		t.Fatal(err)
	}
	s, err := source.Fetch(t.Context(), key, nil)
	if met.Load() > 0 || own.Load() == 0 {
		t.Errorf("the secret was shown to another host %d times, and to its own %d times", met.Load(), own.Load())
	}
	if text := frozen(t, s) + fmt.Sprint(err); strings.Contains(text, secret) || strings.Contains(key, secret) {
		t.Error("the secret stands in what is kept, or told")
	}
}
