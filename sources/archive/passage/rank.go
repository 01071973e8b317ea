package passage

import (
	"cmp"
	"math"
	"slices"
	"time"

	"keypull/pull/what/languages"
)

// Article is one of those that are asked about.
type Article struct {
	Title, Language string
	Published       time.Time
	Paragraphs      []string
}

// Corpus says how rare the words of a question are: of so many articles, Having[i]
// have the i-th of Question.Terms, by its own stem.
type Corpus struct {
	Articles int
	Having   []int
}

// Found is what there is to a question.
type Found struct {
	// Answered says that the paragraph of that article answers it.
	Answered           bool
	Article, Paragraph int
	// Near are the articles that come nearest to it, best first.
	Near []int
}

// where is how much a word of the question counts by the place where it was
// found: in the paragraph, in the title, in the one before it, in the lead, or
// anywhere else in the article.
const (
	inParagraph = 1.0
	inTitle     = 0.9
	inBefore    = 0.75
	inLead      = 0.75
	elsewhere   = 0.4
)

// Find looks for the paragraph that answers.
func Find(q Question, articles []Article, c Corpus) Found {
	r := ranking{q: q, weights: weights(q, c), matchers: map[string]*matcher{}}
	for i := range q.terms {
		r.unknown = append(r.unknown, i < len(c.Having) && c.Having[i] == 0)
	}
	var best scored
	totals := make([][]float64, len(articles))
	near := make([]scored, 0, len(articles))
	for i, a := range articles {
		if !q.From.IsZero() && (a.Published.Before(q.From) || !a.Published.Before(q.Until)) {
			continue
		}
		top, answer, all := r.article(a)
		totals[i] = all
		top.article, answer.article = i, i
		if top.found {
			near = append(near, top)
		}
		if answer.found && (!best.found || r.better(answer, best, articles)) {
			best = answer
		}
	}
	slices.SortStableFunc(near, func(a, b scored) int { return cmp.Compare(b.total, a.total) })
	f := Found{Answered: best.found && likelihood(best, totals) >= floor, Article: best.article, Paragraph: best.paragraph}
	for _, s := range near {
		f.Near = append(f.Near, s.article)
	}
	return f
}

// ranking is one question while articles are compared.
type ranking struct {
	q        Question
	weights  []float64
	unknown  []bool
	matchers map[string]*matcher
}

// weights returns the rarities of the words.
func weights(q Question, c Corpus) []float64 {
	all := make([]float64, len(q.terms))
	for i, t := range q.terms {
		having := 0
		if i < len(c.Having) {
			having = c.Having[i]
		}
		all[i] = math.Log(1 + (float64(c.Articles)+1)/(float64(having)+0.5))
		if t.hard {
			all[i] *= 1.2
			continue
		}
		all[i] *= lexiconOf(q.language).common(t.folded)
		if having == 0 && q.knows(t.word) {
			all[i] *= nowhere
		}
	}
	return all
}

// nowhere is how much less a word of the language tells that no article has: it may be said
// otherwise.
const nowhere = 0.5

// scored is how well a paragraph fits.
type scored struct {
	article, paragraph int
	total              float64
	// found says that there is such a paragraph.
	found bool
}

// better prefers the newer of two that fit nearly alike.
func (*ranking) better(a, b scored, articles []Article) bool {
	const alike = 0.5
	if math.Abs(a.total-b.total) > alike {
		return a.total > b.total
	}
	return articles[a.article].Published.After(articles[b.article].Published)
}

// section is one text of an article, compared with the question.
type section struct {
	words []word
	// quality is the best of each term.
	quality  []float64
	opposite []bool
	// together is the greatest share of the weights within one sentence.
	together float64
	// shares is how much of the weights each sentence has.
	shares []float64
	// each is how well each sentence has each term.
	each [][]float64
	// sides are the parts of each compound that are there.
	sides [][3]bool
	// named counts the names that are not the question's; counted says that a
	// number stands beside what is counted.
	fits []fit
}

func (r *ranking) section(text string, m *matcher) section {
	s := section{words: wordsOf(text, m.language), quality: make([]float64, len(r.weights)), opposite: make([]bool, len(r.weights)), sides: make([][3]bool, len(r.weights))}
	sum := 0.0
	for _, w := range r.weights {
		sum += w
	}
	inSentence := make([]float64, len(r.weights))
	sentence := 0
	ended := func() {
		share := 0.0
		for i, quality := range inSentence {
			share += quality * r.weights[i]
		}
		for len(s.shares) <= sentence {
			s.shares, s.each = append(s.shares, 0), append(s.each, make([]float64, len(r.weights)))
		}
		copy(s.each[sentence], inSentence)
		clear(inSentence)
		s.shares[sentence] = share / max(sum, 1e-9)
		s.together = max(s.together, s.shares[sentence])
	}
	for _, w := range s.words {
		if w.sentence != sentence {
			ended()
			sentence = w.sentence
		}
		f := m.of(w)
		s.fits = append(s.fits, f)
		for _, h := range f.terms {
			if s.sides[h.term][h.side] = true; s.sides[h.term][modifier] && s.sides[h.term][head] {
				h.quality = compounded
			}
			s.quality[h.term] = max(s.quality[h.term], h.quality)
			inSentence[h.term] = max(inSentence[h.term], h.quality)
		}
		for _, i := range f.opposite {
			s.opposite[i] = true
		}
	}
	ended()
	return s
}

// article compares the paragraphs of an article: top is the best of them, answer the
// best that may be given; totals are the scores of all.
func (r *ranking) article(a Article) (top, answer scored, totals []float64) {
	language := languages.Base(a.Language)
	m := r.matchers[language]
	if m == nil {
		m = newMatcher(r.q, language, r.unknown)
		r.matchers[language] = m
	}
	title := r.section(a.Title, m)
	sections := make([]section, 0, len(a.Paragraphs))
	for _, text := range a.Paragraphs {
		sections = append(sections, r.section(text, m))
	}
	views := make([]view, 0, len(sections))
	all := make([][features]float64, 0, len(sections))
	for i := range sections {
		v := r.view(a, title, sections, i)
		views, all = append(views, v), append(all, r.known(v))
	}
	compare(all)
	for i, v := range views {
		s := scored{paragraph: i}
		if s.total, s.found = r.score(&all[i]); !s.found {
			totals = append(totals, math.Inf(-1))
			continue
		}
		totals = append(totals, s.total)
		if !top.found || s.total > top.total {
			top = s
		}
		if r.holds(v) && (!answer.found || s.total > answer.total) {
			answer = s
		}
	}
	return top, answer, totals
}
