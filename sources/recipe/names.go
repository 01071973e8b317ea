package recipe

import (
	"context"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/what/textform"
	"keypull/sources"
	"keypull/sources/fulltext"
)

// ByName says that a recipe is asked for by its name.
func (*source) ByName() bool { return true }

// namedRecipe is a recipe and what it goes by. value asks for it alone, and reads
// well wherever it is shown: its name, with the day it was published, or a
// number, where another one has the same.
type namedRecipe struct {
	item  what.Item
	value string
	names []string
	// rest is what is kept of the item, where only what it goes by is there.
	rest []byte
	// called are value and names, folded; the name itself is the second one.
	called []string
	// unsure says that nobody can tell whether it is what was wished for.
	unsure bool
}

// recipeList is all recipes of a snapshot. Folding thousands of names for every ask
// would take longer than all else, so the last one is kept.
type recipeList struct {
	items  []what.Item
	dishes []namedRecipe
}

// namedRecipes returns the recipes of the items of a snapshot, which never change.
func (s *source) namedRecipes(items []what.Item) []namedRecipe {
	if len(items) == 0 {
		return nil
	}
	if m := s.last.Load(); m != nil && len(m.items) == len(items) && &m.items[0] == &items[0] {
		return m.dishes
	}
	m := &recipeList{items: items, dishes: nameRecipes(items)}
	s.last.Store(m)
	return m.dishes
}

// maxValue is how long a value may be, in characters.
const maxValue = 100

// nameRecipes gives each of some recipes a value that none of the others has.
func nameRecipes(items []what.Item) []namedRecipe {
	bearers := map[string]int{}
	for _, it := range items {
		bearers[textform.Fold(shortTitle(it.Title))]++
	}
	taken := make(map[string]bool, len(items))
	all := make([]namedRecipe, 0, len(items))
	for _, it := range items {
		d := namedRecipe{item: it, value: shortTitle(it.Title), names: recipeNames(it)}
		if bearers[textform.Fold(d.value)] > 1 {
			d.value = distinctName(it, taken)
			d.names = append([]string{d.value}, d.names...)
		}
		taken[textform.Fold(d.value)] = true
		for _, name := range append([]string{d.value}, recipeNames(it)...) {
			d.called = append(d.called, textform.Fold(name))
		}
		all = append(all, d)
	}
	return all
}

// distinctName returns a name that tells a recipe from others of the same name.
func distinctName(it what.Item, taken map[string]bool) string {
	name := shortTitle(it.Title)
	if !it.Published.IsZero() {
		if dated := name + " (" + it.Published.UTC().Format(time.DateOnly) + ")"; !taken[textform.Fold(dated)] {
			return dated
		}
	}
	for n := 1; ; n++ {
		if numbered := name + " (" + strconv.Itoa(n) + ")"; !taken[textform.Fold(numbered)] {
			return numbered
		}
	}
}

// shortTitle returns a title cut to maxValue characters.
func shortTitle(title string) string {
	if utf8.RuneCountInString(title) <= maxValue {
		return title
	}
	return strings.TrimSpace(string([]rune(title)[:maxValue]))
}

// recipeNames returns what a recipe goes by, its own name first.
func recipeNames(it what.Item) []string {
	others, _ := it.Facts.Find(factNames)
	return append([]string{it.Title}, others.List...)
}

// Select finds recipes by a name, else by what they are and what is in them;
// without an argument it returns them in the snapshot's order, newest first.
func (s *source) Select(ctx context.Context, snapshot pull.Snapshot, q pull.Query) (pull.Selection, error) {
	argument := strings.TrimSpace(q.Argument)
	if argument == "" {
		return sources.Page(sources.InLanguage(snapshot.Items, q.Language), q), nil
	}
	if len(snapshot.Items) == 0 {
		return pull.Selection{}, nil
	}
	var found pull.Selection
	err := s.memory.searchItems(ctx, s.namedRecipes(snapshot.Items), snapshot.Items, s.languages, func(x *fulltext.Index) (err error) {
		found, err = s.selectFrom(ctx, x, argument, q)
		return err
	})
	if err != nil {
		return pull.Selection{}, noIndex(err)
	}
	return found, nil
}

// preferLanguage returns the recipes written down in the reader's language, or all where
// there are none.
func preferLanguage(found []namedRecipe, language string) []namedRecipe {
	own := filterRecipes(found, func(d *namedRecipe) bool { return d.item.Language != "" && d.item.Spoken(language) == language })
	if len(own) > 0 {
		return own
	}
	return found
}

// filterRecipes returns the recipes that fit.
func filterRecipes(all []namedRecipe, fits func(*namedRecipe) bool) []namedRecipe {
	var found []namedRecipe
	for i := range all {
		if fits(&all[i]) {
			found = append(found, all[i])
		}
	}
	return found
}

// Terms returns the names of the snapshot's recipes.
func (s *source) Terms(last *pull.Snapshot) []what.Term {
	if last == nil {
		return nil
	}
	return termsOf(s.namedRecipes(last.Items))
}

// termsOf returns the names of recipes as the entries of a vocabulary.
func termsOf(all []namedRecipe) []what.Term {
	terms := make([]what.Term, 0, len(all))
	for _, d := range all {
		if d.value != "" {
			terms = append(terms, what.Term{Value: d.value, Names: d.names, Language: d.item.Language})
		}
	}
	return terms
}
