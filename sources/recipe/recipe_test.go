package recipe_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/sources/recipe"
	"keypull/sources/sourcetest"
)

var update = flag.Bool("update", false, "write the golden files")

type values = map[string]any

var fetched = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func TestRecipe(t *testing.T) {
	page := read(t, "yoast.html")
	sourcetest.Run(t, sourcetest.Case{
		Lacks: sourcetest.Because("recipes are no news: a page has one, or has them numbered", sourcetest.Place, sourcetest.Zoneless, sourcetest.Ahead, sourcetest.Twins, sourcetest.Order),
		Dated: func(at ...time.Time) string {
			var all []string
			for _, when := range at {
				all = append(all, fmt.Sprintf(`{"@type":"Recipe","name":"Tiramisu %d","datePublished":%q}`, when.Unix(), when.Format(time.RFC3339)))
			}
			return `<script type="application/ld+json">[` + strings.Join(all, ",") + `]</script>`
		},
		Kind:       recipe.Kind,
		Settings:   func(upstream string) map[string]any { return values{"urls": []any{upstream + "/tiramisu/"}} },
		Upstream:   http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(page) }),
		Query:      pull.Query{Argument: "tiramisu", Count: 1},
		Discovered: discovered(page),
		Bad: []sourcetest.Bad{
			{Name: "nothing", Settings: values{}, Field: "urls"},
			{Name: "two of them", Settings: values{"urls": []any{"https://a.example"}, "folder": "x"}, Field: "urls"},
			{Name: "a page that is none", Settings: values{"urls": []any{"javascript:x"}}, Field: "urls"},
			{Name: "a sitemap that is none", Settings: values{"sitemap": "sitemap.xml"}, Field: "sitemap"},
		},
		Hostile: map[string]string{
			"scripts and bad links": `<script type="application/ld+json">{"@type":"Recipe","name":"<script>alert(1)<\/script>X &lt;img src=x&gt;","url":"javascript:alert(1)","image":"data:image/png,x","recipeIngredient":["<a href=javascript:x>a</a>\u202e"],"recipeInstructions":"<svg onload=x>y</svg>z","recipeYield":"<b>4</b>"}</script>`,
			"wrong types":           `{"@type":"Recipe","name":["N"],"recipeIngredient":{"a":1},"recipeInstructions":7,"image":[[["x"]]],"totalTime":{},"recipeYield":[[]],"url":{"url":{}}}`,
			"deep lists":            `{"@type":"Recipe","name":"N","recipeInstructions":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`,
			"a step within itself":  `{"@graph":[{"@id":"#s","itemListElement":{"@id":"#s"}},{"@type":"Recipe","name":"N","recipeInstructions":{"@id":"#s"}}]}`,
			"many recipes":          `[` + strings.Repeat(`{"@type":"Recipe","name":"N"},`, 5000) + `{}]`,
		},
	})
}

func TestRecipesOfAFolder(t *testing.T) {
	sourcetest.Run(t, sourcetest.Case{
		Kind: recipe.Kind, Base: "testdata",
		Settings: func(string) map[string]any { return values{"folder": "."} },
		Query:    pull.Query{Argument: "soup", Count: 1},
		Bad:      []sourcetest.Bad{{Name: "no folder", Settings: values{"folder": ""}, Field: "urls"}},
	})
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name)) //nolint:gosec // a file of this folder
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// saved opens a book of one page whose client answers with a document.
func saved(t testing.TB, text []byte, languages ...string) pull.Source {
	t.Helper()
	env := sourcetest.Env(t, "")
	if len(languages) > 0 {
		env.Languages = languages
	}
	env.Client = outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
		return outside.Response{Status: 200, URL: r.URL, Header: http.Header{}, Body: text, Fetched: fetched}, nil
	}})
	return sourcetest.Open(t, recipe.Kind, env, values{"urls": []any{"https://site.example/page"}})
}

func TestGoldenPages(t *testing.T) {
	for _, name := range []string{"yoast.html", "broken.html", "list.json", "plain-text.html"} {
		t.Run(name, func(t *testing.T) {
			s, err := saved(t, read(t, name)).Fetch(t.Context(), "book", nil)
			if err != nil {
				t.Fatal(err)
			}
			sourcetest.Inspect(t, s.Items)
			golden(t, name, s.Items)
		})
	}
}

func golden(t *testing.T, name string, v any) {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name+".want")
	if *update {
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path) //nolint:gosec // a file of this folder
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

func TestReplies(t *testing.T) {
	source := saved(t, read(t, "yoast.html"))
	s, err := source.Fetch(t.Context(), "book", nil)
	if err != nil {
		t.Fatal(err)
	}
	replies := map[string]pull.Reply{}
	for _, language := range []string{"en", "fr", "de"} {
		replies[language] = source.(pull.Speaker).Say(s.Items, pull.Voice{Language: language, Zone: time.UTC, At: fetched})
	}
	golden(t, "replies.json", replies)
}

func TestRecipesAreFoundByName(t *testing.T) {
	items := []what.Item{
		{ID: "https://x.example/2", Title: "Crème brûlée à la vanille"},
		{ID: "https://x.example/1", Title: "Crème brûlée", Facts: what.Facts{{Name: "alternate_names", Kind: what.List, List: []string{"Burnt cream"}}}},
		{ID: "https://x.example/3", Title: "Apple pie"},
	}
	source := saved(t, nil)
	for argument, want := range map[string]string{
		"https://x.example/2": "2", "creme brulee": "1", "BURNT CREAM": "1", "vanille creme": "2", "creme": "1,2", "brul": "1,2", "pie": "3", "pizza": "", "": "2,1,3", "?": "",
	} {
		found, err := source.Select(t.Context(), pull.Snapshot{Items: items}, pull.Query{Argument: argument, Count: 5})
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, it := range found.Items {
			ids = append(ids, it.ID[len(it.ID)-1:])
		}
		if got := strings.Join(ids, ","); got != want {
			t.Errorf("%q finds %q; want %q", argument, got, want)
		}
	}
	terms := source.(pull.Vocabulary).Terms(&pull.Snapshot{Items: items})
	want := what.Term{Value: "Crème brûlée", Names: []string{"Crème brûlée", "Burnt cream"}}
	if diff := cmp.Diff(want, terms[1]); diff != "" {
		t.Error(diff)
	}
}

func TestARecipeIsSpokenOfInItsOwnLanguage(t *testing.T) {
	source := saved(t, []byte(`<script type="application/ld+json">[
		{"@type":"Recipe","@id":"#a","url":"https://site.example/a","name":"Grüne Soße","inLanguage":"de-DE","recipeIngredient":["Kräuter"]},
		{"@type":"Recipe","@id":"#b","url":"https://site.example/b","name":"Sauce verte","inLanguage":"FR","recipeIngredient":["herbes"]},
		{"@type":"Recipe","@id":"#c","url":"https://site.example/c","name":"Sauce","inLanguage":"English","recipeIngredient":["herbs"]},
		{"@type":"Recipe","@id":"#d","url":"https://site.example/d","name":"소스","inLanguage":"ko","recipeIngredient":["허브"]}]</script>`))
	s, err := source.Fetch(t.Context(), "book", nil)
	if err != nil || len(s.Items) != 4 {
		t.Fatal(err, s.Items)
	}
	for _, tt := range []struct{ reader, argument, title, label string }{
		{"en", "", "Grüne Soße", "Zutaten"}, {"fr", "", "Sauce verte", "Ingrédients"}, {"de", "", "Grüne Soße", "Zutaten"},
		{"de", "sauce verte", "Sauce verte", "Ingrédients"}, {"fr", "sauce verte", "Sauce verte", "Ingrédients"},
		// A language that is not known, or that nobody is served in, is the reader's.
		{"fr", "sauce", "Sauce", "Ingrédients"}, {"de", "sauce", "Sauce", "Zutaten"}, {"de", "소스", "소스", "Zutaten"},
	} {
		found, err := source.Select(t.Context(), s, pull.Query{Argument: tt.argument, Count: 1, Language: tt.reader})
		if err != nil || len(found.Items) != 1 {
			t.Fatal(tt, err, found)
		}
		blocks := source.(pull.Speaker).Say(found.Items, pull.Voice{Language: tt.reader, Zone: time.UTC, At: fetched}).Blocks
		if blocks[0].Text != tt.title || !slices.ContainsFunc(blocks, func(b pull.Block) bool { return b.Text == tt.label }) {
			t.Errorf("%s, %q: %+v", tt.reader, tt.argument, blocks)
		}
	}
}

func page(name string) string {
	return fmt.Sprintf(`<script type="application/ld+json">{"@type":"Recipe","name":%q,"recipeIngredient":["x"]}</script>`, name)
}

func FuzzPage(f *testing.F) {
	for _, name := range []string{"yoast.html", "broken.html", "list.json", "plain-text.html"} {
		f.Add(read(f, name))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := saved(t, text).Fetch(context.Background(), "book", nil)
		if err != nil {
			var e *pull.Error
			if !errors.As(err, &e) || e.Hint.IsZero() || strings.Contains(err.Error(), "panic") {
				t.Errorf("the error is %v", err)
			}
			return
		}
		sourcetest.Inspect(t, s.Items)
	})
}

func FuzzSitemap(f *testing.F) {
	f.Add([]byte("<urlset><url><loc>https://x.example/a</loc><lastmod>2026</lastmod></url></urlset>"))
	f.Add([]byte("<sitemapindex><sitemap><loc>//x/a</loc></sitemap></sitemapindex>"))
	f.Fuzz(func(t *testing.T, text []byte) {
		env := sourcetest.Env(t, "")
		env.Client = outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
			body := text
			if r.URL != "https://x.example/sitemap.xml" {
				body = []byte(page("N"))
			}
			return outside.Response{Status: 200, URL: r.URL, Header: http.Header{}, Body: body, Fetched: fetched}, nil
		}})
		source := sourcetest.Open(t, recipe.Kind, env, values{"sitemap": "https://x.example/sitemap.xml"})
		s, err := source.Fetch(context.Background(), "book", nil)
		if err == nil {
			sourcetest.Inspect(t, s.Items)
		}
	})
}

func BenchmarkPage(b *testing.B) {
	text := append(bytes.Repeat([]byte("<div class=\"x\"><p>Some words of the page that nobody needs here.</p></div>\n"), 2600), read(b, "yoast.html")...)
	source := saved(b, text)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := source.Fetch(b.Context(), "book", nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSelect(b *testing.B) {
	source := saved(b, nil)
	var s pull.Snapshot
	for n := range pull.MaxSnapshotItems {
		s.Items = append(s.Items, what.Item{ID: fmt.Sprintf("https://site.example/%d", n), Title: fmt.Sprintf("Gâteau d’été aux fruits numéro %d", n)})
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := source.Select(b.Context(), s, pull.Query{Argument: "numéro 1999", Count: 1}); err != nil {
			b.Fatal(err)
		}
	}
}
