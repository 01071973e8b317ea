package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/sources"
	"keypull/sources/archive/passage"
	"keypull/sources/fulltext"
)

const (
	// looked is how many articles are compared with a question.
	looked = 16
	// often is of how many articles one has a word that is not looked for where rarer ones are.
	often = 4
	// offered is how many headlines are offered where none answers.
	offered = 3
	// marked is how the value of an offered headline begins.
	marked = "#"
)

// choice returns what asks for one article alone.
func choice(id string) string {
	sum := sha256.Sum256([]byte(id))
	return marked + hex.EncodeToString(sum[:6])
}

// Select answers a question by the passage that answers it, or offers the nearest
// headlines; without a question it tells the newest articles.
func (s *source) Select(ctx context.Context, snapshot pull.Snapshot, q pull.Query) (pull.Selection, error) {
	argument := strings.TrimSpace(q.Argument)
	if len(snapshot.Items) == 0 || argument == "" {
		items := slices.Clone(snapshot.Items)
		slices.SortStableFunc(items, func(a, b what.Item) int { return rank(a, q.First()) - rank(b, q.First()) })
		return s.listed(ctx, items, q)
	}
	x, err := s.opened(ctx)
	if err != nil {
		return pull.Selection{}, err
	}
	sel := selecting{source: s, index: x, given: newGiven(snapshot, q)}
	found, err := sel.answer(ctx, argument, q)
	if err != nil {
		return pull.Selection{}, &pull.Error{Kind: pull.Unavailable, Op: op, Hint: own.Text("no_room_opened", nil), Err: err}
	}
	return found, nil
}

// listed tells the newest articles, without those of which a withdrawn text stands where the
// snapshot has nothing of it.
func (s *source) listed(ctx context.Context, items []what.Item, q pull.Query) (pull.Selection, error) {
	if q.Gone == nil || len(items) == 0 {
		return sources.Page(items, q), nil
	}
	x, err := s.opened(ctx)
	if err != nil {
		return pull.Selection{}, err
	}
	var told []what.Item
	for _, it := range items {
		if len(told) > q.Offset+max(q.Count, 1) {
			break
		}
		h, ok, err := x.Get(ctx, it.ID)
		if err != nil {
			return pull.Selection{}, &pull.Error{Kind: pull.Unavailable, Op: op, Hint: own.Text("no_room_opened", nil), Err: err}
		}
		if a, known := read(h); ok && known && q.Gone(a.whole()) {
			continue
		}
		told = append(told, it)
	}
	return sources.Page(told, q), nil
}

// rank puts what is still to come behind what is out.
func rank(it what.Item, at time.Time) int {
	if it.Published.After(at) {
		return 1
	}
	return 0
}

// given is what may be told: the articles of a snapshot, and where it does not hold
// all, those that are older than its oldest; of these none that is withdrawn.
type given struct {
	ids    map[string]bool
	older  bool
	oldest time.Time
	gone   func(*what.Item) bool
}

func newGiven(s pull.Snapshot, q pull.Query) given {
	g := given{ids: make(map[string]bool, len(s.Items)), gone: q.Gone}
	var e extra
	g.older = json.Unmarshal(s.Extra, &e) == nil && e.Older
	for _, it := range s.Items {
		g.ids[it.ID] = true
		if at := it.Published; !at.IsZero() && (g.oldest.IsZero() || at.Before(g.oldest)) {
			g.oldest = at
		}
	}
	return g
}

func (g given) has(a article) bool {
	if !g.ids[a.ID] && (!g.older || !a.Published.Before(g.oldest)) {
		return false
	}
	return g.gone == nil || !g.gone(a.whole())
}

// selecting is one selection.
type selecting struct {
	*source
	index *fulltext.Index
	given given
}

func (s selecting) answer(ctx context.Context, argument string, q pull.Query) (pull.Selection, error) {
	if strings.HasPrefix(argument, marked) {
		return s.named(ctx, argument, q)
	}
	zone := s.env.Zone
	if zone == nil {
		zone = time.UTC
	}
	question := passage.Ask(argument, q.At.In(zone), spoken(q.Language, s.env.Languages))
	articles, corpus, err := s.nearest(ctx, question, q.At)
	if err != nil || len(articles) == 0 {
		return pull.Selection{}, err
	}
	texts := make([]passage.Article, 0, len(articles))
	for _, a := range articles {
		texts = append(texts, passage.Article{Title: a.Title, Language: a.Language, Published: a.Published, Paragraphs: a.Paragraphs})
	}
	found := passage.Find(question, texts, corpus)
	e := found.Evidence
	sel := pull.Selection{Evidence: &journal.Inside{Certainty: e.Likelihood(), Coverage: e.Coverage, Gap: e.Gap}}
	if found.Answered {
		sel.Items = []what.Item{articles[found.Article].item(found.Paragraph)}
		return sel, nil
	}
	if !e.Offers() {
		return sel, nil
	}
	for _, i := range found.Near[:min(len(found.Near), offered)] {
		sel.Choices = append(sel.Choices, what.Term{Value: choice(articles[i].ID), Names: []string{articles[i].item(0).Title}})
	}
	sel.Near = len(sel.Choices) > 0
	return sel, nil
}

// spoken returns the languages that a question may be in, the reader's first.
func spoken(first string, languages []string) []string {
	all := make([]string, 0, len(languages)+1)
	if first != "" {
		all = append(all, first)
	}
	for _, tag := range languages {
		if tag != first {
			all = append(all, tag)
		}
	}
	return all
}

// named returns an article that was chosen among those offered.
func (s selecting) named(ctx context.Context, value string, q pull.Query) (pull.Selection, error) {
	hits, err := s.index.Named(ctx, value, offered)
	if err != nil {
		return pull.Selection{}, err //nolint:wrapcheck // Select wraps it
	}
	for _, h := range hits {
		if a, ok := read(h); ok && s.given.has(a) {
			return sources.Page([]what.Item{a.item(0)}, q), nil
		}
	}
	return pull.Selection{}, nil
}

// nearest returns the articles that have words of the question, out at its moment, and
// how rare these are.
func (s selecting) nearest(ctx context.Context, question passage.Question, at time.Time) ([]article, passage.Corpus, error) {
	own, alike := question.Words()
	if len(own) == 0 {
		return nil, passage.Corpus{}, nil
	}
	corpus, err := s.corpus(ctx, own)
	if err != nil {
		return nil, corpus, err
	}
	few := corpus.Articles / often
	someRare := slices.ContainsFunc(corpus.Having, func(having int) bool { return having > 0 && having <= few })
	var terms []fulltext.Term
	for i, w := range own {
		if !someRare || corpus.Having[i] <= few {
			terms = append(terms, fulltext.Term{Text: w})
		}
	}
	for _, w := range alike {
		terms = append(terms, fulltext.Term{Text: w})
	}
	hits, err := s.index.Search(ctx, fulltext.Query{Any: terms, Limit: looked, Before: at.Add(sources.Skew)})
	if err != nil {
		return nil, corpus, err //nolint:wrapcheck // Select wraps it
	}
	var articles []article
	for _, h := range hits {
		if a, ok := read(h); ok && s.given.has(a) {
			articles = append(articles, a)
		}
	}
	return articles, corpus, nil
}

// corpus counts the articles that have each of some words.
func (s selecting) corpus(ctx context.Context, words []string) (c passage.Corpus, err error) {
	if c.Articles, err = s.index.Count(ctx); err != nil {
		return c, err //nolint:wrapcheck // Select wraps it
	}
	c.Having, err = s.index.Frequencies(ctx, words, s.env.Languages)
	return c, err //nolint:wrapcheck // Select wraps it
}
