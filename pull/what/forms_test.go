package what

import (
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

func TestFormsAreAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, model := newForms(rapid.IntRange(0, 40).Draw(t, "size")), map[string]int32{}
		words := rapid.SliceOfN(rapid.StringN(0, 3, 12), 1, 60).Draw(t, "words")
		for i, word := range words {
			value := rapid.Int32().Draw(t, "value"+strconv.Itoa(i))
			f.set(word, value)
			model[word] = value
		}
		for word, want := range model {
			if got, ok := f.find(word); !ok || got != want {
				t.Fatalf("%q: got %d, %v; want %d", word, got, ok, want)
			}
		}
		if _, ok := f.find("a word that is far too long to be drawn"); ok || f.count != len(model) {
			t.Fatalf("%d forms, want %d", f.count, len(model))
		}
	})
}
