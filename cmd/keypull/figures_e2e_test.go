package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"keypull/cmd/keypull/cli"
)

// figureLines returns what "keypull figures --json" prints: what each row is of, and some of
// its figures.
func (s *service) figureLines(t *testing.T, args string) string {
	t.Helper()
	var all []string
	for line := range strings.Lines(s.printed(t, "figures --publisher lecker --json "+args)) {
		var r struct {
			At                               time.Time
			By                               string
			Asked, Answered, Missed, Offered int
			P50                              float64 `json:"p50_ms"`
			P99                              float64 `json:"p99_ms"`
		}
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		if r.P50 <= 0 || r.P99 < r.P50 || r.At.IsZero() {
			t.Errorf("%q tells %v at %v, p50 %v and p99 %v", line, r.By, r.At, r.P50, r.P99)
		}
		if strings.Contains(r.By, ":") {
			if r.By != r.At.Format("15:04") {
				t.Errorf("%q is of another hour", line)
			}
			r.By = r.At.UTC().Format("15:04")
		}
		all = append(all, fmt.Sprintf("%s %d=%d+%d+%d", r.By, r.Asked, r.Answered, r.Missed, r.Offered))
	}
	return strings.Join(all, ", ")
}

func TestFiguresAreKeptOverDaysAndRestarts(t *testing.T) {
	s := serveConsole(t)
	s.noonThere()
	c := s.admin()
	c.outlet("lecker")
	c.add("lecker", "source", textDoc("hours", "Open from 9 to 17."))
	c.add("lecker", "keyword", wordDoc("hours", "hours"))
	first := s.clock.Now().UTC().Format(time.DateOnly)
	s.crowd("lecker", "hours", 3)
	s.crowd("lecker", "gazpacho", 1)
	s.clock.advance(48 * time.Hour)
	third := s.clock.Now().UTC().Format(time.DateOnly)
	s.crowd("lecker", "hours", 2)
	check := func(when string) {
		t.Helper()
		for args, want := range map[string]string{
			"--by day":     fmt.Sprintf("%s 4=3+1+0, %s 2=2+0+0", first, third),
			"--by keyword": "hours 5=5+0+0",
			"--by source":  "hours 5=5+0+0",
			"--by hour --from " + first + " --to " + first: s.clock.Now().UTC().Format("15:00") + " 4=3+1+0",
			"--keyword hours --to " + first:                first + " 3=3+0+0",
		} {
			if got := s.figureLines(t, args); got != want {
				t.Errorf("%s, figures %s are %s, want %s", when, args, got, want)
			}
		}
	}
	check("at once")
	s.restart()
	check("after a restart")
	if got := s.printed(t, "figures --publisher lecker --by keyword"); !strings.Contains(got, "\nSINCE") || !strings.Contains(got, "hours  5") {
		t.Errorf("the table is\n%s", got)
	}
	if code, _, stderr := s.run("figures --publisher lecker --from soon"); code == cli.Done || !strings.Contains(stderr, "Write a day such as 2026-03-01.") {
		t.Errorf("it ended with %d and said %q", code, stderr)
	}
}
