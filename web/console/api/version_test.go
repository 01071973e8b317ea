package api_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestAVersionGuardsWhatIsReplaced(t *testing.T) {
	const body = `{"source":{"kind":"feed"}}`
	for _, tt := range []struct {
		name, match string
		want        int
		tag         string
	}{
		{"the version", `"7"`, 200, `"8"`},
		{"any", `*`, 200, `"8"`},
		{"one of two, the first", `"7", "1"`, 200, `"8"`},
		{"one of two, the last", `"1","7"`, 200, `"8"`},
		{"one of two, without a blank", `W/"7","7"`, 200, `"8"`},
		{"another version", `"6"`, 412, `"7"`},
		{"others", `"5", "6"`, 412, `"7"`},
		{"a weak one", `W/"7"`, 412, `"7"`},
		{"none", ``, 428, ``},
		{"no quotes", `7`, 400, ``},
		{"half a quote", `"7`, 400, ``},
		{"words between", `"7" and "8"`, 400, ``},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := ask(newAPI(t, newBoard()), "PUT", notesPath+"/a", body, "If-Match", tt.match)
			if w.Code != tt.want || w.Header().Get("ETag") != tt.tag {
				t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
			}
			if tt.want == 412 && !strings.Contains(w.Body.String(), `"current":{"source":`) {
				t.Errorf("what is there now is not told: %s", w.Body)
			}
		})
	}
	h := newAPI(t, newBoard())
	if w := ask(h, "DELETE", notesPath+"/a", "", "If-Match", `"7"`); w.Code != http.StatusNoContent || w.Body.Len() > 0 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := ask(h, "DELETE", notesPath+"/a", "", "If-Match", `"7"`); w.Code != http.StatusNotFound {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestTheVersionThatWasReadGuardsWhatIsWrittenBack(t *testing.T) {
	for _, tt := range []struct {
		name, match, body string
		want              int
	}{
		{"in the body alone", ``, `{"source":{"kind":"feed"},"version":"7","state":"ok"}`, 200},
		{"in both", `"7"`, `{"source":{"kind":"feed"},"version":"7"}`, 200},
		{"another in the body", ``, `{"source":{"kind":"feed"},"version":"6"}`, 412},
		{"the header counts", `"7"`, `{"source":{"kind":"feed"},"version":"6"}`, 200},
		{"the header counts, also where it is wrong", `"6"`, `{"source":{"kind":"feed"},"version":"7"}`, 412},
		{"none in either", ``, `{"source":{"kind":"feed"},"state":"ok"}`, 428},
		{"no version", `"7"`, `{"source":{"kind":"feed"},"version":7}`, 422},
		{"what is told, of another type", `"7"`, `{"source":{"kind":"feed"},"state":7}`, 422},
		{"what is not told", `"7"`, `{"source":{"kind":"feed"},"stat":"ok"}`, 422},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := ask(newAPI(t, newBoard()), "PUT", notesPath+"/a", tt.body, "If-Match", tt.match)
			if w.Code != tt.want {
				t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
			}
		})
	}
}

func TestWhatIsKnownIsNotSentAgain(t *testing.T) {
	h := newAPI(t, newBoard())
	for match, want := range map[string]int{`"7"`: 304, `W/"7"`: 304, `*`: 304, `"1", "7"`: 304, `"6"`: 200, `7`: 200, ``: 200, `"7`: 200} {
		w := ask(h, "GET", notesPath+"/a", "", "If-None-Match", match)
		if w.Code != want || w.Header().Get("ETag") != `"7"` || want == 304 && w.Body.Len() > 0 {
			t.Errorf("%s: %d %v", match, w.Code, w.Header())
		}
	}
	first := ask(h, "GET", "/api/v1/openapi.json", "", "Authorization", "")
	tag := first.Header().Get("ETag")
	if w := ask(h, "GET", "/api/v1/openapi.json", "", "Authorization", "", "If-None-Match", tag); first.Code != 200 || tag == "" || w.Code != 304 {
		t.Errorf("the document: %d, then %d with %s", first.Code, w.Code, tag)
	}
	if w := ask(h, "POST", "/api/v1/openapi.json", ""); w.Code != 405 {
		t.Errorf("the document takes POST: %d", w.Code)
	}
}

// FuzzAnyRequestIsAnswered holds whatever a client writes against the promise
// that it is refused or carried out, and never a failure of the server.
func FuzzAnyRequestIsAnswered(f *testing.F) {
	f.Add("a", "limit=1", `{"source":{"kind":"feed"}}`, `"7"`, "k")
	f.Add("..", "q=%ff&q", `{"source":{"kind":"\u0000"},"count":1e400}`, `W/"`, "")
	f.Add("\x00", "%", strings.Repeat("[", 300), `*,*`, "a b")
	h := newAPI(f, newBoard())
	f.Fuzz(func(t *testing.T, id, query, body, match, key string) {
		for _, method := range []string{"GET", "PUT", "DELETE"} {
			r, err := http.NewRequestWithContext(t.Context(), method, "http://x"+notesPath+"/n", strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			r.URL.Path, r.URL.RawQuery = notesPath+"/"+id, query
			r.Header = http.Header{
				"Authorization": {"Bearer admin"}, "Content-Type": {"application/json"}, "If-Match": {match}, "Idempotency-Key": {key},
			}
			if w := record(h, r); w.Code >= 500 {
				t.Errorf("%s %q %q %q: %d %s", method, id, query, body, w.Code, w.Body)
			}
		}
	})
}
