package withdrawn_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"keypull/pull/private"
	"keypull/pull/withdrawal"
	"keypull/store/withdrawn"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func open(t *testing.T, path string) *withdrawn.File {
	t.Helper()
	f, err := withdrawn.Open(path, func() time.Time { return noon }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func keep(t *testing.T, f *withdrawn.File, publisher string, rules ...withdrawal.Rule) {
	t.Helper()
	if err := f.Keep(publisher, rules); err != nil {
		t.Fatal(err)
	}
}

// held returns the rules of a publisher, those that have ended with a minus.
func held(t *testing.T, f *withdrawn.File, publisher string) string {
	t.Helper()
	rules, err := f.Rules(publisher)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, r := range rules {
		if r.Ended {
			r.ID = "-" + r.ID
		}
		all = append(all, r.ID)
	}
	return strings.Join(all, " ")
}

func rule(id string, after time.Duration) withdrawal.Rule {
	return withdrawal.Rule{ID: id, At: noon.Add(after), Link: "https://n.example/" + id}
}

func TestWhatWasDecidedIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keypull.db.withdrawn")
	f := open(t, path)
	a, b := rule("a", 0), rule("b", time.Second)
	over := rule("over", 0)
	over.Until = noon
	keep(t, f, "p", a, b, over)
	keep(t, f, "q", rule("c", 0))
	// The clock was set back.
	keep(t, f, "p", a.End(noon.Add(-time.Hour)))
	for range 2 {
		if got := held(t, f, "p") + "," + held(t, f, "q") + "," + held(t, f, "r"); got != "-a b,c," {
			t.Errorf("%q", got)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		f = open(t, path)
	}
	if info, err := os.Stat(path); err != nil || private.Modes && info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
}

func TestADamagedFileGivesWhatIsWhole(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(text string) string
		want  string
	}{
		"a torn tail":             {func(s string) string { return s[:len(s)-9] }, "a b d"},
		"a tail without its end":  {func(s string) string { return s[:len(s)-1] }, "a b d"},
		"a tail of zeros":         {func(s string) string { return s + strings.Repeat("\x00", 1<<21) }, "a b c d"},
		"a line that was changed": {func(s string) string { return strings.Replace(s, "/b", "/x", 1) }, "a c d"},
		"a line of something":     {func(s string) string { return "something\n\n" + s }, "a b c d"},
		"nothing":                 {func(string) string { return "" }, "d"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file")
			f := open(t, path)
			keep(t, f, "p", rule("a", 0), rule("b", 1), rule("c", 2))
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(path) //nolint:gosec // of this test
			if err == nil {
				err = os.WriteFile(path, []byte(c.spoil(string(text))), 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			f = open(t, path)
			keep(t, f, "p", rule("d", 3))
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
			f = open(t, path)
			defer func() { _ = f.Close() }()
			if got := held(t, f, "p"); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestTheFileIsBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	f := open(t, path)
	r := rule("a", 0)
	r.Say = strings.Repeat("again ", 20_000)
	const changes, most = 200, 10 << 20 // of 120 KB each
	for i := range changes {
		r.Acted = noon.Add(time.Duration(i+1) * time.Second)
		r.By = strconv.Itoa(i)
		keep(t, f, "p", r)
		if info, err := os.Stat(path); err != nil || info.Size() > most {
			t.Fatalf("after %d changes: %v %v", i+1, info.Size(), err)
		}
	}
	rules, err := f.Rules("p")
	if err != nil || len(rules) != 1 || rules[0].By != strconv.Itoa(changes-1) {
		t.Errorf("%d rules, %v", len(rules), err)
	}
	left, err := filepath.Glob(path + ".part-*")
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %q %v", left, err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if f.Keep("p", []withdrawal.Rule{r}) == nil {
		t.Error("what could not be written counts as kept")
	}
}
