package pages_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"keypull/web/console/pages"
)

func fetch(t *testing.T, method, address string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, address, http.NoBody)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	pages.Static().ServeHTTP(w, r)
	return w
}

func TestStaticFilesAreKeptForEverUnderTheirHash(t *testing.T) {
	for name, kind := range map[string]string{"console.css": "text/css; charset=utf-8", "console.js": "text/javascript; charset=utf-8", "icons.svg": "image/svg+xml", "icon-192.png": "image/png", "manifest.webmanifest": "application/manifest+json"} {
		address := pages.Asset(name)
		if !strings.HasPrefix(address, "/console/static/"+name+"?v=") {
			t.Errorf("%s lies at %s", name, address)
		}
		want, err := fs.ReadFile(os.DirFS("static"), name)
		if err != nil {
			t.Fatal(err)
		}
		w := fetch(t, http.MethodGet, address)
		if w.Code != http.StatusOK || !bytes.Equal(w.Body.Bytes(), want) || w.Header().Get("Content-Type") != kind {
			t.Errorf("%s: %d, %d bytes of %q", name, w.Code, w.Body.Len(), w.Header().Get("Content-Type"))
		}
		if got := w.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("%s: Cache-Control %q", name, got)
		}
		if got := fetch(t, http.MethodGet, pages.StaticPath+name+"?v=old").Header().Get("Cache-Control"); got != "no-cache" {
			t.Errorf("%s under another hash: Cache-Control %q", name, got)
		}
	}
}

func TestStaticFilesAreCompressedWhereThatIsTaken(t *testing.T) {
	plain := fetch(t, http.MethodGet, pages.Asset("console.css"))
	for accept, packed := range map[string]bool{"gzip, br": true, "br;q=1, GZIP;q=0.5": true, "*": true, "gzip;q=0": false, "br": false, "": false} {
		w := fetch(t, http.MethodGet, pages.Asset("console.css"), "Accept-Encoding", accept)
		if got := w.Header().Get("Content-Encoding") == "gzip"; got != packed {
			t.Errorf("%q: compressed %v", accept, got)
		}
		if w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: Vary %q", accept, w.Header().Get("Vary"))
		}
		if !packed {
			continue
		}
		r, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(text, plain.Body.Bytes()) {
			t.Errorf("%q: %d bytes, %v", accept, len(text), err)
		}
		if w.Header().Get("ETag") == plain.Header().Get("ETag") {
			t.Error("both forms have one ETag")
		}
	}
}

func TestStaticFilesAnswerWhatTheyAreAsked(t *testing.T) {
	css := pages.Asset("console.css")
	tag := fetch(t, http.MethodGet, css).Header().Get("ETag")
	for _, tt := range []struct {
		name, method, address string
		header                []string
		status                int
		empty                 bool
	}{
		{"the head alone", http.MethodHead, css, nil, http.StatusOK, true},
		{"the same as before", http.MethodGet, css, []string{"If-None-Match", tag}, http.StatusNotModified, true},
		{"one of many, weakly", http.MethodGet, css, []string{"If-None-Match", `"x", W/` + tag}, http.StatusNotModified, true},
		{"another one", http.MethodGet, css, []string{"If-None-Match", `"x"`}, http.StatusOK, false},
		{"writing", http.MethodPost, css, nil, http.StatusMethodNotAllowed, false},
		{"a file that is none", http.MethodGet, pages.StaticPath + "no.css", nil, http.StatusNotFound, false},
		{"the folder", http.MethodGet, pages.StaticPath, nil, http.StatusNotFound, false},
		{"a way out", http.MethodGet, pages.StaticPath + "../view.go", nil, http.StatusNotFound, false},
		{"a file for people", http.MethodGet, pages.StaticPath + "VENDOR.md", nil, http.StatusNotFound, false},
	} {
		w := fetch(t, tt.method, tt.address, tt.header...)
		if w.Code != tt.status || (w.Body.Len() == 0) != tt.empty {
			t.Errorf("%s: %d with %d bytes", tt.name, w.Code, w.Body.Len())
		}
	}
}

func TestStaticFilesAreSmall(t *testing.T) {
	for name, most := range map[string]int{"console.css": 44 << 10, "console.js": 15 << 10, "session.js": 6 << 10, "passkey.js": 3 << 10, "grid.js": 8 << 10, "grid.css": 2 << 10, "figures.css": 3 << 10, "forms.css": 3 << 10, "forms.js": 3 << 10, "icons.svg": 16 << 10} {
		if got := fetch(t, http.MethodGet, pages.Asset(name)).Body.Len(); got > most {
			t.Errorf("%s has %d bytes, at most %d are wanted", name, got, most)
		}
	}
}

// Whatever a style sheet names as a class, some view, script or page gives to something. Names that end in a number are
// made of their beginning.
func TestEveryStyleIsForSomething(t *testing.T) {
	var told strings.Builder
	for _, pattern := range []string{"views/*.html", "static/*.js", "*.go", "../site/*.go", "../../../pull/settings/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			text, err := os.ReadFile(file) //nolint:gosec // of this repository
			if err != nil {
				t.Fatal(err)
			}
			told.Write(text)
		}
	}
	words := map[string]bool{}
	for _, w := range regexp.MustCompile(`[\w-]+`).FindAllString(told.String(), -1) {
		words[w] = true
	}
	rest, class, number := regexp.MustCompile(`(?s)/\*.*?\*/|\{[^{}]*\}`), regexp.MustCompile(`\.([a-zA-Z][\w-]*)`), regexp.MustCompile(`\d+$`)
	for _, name := range []string{"console.css", "figures.css", "forms.css", "grid.css", "keys.css"} {
		selectors := rest.ReplaceAllString(fetch(t, http.MethodGet, pages.Asset(name)).Body.String(), " ")
		for _, of := range class.FindAllStringSubmatch(selectors, -1) {
			if !words[of[1]] && !words[number.ReplaceAllString(of[1], "")] {
				t.Errorf("%s: nothing is of the class %s", name, of[1])
			}
		}
	}
}
