package recipe

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"keypull/pull/what"
	"keypull/sources/fulltext"
)

// maxIndexed is how many recipes of one site are held; the newest stay.
const maxIndexed = 20_000

// Fields by which a recipe is found.
const (
	inTitle       = "title"
	inTraits      = "traits"
	inIngredients = "ingredients"
	inSummary     = "summary"
)

var indexFields = []fulltext.Field{{Name: inTitle, Weight: 10}, {Name: inTraits, Weight: 3}, {Name: inIngredients, Weight: 4}, {Name: inSummary, Weight: 1}}

// indexVersion is that of what is put into an index.
const indexVersion = 1

// dietMark begins the tags of an index: the diets that a recipe is fit for.
const dietMark = "diet:"

// An index keeps of a recipe what it goes by on one line, and all of it on the
// next: whoever lists fifty needs the first alone.
type (
	head struct {
		Title    string   `json:"title"`
		Language string   `json:"language,omitempty"`
		Names    []string `json:"names,omitempty"`
	}
	kept struct {
		Item what.Item `json:"item"`
		// Facts are the item's: as a part of it they would lose what kind each is of.
		Facts []what.Fact `json:"facts,omitempty"`
	}
)

func recipeDocument(it what.Item) (fulltext.Document, error) {
	bare := it
	bare.Facts = nil
	payload, err := json.Marshal(kept{Item: bare, Facts: it.Facts})
	if err != nil {
		return fulltext.Document{}, err //nolint:wrapcheck // the caller says of what
	}
	first, err := json.Marshal(head{Title: it.Title, Language: it.Language, Names: recipeNames(it)})
	if err != nil {
		return fulltext.Document{}, err //nolint:wrapcheck // the caller says of what
	}
	payload = slices.Concat(first, []byte("\n"), payload)
	list := func(names ...string) string {
		var all []string
		for _, name := range names {
			all = append(all, listIn(it, name)...)
		}
		return strings.Join(all, "\n")
	}
	d := fulltext.Document{
		ID: it.ID, Language: it.Language, At: it.Published, Payload: payload,
		Texts: map[string]string{
			inTitle: strings.Join(recipeNames(it), "\n"), inTraits: list(factCategory, factCuisine, factDiet, factKeywords),
			inIngredients: list(factIngredients), inSummary: it.Summary,
		},
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
	it := what.Item{ID: h.ID, Title: k.Title, Language: k.Language, Published: h.At}
	return namedRecipe{item: it, value: shortTitle(k.Title), names: k.Names, rest: rest}, true
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

// itemsOfHits returns the items of documents that can be read.
func itemsOfHits(hits []fulltext.Hit) (items []what.Item) {
	for _, h := range hits {
		if d, ok := recipeOfHit(h); ok {
			items = append(items, d.fullItem())
		}
	}
	return items
}

// putRecipes replaces the recipes of a page.
func putRecipes(ctx context.Context, b *fulltext.Batch, page string, items []what.Item) error {
	docs := make([]fulltext.Document, 0, len(items))
	for _, it := range items {
		d, err := recipeDocument(it)
		if err != nil {
			return err
		}
		docs = append(docs, d)
	}
	return b.Put(ctx, page, docs...) //nolint:wrapcheck // it says what was tried
}

// listRecipes returns all recipes of an index by what they go by, the newest first.
func listRecipes(ctx context.Context, x *fulltext.Index) ([]namedRecipe, error) {
	const page = 500
	var all []namedRecipe
	for after := ""; len(all) < maxIndexed; {
		hits, err := x.Page(ctx, after, page)
		if err != nil {
			return nil, err //nolint:wrapcheck // it says what was tried
		}
		for _, h := range hits {
			if d, ok := recipeOfHit(h); ok {
				d.rest = nil
				all = append(all, d)
			}
		}
		if len(hits) < page {
			break
		}
		after = hits[len(hits)-1].ID
	}
	slices.SortStableFunc(all, func(a, b namedRecipe) int { return b.item.Published.Compare(a.item.Published) })
	return slices.Clip(all), nil
}
