package passage

import (
	"cmp"
	"math"
	"slices"
	"time"

	"keypull/pull/what/languages"
	"keypull/sources/confidence"
)

// Article is one of those that are asked about.
type Article struct {
	Title, Language string
	Published       time.Time
	Paragraphs      []string
}

// Corpus says how rare the words of a question are: of so many articles, Having[i]
// have the i-th of Question.Words, by its own stem.
type Corpus struct {
	Articles int
	Having   []int
}

// Found is what answers a question, or comes near.
type Found struct {
	// Answered says that the paragraph of that article answers it.
	Answered           bool
	Article, Paragraph int
	// Near are the articles that come nearest to it, and Passages the paragraphs of the first of them that have words of it, or
	// all where its title has, both best first.
	Near, Passages []int
	// Evidence is what speaks for the paragraph.
	Evidence confidence.Evidence
}

// BM25F: how fast a word that is said again ceases to count, how much less it counts in a
// long paragraph, and what it counts in the other fields of a paragraph: the title, the
// lead, the paragraph before it, and the rest of the article.
const (
	saturation = 1.2
	length     = 0.3
	inTitle    = 0.7
	inLead     = 0.1
	inBefore   = 0.1
	inRest     = 0.05
)

// What tells one paragraph from another, found from the questions of the tests: its BM25F, how
// much of the question one sentence has with what it may leave to the title and to the
// sentence before, and that it tells the kind of answer that is wanted.
var weighed = [signals]float64{byWords: 7.3, bySentence: 4.2, byKind: 3}

const (
	byWords = iota
	bySentence
	byKind
	signals
)

// unsaid is how much less a word for a reason tells than the other kinds of answer: reasons are
// told without one, too.
const unsaid = 0.5

// What a sentence has that says it in the title alone, or in the sentence before.
const (
	fromTitle  = 0.9
	fromBefore = 0.8
)

// scored is a paragraph with what speaks for it.
type scored struct {
	article, paragraph int
	signals            [signals]float64
	score              float64
}

// ranking is one question while articles are compared.
type ranking struct {
	q        Question
	articles []Article
	compared []compared
	weights  []float64
	// all is the sum of the weights.
	all      float64
	unknown  []bool
	matchers map[string]*matcher
	// words is how many words a paragraph has on average.
	words float64
}

// field is one text, compared with the question.
type field struct {
	words []word
	// asked says of each word whether the question has it.
	asked []bool
	// often is how often it has each term, by how well; best the best of each.
	often, best []float64
	// parts are the letters of each term that its last sentence says, and of a title all.
	parts []uint64
	// sentences are the best of each term by sentence.
	sentences [][]float64
}

// hasSome reports whether a text has some word of the question.
func (f *field) hasSome() bool {
	return slices.ContainsFunc(f.best, func(quality float64) bool { return quality > 0 })
}

// compared is one article, compared with the question.
type compared struct {
	title      field
	paragraphs []field
	// often and best are those of the whole article.
	often, best []float64
}

// Find looks for the paragraph that answers.
func Find(q Question, articles []Article, c Corpus) Found {
	r := rankArticles(q, articles, c)
	list := r.scoreParagraphs()
	if len(list) == 0 {
		return Found{}
	}
	f := Found{Article: list[0].article, Paragraph: list[0].paragraph, Evidence: r.weighEvidence(list)}
	f.Answered = f.Evidence.Answers() && (!q.strict || r.isInPeriod(list[0].article))
	for _, s := range list {
		if !slices.Contains(f.Near, s.article) {
			f.Near = append(f.Near, s.article)
		}
		a := &r.compared[s.article]
		if s.article == f.Article && (len(f.Passages) == 0 || a.title.hasSome() || a.paragraphs[s.paragraph].hasSome()) {
			f.Passages = append(f.Passages, s.paragraph)
		}
	}
	return f
}

// rankArticles compares articles with a question.
func rankArticles(q Question, articles []Article, c Corpus) *ranking {
	r := &ranking{q: q, articles: articles, matchers: map[string]*matcher{}}
	for i := range q.terms {
		r.unknown = append(r.unknown, i < len(c.Having) && c.Having[i] == 0)
	}
	paragraphs, words := 0, 0
	for _, a := range articles {
		one := r.compareArticle(a)
		for _, p := range one.paragraphs {
			words += len(p.words)
		}
		paragraphs += len(one.paragraphs)
		r.compared = append(r.compared, one)
	}
	r.words = float64(words) / float64(max(paragraphs, 1))
	r.weighTerms(c, paragraphs)
	return r
}

// compareField compares a text with the question; said are the letters of its terms that the
// title has, which every sentence below has with it.
func (r *ranking) compareField(text string, m *matcher, said []uint64) field {
	n := len(r.q.terms)
	f := field{words: known.wordsIn(text, m.language), often: make([]float64, n), best: make([]float64, n)}
	f.asked, f.parts = make([]bool, len(f.words)), make([]uint64, n)
	copy(f.parts, said)
	sentence := 0
	for i, w := range f.words {
		if w.sentence > sentence && said != nil {
			copy(f.parts, said)
			sentence = w.sentence
		}
		for len(f.sentences) <= w.sentence {
			f.sentences = append(f.sentences, make([]float64, n))
		}
		for _, h := range m.matchTerms(w) {
			f.asked[i] = true
			if h.part != 0 {
				f.parts[h.term] |= h.part
				h.quality = m.partQuality(h.term, f.parts[h.term])
			}
			f.often[h.term] += h.quality
			f.best[h.term] = max(f.best[h.term], h.quality)
			f.sentences[w.sentence][h.term] = max(f.sentences[w.sentence][h.term], h.quality)
		}
	}
	return f
}

// compareArticle compares the title and the paragraphs of an article with the question.
func (r *ranking) compareArticle(a Article) compared {
	language := languages.Base(a.Language)
	m := r.matchers[language]
	if m == nil {
		m = newMatcher(r.q, language, r.unknown)
		r.matchers[language] = m
	}
	c := compared{title: r.compareField(a.Title, m, nil), often: make([]float64, len(r.q.terms))}
	r.matchDate(&c.title, a)
	c.best = slices.Clone(c.title.best)
	for _, text := range a.Paragraphs {
		f := r.compareField(text, m, c.title.parts)
		for i := range f.best {
			c.best[i] = max(c.best[i], f.best[i])
			c.often[i] += f.often[i]
		}
		c.paragraphs = append(c.paragraphs, f)
	}
	return c
}

// matchDate has a title say the year, the month and the day of the week when its article came out.
func (r *ranking) matchDate(title *field, a Article) {
	if a.Published.IsZero() {
		return
	}
	for i, t := range r.q.terms {
		n, weekday := lexiconOf(r.q.language).weekday[t.folded]
		if t.month == int(a.Published.Month()) || t.number != "" && yearOf(t.number) == a.Published.Year() || t.day && weekday && time.Weekday(n) == a.Published.Weekday() {
			title.best[i], title.often[i] = max(title.best[i], derived), max(title.often[i], derived)
		}
	}
}

// weighTerms finds how rare each word is among all paragraphs, from those of the articles that
// are compared and from how many articles have it in all.
func (r *ranking) weighTerms(c Corpus, paragraphs int) {
	each := float64(paragraphs) / float64(max(len(r.articles), 1))
	all := float64(max(c.Articles, len(r.articles))) * max(each, 1)
	for i, t := range r.q.terms {
		having, articles := 0.0, 0.0
		for _, a := range r.compared {
			before := having
			for _, p := range a.paragraphs {
				if p.best[i] > 0 {
					having++
				}
			}
			if having > before {
				articles++
			}
		}
		if i < len(c.Having) && float64(c.Having[i]) > articles {
			having *= float64(c.Having[i]) / max(articles, 1)
			having = max(having, float64(c.Having[i]))
		}
		having = min(having, all)
		weight := math.Log(1 + (all-having+0.5)/(having+0.5))
		if !t.hard {
			weight *= lexiconOf(r.q.language).frequencyWeight(t.folded)
			noun := r.q.language == "de" && r.q.careful
			switch {
			case noun && t.upper:
				weight *= nounFactor
			case noun:
				weight *= otherFactor
			}
			switch noun = noun && t.upper; {
			case t.kind:
				weight *= kindFactor
			case having > 0:
			case t.paired:
				weight *= pairFactor
			case !noun && r.q.knowsWord(t.word):
				weight *= unknownFactor
			}
		}
		r.weights = append(r.weights, weight)
		r.all += weight
	}
	r.all = max(r.all, 1e-9)
}

const (
	// unknownFactor is how much less a word of the language tells that no article has: it may be
	// said otherwise; pairFactor the same of two letters that may belong to two words.
	unknownFactor = 0.5
	pairFactor    = 0.3
	// nounFactor is how much more a noun tells, which is seldom said otherwise, and otherFactor
	// how much less any other word, where capitals tell nouns.
	nounFactor  = 1.2
	otherFactor = 0.8
	// kindFactor is the same of the word for what is asked for.
	kindFactor = 0.6
)

// scoreParagraphs returns the paragraphs that have to do with the question, the best first.
func (r *ranking) scoreParagraphs() (list []scored) {
	for i := range r.compared {
		extra := r.recencyScore(i)
		for n := range r.compared[i].paragraphs {
			s := scored{article: i, paragraph: n, signals: r.measureSignals(i, n)}
			if s.signals[byWords] <= 0 {
				continue
			}
			s.score = extra
			for k, x := range s.signals {
				s.score += x * weighed[k]
			}
			list = append(list, s)
		}
	}
	slices.SortStableFunc(list, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	return list
}

// measureSignals returns what speaks for a paragraph, by signal.
func (r *ranking) measureSignals(article, paragraph int) (s [signals]float64) {
	a := &r.compared[article]
	p := &a.paragraphs[paragraph]
	norm := 1 - length + length*float64(len(p.words))/max(r.words, 1)
	for i, w := range r.weights {
		often := p.often[i]/norm + inTitle*a.title.often[i] + inRest*(a.often[i]-p.often[i])
		if paragraph > 0 {
			often += inLead*a.paragraphs[0].often[i] + inBefore*a.paragraphs[paragraph-1].often[i]
		}
		s[byWords] += w * often * (saturation + 1) / (saturation + often)
	}
	for n, each := range p.sentences {
		share := 0.0
		for i, w := range r.weights {
			quality := max(each[i], fromTitle*a.title.best[i])
			if n > 0 {
				quality = max(quality, fromBefore*p.sentences[n-1][i])
			}
			share += w * quality
		}
		s[bySentence] = max(s[bySentence], share)
	}
	l, language := lexiconOf(r.articles[article].Language), languages.Base(r.articles[article].Language)
	for i := range p.words {
		if grade := r.q.gradeAnswer(l, p, i, language); grade > 0 {
			s[byKind] = max(s[byKind], grade)
		}
	}
	if r.q.kind == reason {
		s[byKind] *= unsaid
	}
	for _, k := range []int{byWords, bySentence} {
		s[k] /= r.all
	}
	return s
}

// recencyScore returns what the age of an article counts, or 0 if the question names no time.
func (r *ranking) recencyScore(article int) float64 {
	const most, month = 1.5, 30 * 24 * time.Hour
	at := r.articles[article].Published
	switch {
	case !r.q.from.IsZero() && r.isInPeriod(article):
		return most
	case r.q.latest && !at.IsZero() && at.Before(r.q.at):
		return most * math.Exp(-float64(r.q.at.Sub(at))/float64(month))
	}
	return 0
}

// isInPeriod reports whether an article came out in the period that the question names.
func (r *ranking) isInPeriod(article int) bool {
	at := r.articles[article].Published
	return r.q.from.IsZero() || !at.Before(r.q.from) && at.Before(r.q.until)
}

// weighEvidence returns what speaks for the first of some scored paragraphs.
func (r *ranking) weighEvidence(list []scored) (e confidence.Evidence) {
	best := list[0]
	a := &r.compared[best.article]
	p := &a.paragraphs[best.paragraph]
	for i, w := range r.weights {
		// What the article says elsewhere is known of the passage, though less surely.
		const elsewhere = 0.6
		covered := max(p.best[i], fromTitle*a.title.best[i], elsewhere*a.best[i])
		e.Coverage += w * covered / r.all
		e.Missing = max(e.Missing, w*(1-covered)/r.all)
	}
	e.Words, e.Joined = len(r.weights), languages.WritesCompounds(r.q.language)
	e.Gap, e.Beside = 1, 1
	for _, s := range list[1:] {
		behind := 1 - s.signals[byWords]/max(best.signals[byWords], 1e-9)
		if s.article == best.article {
			e.Beside = min(e.Beside, max((best.score-s.score)/maxGap, 0))
		} else {
			e.Gap = min(e.Gap, max(behind, -1))
		}
	}
	if e.Open = r.q.kind == "" || r.q.kind == place; !e.Open {
		e.Kind = 2*best.signals[byKind] - 1
		if r.q.kind == reason {
			e.Kind = max(2*best.signals[byKind]/unsaid-1, 0)
		}
	}
	return e
}

// maxGap is by how much a paragraph is ahead of another beyond which more tells nothing.
const maxGap = 4
