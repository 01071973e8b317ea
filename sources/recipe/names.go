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

// dish is a recipe and what it goes by. value asks for it alone, and reads
// well wherever it is shown: its name, with the day it was published, or a
// number, where another one has the same.
type dish struct {
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

// menu is all dishes of a snapshot. Folding thousands of names for every ask
// would take longer than all else, so the last one is kept.
type menu struct {
	items  []what.Item
	dishes []dish
}

// menu returns the dishes of the items of a snapshot, which never change.
func (s *source) menu(items []what.Item) []dish {
	if len(items) == 0 {
		return nil
	}
	if m := s.last.Load(); m != nil && len(m.items) == len(items) && &m.items[0] == &items[0] {
		return m.dishes
	}
	m := &menu{items: items, dishes: dishes(items)}
	s.last.Store(m)
	return m.dishes
}

// maxValue is how long a value may be, in characters.
const maxValue = 100

func dishes(items []what.Item) []dish {
	bearers := map[string]int{}
	for _, it := range items {
		bearers[textform.Fold(short(it.Title))]++
	}
	taken := make(map[string]bool, len(items))
	all := make([]dish, 0, len(items))
	for _, it := range items {
		d := dish{item: it, value: short(it.Title), names: names(it)}
		if bearers[textform.Fold(d.value)] > 1 {
			d.value = apart(it, taken)
			d.names = append([]string{d.value}, d.names...)
		}
		taken[textform.Fold(d.value)] = true
		for _, name := range append([]string{d.value}, names(it)...) {
			d.called = append(d.called, textform.Fold(name))
		}
		all = append(all, d)
	}
	return all
}

// apart returns a name that tells a recipe from others of the same name.
func apart(it what.Item, taken map[string]bool) string {
	name := short(it.Title)
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

func short(title string) string {
	if utf8.RuneCountInString(title) <= maxValue {
		return title
	}
	return strings.TrimSpace(string([]rune(title)[:maxValue]))
}

// names returns what a recipe goes by, its own name first.
func names(it what.Item) []string {
	others, _ := it.Facts.Find(factNames)
	return append([]string{it.Title}, others.List...)
}

// Select finds recipes by a name, else by what they are and what is in them;
// without an argument it returns them in the book's order, newest first.
func (s *source) Select(ctx context.Context, snapshot pull.Snapshot, q pull.Query) (pull.Selection, error) {
	argument := strings.TrimSpace(q.Argument)
	if argument == "" {
		return sources.Page(sources.InLanguage(snapshot.Items, q.Language), q), nil
	}
	if len(snapshot.Items) == 0 {
		return pull.Selection{}, nil
	}
	var found pull.Selection
	err := s.desk.search(ctx, s.menu(snapshot.Items), snapshot.Items, s.languages, func(x *fulltext.Index) (err error) {
		found, err = s.selected(ctx, x, argument, q)
		return err
	})
	if err != nil {
		return pull.Selection{}, noIndex(err)
	}
	return found, nil
}

// theirs returns the dishes written down in the reader's language, or all where
// there are none.
func theirs(found []dish, language string) []dish {
	own := only(found, func(d *dish) bool { return d.item.Language != "" && d.item.Spoken(language) == language })
	if len(own) > 0 {
		return own
	}
	return found
}

func only(all []dish, fits func(*dish) bool) []dish {
	var found []dish
	for i := range all {
		if fits(&all[i]) {
			found = append(found, all[i])
		}
	}
	return found
}

// Terms returns the recipes of the book.
func (s *source) Terms(last *pull.Snapshot) []what.Term {
	if last == nil {
		return nil
	}
	return terms(s.menu(last.Items))
}

func terms(all []dish) []what.Term {
	terms := make([]what.Term, 0, len(all))
	for _, d := range all {
		if d.value != "" {
			terms = append(terms, what.Term{Value: d.value, Names: d.names, Language: d.item.Language})
		}
	}
	return terms
}
