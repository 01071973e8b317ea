package recipe_test

import (
	"slices"
	"testing"

	"keypull/sources"
	"keypull/sources/recipe"
)

func TestACollectionLeadsToThePagesItLists(t *testing.T) {
	const at = "https://kitchen.example/soups"
	for name, c := range map[string]struct {
		body string
		want []string
	}{
		"positions with addresses": {`<script type="application/ld+json">{"@type":"ItemList","name":"Soups","itemListElement":[{"@type":"ListItem","position":1,"url":"https://kitchen.example/leek"},{"@type":"ListItem","position":2,"url":"/pea"},{"@type":"ListItem","position":3,"url":"/pea"}]}</script>`, []string{"https://kitchen.example/leek", "https://kitchen.example/pea"}},
		"items within a graph":     {`<script type="application/ld+json">{"@graph":[{"@type":"BreadcrumbList","itemListElement":[{"@type":"ListItem","item":"https://kitchen.example/a"},{"@type":"ListItem","item":"https://kitchen.example/b"}]},{"@type":"CollectionPage","mainEntity":{"@type":"ItemList","itemListElement":[{"@type":"ListItem","item":{"@id":"https://kitchen.example/leek","name":"Leek"}},{"@type":"ListItem","item":"https://kitchen.example/pea"}]}}]}</script>`, []string{"https://kitchen.example/leek", "https://kitchen.example/pea"}},
		"other sites' pages":       {`<script type="application/ld+json">{"@type":"ItemList","itemListElement":[{"url":"https://other.example/a"},{"url":"https://other.example/b"}]}</script>`, nil},
		"links beside each other":  {`<h1>All recipes</h1><p><a href="/shop">Shop</a></p><p><a href="/dish/leek.html">Leek</a> <a href="/dish/pea.html">Pea</a></p>`, []string{"https://kitchen.example/dish/leek.html", "https://kitchen.example/dish/pea.html"}},
		"links below its address":  {`<p><a href="/soups/leek">Leek</a> <a href="/soups/pea">Pea</a></p>`, []string{"https://kitchen.example/soups/leek", "https://kitchen.example/soups/pea"}},
		"a way back alone":         {`<script type="application/ld+json">{"@type":"BreadcrumbList","itemListElement":[{"@type":"ListItem","item":"https://kitchen.example/a"},{"@type":"ListItem","item":"https://kitchen.example/b"}]}</script>`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := recipe.Kind.New().(sources.Discoverer)
			var got []string
			for _, f := range s.Discover(sources.Document{Address: at, URL: at, Type: "text/html", Body: []byte("<!doctype html><html lang=en><title>All recipes</title><body>" + c.body)}) {
				urls, _ := f.Settings["urls"].([]any)
				for _, u := range urls {
					text, _ := u.(string)
					got = append(got, text)
				}
				if !f.Told || len(f.Samples) == 0 || !f.Needs {
					t.Errorf("found %+v", f)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("it lists %q, want %q", got, c.want)
			}
		})
	}
}

func TestTheIndexOfAFolderLeadsToItsPages(t *testing.T) {
	const at = "https://kitchen.example/soups/index.html"
	s, _ := recipe.Kind.New().(sources.Discoverer)
	found := s.Discover(sources.Document{Address: at, URL: at, Type: "text/html", Body: []byte(`<!doctype html><html><body><p><a href="leek.html">Leek</a> <a href="pea.html">Pea</a></p>`)})
	if len(found) != 1 || len(found[0].Samples) != 2 {
		t.Errorf("found %+v", found)
	}
}
