package bench

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAFigureIsTheMedianOfItsRoundsAndIsHeldAgainstItsFloor(t *testing.T) {
	for _, tt := range []struct {
		name  string
		f     figure
		value float64
		holds string
	}{
		{"the middle of three", figure{}.withValues(9, 1, 4).atLeast(4, 5), 4, "true"},
		{"too little", figure{}.withValues(3.9).atLeast(4, 5), 3.9, "false"},
		{"too much", figure{}.withValues(4.1).atMost(4, 3), 4.1, "false"},
		{"just enough", figure{}.withValues(4).atMost(4, 3), 4, "true"},
		{"nothing is bound", figure{Sense: "≤"}.withValues(4), 4, "null"},
		{"not one may be lost", figure{Unit: lostUnit}.withValues(1).atMost(0, 0), 1, "false"},
		{"none is lost", figure{Unit: lostUnit}.withValues(0).atMost(0, 0), 0, "true"},
		{"what is not measured is not judged", figure{}.withValues(9).atMost(4, 3).unlessMissing("no disk"), 9, "null"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := tt.f.withVerdict()
			holds, err := json.Marshal(f.Holds)
			if err != nil || f.Value != tt.value || string(holds) != tt.holds {
				t.Errorf("is %v, holds %s, want %v and %s", f.Value, holds, tt.value, tt.holds)
			}
		})
	}
}

const table = `asks a second                                          1234 1/s   1100–1300       must ≥ 1000    holds  in turn
written of an ask                                      3.25 kB                    must ≤ 3.00    MISSED
memory                                                    – MiB                   must ≤ 150            is measured on Linux
p50                                                    12.3 ms
answered twice                                            0 lost                  must ≤ 0       holds
`

func TestTheReportIsATable(t *testing.T) {
	r := &report{}
	r.addFigure(figure{Name: "asks a second", Unit: "1/s", Detail: "in turn"}.withValues(1100, 1234, 1300).atLeast(1000, 0))
	r.addFigure(figure{Name: "written of an ask", Unit: "kB"}.withValues(3.25).atMost(3, 1.5))
	r.addFigure(figure{Name: "memory", Unit: "MiB", Detail: "at rest"}.atMost(150, 100).unlessMissing(onLinux))
	r.addFigure(figure{Name: "p50", Unit: "ms", Value: 12.34, Sense: "≤"})
	r.addFigure(figure{Name: "answered twice", Unit: lostUnit}.withValues(0).atMost(0, 0))
	var out bytes.Buffer
	if err := r.printFigures(&out, false); err != nil || out.String() != table {
		t.Errorf("printed\n%s(%v), want\n%s", out.String(), err, table)
	}
	out.Reset()
	if err := r.printFigures(&out, true); err != nil {
		t.Fatal(err)
	}
	var back []figure
	if err := json.Unmarshal(out.Bytes(), &back); err != nil || len(back) != len(r.figures) || *back[1].Holds || back[0].Low != 1100 {
		t.Errorf("as JSON it is %s: %v", out.String(), err)
	}
}

func TestWorseIsWhatLiesBeyondTheSpreadOfBoth(t *testing.T) {
	for _, tt := range []struct {
		name        string
		before, now figure
		want        string
	}{
		{"less of what should be much", figure{}.withValues(90, 100, 110).atLeast(1, 1), figure{}.withValues(70, 80, 89).atLeast(1, 1), "worse"},
		{"more of what should be much", figure{}.withValues(90, 100, 110).atLeast(1, 1), figure{}.withValues(111, 120).atLeast(1, 1), "better"},
		{"more of what should be little", figure{}.withValues(90, 100, 110).atMost(1, 1), figure{}.withValues(111, 120).atMost(1, 1), "worse"},
		{"less of what should be little", figure{}.withValues(90, 100, 110).atMost(1, 1), figure{}.withValues(50, 60).atMost(1, 1), "better"},
		{"the spreads meet", figure{}.withValues(90, 100, 110).atMost(1, 1), figure{}.withValues(109, 130, 140).atMost(1, 1), ""},
		{"measured once, a little apart", figure{}.withValues(100).atMost(1, 1), figure{}.withValues(115).atMost(1, 1), ""},
		{"measured once, far apart", figure{}.withValues(100).atMost(1, 1), figure{}.withValues(130).atMost(1, 1), "worse"},
		{"nothing says which is good", figure{}.withValues(100), figure{}.withValues(300), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := verdictOf(tt.before.withVerdict(), tt.now.withVerdict()); got != tt.want {
				t.Errorf("is %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTwoRunsAreComparedByTheirRows(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, figures ...figure) string {
		r := &report{}
		for _, f := range figures {
			r.addFigure(f)
		}
		var out bytes.Buffer
		if err := r.printFigures(&out, true); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	one := func(name string, v float64) figure { return figure{Name: name, Unit: "ms"}.withValues(v).atMost(10, 5) }
	before := write("before", one("same", 2), one("slow", 4), one("gone", 1), one("untold", 1).unlessMissing("why"))
	after := write("after", one("slow", 8), one("same", 2), one("new", 1), one("untold", 1))
	var out bytes.Buffer
	if err := printComparison(before, after, &out, false); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], "slow") || !strings.HasSuffix(lines[0], "2.00× worse") || !strings.Contains(lines[1], "1.00×") {
		t.Errorf("compared as\n%s", out.String())
	}
	if err := printComparison(before, filepath.Join(dir, "none"), &out, false); err == nil {
		t.Error("a file that is missing is compared")
	}
	if err := os.WriteFile(filepath.Join(dir, "other"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := printComparison(before, filepath.Join(dir, "other"), &out, false); err == nil || !strings.Contains(err.Error(), "other is not what") {
		t.Errorf("a file of something else is compared: %v", err)
	}
}

func TestRowsAreChosenByName(t *testing.T) {
	names := func(o options) string {
		var all []string
		for _, s := range o.chosen() {
			all = append(all, s.name)
		}
		return strings.Join(all, " ")
	}
	for _, tt := range []struct {
		o    options
		want string
	}{
		{options{only: []string{"soak", "store"}}, "store soak"},
		{options{only: []string{"webhook"}}, "fsync webhook"},
		{options{peer: "kannel"}, "peer"},
		{options{peer: "kannel", only: []string{"memory"}}, "peer memory"},
	} {
		if got := names(tt.o); got != tt.want {
			t.Errorf("%v is %q, want %q", tt.o.only, got, tt.want)
		}
	}
	if all := names(options{}); strings.Contains(all, "soak") || strings.Contains(all, "kills") || !strings.HasPrefix(all, "fsync store") {
		t.Errorf("where nothing is named it is %q", all)
	}
}
