package recipe

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"keypull/pull/what"
	"keypull/pull/what/textform"
	"keypull/sources/fulltext"
)

// maxShelved is how many recipes of one site are held; the newest stay.
const maxIndexed = 20_000

// Fields by which a recipe is found.
const (
	inTitle       = "title"
	inTraits      = "traits"
	inIngredients = "ingredients"
	inSummary     = "summary"
)

var indexFields = []fulltext.Field{{Name: inTitle, Weight: 10}, {Name: inTraits, Weight: 3}, {Name: inIngredients, Weight: 4}, {Name: inSummary, Weight: 1}}

// shelfVersion is that of what is put into an index.
const indexVersion = 1

// Marks of the names and tags of an index: the value of a recipe, by which it
// alone is asked for, and the diets it is fit for.
const (
	valueMark = "="
	dietMark  = "diet:"
)

// lazyIndex is the index of a source, opened when it is first needed.
type lazyIndex struct {
	options fulltext.Options
	mu      sync.Mutex
	index   *fulltext.Index
	closed  bool
}

// openIndex returns the index.
func (s *lazyIndex) openIndex(ctx context.Context) (*fulltext.Index, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, fulltext.ErrClosed
	}
	if s.index == nil {
		x, err := fulltext.Open(ctx, s.options)
		if err != nil {
			return nil, err //nolint:wrapcheck // it says what was tried
		}
		s.index = x
	}
	return s.index, nil
}

// closeIndex ends the index, and any that would be opened later.
func (s *lazyIndex) closeIndex() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.index == nil {
		return nil
	}
	return s.index.Close() //nolint:wrapcheck // it says what was tried
}

// An index keeps of a recipe what it goes by on one line, and all of it on the
// next: whoever lists fifty needs the first alone.
type (
	head struct {
		Title    string   `json:"title"`
		Language string   `json:"language,omitempty"`
		Value    string   `json:"value"`
		Names    []string `json:"names,omitempty"`
	}
	kept struct {
		Item what.Item `json:"item"`
		// Facts are the item's: as a part of it they would lose what kind each is of.
		Facts []what.Fact `json:"facts,omitempty"`
	}
)

// recipeDocument returns a recipe as a document.
func recipeDocument(it what.Item, value string) (fulltext.Document, error) {
	bare := it
	bare.Facts = nil
	payload, err := json.Marshal(kept{Item: bare, Facts: it.Facts})
	if err != nil {
		return fulltext.Document{}, err //nolint:wrapcheck // the caller says of what
	}
	first, err := json.Marshal(head{Title: it.Title, Language: it.Language, Value: value, Names: recipeNames(it)})
	if err != nil {
		return fulltext.Document{}, err //nolint:wrapcheck // the caller says of what
	}
	payload = slices.Concat(first, []byte("\n"), payload)
	list := func(names ...string) string {
		var all []string
		for _, name := range names {
			f, _ := it.Facts.Find(name)
			all = append(all, f.List...)
		}
		return strings.Join(all, "\n")
	}
	d := fulltext.Document{
		ID: it.ID, Language: it.Language, At: it.Published, Payload: payload,
		Texts: map[string]string{
			inTitle: strings.Join(recipeNames(it), "\n"), inTraits: list(factCategory, factCuisine, factDiet, factKeywords),
			inIngredients: list(factIngredients), inSummary: it.Summary,
		},
		Names: []string{valueMark + textform.Fold(value)},
	}
	for _, name := range recipeNames(it) {
		d.Names = append(d.Names, textform.Fold(name))
	}
	for _, diet := range dietsOf(d.Texts[inTitle] + "\n" + d.Texts[inTraits]) {
		d.Tags = append(d.Tags, dietMark+diet)
	}
	return d, nil
}

// recipeOfHit returns the recipe of a document, whose item has only what it goes by;
// fullItem returns the rest.
func recipeOfHit(h fulltext.Hit) (namedRecipe, bool) {
	first, rest, ok := bytes.Cut(h.Payload, []byte("\n"))
	var k head
	if !ok || json.Unmarshal(first, &k) != nil {
		return namedRecipe{}, false
	}
	return namedRecipe{item: what.Item{ID: h.ID, Title: k.Title, Language: k.Language, Published: h.At}, value: k.Value, names: k.Names, rest: rest}, true
}

// fullItem returns the item of a recipe with all that is kept of it.
func (d namedRecipe) fullItem() what.Item {
	var k kept
	if d.rest == nil || json.Unmarshal(d.rest, &k) != nil {
		return d.item
	}
	k.Item.Facts = k.Facts
	return k.Item
}

// recipesOfHits returns the recipes of documents that can be read.
func recipesOfHits(hits []fulltext.Hit) []namedRecipe {
	all := make([]namedRecipe, 0, len(hits))
	for _, h := range hits {
		if d, ok := recipeOfHit(h); ok {
			all = append(all, d)
		}
	}
	return all
}

// putRecipes replaces the recipes of a page. One whose name others have gets a value of
// its own, and so do they.
func putRecipes(ctx context.Context, b *fulltext.Batch, page string, items []what.Item) error {
	if err := b.Drop(ctx, page); err != nil {
		return err //nolint:wrapcheck // it says what was tried
	}
	docs := make([]fulltext.Document, 0, len(items))
	taken := map[string]bool{}
	for _, it := range items {
		value, err := distinctValue(ctx, b, it, taken)
		if err != nil {
			return err
		}
		taken[textform.Fold(value)], taken[textform.Fold(shortTitle(it.Title))] = true, true
		d, err := recipeDocument(it, value)
		if err != nil {
			return err
		}
		docs = append(docs, d)
	}
	return b.Put(ctx, page, docs...) //nolint:wrapcheck // it says what was tried
}

// distinctValue returns what a recipe alone goes by among all others: its name, or, where
// another one has the same, with its day or a number. The other is renamed so.
func distinctValue(ctx context.Context, b *fulltext.Batch, it what.Item, taken map[string]bool) (string, error) {
	name := textform.Fold(shortTitle(it.Title))
	bearers, err := b.Named(ctx, textform.Fold(it.Title), maxRecipes)
	if err != nil {
		return "", err //nolint:wrapcheck // it says what was tried
	}
	shared := taken[name]
	for _, h := range bearers {
		other, ok := recipeOfHit(h)
		if !ok || other.item.ID == it.ID || textform.Fold(shortTitle(other.item.Title)) != name {
			continue
		}
		if shared = true; textform.Fold(other.value) == name {
			if err := renameRecipe(ctx, b, h, other.fullItem(), taken); err != nil {
				return "", err
			}
		}
	}
	if !shared {
		return shortTitle(it.Title), nil
	}
	return unusedValue(ctx, b, it, taken)
}

// renameRecipe gives a recipe of the index a value of its own.
func renameRecipe(ctx context.Context, b *fulltext.Batch, h fulltext.Hit, it what.Item, taken map[string]bool) error {
	value, err := unusedValue(ctx, b, it, taken)
	if err != nil {
		return err
	}
	d, err := recipeDocument(it, value)
	if err != nil {
		return err
	}
	d.Part = h.Part
	return b.Add(ctx, d) //nolint:wrapcheck // it says what was tried
}

// unusedValue returns a value that no recipe has: a name with its day, or a number.
func unusedValue(ctx context.Context, b *fulltext.Batch, it what.Item, taken map[string]bool) (string, error) {
	name := shortTitle(it.Title)
	var tries []string
	if !it.Published.IsZero() {
		tries = append(tries, name+" ("+it.Published.UTC().Format(time.DateOnly)+")")
	}
	for n := 1; n <= maxRecipes; n++ {
		tries = append(tries, name+" ("+strconv.Itoa(n)+")")
	}
	for _, value := range tries {
		if taken[textform.Fold(value)] {
			continue
		}
		others, err := b.Named(ctx, valueMark+textform.Fold(value), 1)
		if err != nil {
			return "", err //nolint:wrapcheck // it says what was tried
		}
		if len(others) == 0 || others[0].ID == it.ID {
			return value, nil
		}
	}
	return it.ID, nil
}

// listTerms returns all recipes of an index that can be asked for, the newest first, as
// the entries of a vocabulary.
func listTerms(ctx context.Context, x *fulltext.Index) ([]what.Term, error) {
	const page = 500
	var all []what.Term
	published := map[string]time.Time{}
	for after := ""; len(all) < maxIndexed; {
		hits, err := x.Page(ctx, after, page)
		if err != nil {
			return nil, err //nolint:wrapcheck // it says what was tried
		}
		dishes := recipesOfHits(hits)
		for _, d := range dishes {
			published[d.value] = d.item.Published
		}
		all = append(all, termsOf(dishes)...)
		if len(hits) < page {
			break
		}
		after = hits[len(hits)-1].ID
	}
	slices.SortStableFunc(all, func(a, b what.Term) int { return published[b.Value].Compare(published[a.Value]) })
	return slices.Clip(all), nil
}
