package archive

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/textform"
	"keypull/sources"
	"keypull/sources/archive/passage"
	"keypull/sources/crawl"
	"keypull/sources/fulltext"
)

const (
	// maxCompared is how many articles are compared with a question.
	maxCompared = 16
	// commonShare is of how many articles one has a word that is skipped where rarer ones are found.
	commonShare = 4
	// maxOffered is how many headlines are offered where none answers.
	maxOffered = 3
	// maxAsked is how much of a question an offered headline carries, in characters.
	maxAsked = 100
	// choiceMark begins the value of an offered headline.
	choiceMark = "#"
)

// choiceValue returns the argument that selects one article alone; behind a line feed may stand what was asked.
func choiceValue(id string) string {
	sum := sha256.Sum256([]byte(id))
	return choiceMark + hex.EncodeToString(sum[:6])
}

// Select answers a question by the passage that answers it, or offers the nearest
// headlines; without a question it tells the newest articles.
func (s *source) Select(ctx context.Context, snapshot pull.Snapshot, q pull.Query) (pull.Selection, error) {
	argument := strings.TrimSpace(q.Argument)
	if len(snapshot.Items) == 0 || argument == "" {
		items := slices.Clone(snapshot.Items)
		slices.SortStableFunc(items, func(a, b what.Item) int {
			return sources.CompareBools(a.Published.After(q.First()), b.Published.After(q.First()))
		})
		return s.listNewest(ctx, items, q)
	}
	x, err := s.index.Open(ctx)
	if err != nil {
		return pull.Selection{}, noIndex(err)
	}
	sel := selection{source: s, index: x, visible: newVisibleArticles(snapshot, q)}
	found, err := sel.answerQuestion(ctx, argument, q)
	if err != nil {
		return pull.Selection{}, noIndex(err)
	}
	return found, nil
}

// listNewest returns the newest articles, without those whose full text is withdrawn.
func (s *source) listNewest(ctx context.Context, items []what.Item, q pull.Query) (pull.Selection, error) {
	if q.Gone == nil || len(items) == 0 {
		return sources.Page(items, q), nil
	}
	x, err := s.index.Open(ctx)
	if err != nil {
		return pull.Selection{}, noIndex(err)
	}
	var told []what.Item
	for _, it := range items {
		if len(told) > q.Offset+max(q.Count, 1) {
			break
		}
		h, ok, err := x.Get(ctx, it.ID)
		if err != nil {
			return pull.Selection{}, noIndex(err)
		}
		if a, known := decodeArticle(h); ok && known && q.Gone(a.fullItem()) {
			continue
		}
		told = append(told, it)
	}
	return sources.Page(told, q), nil
}

// visibleArticles are those that may be told: the articles of a snapshot, and where it does not hold
// all, those that are older than its oldest; of these none that is withdrawn.
type visibleArticles struct {
	ids    map[string]bool
	older  bool
	oldest time.Time
	gone   func(*what.Item) bool
}

// newVisibleArticles returns the articles that a query may tell of a snapshot.
func newVisibleArticles(s pull.Snapshot, q pull.Query) visibleArticles {
	g := visibleArticles{ids: make(map[string]bool, len(s.Items)), older: sources.ExtraOf[extra](&s).Older, gone: q.Gone}
	for _, it := range s.Items {
		g.ids[it.ID] = true
		if at := it.Published; !at.IsZero() && (g.oldest.IsZero() || at.Before(g.oldest)) {
			g.oldest = at
		}
	}
	return g
}

// includes reports whether an article may be told.
func (g visibleArticles) includes(a article) bool {
	if !g.ids[a.ID] && (!g.older || !a.Published.Before(g.oldest)) {
		return false
	}
	return g.gone == nil || !g.gone(a.fullItem())
}

// selection answers one query.
type selection struct {
	*source
	index   *fulltext.Index
	visible visibleArticles
}

// answerQuestion returns the passage that answers, or the nearest headlines.
func (s selection) answerQuestion(ctx context.Context, argument string, q pull.Query) (pull.Selection, error) {
	if strings.HasPrefix(argument, choiceMark) {
		return s.selectNamed(ctx, argument, q)
	}
	question := s.parseQuestion(argument, q)
	corpus, err := s.countCorpus(ctx, question)
	spelt := s.respell(ctx, argument, question, corpus)
	if spelt != argument {
		question = s.parseQuestion(spelt, q)
		corpus, err = s.countCorpus(ctx, question)
	}
	if err != nil {
		return pull.Selection{}, err
	}
	articles, err := s.findNearest(ctx, question, corpus, q.At)
	if err != nil || len(articles) == 0 {
		return pull.Selection{}, err
	}
	texts := make([]passage.Article, 0, len(articles))
	for _, a := range articles {
		texts = append(texts, a.toPassages())
	}
	found := passage.Find(question, texts, corpus)
	e := found.Evidence
	sel := pull.Selection{Evidence: &journal.Inside{Certainty: e.Likelihood(), Coverage: e.Coverage, Gap: e.Gap}}
	if found.Answered {
		best := articles[found.Article]
		if spelt != argument { // what was meant is for the reader to say
			sel.Choices, sel.Near = []what.Term{best.toChoice(spelt)}, true
			return sel, nil
		}
		sel.Items, sel.Alone = []what.Item{best.toItem(found.Paragraph)}, best.toChoice(argument)
		return sel, nil
	}
	if !e.Offers() {
		return sel, nil
	}
	for _, i := range found.Near[:min(len(found.Near), maxOffered)] {
		sel.Choices = append(sel.Choices, articles[i].toChoice(spelt))
	}
	sel.Near = len(sel.Choices) > 0
	return sel, nil
}

// respell returns a question with those words as no article has them replaced by what they are slips of one letter for, as
// far as half of the time for an answer lasts.
func (s selection) respell(ctx context.Context, text string, question passage.Question, corpus passage.Corpus) string {
	ctx, cancel := crawl.HalfTime(ctx)
	defer cancel()
	own, _ := question.Words()
	fields := strings.Fields(text)
	for i, having := range corpus.Having {
		word := own[i]
		if having > 0 {
			continue
		}
		meant, err := s.index.Meant(ctx, word)
		if err != nil {
			break
		}
		for n, field := range fields {
			if said := textform.Trim(field); meant != "" && textform.Fold(said) == word {
				fields[n], text = strings.Replace(field, said, meant, 1), ""
			}
		}
	}
	return cmp.Or(text, strings.Join(fields, " "))
}

// questionLanguages returns the languages that a question may be in, the reader's first.
func questionLanguages(first string, languages []string) []string {
	if first == "" {
		return languages
	}
	return append([]string{first}, slices.DeleteFunc(slices.Clone(languages), func(tag string) bool { return tag == first })...)
}

// selectNamed returns an article that was chosen among those offered, by what in it comes nearest to the question.
func (s selection) selectNamed(ctx context.Context, value string, q pull.Query) (pull.Selection, error) {
	name, asked, _ := strings.Cut(value, pull.ChoiceDetail)
	hits, err := s.index.Named(ctx, name, maxOffered)
	if err != nil {
		return pull.Selection{}, err //nolint:wrapcheck // Select wraps it
	}
	for _, h := range hits {
		if a, ok := decodeArticle(h); ok && s.visible.includes(a) {
			found := passage.Find(s.parseQuestion(asked, q), []passage.Article{a.toPassages()}, passage.Corpus{})
			return sources.Page([]what.Item{a.toItem(found.Passages...)}, q), nil
		}
	}
	return pull.Selection{}, nil
}

// parseQuestion reads a question, asked at the time of a query.
func (s selection) parseQuestion(text string, q pull.Query) passage.Question {
	return passage.Parse(text, q.At.In(cmp.Or(s.env.Zone, time.UTC)), questionLanguages(q.Language, s.env.Languages))
}

// findNearest returns the articles that have words of the question, out at its moment.
func (s selection) findNearest(ctx context.Context, question passage.Question, corpus passage.Corpus, at time.Time) ([]article, error) {
	own, alike := question.Words()
	if len(own) == 0 {
		return nil, nil
	}
	few := corpus.Articles / commonShare
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
	hits, err := s.index.Search(ctx, fulltext.Query{Any: terms, Limit: maxCompared, Before: at.Add(sources.Skew)})
	if err != nil {
		return nil, err //nolint:wrapcheck // Select wraps it
	}
	var articles []article
	for _, h := range hits {
		if a, ok := decodeArticle(h); ok && s.visible.includes(a) {
			articles = append(articles, a)
		}
	}
	return articles, nil
}

// countCorpus counts the articles that have each word of a question.
func (s selection) countCorpus(ctx context.Context, question passage.Question) (c passage.Corpus, err error) {
	words, _ := question.Words()
	if c.Articles, err = s.index.Count(ctx); err != nil {
		return c, err //nolint:wrapcheck // Select wraps it
	}
	c.Having, err = s.index.Frequencies(ctx, words, s.env.Languages)
	return c, err //nolint:wrapcheck // Select wraps it
}
