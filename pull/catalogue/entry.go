package catalogue

import (
	"cmp"
	"iter"
	"maps"
	"slices"

	"keypull/pull/what"
	"keypull/pull/what/textform"
)

// entry is one keyword made ready for comparing.
type entry struct {
	keyword Keyword
	// rank decides which of several others is named: the lowest, then the one
	// with the lowest id.
	rank int
	uses []use
	// pending: its findings are to be made anew.
	pending bool
}

// use is one keyword's use of a phrase.
type use struct {
	entry    *entry
	language string
	phrase   string
	normal   string
	folded   string
	// stems are empty where the phrase is not inflected.
	stems string
	// place counts the uses of the keyword.
	place int
}

func newEntry(k Keyword, rank int) *entry {
	e := &entry{keyword: k, rank: rank}
	n := 0
	for _, phrases := range k.Phrases {
		n += len(phrases)
	}
	e.uses = make([]use, 0, n)
	for _, language := range slices.Sorted(maps.Keys(k.Phrases)) {
		for _, phrase := range k.Phrases[language] {
			e.uses = append(e.uses, use{
				entry: e, language: language, phrase: phrase,
				normal: textform.Normal(phrase), folded: textform.Fold(phrase),
				stems: what.Stems(phrase, language), place: len(e.uses),
			})
		}
	}
	return e
}

// usesByLanguage walks the uses by language, those without any included.
func (e *entry) usesByLanguage() iter.Seq2[string, []use] {
	return func(yield func(string, []use) bool) {
		rest := e.uses
		for _, language := range slices.Sorted(maps.Keys(e.keyword.Phrases)) {
			n := len(e.keyword.Phrases[language])
			if !yield(language, rest[:n]) {
				return
			}
			rest = rest[n:]
		}
	}
}

func usesClash(a, b *use) bool { return entriesClash(a.entry, b.entry) }

// entriesClash says whether two keywords may not share a phrase.
func entriesClash(a, b *entry) bool {
	meant := a.keyword.Tie && b.keyword.Tie || !SameAudience(&a.keyword, &b.keyword)
	return a.keyword.ID != b.keyword.ID && !meant
}

// firstUse returns which of two uses is named; nil is none.
func firstUse(a, b *use) *use {
	if a == nil || b != nil && cmp.Or(
		cmp.Compare(b.entry.rank, a.entry.rank),
		cmp.Compare(b.entry.keyword.ID, a.entry.keyword.ID),
		cmp.Compare(b.place, a.place),
	) < 0 {
		return b
	}
	return a
}
