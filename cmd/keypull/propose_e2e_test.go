package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"keypull/cmd/keypull/cli"
)

// siteOf serves a folder of testdata/sites as a site of its own, whose events are
// of the next year.
func siteOf(t *testing.T, name string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := filepath.Join("testdata", "sites", name, filepath.Clean("/"+r.URL.Path))
		if i, err := os.Stat(path); err == nil && i.IsDir() {
			path = filepath.Join(path, "index.html")
		}
		page, err := os.ReadFile(path) //nolint:gosec // below the folder of the test's own
		if err != nil {
			http.NotFound(w, r)
			return
		}
		kind := map[string]string{".xml": "application/xml", ".ics": "text/calendar", ".csv": "text/csv", ".json": "application/json", ".txt": "text/plain"}[filepath.Ext(path)]
		w.Header().Set("Content-Type", cmp.Or(kind, "text/html")+"; charset=utf-8")
		_, _ = fmt.Fprint(w, strings.NewReplacer("BASE", "http://"+r.Host, "YEAR", strconv.Itoa(time.Now().Year()+1)).Replace(string(page)))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// asTOML writes a document within one line.
func asTOML(v any) string {
	switch v := v.(type) {
	case map[string]any:
		var all []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			all = append(all, fmt.Sprintf("%q = %s", name, asTOML(v[name])))
		}
		return "{ " + strings.Join(all, ", ") + " }"
	case []any:
		var all []string
		for _, one := range v {
			all = append(all, asTOML(one))
		}
		return "[" + strings.Join(all, ", ") + "]"
	}
	b, _ := json.Marshal(v) // of a text, a number or a truth value
	return string(b)
}

// TestWhatASiteTellsOfItselfIsProposed asks sites of different make what they are
// good for, publishes what is proposed as it stands, and asks for it.
func TestWhatASiteTellsOfItselfIsProposed(t *testing.T) {
	for name, c := range map[string]struct {
		// proposed are kinds with the first words to ask by, also with further ones;
		// answers what is in the answer to some words.
		proposed, also []string
		answers        map[string][]string
	}{
		"town": {
			[]string{"page events", "page questions"}, []string{"page veranstaltungen"},
			map[string][]string{"veranstaltungen": {"Brunnenfest", "11:00", "Orgelkonzert"}, "veranstaltungen brunnenfest": {"Marktplatz", "11:00"}, "questions": {"Reisepass"}},
		},
		"kitchen": {[]string{"recipe soups"}, nil, map[string][]string{"soups pea soup": {"Pea soup", "400 g peas"}}},
		"shop":    {[]string{"page kerzen"}, nil, map[string][]string{"kerzen": {"Bienenwachskerze", "14.90"}}},
		"museum": {
			[]string{"page events", "page questions"}, []string{"page what is on"},
			map[string][]string{"what is on": {"Salt and Silt", "Mudlark walk"}, "events salt": {"Hall 2"}, "questions": {"dog"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			bare := writeConfig(t)
			code, out, failed := command(t.Context(), "source", "discover", "--json", "-c", bare, siteOf(t, name)+"/")
			var found struct{ Sources, Keywords []map[string]any }
			if err := json.Unmarshal([]byte(out), &found); err != nil || code != cli.Done {
				t.Fatalf("%d, %v: %s%s", code, err, out, failed)
			}
			var blocks, proposed, further []string
			for i, s := range found.Sources {
				blocks = append(blocks, "\n[[publisher.source]]\n")
				for field, v := range s {
					blocks = append(blocks, field+" = "+asTOML(v)+"\n")
				}
				if s["kind"] == "archive" {
					continue
				}
				phrases, _ := found.Keywords[i]["phrases"].(map[string]any)
				for _, all := range phrases {
					list, _ := all.([]any)
					proposed = append(proposed, fmt.Sprint(s["kind"], " ", list[0]))
					for _, phrase := range list[1:] {
						further = append(further, fmt.Sprint(s["kind"], " ", phrase))
					}
				}
			}
			for _, want := range c.proposed {
				if !slices.Contains(proposed, want) {
					t.Errorf("%q is not proposed, but %q", want, proposed)
				}
			}
			for _, want := range c.also {
				if !slices.Contains(further, want) {
					t.Errorf("%q is none of the further words %q", want, further)
				}
			}
			for _, k := range found.Keywords {
				blocks = append(blocks, "\n[[publisher.keyword]]\n")
				for field, v := range k {
					blocks = append(blocks, field+" = "+asTOML(v)+"\n")
				}
			}
			path := writeConfig(t, append(blocks, chatBlock())...)
			if code, out, failed := command(t.Context(), "check", "-c", path); code != cli.Done {
				t.Errorf("what is proposed is not published as it stands: %d, %s%s", code, out, failed)
			}
			for words, want := range c.answers {
				_, answer, _ := command(t.Context(), "ask", "-c", path, words)
				for _, part := range want {
					if !strings.Contains(answer, part) {
						t.Errorf("%q is answered %q, without %q", words, answer, part)
					}
				}
			}
		})
	}
}

// TestEachTableOfASiteIsProposedOnce holds that a table of days is another thing than one of prices of
// the same names, that the text around a table is none beside it, and that what is called as a command
// of the service is asked for by what its rows are.
func TestEachTableOfASiteIsProposedOnce(t *testing.T) {
	for at, want := range map[string][]string{
		"/":          {"feed news", "table share prices", "page earnings calendar", "table subscribe prices", "feed news share prices"},
		"/earnings/": {"page events", "feed news", "table share prices", "table subscribe prices", "feed news share prices"},
	} {
		if got := proposedAt(t, siteOf(t, "ledger")+at); !slices.Equal(got, want) {
			t.Errorf("proposed for %s are %q, want %q", at, got, want)
		}
	}
}

// proposedAt returns the kinds of what is proposed for an address, each with its first word, beside the archive of all pages.
func proposedAt(t *testing.T, address string) (all []string) {
	t.Helper()
	code, out, failed := command(t.Context(), "source", "discover", "--json", "-c", writeConfig(t), address)
	var found struct{ Sources, Keywords []map[string]any }
	if err := json.Unmarshal([]byte(out), &found); err != nil || code != cli.Done {
		t.Fatalf("%d, %v: %s%s", code, err, out, failed)
	}
	for i, s := range found.Sources {
		if s["kind"] == "archive" {
			continue
		}
		phrases, _ := found.Keywords[i]["phrases"].(map[string]any)
		list, _ := phrases["en"].([]any)
		all = append(all, fmt.Sprint(s["kind"], " ", list[0]))
	}
	return all
}

// TestASiteThatIsReadSlowlyIsTriedAtOnce holds that what was fetched for discovery is tried without the pauses that a site wants
// between its pages: its archive is proposed all the same.
func TestASiteThatIsReadSlowlyIsTriedAtOnce(t *testing.T) {
	site, _ := url.Parse(siteOf(t, "ledger"))
	pages := httputil.NewSingleHostReverseProxy(site)
	pages.ErrorHandler = func(http.ResponseWriter, *http.Request, error) {} // of requests that discovery takes back
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			_, _ = fmt.Fprintln(w, "User-agent: *\nCrawl-delay: 60")
			return
		}
		pages.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	code, out, failed := command(t.Context(), "source", "discover", "--json", "-c", writeConfig(t), server.URL)
	if code != cli.Done || !strings.Contains(out, `"archive"`) {
		t.Errorf("%d, no archive in %s%s", code, out, failed)
	}
}

// TestWhatAPageListsOnceMoreIsNotProposed holds that neither the page that lists what a feed or
// recipes tell is a thing of its own, nor the parts of a page that is one recipe.
func TestWhatAPageListsOnceMoreIsNotProposed(t *testing.T) {
	for at, want := range map[string][]string{
		"/":                      {"feed news", "recipe recipes"},
		"/recipes.html":          {"recipe recipe", "feed news"},
		"/recipes/tiramisu.html": {"recipe tiramisu", "feed news", "recipe recipes"},
	} {
		t.Run(at, func(t *testing.T) {
			if got := proposedAt(t, siteOf(t, "courier")+at); !slices.Equal(got, want) {
				t.Errorf("proposed are %q, want %q", got, want)
			}
		})
	}
}
