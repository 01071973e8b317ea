package recipe_test

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/sources/recipe"
	"keypull/sources/sourcetest"
)

// manyRecipes opens a site of five thousand recipes and reads them all.
func manyRecipes(t testing.TB) (pull.Source, pull.Snapshot) {
	t.Helper()
	const pages = 5000
	bases, makes := []string{"chocolat", "citron", "riz", "poulet", "tomate", "courgette", "pomme", "lentilles", "saumon", "poireau", "carotte", "fromage"}, []string{"Gâteau", "Tarte", "Salade", "Soupe", "Gratin", "Curry", "Mousse", "Crumble"}
	courses := []string{"Dessert", "Plat", "Entrée", "Goûter"}
	env := sourcetest.Env(t, "")
	env.Languages = []string{"fr", "en"}
	env.Client = outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
		var text strings.Builder
		var n int
		switch _, err := fmt.Sscanf(r.URL, "https://big.example/%d", &n); {
		case strings.HasSuffix(r.URL, "/robots.txt"):
		case err != nil:
			text.WriteString(urlset(0, pages, "2026-01-01"))
		default:
			base, more := bases[n%len(bases)], bases[(n/len(bases))%len(bases)]
			_, _ = fmt.Fprintf(&text, `<script type="application/ld+json">{"@type":"Recipe","name":"%s au %s et %s n° %d","inLanguage":"fr","recipeCategory":%q,"recipeYield":"4","totalTime":"PT%dM","recipeIngredient":["200 g de %s","100 g de %s","2 oeufs","1 pincée de sel %d","20 cl de crème"],"recipeInstructions":["Préchauffer le four à 180 degrés.","Mélanger le tout avec soin et verser dans un moule.","Cuire longtemps, puis laisser refroidir avant de servir."],"aggregateRating":{"ratingValue":"4","ratingCount":"%d"}}</script>`,
				makes[n/7%len(makes)], base, more, n, courses[n%len(courses)], 10+n%90, base, more, n, n%400)
		}
		return outside.Response{Status: http.StatusOK, URL: r.URL, Header: http.Header{}, Body: []byte(text.String())}, nil
	}})
	source := sourcetest.Open(t, recipe.Kind, env, values{"sitemap": root})
	var last *pull.Snapshot
	for fetches := 0; last == nil || last.Unfinished; fetches++ {
		s, err := source.Fetch(t.Context(), "book", last)
		if last = &s; err != nil || fetches > 100 {
			t.Fatal(fetches, err)
		}
	}
	if n := held(source, *last); n != pages {
		t.Fatalf("%d recipes", n)
	}
	return source, *last
}

// BenchmarkFiveThousand asks for what hundreds of five thousand recipes are.
func BenchmarkFiveThousand(b *testing.B) {
	source, s := manyRecipes(b)
	for _, argument := range []string{"chocolat", "chocolat sans oeufs", "rapide avec du riz", "gâteau au chocolat n° 12", "crème", "licorne"} {
		b.Run(argument, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := source.Select(b.Context(), s, pull.Query{Argument: argument, Count: 1, Language: "fr"}); err != nil {
					b.Fatal(err)
				}
			}
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.HeapAlloc>>20), "MiB-held")
		})
	}
}
