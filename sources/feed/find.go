package feed

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/sources"
)

// searchItems returns the items that fit a text, the best first, of those that fit
// alike in their order, what is still to come behind all others. Without words
// that is all of them. Where upstream has searched, and found by more than is
// told here, those that hold a word of it stand in for those that hold all.
func searchItems(items []what.Item, text string, q pull.Query, upstream bool) []what.Item {
	search := sources.NewSearch(text).Content(append(languagesOf(items), q.Language)...)
	if search.Empty() {
		return items
	}
	fields := func(it what.Item) ([]sources.Field, string) {
		categories, _ := it.Facts.Find(factCategories)
		return []sources.Field{
			{Text: it.Title, Weight: sources.InTitle}, {Text: strings.Join(categories.List, " , "), Weight: sources.InFacts},
			{Text: it.Summary, Weight: sources.InSummary}, {Text: it.Body, Weight: sources.InBody},
		}, cmp.Or(it.Language, q.Language)
	}
	found := sources.Ranked(search, items, fields)
	if len(found) == 0 && upstream {
		found = sources.Ranked(search.Some(), items, fields)
	}
	slices.SortStableFunc(found, func(a, b sources.Hit[what.Item]) int {
		return cmp.Or(sources.CompareBools(sources.IsUpcoming(a.Found, q.First()), sources.IsUpcoming(b.Found, q.First())), b.Score-a.Score)
	})
	return sources.FoundBy(found)
}

// languagesOf returns the languages of items, each once.
func languagesOf(items []what.Item) []string {
	var all []string
	for _, it := range items {
		if it.Language != "" && !slices.Contains(all, it.Language) {
			all = append(all, it.Language)
		}
	}
	return all
}

// ofReader puts the items of the reader's language first, of what is out and of
// what is still to come; a feed of one language stays as it is.
func ofReader(items []what.Item, q pull.Query) []what.Item {
	if len(languagesOf(items)) < 2 {
		return items
	}
	out := slices.IndexFunc(items, func(it what.Item) bool { return sources.IsUpcoming(it, q.First()) })
	if out < 0 {
		out = len(items)
	}
	return slices.Concat(sources.InLanguage(items[:out], q.Language), sources.InLanguage(items[out:], q.Language))
}

// publishedWithin returns the items that were published, or else first seen, in a
// period.
func publishedWithin(items []what.Item, from, to time.Time) []what.Item {
	var kept []what.Item
	for _, it := range items {
		at := cmp.Or(it.Published, it.Seen)
		if !at.Before(from) && (to.IsZero() || at.Before(to)) {
			kept = append(kept, it)
		}
	}
	return kept
}
