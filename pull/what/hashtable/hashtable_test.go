package hashtable_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"keypull/pull/what/hashtable"
)

func TestTablesAreMapsOfTextsByKind(t *testing.T) {
	type key struct {
		kind uint64
		text string
	}
	rapid.Check(t, func(t *rapid.T) {
		table, model := hashtable.New(rapid.IntRange(0, 40).Draw(t, "size")), map[key]int32{}
		for range rapid.IntRange(1, 60).Draw(t, "texts") {
			k := key{rapid.Uint64Range(1, 3).Draw(t, "kind"), rapid.StringN(0, 3, 12).Draw(t, "text")}
			model[k] = rapid.Int32().Draw(t, "number")
			table.Set(table.Hash(k.kind, k.text), model[k])
		}
		if rapid.Bool().Draw(t, "fit") {
			table.Fit()
		}
		for k, want := range model {
			if got, ok := table.Find(table.Hash(k.kind, k.text)); !ok || got != want {
				t.Fatalf("%v has %d, %v, not %d", k, got, ok, want)
			}
		}
		if _, ok := table.Find(table.Hash(4, "")); ok {
			t.Fatal("a kind that nothing was set of is found")
		}
	})
}

func TestMapsHoldWhatTextsWereSetToLast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, model := hashtable.NewMap[string](), map[string]string{}
		for range rapid.IntRange(0, 60).Draw(t, "texts") {
			text := rapid.StringN(0, 3, 12).Draw(t, "text")
			model[text] = rapid.StringMatching("[ab]?").Draw(t, "value")
			m.Set(text, model[text])
		}
		if rapid.Bool().Draw(t, "fit") {
			m.Fit()
		}
		for text, want := range model {
			if got := m.Find(text); got == nil || *got != want || !m.Has(text) {
				t.Fatalf("%q has %v, not %q", text, got, want)
			}
		}
		if m.Len() != len(model) || m.Has("of no text that was set") || m.Find("of no text that was set") != nil {
			t.Fatalf("%d texts are found of %d", m.Len(), len(model))
		}
	})
}

func TestFrozenTablesAreMapsOfTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		model := rapid.MapOf(rapid.StringN(0, 3, 12), rapid.SliceOfN(rapid.Uint64Range(0, 4), 1, 2)).Draw(t, "texts")
		frozen, err := hashtable.Freeze(model)
		again, _ := hashtable.Freeze(model)
		if err != nil || !bytes.Equal(frozen, again) {
			t.Fatalf("%x, then %x: %v", frozen, again, err)
		}
		table := hashtable.Open(string(frozen), slices.Clone[[]uint64])
		for text, want := range model {
			if got := table.Find(text); got == nil || !slices.Equal(*got, want) || !table.Has(text) {
				t.Fatalf("%q has %v, not %v", text, got, want)
			}
		}
		if other := rapid.StringN(0, 30, 60).Draw(t, "other"); model[other] == nil && table.Has(other) {
			t.Fatalf("%q is found", other)
		}
	})
}

func TestATableOfNothingIsEmpty(t *testing.T) {
	if hashtable.Open("", slices.Clone[[]uint64]).Has("") {
		t.Error("something is found in nothing")
	}
}

func TestMoreValuesThanPlacesAreRefused(t *testing.T) {
	texts := map[string][]uint64{}
	for i := range uint64(1<<16 + 1) {
		texts[fmt.Sprint(i)] = []uint64{i}
	}
	if _, err := hashtable.Freeze(texts); err == nil || !strings.Contains(err.Error(), "65537 values differ") {
		t.Errorf("%v", err)
	}
}
