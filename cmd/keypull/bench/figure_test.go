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
		{"the middle of three", figure{}.of(9, 1, 4).least(4, 5), 4, "true"},
		{"too little", figure{}.of(3.9).least(4, 5), 3.9, "false"},
		{"too much", figure{}.of(4.1).most(4, 3), 4.1, "false"},
		{"just enough", figure{}.of(4).most(4, 3), 4, "true"},
		{"nothing is bound", figure{Sense: "≤"}.of(4), 4, "null"},
		{"not one may be lost", figure{Unit: lostUnit}.of(1).most(0, 0), 1, "false"},
		{"none is lost", figure{Unit: lostUnit}.of(0).most(0, 0), 0, "true"},
		{"what is not measured is not judged", figure{}.of(9).most(4, 3).unless("no disk"), 9, "null"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := tt.f.judged()
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
	r.add(figure{Name: "asks a second", Unit: "1/s", Detail: "in turn"}.of(1100, 1234, 1300).least(1000, 0))
	r.add(figure{Name: "written of an ask", Unit: "kB"}.of(3.25).most(3, 1.5))
	r.add(figure{Name: "memory", Unit: "MiB", Detail: "at rest"}.most(150, 100).unless(onLinux))
	r.add(figure{Name: "p50", Unit: "ms", Value: 12.34, Sense: "≤"})
	r.add(figure{Name: "answered twice", Unit: lostUnit}.of(0).most(0, 0))
	var out bytes.Buffer
	if err := r.print(&out, false); err != nil || out.String() != table {
		t.Errorf("printed\n%s(%v), want\n%s", out.String(), err, table)
	}
	out.Reset()
	if err := r.print(&out, true); err != nil {
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
		{"less of what should be much", figure{}.of(90, 100, 110).least(1, 1), figure{}.of(70, 80, 89).least(1, 1), "worse"},
		{"more of what should be much", figure{}.of(90, 100, 110).least(1, 1), figure{}.of(111, 120).least(1, 1), "better"},
		{"more of what should be little", figure{}.of(90, 100, 110).most(1, 1), figure{}.of(111, 120).most(1, 1), "worse"},
		{"less of what should be little", figure{}.of(90, 100, 110).most(1, 1), figure{}.of(50, 60).most(1, 1), "better"},
		{"the spreads meet", figure{}.of(90, 100, 110).most(1, 1), figure{}.of(109, 130, 140).most(1, 1), ""},
		{"measured once, a little apart", figure{}.of(100).most(1, 1), figure{}.of(115).most(1, 1), ""},
		{"measured once, far apart", figure{}.of(100).most(1, 1), figure{}.of(130).most(1, 1), "worse"},
		{"nothing says which is good", figure{}.of(100), figure{}.of(300), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := verdict(tt.before.judged(), tt.now.judged()); got != tt.want {
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
			r.add(f)
		}
		var out bytes.Buffer
		if err := r.print(&out, true); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	one := func(name string, v float64) figure { return figure{Name: name, Unit: "ms"}.of(v).most(10, 5) }
	before := write("before", one("same", 2), one("slow", 4), one("gone", 1), one("untold", 1).unless("why"))
	after := write("after", one("slow", 8), one("same", 2), one("new", 1), one("untold", 1))
	var out bytes.Buffer
	if err := compare(before, after, &out, false); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], "slow") || !strings.HasSuffix(lines[0], "2.00× worse") || !strings.Contains(lines[1], "1.00×") {
		t.Errorf("compared as\n%s", out.String())
	}
	if err := compare(before, filepath.Join(dir, "none"), &out, false); err == nil {
		t.Error("a file that is missing is compared")
	}
	if err := os.WriteFile(filepath.Join(dir, "other"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := compare(before, filepath.Join(dir, "other"), &out, false); err == nil || !strings.Contains(err.Error(), "other is not what") {
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
