package eval

import (
	"os"
	"strings"
	"testing"
)

// TestCommandsAreToldFromWhatResemblesThem reads messages that ask for a command and such
// that only sound like one. The odd lines were looked at while the words were gathered, the
// even ones not; the misses among the sentences were seen before their patterns were written.
func TestCommandsAreToldFromWhatResemblesThem(t *testing.T) {
	t.Parallel()
	const folder = "testdata/commands/"
	for file, floors := range map[string]string{
		"stop":      "stop=0.93,quiet=1,harmful=0",
		"others":    "reserved=0.90,quiet=0.98,harmful=0.02",
		"scripts":   "stop=0.83,reserved=0.79,quiet=0.99,harmful=0",
		"sentences": "reserved=0.78,quiet=0.93,harmful=0.04",
		"wordings":  "stop=0.88,reserved=0.90,quiet=0.94,harmful=0.02",
		"own":       "stop=0.85,reserved=0.92,quiet=0.94,harmful=0.02",
	} {
		raw, err := os.ReadFile(folder + file + ".queries.jsonl") //nolint:gosec // of the folder above
		if err != nil {
			t.Fatal(err)
		}
		catalogue := folder + "catalogue.jsonl"
		if file == "own" { // what a reader saves is asked for as well
			catalogue = folder + "own.catalogue.jsonl"
		}
		halves := [2]strings.Builder{}
		number := 0
		for line := range strings.Lines(string(raw)) {
			halves[number%2].WriteString(line)
			number++
		}
		for i, half := range []string{"looked at", "not looked at"} {
			r := evaluate(t, map[string]string{"q.jsonl": halves[i].String()},
				"--catalogue", catalogue, "--queries", "{}/q.jsonl", "--fail-under", floors)
			if r.err != nil {
				t.Errorf("%s, %s: %v\n%s\n%s", file, half, r.err, r.problems, r.out)
			}
		}
	}
}
