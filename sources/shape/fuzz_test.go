package shape_test

import (
	"encoding/json"
	"testing"

	"keypull/sources/shape"
	"keypull/sources/sourcetest"
)

// FuzzValues reads texts as every kind of value: what comes out is a number where
// it says so, and harms nobody.
func FuzzValues(f *testing.F) {
	f.Add("1.234,50 €", "2026-05-01 18:00", "de")
	f.Add("(3.20)", "PT15M", "en")
	f.Add("١٢٫٥", "<b>x</b>", "ar")
	f.Fuzz(func(t *testing.T, price, text, language string) {
		for _, name := range []string{shape.None, shape.Article, shape.Recipe, shape.Quote, shape.Product, shape.Event} {
			r := shape.Record{{Name: "title", V: text}, {Name: "price", V: price}, {Name: "start", V: text}, {Name: "link", V: text}, {Name: "image", V: price}, {Name: "prep_minutes", V: text}, {Name: price, V: text}, {Name: "steps", V: []any{text, price}}}
			b := shape.New(shape.Options{Shape: name, Language: language, Untyped: true}).Make([]shape.Record{r, r}, fetched, nil)
			sourcetest.Inspect(t, b.Items)
			for _, it := range b.Items {
				if _, err := json.Marshal(it.Facts); err != nil {
					t.Errorf("the facts %+v are no JSON: %v", it.Facts, err)
				}
			}
		}
	})
}
