package archive_test

import (
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull/what/languages"
	"keypull/pull/what/stem"
	"keypull/sources/archive/passage"
	"keypull/sources/fulltext"
)

// plainRanking ranks paragraphs by BM25 over their stems and nothing else: the yardstick
// that the ranking of passages has to beat.
type plainRanking struct {
	language string
	stems    [][]string
	places   [][2]int
	having   map[string]int
	words    float64
}

func newPlainRanking(language string, articles []passage.Article) *plainRanking {
	p := &plainRanking{language: language, having: map[string]int{}}
	for n, a := range articles {
		for i, text := range a.Paragraphs {
			stems := p.stemWords(text)
			p.stems, p.places = append(p.stems, stems), append(p.places, [2]int{n, i})
			p.words += float64(len(stems))
			for _, s := range slices.Compact(slices.Sorted(slices.Values(stems))) {
				p.having[s]++
			}
		}
	}
	p.words /= float64(len(p.stems))
	return p
}

// stemWords returns the stems of a text, and of a script without spaces its letters in pairs.
func (p *plainRanking) stemWords(text string) (all []string) {
	for _, word := range fulltext.Words(text) {
		for _, w := range fulltext.NewWords(word, []string{p.language}) {
			for _, u := range w.Units() {
				all = append(all, stem.Of(u.Text, languages.Base(p.language)))
			}
		}
	}
	return all
}

// bestPlace returns the article and the paragraph that a question has most in common with.
func (p *plainRanking) bestPlace(question string) [2]int {
	const saturation, length = 1.2, 0.75
	best, most := [2]int{-1, -1}, 0.0
	asked := p.stemWords(question)
	for n, stems := range p.stems {
		score := 0.0
		for _, s := range asked {
			often := 0.0
			for _, o := range stems {
				if o == s {
					often++
				}
			}
			having := float64(p.having[s])
			weight := math.Log(1 + (float64(len(p.stems))-having+0.5)/(having+0.5))
			score += weight * often * (saturation + 1) / (often + saturation*(1-length+length*float64(len(stems))/p.words))
		}
		if score > most {
			best, most = p.places[n], score
		}
	}
	return best
}

// TestTheRankingBeatsPlainBM25 asks all questions with all articles there: the paragraph that
// answers is first at least as often as by BM25 alone.
func TestTheRankingBeatsPlainBM25(t *testing.T) {
	type count struct{ all, plain, ours int }
	of := map[string]*count{}
	at := time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)
	for _, s := range shelves(t) {
		plain := newPlainRanking(s.language, s.articles)
		place := map[int]int{}
		for i := range s.articles {
			place[i] = i
		}
		for _, a := range s.asked {
			if a.article < 0 || a.paragraph < 0 {
				continue
			}
			q := passage.Parse(a.text, at, []string{s.language})
			found := passage.Find(q, s.articles, s.having(q, place))
			want := [2]int{a.article, a.paragraph}
			ours, plainly := [2]int{found.Article, found.Paragraph} == want && len(found.Near) > 0, plain.bestPlace(a.text) == want
			half := "read"
			if a.held {
				half = "held"
			}
			for _, name := range []string{half, s.folders[a.article] + " " + half, s.folders[a.article] + " " + half + " " + s.language} {
				if of[name] == nil {
					of[name] = &count{}
				}
				of[name].all++
				of[name].plain += one(plainly)
				of[name].ours += one(ours)
			}
			if plainly && !ours && !a.held {
				got := "nothing"
				if len(found.Near) > 0 {
					got = s.articles[found.Article].Paragraphs[found.Paragraph]
				}
				t.Logf("%s: %q is answered by plain BM25 with %.300s\nby ours with %.300s", s.language, a.text, s.articles[a.article].Paragraphs[a.paragraph], got)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(of)) {
		c := of[name]
		t.Logf("%-20s %4d questions: first %.1f %%, by plain BM25 %.1f %%", name, c.all, percent(c.ours, c.all), percent(c.plain, c.all))
		if c.ours < c.plain && strings.Count(name, " ") < 2 {
			t.Errorf("%s: %d of %d first, by plain BM25 %d", name, c.ours, c.all, c.plain)
		}
	}
}
