package telegram_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// call is one request that the stand-in for the Bot API got.
type call struct {
	Method string
	Body   string
}

// api stands in for the Bot API: it answers each method with what is left of
// its script, then with success.
type api struct {
	URL    string
	mu     sync.Mutex
	calls  []call
	script map[string][]string
	came   chan call
}

func newAPI(t testing.TB, script map[string][]string) *api {
	t.Helper()
	a := &api{script: script, came: make(chan call, 1000)}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	a.URL = server.URL
	return a
}

// ServeHTTP answers one call; the status is the answer's error_code.
func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	method, ok := strings.CutPrefix(r.URL.Path, "/bot"+token+"/")
	if err != nil || !ok || r.Header.Get("Content-Type") != "application/json" {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	answer := `{"ok":true,"result":true}`
	a.mu.Lock()
	a.calls = append(a.calls, call{method, string(body)})
	if left := a.script[method]; len(left) > 0 {
		answer, a.script[method] = left[0], left[1:]
	}
	a.mu.Unlock()
	a.came <- call{method, string(body)}
	if answer == "hang" {
		<-r.Context().Done()
		return
	}
	var head struct {
		Code int `json:"error_code"`
	}
	if json.Unmarshal([]byte(answer), &head) == nil && head.Code > 0 {
		w.WriteHeader(head.Code)
	}
	_, _ = io.WriteString(w, answer)
}

func (a *api) all() []call {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]call(nil), a.calls...)
}

func (a *api) methods() []string {
	var out []string
	for _, c := range a.all() {
		out = append(out, c.Method)
	}
	return out
}

// await returns the next call of a method.
func (a *api) await(t testing.TB, method string) call {
	t.Helper()
	for {
		select {
		case c := <-a.came:
			if c.Method == method {
				return c
			}
		case <-t.Context().Done():
			t.Fatalf("%s was not called", method)
		}
	}
}
