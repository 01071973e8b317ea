package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// exchangeOf answers for each symbol that it lists, and 404 for all others.
func exchangeOf(t *testing.T, unlisted ...string) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		symbol := r.URL.Query().Get("s")
		if slices.Contains(unlisted, symbol) {
			http.NotFound(w, r)
			return
		}
		_, _ = fmt.Fprintf(w, `{"symbol": %q, "price": 512.35}`, symbol)
	}))
	t.Cleanup(server.Close)
	return server
}

// longList returns a file of so many symbols, and WIPRO.
func longList(t *testing.T, n int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("symbol,name\n")
	for i := range n {
		fmt.Fprintf(&b, "S%05d,Company number %d\n", i, i)
	}
	b.WriteString("WIPRO,Wipro Limited\n")
	path := filepath.Join(t.TempDir(), "symbols.csv")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// askOnce returns what a command that asks prints.
func askOnce(t *testing.T, path string, text ...string) string {
	t.Helper()
	code, out, errs := command(t.Context(), append([]string{"ask", "-c", path}, text...)...)
	if code != 0 {
		t.Fatalf("ask %q ended with %d: %s", text, code, errs)
	}
	return out
}

func TestWhatLiesOnThisMachineIsKnownAtOnce(t *testing.T) {
	exchange := exchangeOf(t, "S00042")
	folder := t.TempDir()
	page := `<script type="application/ld+json">{"@type":"Recipe","name":"Pumpkin soup","recipeIngredient":["1 pumpkin"],"recipeInstructions":["Cook it."]}</script>`
	table := filepath.Join(folder, "lines.csv")
	for name, text := range map[string]string{filepath.Join(folder, "soup.html"): page, table: "title,summary\nAirport Express,Every ten minutes\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	blocks := []string{
		sourceBlock("quotes", "quote", `deadline = "30s"`, fmt.Sprintf("url = %q", exchange.URL+"/?s={symbol}"), `price = "price"`, fmt.Sprintf("symbols_file = %q", longList(t, 15_000))),
		keywordBlock("quote", "quotes", `argument = "required"`, "bare = true"),
		sourceBlock("dishes", "recipe", `deadline = "30s"`, fmt.Sprintf("folder = %q", folder)),
		keywordBlock("recipe", "dishes", `argument = "optional"`, "bare = true"),
		sourceBlock("lines", "table", `deadline = "30s"`, fmt.Sprintf("file = %q", table), `key = "title"`),
		keywordBlock("line", "lines", `argument = "optional"`, "bare = true"),
	}
	asks := map[string]string{"WIPRO": "512.35", "wipro limited": "512.35", "pumpkin soup": "Cook it.", "airport express": "Every ten minutes",
		"quote S00042": "There is no “S00042” in “quote”.", "no such thing": "I don't know"}
	path := writeConfig(t, blocks...)
	for text, want := range asks {
		if got := askOnce(t, path, text); !strings.Contains(got, want) {
			t.Errorf("one ask of %q is answered %q", text, got)
		}
	}
	s := serveConfig(t, append(blocks, chatBlock())...)
	eventually(t, "it is ready", func() bool {
		return request(t, http.MethodGet, s.URL+"/readyz", "", nil).status == http.StatusOK
	})
	for text, want := range asks {
		in, _ := json.Marshal(map[string]string{"text": text})
		if got := request(t, http.MethodPost, s.URL+"/chat/lecker/web/messages", string(in), jsonHeader); !strings.Contains(got.body, want) {
			t.Errorf("once it is ready %q is answered %s", text, got.body)
		}
	}
}

func TestAListThatIsFetchedIsNotWaitedFor(t *testing.T) {
	exchange := exchangeOf(t)
	held, release := make(chan struct{}), make(chan struct{})
	list := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(held)
		<-release
		_, _ = w.Write([]byte(`[{"symbol":"WIPRO","name":"Wipro Limited"}]`))
	}))
	t.Cleanup(list.Close)
	s := serveConfig(t, sourceBlock("quotes", "quote", "", fmt.Sprintf("url = %q", exchange.URL+"/?s={symbol}"), `price = "price"`, fmt.Sprintf("symbols_url = %q", list.URL)),
		keywordBlock("quote", "quotes", `argument = "required"`, "bare = true"), chatBlock())
	<-held
	ask := func(text string) string {
		in, _ := json.Marshal(map[string]string{"text": text})
		return request(t, http.MethodPost, s.URL+"/chat/lecker/web/messages", string(in), jsonHeader).body
	}
	if got := request(t, http.MethodGet, s.URL+"/readyz", "", nil); got.status != http.StatusOK {
		t.Errorf("it is not ready: %s", got.body)
	}
	for _, text := range []string{"wipro", "quote wipro", "quote Wipro Limited"} {
		if got := ask(text); !strings.Contains(got, "The list of “quote” is still being read. Please ask again in a minute.") {
			t.Errorf("meanwhile %q is answered %s", text, got)
		}
	}
	close(release)
	eventually(t, "the list is there", func() bool { return strings.Contains(ask("wipro"), "512.35") })
}
