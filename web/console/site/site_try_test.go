package site_test

import (
	"context"
	"html"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"strings"
	"testing"

	"keypull/pull/catalogue"
	"keypull/pull/words"
	"keypull/web/console"
)

// hasThree has an address make three sources possible, each with its word.
func (r *rig) hasThree() {
	r.trials.found = func(address, _ string) (console.Discovery, error) {
		found := console.Discovery{Address: "https://" + address + "/", Site: "The Harbour Post", Language: "fr-FR", Rehearse: func(context.Context, catalogue.Publisher) (console.Rehearsal, error) { return &knowing{}, nil }}
		for _, word := range []string{"tides", "ferries", "catch", "weather"} {
			found.Found = append(found.Found, console.Found{Kind: "feed", Settings: map[string]any{"url": "https://example.org/" + word}, Phrase: words.Verbatim(word)})
		}
		return found, nil
	}
}

// knowing is a stage whose sources have been fetched.
type knowing struct{ stage }

func (*knowing) Source(context.Context, string, string) console.Held {
	return console.Held{Enough: true}
}

// from sends a request as it comes from an address, to a host.
func (r *rig) from(t *testing.T, method, target, address, host, form string) *httptest.ResponseRecorder {
	t.Helper()
	q := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(form))
	q.RemoteAddr, q.Host = address+":4711", host
	if method == http.MethodPost {
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		q.Header.Set("Origin", "http://"+host)
	}
	w := httptest.NewRecorder()
	r.server.Config.Handler.ServeHTTP(w, q)
	return w
}

func TestAPhoneAnswersThreeWordsOfASiteBeforeAnyAccount(t *testing.T) {
	r := newRig(t)
	r.hasThree()
	visitor := r.stranger()
	visitor.get("/").wants(t, 200, `href="/console/try"`)
	visitor.get("/console/try").wants(t, 200, "Try it with your site")
	page := visitor.post("/console/try", "address", "harbour.example").wants(t, 200, "The Harbour Post", "This is what readers would get", `value="https://harbour.example/"`)
	if n := strings.Count(page.body, "Told by "); n != 3 {
		t.Errorf("the phone answers %d words: %s", n, page.body)
	}
	visitor.post("/console/try", "address", " ").wants(t, http.StatusUnprocessableEntity, `href="#f-address"`)
	if people, err := r.gate.People.All(t.Context()); err != nil || len(people) > 0 {
		t.Errorf("somebody has an account now: %v, %v", people, err)
	}
	r.as("admin")
	visitor.get("/console/try").wants(t, http.StatusNotFound)
	visitor.post("/console/try", "address", "harbour.example").wants(t, http.StatusForbidden)
}

func TestASiteIsTriedFromThisMachineOrByTheFirstOwnersLink(t *testing.T) {
	r := newRig(t, []catalogue.Publisher{}...)
	r.hasThree()
	link, ok, err := r.first()
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	key := path.Base(link)
	for _, tt := range []struct {
		name, address, host, key string
		get, post                int
	}{
		{"this machine", "127.0.0.1", "localhost:8080", "", 200, 200},
		{"this machine by a foreign name", "127.0.0.1", "rebound.example", "", 404, 403},
		{"elsewhere", "192.0.2.7", "localhost:8080", "", 404, 403},
		{"elsewhere, with a wrong key", "192.0.2.7", "localhost:8080", "guessed", 404, 403},
		{"elsewhere, with the first owner's link", "192.0.2.7", "localhost:8080", key, 200, 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if w := r.from(t, http.MethodGet, "/console/try?key="+tt.key, tt.address, tt.host, ""); w.Code != tt.get {
				t.Errorf("the page is answered %d", w.Code)
			}
			// What comes by a foreign name is refused before, as of no page of this server.
			if w := r.from(t, http.MethodPost, "/console/try", tt.address, tt.host, "address=harbour.example&key="+tt.key); w.Code != tt.post {
				t.Errorf("the form is answered %d", w.Code)
			}
		})
	}
	if w := r.from(t, http.MethodGet, "/console/try?key="+key, "192.0.2.7", "localhost:8080", ""); !strings.Contains(w.Body.String(), "/console/welcome/"+key) {
		t.Error("the way on to the account is missing")
	}
	if w := r.from(t, http.MethodGet, "/console/welcome/"+key, "192.0.2.7", "localhost:8080", ""); !strings.Contains(w.Body.String(), "/console/try?key="+key) {
		t.Error("the first owner's page does not lead to it")
	}
	tried := r.from(t, http.MethodPost, "/console/try", "127.0.0.1", "localhost:8080", "address=harbour.example&key="+key).Body.String()
	if next := regexp.MustCompile(`/console/welcome/[^"]*`).FindString(tried); next != "" {
		w := r.from(t, http.MethodGet, html.UnescapeString(next), "127.0.0.1", "localhost:8080", "")
		if body := w.Body.String(); !strings.Contains(body, `value="The Harbour Post"`) || !regexp.MustCompile(`value="fr"[^>]* checked`).MatchString(body) || regexp.MustCompile(`value="en"[^>]* checked`).MatchString(body) {
			t.Errorf("the publisher is not the site that was tried, in its language: %s", body)
		}
	} else {
		t.Error("what was tried leads nowhere")
	}
}
