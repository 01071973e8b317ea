package eval

import (
	"path/filepath"
	"strings"
	"testing"
)

// understanding is the folder of keywords and messages in many languages that
// the matcher is held to.
const understanding = "testdata/understanding"

func TestReadersAreUnderstood(t *testing.T) {
	for _, tt := range []struct{ mode, floors string }{
		{"confident", "harmful=0.005,utility=0.85,top1=0.85,offer-recall=0.92,quiet=0.96,reserved=0.92,stop=0.95"},
		{"offer", "harmful=0.002"},
	} {
		t.Run(tt.mode, func(t *testing.T) {
			r := evaluate(t, nil,
				"--catalogue", filepath.Join(understanding, "catalogue.jsonl"),
				"--queries", filepath.Join(understanding, "queries.jsonl"),
				"--autocorrect", tt.mode, "--fail-under", tt.floors)
			if r.err != nil {
				t.Errorf("%v\n%s\n%s", r.err, r.problems, r.out)
			}
		})
	}
}

func TestTheMessagesExpectKeywordsThatThereAre(t *testing.T) {
	entries, err := readEntries(filepath.Join(understanding, "catalogue.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	queries, err := readQueries(filepath.Join(understanding, "queries.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	reserved := map[string]bool{}
	languages := map[string]int{}
	for _, e := range entries {
		if _, twice := reserved[e.ID]; twice {
			t.Errorf("keyword %s stands twice", e.ID)
		}
		reserved[e.ID] = e.Reserved
		languages[e.Lang]++
	}
	if len(entries) < 350 || len(queries) < 1000 || len(languages) < 16 {
		t.Errorf("%d keywords in %d languages, %d messages", len(entries), len(languages), len(queries))
	}
	seen := map[string]bool{}
	for _, q := range queries {
		if seen[*q.Text] {
			t.Errorf("message %q stands twice", *q.Text)
		}
		seen[*q.Text] = true
		x := q.Expect
		ids := append(append([]string{}, x.IDs...), x.OK...)
		if x.ID != "" {
			ids = append(ids, x.ID)
		}
		for _, id := range ids {
			command, known := reserved[id]
			// STOP is offered to who wants something paid for to end.
			offered := x.Type == "offer" && id == "stop"
			if !known || command != (x.Type == "reserved" || offered) {
				t.Errorf("message %q expects %s %s, which the catalogue lacks", *q.Text, x.Type, strings.TrimSpace(id))
			}
		}
	}
}
