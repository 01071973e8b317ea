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

func TestASettledFormKnowsItsPhrase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := newForms(0)
		words := rapid.SliceOfNDistinct(rapid.StringN(1, 6, 24), 1, 40, rapid.ID[string]).Draw(t, "words")
		phrases := make([]phrase, len(words))
		for i, word := range words {
			phrases[i] = phrase{text: rapid.SampledFrom([]string{word, word + "!"}).Draw(t, "text"), id: "k" + strconv.Itoa(i), language: int32(i % 2)}
			value := int32(i)
			if i%5 == 4 {
				value = ^value
			}
			f.set(word, value)
		}
		f.settle(phrases)
		for i, word := range words {
			if got, ok := f.find(word); !ok || got != int32(i) && got != ^int32(i) {
				t.Fatalf("%q: got %d, %v", word, got, ok)
			}
			g := f.glance(word)
			c, alone := f.single(&g, []string{"en", "fr"})
			want := Candidate{Keyword: phrases[i].id, Phrase: phrases[i].text, Language: []string{"en", "fr"}[i%2]}
			if i%5 == 4 {
				want = Candidate{}
			}
			if alone != (i%5 != 4) || c != want {
				t.Fatalf("%q: got %+v, %v", word, c, alone)
			}
		}
		if _, found := f.find("a word that is far too long to be drawn"); found {
			t.Fatal("found what is not there")
		}
	})
}
