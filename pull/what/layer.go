package what

import (
	"maps"
	"slices"
	"sync"
)

// layer is a lexicon of phrases, and whose they are. A catalogue of many
// thousand keywords takes a good part of a second to work out, so a change of
// a few of them lays a small layer over the large one that there is.
type layer struct {
	*layerPhrases
	// owners maps the keywords of the layer to those of the index, -1 if they
	// have changed since, or are gone.
	owners []int32
	// whole says that none has.
	whole bool
}

// counts says of each phrase whether its keyword is still called by it; nil
// where all are.
func (l *layer) counts() func(hit int32) bool {
	if l.whole {
		return nil
	}
	return func(hit int32) bool { return l.owners[l.phrases[hit].owner] >= 0 }
}

// layerPhrases are the phrases of a layer, which many indexes share.
type layerPhrases struct {
	*lexicon
	// known are the keywords as they were worked out.
	known []knownKeyword
	byID  func() map[string]int32
}

// knownKeyword is what a layer was built from.
type knownKeyword struct {
	id      string
	phrases map[string][]string
}

// newLayer works out the phrases of some keywords, by their numbers.
func newLayer(keywords []Keyword, numbers []int32) layer {
	size := 0
	for _, number := range numbers {
		for _, list := range keywords[number].Phrases {
			size += len(list)
		}
	}
	b := newLexiconBuilder(size)
	l := &layerPhrases{known: make([]knownKeyword, len(numbers))}
	var languages []string
	for i, number := range numbers {
		k := &keywords[number]
		l.known[i] = knownKeyword{k.ID, k.Phrases}
		languages = slices.AppendSeq(languages[:0], maps.Keys(k.Phrases))
		slices.Sort(languages)
		for _, language := range languages {
			for _, text := range k.Phrases[language] {
				b.add(phrase{text: text, id: k.ID, owner: index32(i)}, language)
			}
		}
	}
	l.lexicon = b.finish()
	l.byID = sync.OnceValue(func() map[string]int32 {
		numbers := make(map[string]int32, len(l.known))
		for i := range l.known {
			numbers[l.known[i].id] = index32(i)
		}
		return numbers
	})
	return layer{layerPhrases: l, owners: numbers, whole: true}
}

// maxFresh is how many keywords may have changed before all are worked out
// anew; in large catalogues it is a part of them.
const maxFresh, partOfFresh = 64, 20

// followed returns the layers of a catalogue that differs in a few keywords
// from the one that this layer was built from; nil if they are many.
func (l *layer) followed(keywords []Keyword) []layer {
	limit := max(maxFresh, len(l.known)/partOfFresh)
	owners := make([]int32, len(l.known))
	for i := range owners {
		owners[i] = -1
	}
	var fresh []int32
	kept := 0
	for i := range keywords {
		k := &keywords[i]
		at, ok := l.find(i, k.ID)
		if ok && owners[at] < 0 && samePhrases(l.known[at].phrases, k.Phrases) {
			owners[at] = index32(i)
			kept++
			continue
		}
		if fresh = append(fresh, index32(i)); len(fresh) > limit {
			return nil
		}
	}
	if len(l.known)-kept > limit {
		return nil
	}
	layers := []layer{{layerPhrases: l.layerPhrases, owners: owners, whole: kept == len(l.known)}}
	if len(fresh) > 0 {
		layers = append(layers, newLayer(keywords, fresh))
	}
	return layers
}

// find finds a keyword of the layer by its id; most stand where they stood.
func (l *layer) find(i int, id string) (int32, bool) {
	if i < len(l.known) && l.known[i].id == id {
		return index32(i), true
	}
	at, ok := l.byID()[id]
	return at, ok
}

func samePhrases(a, b map[string][]string) bool { return maps.EqualFunc(a, b, slices.Equal) }
