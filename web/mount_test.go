package web_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"keypull/web"
)

// What a handler keeps of a request stays what it was, whatever comes after it
// on the same connection.
func TestAHandlerMayKeepWhatItIsTold(t *testing.T) {
	var kept [][]string
	address := serve(t, web.Options{Consoles: map[string]http.Handler{"/console": http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		kept = append(kept, []string{r.Method, r.URL.Path, r.URL.Query().Get("q"), r.Host, r.Header.Get("X-Word"), r.PostForm.Get("f"), r.RequestURI})
	})}})
	var want [][]string
	for _, word := range []string{"hours", "check", "other", "third"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+address+"/console/"+word+"?q="+word, strings.NewReader("f="+word))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Word", word)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		want = append(want, []string{"POST", "/console/" + word, word, address, word, word, "/console/" + word + "?q=" + word})
	}
	if !slices.EqualFunc(kept, want, slices.Equal) {
		t.Errorf("kept is\n%q\nwant\n%q", kept, want)
	}
}

// TestAPageSaysOnceHowItIsKept holds that what a page says of itself replaces what every
// response says.
func TestAPageSaysOnceHowItIsKept(t *testing.T) {
	address := serve(t, web.Options{Mounts: map[string]http.Handler{"/ask": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/ask/kept" {
			w.Header().Set("Cache-Control", "public, max-age=10")
			w.Header().Set("X-Content-Type-Options", "nosniff")
		}
		_, _ = io.WriteString(w, "page")
	})}})
	for path, want := range map[string]string{"/ask/kept": "public, max-age=10", "/ask/other": "no-store"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if got := response.Header.Values("Cache-Control"); len(got) != 1 || got[0] != want || len(response.Header.Values("X-Content-Type-Options")) != 1 {
			t.Errorf("%s says %q", path, response.Header)
		}
	}
}
