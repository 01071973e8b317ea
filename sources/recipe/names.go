package recipe

import (
	"context"
	"slices"
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
	// unsure says that nobody can tell whether it is what was wished for.
	unsure bool
}

// roster is all recipes of a snapshot or an index by what they go by. Naming
// thousands for every ask would take longer than all else, so the last one is kept.
type roster struct {
	dishes []namedRecipe
	terms  []what.Term
	// byID and byName lead to the dishes, by their ids and by their folded names.
	byID   map[string]int
	byName map[string][]int
}

// newRoster gives each of some recipes a value that none of the others has.
func newRoster(dishes []namedRecipe) *roster {
	m := &roster{dishes: dishes, byID: make(map[string]int, len(dishes)), byName: make(map[string][]int, len(dishes))}
	bearers := map[string]int{}
	for _, d := range dishes {
		bearers[textform.Fold(d.value)]++
	}
	taken := make(map[string]bool, len(dishes))
	for i := range dishes {
		d := &dishes[i]
		if bearers[textform.Fold(d.value)] > 1 {
			d.value = distinctName(d.item, taken)
			d.names = append([]string{d.value}, d.names...)
		}
		taken[textform.Fold(d.value)] = true
		m.byID[d.item.ID] = i
		for _, name := range append([]string{d.value}, d.names...) {
			if folded := textform.Fold(name); !slices.Contains(m.byName[folded], i) {
				m.byName[folded] = append(m.byName[folded], i)
			}
		}
	}
	m.terms = termsOf(dishes)
	return m
}

// calledBy returns the recipes that go by a name, and of these the one that goes by it
// alone; nil if there is none.
func (m *roster) calledBy(name string) (all, alone []namedRecipe) {
	folded := textform.Fold(name)
	for _, i := range m.byName[folded] {
		d := m.dishes[i]
		if all = append(all, d); textform.Fold(d.value) == folded && alone == nil {
			alone = []namedRecipe{d}
		}
	}
	return all, alone
}

// rosterOf returns the recipes of the items of a snapshot.
func (s *source) rosterOf(items []what.Item) *roster {
	return s.rosters.Of(items, func() *roster {
		dishes := make([]namedRecipe, 0, len(items))
		for _, it := range items {
			dishes = append(dishes, namedRecipe{item: it, value: shortTitle(it.Title), names: recipeNames(it)})
		}
		return newRoster(dishes)
	})
}

// maxValue is how long a value may be, in characters.
const maxValue = 100

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
	return append([]string{it.Title}, listIn(it, factNames)...)
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
	err := s.memory.searchItems(ctx, snapshot.Items, s.env.Languages, func(x *fulltext.Index) (err error) {
		found, err = s.selectFrom(ctx, x, s.rosterOf(snapshot.Items), argument, q)
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
	own := filterRecipes(found, func(d namedRecipe) bool { return d.item.Language != "" && d.item.Spoken(language) == language })
	if len(own) > 0 {
		return own
	}
	return found
}

func filterRecipes(all []namedRecipe, fits func(namedRecipe) bool) []namedRecipe {
	return slices.DeleteFunc(slices.Clone(all), func(d namedRecipe) bool { return !fits(d) })
}

// Terms returns the names of the snapshot's recipes.
func (s *source) Terms(last *pull.Snapshot) []what.Term {
	if last == nil {
		return nil
	}
	s.told.Store(&last.Items)
	return s.rosterOf(last.Items).terms
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
