package archive_test

import (
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/pull/what/languages"
	"keypull/pull/what/stem"
	"keypull/sources/archive/passage"
	"keypull/sources/confidence"
	"keypull/sources/fulltext"
)

// shelf is all articles of one language, with what is asked of them; folders are those
// of testdata that they are from.
type shelf struct {
	language string
	articles []passage.Article
	folders  []string
	asked    []asked
	// words are those of each article, as they are written and by their stems.
	words []map[string]bool
}

func shelves(t testing.TB) (list []*shelf) {
	t.Helper()
	byLanguage := map[string]*shelf{}
	for _, o := range outlets(t) {
		s := byLanguage[o.language]
		if s == nil {
			s = &shelf{language: o.language}
			byLanguage[o.language], list = s, append(list, s)
		}
		before := len(s.articles)
		for _, a := range o.articles {
			s.articles = append(s.articles, passage.Article{Title: a.Title, Language: o.language, Published: a.Published, Paragraphs: a.paragraphs})
			s.folders = append(s.folders, o.folder)
			known := map[string]bool{}
			for _, w := range fulltext.Words(a.Title + "\n" + a.Text) {
				known[w], known[stem.Of(w, languages.Base(o.language))] = true, true
			}
			s.words = append(s.words, known)
		}
		for _, q := range o.asked {
			if q.article >= 0 {
				q.article += before
			}
			s.asked = append(s.asked, q)
		}
	}
	return list
}

// half returns every second article, by place; having counts the words of a question there.
func (s *shelf) half(n int) (articles []passage.Article, place map[int]int) {
	place = map[int]int{}
	for i, a := range s.articles {
		if i%2 == n {
			place[i] = len(articles)
			articles = append(articles, a)
		}
	}
	return articles, place
}

func (s *shelf) having(q passage.Question, place map[int]int) passage.Corpus {
	c := passage.Corpus{Articles: len(place)}
	own, _ := q.Words()
	for _, w := range own {
		n := 0
		for i := range place {
			if s.words[i][w] || s.words[i][stem.Of(w, languages.Base(s.language))] {
				n++
			}
		}
		c.Having = append(c.Having, n)
	}
	return c
}

// judged is what became of one question with half of the articles there.
type judged struct {
	asked
	language       string
	folder         string
	found          passage.Found
	there          bool
	right, offered bool
}

// asking is done once, by the first test that wants it.
var asking struct {
	once sync.Once
	list []judged
}

// judge returns what became of every question, asked twice: with each half of the articles.
func judge(t testing.TB) []judged {
	t.Helper()
	asking.once.Do(func() { asking.list = askAll(t) })
	return asking.list
}

func askAll(t testing.TB) (list []judged) {
	t.Helper()
	at := time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)
	for _, s := range shelves(t) {
		for n := range 2 {
			articles, place := s.half(n)
			for _, a := range s.asked {
				q := passage.Parse(a.text, at, []string{s.language})
				j := judged{asked: a, language: s.language, found: passage.Find(q, articles, s.having(q, place))}
				if a.article >= 0 {
					j.folder = s.folders[a.article]
					var here int
					here, j.there = place[a.article]
					for i, near := range j.found.Near {
						j.offered = j.offered || j.there && i < 3 && near == here
					}
					j.right = j.there && len(j.found.Near) > 0 && j.found.Article == here && (a.paragraph < 0 || j.found.Paragraph == a.paragraph)
				}
				list = append(list, j)
			}
		}
	}
	return list
}

// outcome counts what became of questions: of those whose article is there how many are
// told, and rightly; of those whose article is not there how many are told all the same.
type outcome struct{ there, first, told, right, offered, absent, toldAbsent int }

func (o *outcome) add(j judged) {
	told := j.found.Evidence.Answers()
	switch {
	case j.there:
		o.there++
		o.first += one(j.right)
		o.told += one(told)
		o.right += one(told && j.right)
		o.offered += one(!told && j.offered && j.found.Evidence.Offers())
	case j.article >= 0:
		o.absent++
		o.toldAbsent += one(told)
	}
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

func percent(of, all int) float64 { return 100 * float64(of) / float64(max(all, 1)) }

func (o *outcome) good() float64 {
	return percent(o.right+o.offered+o.absent-o.toldAbsent, o.there+o.absent)
}

func (o *outcome) wrong() float64 {
	return percent(o.told-o.right+o.toldAbsent, o.there+o.absent)
}

// TestHalfOfTheArticlesAnswerTheirQuestionsAndNoOthers asks each question once with its
// article there and once without. testdata/features and testdata/reference have long
// paragraphs, and questions as strangers ask them; half of their articles were not looked
// into while the ranking was made.
func TestHalfOfTheArticlesAnswerTheirQuestionsAndNoOthers(t *testing.T) {
	of := map[string]*outcome{}
	for _, j := range judge(t) {
		if !j.strange() {
			continue
		}
		half := "seen"
		if j.held {
			half = "held"
		}
		for _, name := range []string{half, j.set() + " " + half, j.set() + " " + j.language} {
			if name == half && j.folder == "towns" {
				continue // counted by themselves
			}
			if of[name] == nil {
				of[name] = &outcome{}
			}
			of[name].add(j)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(of)) {
		o := of[name]
		t.Logf("%-14s %3d answerable: right paragraph first %.1f %%, told %.1f %%, of these right %.1f %%; %3d not: told %.1f %%; good %.1f %%, wrong %.1f %%",
			name, o.there, percent(o.first, o.there), percent(o.told, o.there), percent(o.right, o.told), o.absent, percent(o.toldAbsent, o.absent), o.good(), o.wrong())
		// Of a few questions one alone is more than that.
		least := 92.0
		if strings.HasPrefix(name, "towns") {
			least = 88 // whose questions have hardly a word of what answers them
		}
		if few := o.there < 20; o.good() < least && !few || o.wrong() > 4 && !few {
			t.Errorf("%s: good %.1f %%, wrong %.1f %%", name, o.good(), o.wrong())
		}
	}
	for name, told := range map[string]float64{"seen": 65, "held": 65, "features seen": 65, "features held": 65, "close seen": 90, "close held": 90} {
		if o := of[name]; o.wrong() > 2 || percent(o.toldAbsent, o.absent) > 1.5 || percent(o.told, o.there) < told || percent(o.right, o.told) < 96.5 {
			t.Errorf("%s: %+v", name, o)
		}
	}
}

// TestConfidenceIsWhatTheQuestionsTell fits the model to the questions that are not held
// back, about as many answerable as not, prints what it finds with a table of how far
// likelihoods are to be relied on, and compares it with the weights that are in use.
func TestConfidenceIsWhatTheQuestionsTell(t *testing.T) {
	var seen, held []judged
	for _, j := range judge(t) {
		switch {
		case len(j.found.Near) == 0:
		case j.held:
			held = append(held, j)
		default:
			seen = append(seen, j)
		}
	}
	inUse := confidence.Weights()
	fitted := fitWeights(seen, len(inUse))
	t.Logf("fitted %.2f", fitted)
	t.Logf("in use %.2f", inUse)
	for name, list := range map[string][]judged{"seen": seen, "held": held} {
		var all, right [5]int
		for _, j := range list {
			n := min(int(5*j.found.Evidence.Likelihood()), 4)
			all[n]++
			right[n] += one(j.right)
		}
		for n := range all {
			t.Logf("%s: of %4d answers that are likely from %.1f on %5.1f %% are right", name, all[n], float64(n)/5, percent(right[n], all[n]))
		}
		best, now := loss(list, fitted), loss(list, inUse[:])
		t.Logf("%s: %.4f fitted, %.4f in use", name, best, now)
		if now > best+0.02 {
			t.Errorf("%s: the weights in use lose %.4f, the fitted ones %.4f", name, now, best)
		}
	}
}

// strange reports whether strangers could have asked: articles of several long paragraphs,
// and questions in other words than theirs.
func (j judged) strange() bool {
	return j.folder == "features" || j.folder == "reference" || j.folder == "topics" || j.folder == "towns"
}

// set names the questions that this one is reported with.
func (j judged) set() string {
	if j.close {
		return "close"
	}
	return j.folder
}

// weight is how much a question counts: those of strangers are what readers ask.
func (j judged) weight() float64 {
	if j.strange() {
		return 2
	}
	return 1
}

func likely(j judged, weights []float64) float64 {
	sum := 0.0
	for k, x := range j.found.Evidence.Signals() {
		sum += x * weights[k]
	}
	return 1 / (1 + math.Exp(-sum))
}

// loss is the mean of the logarithms of how unlikely what happened was.
func loss(list []judged, weights []float64) float64 {
	sum, all := 0.0, 0.0
	for _, j := range list {
		p := likely(j, weights)
		if !j.right {
			p = 1 - p
		}
		sum, all = sum-j.weight()*math.Log(max(p, 1e-9)), all+j.weight()
	}
	return sum / all
}

// fitWeights finds the weights of least loss, by Adam.
func fitWeights(list []judged, n int) []float64 {
	const steps, rate, ridge, first, second = 800, 0.1, 0.3, 0.9, 0.99
	w, m, v := make([]float64, n), make([]float64, n), make([]float64, n)
	for step := 1; step <= steps; step++ {
		g := make([]float64, n)
		for k := range g {
			g[k] = -ridge * w[k]
		}
		for _, j := range list {
			miss := j.weight() * (float64(one(j.right)) - likely(j, w))
			for k, x := range j.found.Evidence.Signals() {
				g[k] += miss * x
			}
		}
		for k := range w {
			m[k], v[k] = first*m[k]+(1-first)*g[k], second*v[k]+(1-second)*g[k]*g[k]
			w[k] += rate * m[k] / (1 - math.Pow(first, float64(step))) / (math.Sqrt(v[k]/(1-math.Pow(second, float64(step)))) + 1e-9)
		}
	}
	return w
}
