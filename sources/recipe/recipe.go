package recipe

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/sources"
)

const op = "fetch recipes"

// Facts of a recipe.
const (
	factIngredients = "ingredients"
	factSteps       = "steps"
	factPrep        = "prep_minutes"
	factCook        = "cook_minutes"
	factTotal       = "total_minutes"
	factYield       = "yield"
	factNames       = "alternate_names"
)

type source struct {
	settings Settings
	folder   string
	// private is the source's own folder; "" where it may keep none.
	private string
	client  *outside.Client
	clock   func() time.Time
	logger  *slog.Logger
}

var (
	_ pull.Source     = (*source)(nil)
	_ pull.Speaker    = (*source)(nil)
	_ pull.Vocabulary = (*source)(nil)
)

// Key is the same for every query: the book.
func (*source) Key(pull.Query) (string, error) { return "book", nil }

// Fetch goes through the pages, conditionally where they are known. What
// there is no time for is left to the next fetch, which goes on where this one
// ended: the snapshot is good, and says how much of the site it holds.
func (s *source) Fetch(ctx context.Context, _ string, last *pull.Snapshot) (pull.Snapshot, error) {
	b := openBook(s.settings.Sitemap, last, s.progress())
	asking, cancel := s.inTime(ctx)
	defer cancel()
	var err error
	switch {
	case s.folder != "":
		err = s.readFolder(asking, b)
	case s.settings.Sitemap != "":
		err = s.readSite(asking, b)
	default:
		var refs []pageRef
		for _, url := range s.settings.URLs {
			refs = append(refs, pageRef{url: url})
		}
		b.list(0, unique(refs))
		s.readPages(asking, b)
	}
	if err != nil {
		return pull.Snapshot{}, err
	}
	if err := ctx.Err(); err != nil || asking.Err() != nil && len(b.items) == 0 {
		s.note(b)
		return pull.Snapshot{}, &pull.Error{Kind: pull.Crowded, Op: op, Hint: "there was no time left to go through the pages", Err: err}
	}
	return s.hand(b)
}

// hand closes the book, and leaves what an unfinished one needs to go on.
func (s *source) hand(b *book) (pull.Snapshot, error) {
	snapshot, err := b.close(s.settings.Sitemap, s.clock())
	if err != nil {
		return pull.Snapshot{}, err
	}
	if _, partial := b.extent(len(snapshot.Items)); partial {
		s.save(snapshot)
	} else {
		s.finished()
	}
	return snapshot, nil
}

// Select finds recipes by id, else by a name, else by words of a name; without
// an argument it returns them in the book's order, newest first.
func (s *source) Select(_ context.Context, snapshot pull.Snapshot, q pull.Query) ([]what.Item, error) {
	argument := strings.TrimSpace(q.Argument)
	if argument == "" {
		return sources.First(snapshot.Items, q.Count), nil
	}
	for _, it := range snapshot.Items {
		if it.ID == argument {
			return sources.Copy([]what.Item{it}), nil
		}
	}
	if found := named(snapshot.Items, argument); len(found) > 0 {
		return sources.First(found, q.Count), nil
	}
	search := sources.NewSearch(argument)
	if search.Empty() {
		return nil, nil
	}
	var found []what.Item
	for _, it := range snapshot.Items {
		if search.Finds(names(it)...) {
			found = append(found, it)
		}
	}
	// The shorter name says less besides the words that were asked for.
	slices.SortStableFunc(found, func(a, b what.Item) int { return cmp.Compare(len(a.Title), len(b.Title)) })
	if len(found) == 0 {
		return nil, nil
	}
	return sources.First(found, q.Count), nil
}

func named(items []what.Item, argument string) []what.Item {
	wanted := what.Fold(argument)
	var found []what.Item
	for _, it := range items {
		if slices.ContainsFunc(names(it), func(name string) bool { return what.Fold(name) == wanted }) {
			found = append(found, it)
		}
	}
	return found
}

// names are what a recipe goes by, its own name first.
func names(it what.Item) []string {
	others, _ := it.Facts.Find(factNames)
	return append([]string{it.Title}, others.List...)
}

// Terms are the recipes of the book. A recipe is asked for by its name, which
// reads well wherever the argument is shown, or by its id where another one
// has the same name.
func (s *source) Terms(last *pull.Snapshot) []what.Term {
	if last == nil {
		return nil
	}
	bearers := map[string]int{}
	for _, it := range last.Items {
		bearers[what.Fold(it.Title)]++
	}
	terms := make([]what.Term, 0, len(last.Items))
	for _, it := range last.Items {
		value := it.ID
		if it.Title != "" && bearers[what.Fold(it.Title)] == 1 {
			value = it.Title
		}
		terms = append(terms, what.Term{Value: value, Names: names(it)})
	}
	return terms
}
