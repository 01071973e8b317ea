package recipe

import (
	"context"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/sources"
	"keypull/sources/fulltext"
)

// maxFound is how many recipes one search brings.
const maxFound = 60

// search finds recipes in an index, the best first: the one that an argument
// names, else those of that name, else those with all its words in their names,
// else those with all its words.
func (s *source) search(ctx context.Context, x *fulltext.Index, argument string, q pull.Query) (found []dish, w wish, err error) {
	tags := append([]string{q.Language}, s.languages...)
	w = understand(argument, tags)
	// Who asks for all that it is called by means no servings by it.
	for _, named := range []wish{{text: argument}, w} {
		if found, err = s.named(ctx, x, named, q); err != nil || len(found) > 0 {
			return found, named, err
		}
	}
	for _, query := range w.queries(tags) {
		hits, err := x.Search(ctx, query)
		if err != nil {
			return nil, w, err //nolint:wrapcheck // it says what was tried
		}
		if len(hits) > 0 {
			return theirs(unfolded(hits), q.Language), w, nil
		}
	}
	return nil, w, nil
}

// named returns the recipes that go by a text.
func (s *source) named(ctx context.Context, x *fulltext.Index, w wish, q pull.Query) ([]dish, error) {
	if h, ok, err := x.Get(ctx, w.text); err != nil || ok {
		return unfolded([]fulltext.Hit{h}), err //nolint:wrapcheck // it says what was tried
	}
	byValue, err := x.Named(ctx, valueMark+w.folded(), 1)
	if err != nil {
		return nil, err //nolint:wrapcheck // it says what was tried
	}
	byName, err := x.Named(ctx, w.folded(), maxFound)
	if err != nil {
		return nil, err //nolint:wrapcheck // it says what was tried
	}
	found := unfolded(byName)
	if own := theirs(found, q.Language); len(own) > 1 {
		return own, nil
	}
	if len(byValue) > 0 {
		return unfolded(byValue), nil
	}
	return theirs(found, q.Language), nil
}

// queries returns what is looked for, one after the other until something is found.
func (w wish) queries(tags []string) []fulltext.Query {
	terms := func(in ...string) []fulltext.Term {
		all := make([]fulltext.Term, 0, len(w.words))
		for _, word := range w.words {
			all = append(all, fulltext.Term{Text: word, In: in})
		}
		return all
	}
	base := fulltext.Query{Languages: tags, Limit: maxFound}
	for _, diet := range w.diets {
		base.Tags = append(base.Tags, dietMark+diet)
	}
	var all []fulltext.Query
	for _, in := range [][]string{{inTitle}, nil} {
		q := base
		if q.All = terms(in...); len(q.All) == 0 && len(q.Tags) == 0 {
			return nil
		}
		all = append(all, q)
	}
	return all
}

// selected answers a query from an index.
func (s *source) selected(ctx context.Context, x *fulltext.Index, argument string, q pull.Query) (pull.Selection, error) {
	found, w, err := s.search(ctx, x, argument, q)
	if err != nil {
		return pull.Selection{}, &pull.Error{Kind: pull.Unavailable, Op: op, Hint: own.Text("search_failed", nil), Err: err}
	}
	if len(found) > max(q.Count, 1) {
		choices := terms(found)
		if w.servings > 0 {
			for i := range choices {
				choices[i].Names = append([]string{choices[i].Value}, choices[i].Names...)
				choices[i].Value += " " + w.of
			}
		}
		return pull.Selection{Choices: choices}, nil
	}
	items := make([]what.Item, 0, len(found))
	for _, d := range found {
		it := d.whole()
		if w.servings > 0 {
			it = scaled(it, w.servings)
		}
		items = append(items, it)
	}
	return sources.Page(items, q), nil
}
