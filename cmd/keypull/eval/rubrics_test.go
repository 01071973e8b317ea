package eval

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"keypull/pull/what"
	"keypull/pull/words"
)

// rubrics are what readers of all outlets ask for, by the words that discovery proposes for it.
var rubrics = map[string]string{
	"news": "asked.news", "events": "asked.events", "hours": "asked.hours", "contact": "asked.contact", "weather": "asked.weather",
	"menu": "asked.menu", "films": "asked.films", "prices": "asked.prices", "admission": "asked.admission", "recipes": "asked.recipe",
}

// TestWhatReadersAskAllOutletsForIsUnderstood asks an outlet that has all rubrics by the words that are proposed for
// them: of every second message the words may be written for, of the others none was looked at.
func TestWhatReadersAskAllOutletsForIsUnderstood(t *testing.T) {
	t.Parallel()
	halves := [2]rubricCount{}
	for _, file := range globbed(t, "testdata/rubrics/*.tsv") {
		language := strings.TrimSuffix(filepath.Base(file), ".tsv")
		index := rubricsIn(t, language)
		f, err := os.Open(filepath.Clean(file))
		if err != nil {
			t.Fatal(err)
		}
		of := [2]rubricCount{}
		lines := bufio.NewScanner(f)
		for i := 0; lines.Scan(); i++ {
			want, text, _ := strings.Cut(lines.Text(), "\t")
			m := index.Match(text, language)
			how := of[i%2].count(want, &m)
			if i%2 == 0 && how != "" {
				t.Logf("%s: %q is %s: %s %v", language, text, want, how, m.Candidates)
			}
		}
		for half := range of {
			halves[half].add(&of[half])
		}
		t.Logf("%s: %+v, not looked at %+v", language, of[0], of[1])
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
	for half, least := range [2]int{75, 55} {
		n := &halves[half]
		t.Logf("half %d: %+v", half, *n)
		if (n.run+n.offered)*100 < n.asks*least {
			t.Errorf("half %d: of %d messages %d are answered and %d offered rightly, want %d %%", half, n.asks, n.run, n.offered, least)
		}
		if n.wrong*100 > n.asks*mostWrong || n.idleRun*100 > n.idle*mostIdleRun {
			t.Errorf("half %d: of %d messages %d are answered by something else, and %d of %d that ask for nothing", half, n.asks, n.wrong, n.idleRun, n.idle)
		}
	}
}

// How many messages are answered by something else than what they ask for, and how many that ask for nothing, in percent.
const mostWrong, mostIdleRun = 1, 2

// rubricsIn returns an outlet that has all rubrics, by the words of a language. Each of these alone is an ask for its
// rubric, or the word of a command.
func rubricsIn(t *testing.T, language string) *what.Index {
	t.Helper()
	var all []what.Keyword
	for id, key := range rubrics {
		all = append(all, what.Keyword{ID: id, Phrases: map[string][]string{language: strings.Split(words.Text{Key: key}.In(language), "|")}})
	}
	index := what.NewIndex(all, what.Options{})
	for _, k := range all {
		for _, phrase := range k.Phrases[language] {
			m := index.Match(phrase, language)
			if m.Command == "" && !slices.ContainsFunc(m.Candidates, func(c what.Candidate) bool { return c.Keyword == k.ID }) {
				t.Errorf("%s: %q is %s %v, want %s", language, phrase, m.Decision, m.Candidates, k.ID)
			}
		}
	}
	return index
}

// rubricCount counts messages: those that ask for a rubric, that were answered or offered rightly, answered wrongly,
// and those that ask for none.
type rubricCount struct{ asks, run, offered, wrong, idle, idleRun, idleOffered int }

// count counts a message, and returns how it is not understood.
func (n *rubricCount) count(want string, m *what.Match) string {
	first := ""
	if len(m.Candidates) > 0 && m.Decision != what.None {
		first = m.Candidates[0].Keyword
	}
	runs := m.Decision == what.Run
	if want == "none" {
		n.idle++
		switch {
		case first == "" || m.Command != "":
			return ""
		case runs:
			n.idleRun++
			return "run"
		}
		n.idleOffered++
		return ""
	}
	n.asks++
	switch {
	case runs && first == want:
		n.run++
		return ""
	case runs:
		n.wrong++
		return "run"
	case first == want:
		n.offered++
		return ""
	}
	return "missed"
}

func (n *rubricCount) add(o *rubricCount) {
	n.asks, n.run, n.offered, n.wrong = n.asks+o.asks, n.run+o.run, n.offered+o.offered, n.wrong+o.wrong
	n.idle, n.idleRun, n.idleOffered = n.idle+o.idle, n.idleRun+o.idleRun, n.idleOffered+o.idleOffered
}
