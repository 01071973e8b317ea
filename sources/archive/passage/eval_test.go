package passage_test

import (
	"cmp"
	"embed"
	"fmt"
	"hash/fnv"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"keypull/sources/archive/passage"
)

//go:embed testdata/news
var news embed.FS

// asked is a question about the articles of one language: article is the place of
// the one that answers it, -1 where none does, paragraph that of the answer, -1
// where any will do.
type asked struct {
	text               string
	article, paragraph int
	// held says that it was not looked at while the floor was set.
	held bool
}

// outlet is what one language has.
type outlet struct {
	language string
	articles []passage.Article
	asked    []asked
	stems    []map[string]bool
}

func outlets(t testing.TB) []*outlet {
	t.Helper()
	files, err := news.ReadDir("testdata/news")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]*outlet{}
	var list []*outlet
	for _, f := range files {
		text, err := news.ReadFile(path.Join("testdata/news", f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		tag := f.Name()[:2]
		if all[tag] == nil {
			all[tag] = &outlet{language: tag}
			list = append(list, all[tag])
		}
		all[tag].read(t, string(text))
	}
	for _, o := range list {
		for _, a := range o.articles {
			stems := map[string]bool{}
			for _, s := range passage.Stems(a.Title+"\n"+strings.Join(a.Paragraphs, "\n"), o.language) {
				stems[s] = true
			}
			o.stems = append(o.stems, stems)
		}
	}
	return list
}

func (o *outlet) read(t testing.TB, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		at := len(o.articles) - 1
		switch {
		case line == "":
		case line[0] == '@':
			parts := strings.SplitN(line[2:], " | ", 3)
			day, err := time.Parse(time.DateOnly, parts[1])
			if err != nil {
				t.Fatal(line, err)
			}
			o.articles = append(o.articles, passage.Article{Title: parts[2], Language: o.language, Published: day.Add(9 * time.Hour)})
		case line[0] == '+':
			question, place, _ := strings.Cut(line[2:], " > ")
			n, err := strconv.Atoi(place)
			if err != nil {
				t.Fatal(line, err)
			}
			o.asked = append(o.asked, asked{question, at, n - 1, held(question)})
		case line[0] == '-':
			o.asked = append(o.asked, asked{line[2:], -1, -1, held(line)})
		default:
			o.articles[at].Paragraphs = append(o.articles[at].Paragraphs, line)
		}
	}
}

// held picks half of the questions, whatever they are.
func held(question string) bool {
	h := fnv.New32a()
	_, _ = h.Write([]byte(question))
	return h.Sum32()%2 == 0
}

// find does what an index does: it picks the articles that hold the rarest words.
func (o *outlet) find(q passage.Question) (passage.Found, []int) {
	const most = 24
	terms := q.Terms([]string{o.language})
	having := make([]int, len(terms))
	type ranked struct {
		article int
		score   float64
	}
	all := make([]ranked, len(o.articles))
	for i := range all {
		all[i].article = i
	}
	for n, stems := range terms {
		var found []int
		for i, has := range o.stems {
			if has[stems[0]] {
				having[n]++
			}
			if slices.ContainsFunc(stems, func(s string) bool { return has[s] }) {
				found = append(found, i)
			}
		}
		for _, i := range found {
			all[i].score += 1 / float64(len(found))
		}
	}
	slices.SortStableFunc(all, func(a, b ranked) int { return cmp.Compare(b.score, a.score) })
	var places []int
	var articles []passage.Article
	for _, r := range all[:min(most, len(all))] {
		places, articles = append(places, r.article), append(articles, o.articles[r.article])
	}
	return passage.Find(q, articles, passage.Corpus{Articles: len(o.articles), Having: having}), places
}

// score counts what became of questions.
type score struct{ right, refused, wrong, lost int }

func (s score) String() string {
	all := s.right + s.refused + s.wrong + s.lost
	return fmt.Sprintf("%d questions: %d right passage, %d rightly refused, %d refused in vain, %d wrong: %.1f %% good, %.1f %% harmful",
		all, s.right, s.refused, s.lost, s.wrong, 100*float64(s.right+s.refused)/float64(all), 100*float64(s.wrong)/float64(all))
}

func TestQuestionsAreAnsweredByTheRightPassageOrRefused(t *testing.T) {
	at := time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)
	var seen, unseen score
	for _, o := range outlets(t) {
		for _, a := range o.asked {
			s := &seen
			if a.held {
				s = &unseen
			}
			found, places := o.find(passage.Ask(a.text, at, []string{o.language}))
			verdict := ""
			switch {
			case !found.Answered && a.article < 0:
				s.refused++
			case !found.Answered:
				s.lost++
				verdict = "lost"
			case a.article >= 0 && places[found.Article] == a.article && (a.paragraph < 0 || found.Paragraph == a.paragraph):
				s.right++
			default:
				s.wrong++
				verdict = "WRONG"
			}
			if verdict != "" && !a.held {
				got := ""
				if found.Answered {
					got = o.articles[places[found.Article]].Paragraphs[found.Paragraph]
				}
				t.Logf("%s %s: %q (%d) got %.90s", o.language, verdict, a.text, a.paragraph+1, got)
			}
		}
	}
	t.Logf("seen: %v", seen)
	t.Logf("held: %v", unseen)
}
