package archive_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/withdrawal"
	"keypull/sources/archive"
	"keypull/sources/sourcetest"
)

// windmills returns the articles that are withdrawn, and as many others as a snapshot
// holds between the first ones and the last.
func windmills(t *testing.T, day time.Time) (lines []string) {
	t.Helper()
	type story struct {
		ID        string    `json:"id"`
		Title     string    `json:"title"`
		Text      string    `json:"text"`
		Link      string    `json:"link,omitempty"`
		Published time.Time `json:"published"`
	}
	about := func(name, link string, published time.Time) story {
		return story{
			ID: "story " + name, Title: name + " windmill burns down", Link: link, Published: published,
			Text: "The " + name + " windmill burned down on Monday after it was struck by lightning.\n\nIts miller, who lived beside it, lost his cat in the fire of " + name + ".",
		}
	}
	all := []story{
		about("Aldenhove", "https://example.org/aldenhove", day),
		about("Bexholm", "", day.AddDate(0, 0, 1)),
		about("Cordamere", "https://example.org/cordamere", day.AddDate(0, 0, 2)),
		about("Dunmarrow", "https://example.org/dunmarrow", day.AddDate(0, 0, 3)),
		about("Estrick", "https://example.org/estrick", day.AddDate(6, 0, 0)),
	}
	for i := range pull.MaxSnapshotItems + 50 {
		all = append(all, story{
			Title: fmt.Sprintf("Council meeting number %d", i), Link: fmt.Sprintf("https://example.org/council/%d", i),
			Text: "The council met, and parted.", Published: day.AddDate(1, 0, 0).Add(time.Duration(i) * time.Hour),
		})
	}
	for _, s := range all {
		line, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(line))
	}
	return lines
}

// TestWhatIsWithdrawnNeverComesFromTheIndex withdraws articles that are older than all that
// a snapshot holds, and one that it holds, by each way to name one.
func TestWhatIsWithdrawnNeverComesFromTheIndex(t *testing.T) {
	day, folder := time.Date(2020, 1, 1, 9, 0, 0, 0, time.UTC), t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "articles.jsonl"), []byte(strings.Join(windmills(t, day), "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	env := sourcetest.Env(t, folder)
	env.Languages = []string{"en"}
	source := sourcetest.Open(t, archive.Kind, env, map[string]any{"file": "articles.jsonl"})
	t.Cleanup(func() { _ = source.(pull.Closer).Close() })
	snapshot, err := source.Fetch(t.Context(), "archive", nil)
	if err != nil || len(snapshot.Items) != pull.MaxSnapshotItems {
		t.Fatal(len(snapshot.Items), err)
	}
	cache := pull.NewCache(nil, time.Now)
	t.Cleanup(cache.Close)
	ask := func(argument string, count int) pull.Selection {
		t.Helper()
		q := pull.Query{Argument: argument, Count: count, At: day.AddDate(6, 1, 0), Language: "en"}
		found, err := cache.Select(t.Context(), "p", "news", source, snapshot, q)
		if err != nil {
			t.Fatal(argument, err)
		}
		return found
	}
	for _, c := range []struct {
		name string
		rule withdrawal.Rule
	}{
		{"Aldenhove", withdrawal.Rule{Link: "http://www.example.org/aldenhove/?utm_source=x"}},
		{"Bexholm", withdrawal.Rule{Item: "story Bexholm"}},
		{"Cordamere", withdrawal.Rule{Text: "lost his cat in the fire of Cordamere"}},
		{"Dunmarrow", withdrawal.Rule{Link: "https://example.org/dunmarrow"}},
		{"Estrick", withdrawal.Rule{Text: "lost his cat in the fire of Estrick"}},
	} {
		answered := "When did the " + c.name + " windmill burn down?"
		unanswered := c.name + " windmill architect chimney parliament"
		tells := func(found pull.Selection) bool {
			return slices.ContainsFunc(found.Items, func(it what.Item) bool { return strings.Contains(it.Title+it.Summary, c.name) }) ||
				slices.ContainsFunc(found.Choices, func(term what.Term) bool { return strings.Contains(strings.Join(term.Names, " "), c.name) })
		}
		before, near := ask(answered, 1), ask(unanswered, 1)
		if len(before.Items) != 1 || !tells(before) || !near.Near || !tells(near) {
			t.Fatalf("%s is told as %+v and %+v before it is withdrawn", c.name, before, near)
		}
		chosen := near.Choices[slices.IndexFunc(near.Choices, func(term what.Term) bool { return strings.Contains(term.Names[0], c.name) })].Value
		if !tells(ask(chosen, 1)) {
			t.Fatalf("%s is not told by %q", c.name, chosen)
		}
		if _, err := cache.Withdraw(t.Context(), "p", c.rule); err != nil {
			t.Fatal(err)
		}
		for _, argument := range []string{answered, unanswered, chosen, ""} {
			if found := ask(argument, 20); tells(found) {
				t.Errorf("%s is withdrawn by %+v, and %q tells %+v", c.name, c.rule, argument, found)
			}
		}
	}
}
