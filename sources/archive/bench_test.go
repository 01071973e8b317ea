package archive_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/sources/archive"
	"keypull/sources/sourcetest"
)

// library is a made-up archive: words as rare as those of a language, each article of some
// names of its own.
type library struct {
	random *rand.Rand
	common *rand.Zipf
	words  []string
}

func newLibrary() *library {
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // no secret
	l := &library{random: r, common: rand.NewZipf(r, 1.1, 8, 59_999)}
	seen := map[string]bool{}
	for len(l.words) < 60_000 {
		w := ""
		for range 1 + r.IntN(3) {
			w += string("bcdfghklmnprstvw"[r.IntN(16)]) + string("aeiou"[r.IntN(5)]) + string("lnrst"[r.IntN(5)])
		}
		if !seen[w] {
			seen[w] = true
			l.words = append(l.words, w)
		}
	}
	return l
}

func (l *library) sentence(n int, names []string) string {
	var all []string
	for range n {
		w := l.words[l.common.Uint64()]
		if l.random.IntN(14) == 0 {
			w = names[l.random.IntN(len(names))]
		}
		all = append(all, w)
	}
	return strings.ToUpper(all[0][:1]) + all[0][1:] + " " + strings.Join(all[1:], " ") + "."
}

// write writes so many articles as JSON Lines, and returns a question to every hundredth.
func (l *library) write(t testing.TB, file string, articles int) (questions []string) {
	t.Helper()
	f, err := os.Create(file) //nolint:gosec // of this benchmark
	if err != nil {
		t.Fatal(err)
	}
	out := bufio.NewWriter(f)
	day := time.Date(2024, 1, 1, 8, 0, 0, 0, time.UTC)
	for n := range articles {
		var names []string
		for range 5 {
			w := l.words[l.random.IntN(len(l.words))]
			names = append(names, strings.ToUpper(w[:1])+w[1:])
		}
		var paragraphs []string
		for range 12 {
			paragraphs = append(paragraphs, l.sentence(15, names)+" "+l.sentence(20, names)+" "+l.sentence(15, names))
		}
		line, err := json.Marshal(saved{Title: l.sentence(8, names), Text: strings.Join(paragraphs, "\n\n"), Link: fmt.Sprintf("https://example.org/%d", n), Published: day.Add(time.Duration(n) * time.Hour), Language: "en"})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = out.Write(append(line, '\n'))
		if n%(articles/50) == 0 {
			words := strings.Fields(paragraphs[3])
			questions = append(questions, "when did the "+strings.Join(slices.Concat(words[3:7], names[:1]), " "))
		}
	}
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return questions
}

// BenchmarkFiveThousandArticles gathers 5,000 articles of 600 words, and asks 50 questions
// of them: the median is what the operators' page names.
func BenchmarkFiveThousandArticles(b *testing.B) {
	const articles = 5000
	folder := b.TempDir()
	questions := newLibrary().write(b, filepath.Join(folder, "articles.jsonl"), articles)
	env := sourcetest.Env(b, folder)
	env.Languages = []string{"en"}
	source := sourcetest.Open(b, archive.Kind, env, map[string]any{"file": "articles.jsonl"})
	defer func() { _ = source.(pull.Closer).Close() }()
	began := time.Now()
	snapshot, err := source.Fetch(b.Context(), "archive", nil)
	if err != nil || len(snapshot.Items) == 0 {
		b.Fatal(len(snapshot.Items), err)
	}
	b.Logf("gathered in %.1f s", time.Since(began).Seconds())
	var took []time.Duration
	for b.Loop() {
		took = took[:0]
		for _, q := range questions {
			began := time.Now()
			if _, err := source.Select(b.Context(), snapshot, pull.Query{Argument: q, Count: 1, At: time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC), Language: "en"}); err != nil {
				b.Fatal(err)
			}
			took = append(took, time.Since(began))
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*9/10].Microseconds())/1000, "p90-ms")
}
