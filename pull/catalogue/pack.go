package catalogue

import (
	"maps"
	"slices"
	"strings"
)

// Pack has what a hundred thousand keywords are named and called by lie side by
// side: as they were read it lies between what was dropped since, in memory that
// cannot be given back. Nobody else may hold the keywords yet.
func (p *Publisher) Pack() {
	k := packing{seen: map[string]string{}}
	letters, phrases := 0, 0
	for i := range p.Keywords {
		letters += len(p.Keywords[i].ID)
		for _, list := range p.Keywords[i].Phrases {
			phrases += len(list)
			for _, phrase := range list {
				letters += len(phrase)
			}
		}
	}
	k.text.Grow(letters)
	k.lists = make([]string, 0, phrases)
	for i := range p.Keywords {
		k.keyword(&p.Keywords[i])
	}
}

// packing holds the text of all ids and phrases, and the lists of the phrases.
type packing struct {
	text  strings.Builder
	lists []string
	// seen are the few texts that many keywords have.
	seen map[string]string
	// languages are those of the keyword at hand.
	languages []string
}

func (k *packing) keyword(w *Keyword) {
	w.ID = k.packed(w.ID)
	for _, same := range []*string{&w.Source, &w.Argument, &w.Slot, &w.Autocorrect, &w.Stamp} {
		*same = k.shared(*same)
	}
	k.languages = slices.AppendSeq(k.languages[:0], maps.Keys(w.Phrases))
	slices.Sort(k.languages)
	for _, language := range k.languages {
		list, from := w.Phrases[language], len(k.lists)
		for _, phrase := range list {
			k.lists = append(k.lists, k.packed(phrase))
		}
		// A map keeps the key that it was first given.
		delete(w.Phrases, language)
		w.Phrases[k.shared(language)] = k.lists[from:len(k.lists):len(k.lists)]
	}
}

// packed returns a text as it lies among the others.
func (k *packing) packed(text string) string {
	from := k.text.Len()
	k.text.WriteString(text)
	return k.text.String()[from:]
}

// shared returns one copy of a text for all that have it.
func (k *packing) shared(text string) string {
	if text == "" {
		return ""
	}
	one, ok := k.seen[text]
	if !ok {
		one = strings.Clone(text)
		k.seen[one] = one
	}
	return one
}
