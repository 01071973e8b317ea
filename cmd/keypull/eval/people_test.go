package eval

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var updateReached = flag.Bool("update-reached", false, "write what each language reaches into docs/measuring.md")

// people is a folder of messages as people write them to an outlet, in each
// language one, with the keywords of the outlet beside them.
const people = "testdata/people"

// leastMessages is how many messages there are of each language.
const leastMessages = 60

// reached is what one language reaches.
type reached struct {
	language, outlet string
	report
}

func TestPeopleAreUnderstoodInEveryLanguage(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(people, "*.queries.jsonl"))
	if err != nil || len(files) < 35 {
		t.Fatalf("%d languages: %v", len(files), err)
	}
	all := make([]reached, len(files))
	for i, file := range files {
		tag := strings.TrimSuffix(filepath.Base(file), ".queries.jsonl")
		t.Run(tag, func(t *testing.T) { all[i] = reaches(t, tag) })
	}
	var queries, harmful int
	var utility float64
	for i := range all {
		queries += all[i].Queries
		harmful += all[i].HarmfulCount
		utility += all[i].Utility * float64(all[i].Queries)
	}
	if utility /= float64(queries); utility < 0.9 {
		t.Errorf("utility over all languages: %.3f, want 0.9", utility)
	}
	if share := float64(harmful) / float64(queries); share > 0.005 {
		t.Errorf("wrong answers over all languages: %d of %d, want 0.5 %% at most", harmful, queries)
	}
	told(t, all)
}

func TestOutletsAreUnderstoodInAllTheirLanguages(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/outlets/*.queries.jsonl")
	if err != nil || len(files) < 8 {
		t.Fatalf("%d outlets: %v", len(files), err)
	}
	for _, file := range files {
		outlet := strings.TrimSuffix(file, ".queries.jsonl")
		t.Run(filepath.Base(outlet), func(t *testing.T) {
			r := evaluate(t, nil, "--catalogue", outlet+".catalogue.jsonl", "--queries", file,
				"--fail-under", "utility=0.82,harmful=0.02,offer-recall=0.90,quiet=0.93,reserved=0.80,stop=0.72")
			if r.err != nil {
				t.Errorf("%v\n%s\n%s", r.err, r.problems, r.out)
			}
		})
	}
}

// reaches evaluates the messages of one language, and holds them to its floors.
func reaches(t *testing.T, tag string) reached {
	t.Helper()
	catalogue := filepath.Join(people, tag+".catalogue.jsonl")
	r := evaluate(t, nil, "--json",
		"--catalogue", catalogue, "--queries", filepath.Join(people, tag+".queries.jsonl"),
		"--fail-under", "utility=0.80,harmful=0.03,offer-recall=0.88,quiet=0.80,stop=0.72")
	if r.err != nil {
		t.Errorf("%v\n%s", r.err, r.problems)
	}
	got := reached{language: tag, outlet: outletOf(t, catalogue)}
	if err := json.Unmarshal([]byte(r.out), &got.report); err != nil {
		t.Fatalf("%v\n%s", err, r.out)
	}
	if got.Queries < leastMessages {
		t.Errorf("%d messages, want %d", got.Queries, leastMessages)
	}
	return got
}

// outletOf returns what kind of outlet a catalogue is one of.
func outletOf(t *testing.T, catalogue string) string {
	t.Helper()
	raw, err := os.ReadFile(catalogue) //nolint:gosec // of the folder above
	if err != nil {
		t.Fatal(err)
	}
	var entry struct {
		Outlet string `json:"outlet"`
	}
	first, _, _ := strings.Cut(string(raw), "\n")
	if err := json.Unmarshal([]byte(first), &entry); err != nil || entry.Outlet == "" {
		t.Fatalf("%s names no outlet: %v", catalogue, err)
	}
	return entry.Outlet
}

// told holds the table of docs/measuring.md to what the languages reach.
func told(t *testing.T, all []reached) {
	t.Helper()
	const page, begin, end = "../../../docs/measuring.md", "<!-- reached -->\n", "<!-- /reached -->"
	raw, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(raw), begin)
	old, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s has no place for the table", page)
	}
	table := tableOfReached(all)
	if *updateReached {
		if err := os.WriteFile(page, []byte(before+begin+table+end+after), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(table, old); diff != "" {
		t.Errorf("docs/measuring.md tells otherwise; write it anew by go test ./cmd/keypull/eval -run People -update-reached\n%s", diff)
	}
}

func tableOfReached(all []reached) string {
	var b strings.Builder
	b.WriteString("| language | outlet | messages | utility | wrong | answered | answered or offered | kept quiet | commands | STOP |\n")
	b.WriteString("|---|---|---|---|---|---|---|---|---|---|\n")
	for _, r := range all {
		fmt.Fprintf(&b, "| `%s` | %s | %d | %.2f | %d | %.2f | %.2f | %.2f | %.2f | %.2f |\n",
			r.language, r.outlet, r.Queries, r.Utility, r.HarmfulCount, r.Top1, r.OfferRecall, r.Quiet, r.Reserved, r.Stop)
	}
	return b.String()
}
