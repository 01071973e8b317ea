package jsonapi_test

import (
	"slices"
	"testing"

	"keypull/sources"
	"keypull/sources/jsonapi"
)

func TestFactsAreThoseOfTheFieldsAndTheShape(t *testing.T) {
	for name, c := range map[string]struct {
		settings values
		has      []string
		hasNot   string
		unknown  bool
	}{
		"fields and a shape": {values{"fields": values{"title": "name", "price": "cost", "colour": "c"}, "shape": "product"}, []string{"price", "currency", "stock", "colour"}, "title", false},
		"fields alone":       {values{"fields": values{"title": "name", "colour": "c"}}, []string{"colour"}, "price", false},
		"a preset":           {values{"preset": "ghost", "key": "k"}, []string{"author", "topics"}, "price", false},
		"nothing named":      {values{"shape": "product"}, nil, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			c.settings["url"] = "https://api.example/"
			got := sources.FactsOf(jsonapi.Kind.New(), c.settings)
			if c.unknown != (got == nil) || slices.Contains(got, c.hasNot) {
				t.Errorf("the facts are %q", got)
			}
			for _, fact := range c.has {
				if !slices.Contains(got, fact) {
					t.Errorf("%q is not among %q", fact, got)
				}
			}
		})
	}
}
