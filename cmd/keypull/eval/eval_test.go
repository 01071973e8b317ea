package eval

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/cmd/keypull/cli"
)

// evaluated is what a run of "eval" left behind.
type evaluated struct {
	out, problems string
	code          int
	err           error
}

// evaluate writes files to a folder and runs the command in it; {} in an
// argument stands for the folder.
func evaluate(t *testing.T, files map[string]string, args ...string) evaluated {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "{}", dir)
	}
	cmd := NewCommand()
	cmd.SilenceUsage, cmd.SilenceErrors = true, true
	var out, problems bytes.Buffer
	cmd.SetOut(&out)
	cmd.SetErr(&problems)
	cmd.SetArgs(args)
	r := evaluated{err: cmd.ExecuteContext(t.Context())}
	r.out, r.problems = out.String(), strings.ReplaceAll(problems.String(), dir+"/", "")
	var e *cli.Exit
	switch {
	case errors.As(r.err, &e):
		r.code = e.Code
	case r.err != nil:
		r.code = cli.Usage
	}
	return r
}

const asked = `{"q":"weather","catalogue":"x","class":"exact","expect":{"type":"run","id":"weather"}}
{"q":"weather Oslo","catalogue":"x","class":"argument","expect":{"type":"run","id":"weather","arg":"OSLO!"}}
{"q":"bristol","catalogue":"x","class":"tie","expect":{"type":"offer","ids":["city","club"]}}
{"q":"zxcvbnm","catalogue":"x","class":"negative","expect":{"type":"none"}}
{"q":"good morning to you","catalogue":"x","class":"negative","expect":{"type":"none"},"near":1}
{"q":"sos","catalogue":"x","class":"reserved","expect":{"type":"reserved","id":"help"}}
{"q":"STOP","catalogue":"x","class":"reserved","expect":{"type":"reserved","id":"stop"}}
{"q":"bristol","catalogue":"x","class":"doubtful","expect":{"type":"run","id":"city"},"doubt":1}
`

func files() map[string]string {
	return map[string]string{"c.jsonl": towns, "q.jsonl": asked}
}

func TestEvalScoresItsOwnAnswers(t *testing.T) {
	r := evaluate(t, files(), "--catalogue", "{}/c.jsonl", "--queries", "{}/q.jsonl", "--json")
	if r.err != nil || r.problems != "" {
		t.Fatalf("%v\n%s", r.err, r.problems)
	}
	var got report
	if err := json.Unmarshal([]byte(r.out), &got); err != nil {
		t.Fatal(err)
	}
	if s := got.Speed; s == nil || s.PerSecond <= 0 || s.Median < 0 || s.P95 < s.Median || s.Build <= 0 {
		t.Errorf("speed %+v", s)
	}
	want := report{
		Queries: 8, Top1: 0.6667, OfferRecall: 1, Quiet: 1, Reserved: 1, Stop: 1, Utility: 0.95,
		Classes: map[string]map[verdict]int{
			"exact": {verdictRight: 1}, "argument": {verdictRight: 1}, "tie": {verdictRight: 1}, "negative": {verdictRight: 2},
			"reserved": {verdictRight: 2}, "doubtful": {verdictOfferedRight: 1},
		},
	}
	if c := got.Calibration; c == nil || c.Offers != 2 || c.OfferShare != 1 || len(c.Tiers) == 0 {
		t.Errorf("calibration %+v", c)
	}
	got.Speed, got.Calibration = nil, nil
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(report{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestEvalScoresAnswersOfAFile(t *testing.T) {
	files := files()
	files["p.jsonl"] = `{"q":"weather","type":"run","id":"city"}
{"q":"weather Oslo","type":"run","id":"weather","arg":"Bergen"}
{"q":"bristol","type":"offer","ids":["club"],"catalogue":"x"}
{"q":"bristol","type":"none"}
{"q":"zxcvbnm","type":"offer","ids":["club"]}
{"q":"sos","type":"offer","ids":["help"]}
{"q":"STOP","type":"reserved","id":"help"}
`
	r := evaluate(t, files, "--queries", "{}/q.jsonl", "--predictions", "{}/p.jsonl", "--json", "--show", "all")
	var got report
	if err := json.Unmarshal([]byte(r.out), &got); err != nil {
		t.Fatalf("%v: %v\n%s", r.err, err, r.out)
	}
	var failed []string
	for _, f := range got.Failures {
		failed = append(failed, f.Text+": "+string(f.Verdict))
	}
	if diff := cmp.Diff([]string{
		"weather: wrong-run", "weather Oslo: wrong-arg", "bristol: offered-part", "zxcvbnm: false-offer", "STOP: wrong-run",
		"bristol: offered-wrong",
	}, failed); diff != "" {
		t.Errorf("failures (-want +got):\n%s", diff)
	}
	if got.Absent != 1 || got.HarmfulCount != 2 || got.Harmful != 0.25 || got.Top1 != 0 || got.Quiet != 0.5 || got.Stop != 0 {
		t.Errorf("figures %+v", got)
	}
	// (1 right + 0.6 + 0.3 - 0.1 - 0.1 - 0.5 - 2·3) / 8
	if got.Utility != -0.6 || got.Speed != nil || got.Calibration != nil {
		t.Errorf("utility %v, speed %v, calibration %v", got.Utility, got.Speed, got.Calibration)
	}
}

func TestEvalPrintsATableForPeople(t *testing.T) {
	r := evaluate(t, files(), "--catalogue", "{}/c.jsonl", "--queries", "{}/q.jsonl", "--show", "all")
	if r.err != nil || r.problems != "" {
		t.Fatalf("%v\n%s", r.err, r.problems)
	}
	for _, want := range []string{
		"class         n          right", "ALL           8", "harmful rate        0.0000", "utility             0.9500", "messages a second", "2 offers",
	} {
		if !strings.Contains(r.out, want) {
			t.Errorf("it lacks %q:\n%s", want, r.out)
		}
	}
}

func TestEvalListsTheFailuresOfAClass(t *testing.T) {
	files := files()
	files["p.jsonl"] = `{"q":"weather","type":"run","id":"city"}`
	r := evaluate(t, files, "--queries", "{}/q.jsonl", "--predictions", "{}/p.jsonl", "--show", "exact")
	want := `
exact wrong-run "weather"
  expected {"type":"run","id":"weather"}
  got      {"q":"weather","type":"run","id":"city"`
	if !strings.Contains(r.out, want) || strings.Contains(r.out, "zxcvbnm") {
		t.Errorf("it printed:\n%s", r.out)
	}
	if !strings.Contains(r.out, "without answer           7") {
		t.Errorf("it does not count the messages without an answer:\n%s", r.out)
	}
}

func TestEvalReadsWhatMatchWrites(t *testing.T) {
	explained, problem := match(t, towns, asked, "--explain")
	if problem != "" {
		t.Fatal(problem)
	}
	files := files()
	files["p.jsonl"] = explained
	own := evaluate(t, files, "--catalogue", "{}/c.jsonl", "--queries", "{}/q.jsonl", "--json")
	read := evaluate(t, files, "--predictions", "{}/p.jsonl", "--queries", "{}/q.jsonl", "--json")
	var a, b report
	if err := errors.Join(json.Unmarshal([]byte(own.out), &a), json.Unmarshal([]byte(read.out), &b)); err != nil {
		t.Fatal(err)
	}
	a.Speed = nil
	if diff := cmp.Diff(a, b, cmp.AllowUnexported(report{})); diff != "" {
		t.Errorf("(-own answers +answers of the file):\n%s", diff)
	}
}

func TestEvalNamesTheFileAndTheLineOfABadOne(t *testing.T) {
	for _, tt := range []struct{ name, queries, predictions, want string }{
		{"a broken message", asked + "{", "", "q.jsonl:9: "},
		{"a message without text", `{"class":"a"}`, "", "q.jsonl:1: “q” is missing"},
		{"a message without class", `{"q":"a","expect":{"type":"none"}}`, "", "q.jsonl:1: “class” is missing"},
		{"a message without expectation", `{"q":"a","class":"a"}`, "", "q.jsonl:1: the type is “”"},
		{"an unknown expectation", `{"q":"a","class":"a","expect":{"type":"walk"}}`, "", "q.jsonl:1: the type is “walk”; write one of run"},
		{"a run of nothing", `{"q":"a","class":"a","expect":{"type":"run"}}`, "", "q.jsonl:1: “id” is missing"},
		{"an offer of nothing", `{"q":"a","class":"a","expect":{"type":"offer"}}`, "", "q.jsonl:1: “ids” is missing"},
		{"a need below zero", `{"q":"a","class":"a","expect":{"type":"offer","ids":["a"],"need":-1}}`, "", "q.jsonl:1: “need” is less than 0"},
		{"a flag that is none", `{"q":"a","class":"a","expect":{"type":"none"},"doubt":"yes"}`, "", "q.jsonl:1: a flag is neither set nor not; write"},
		{"no message at all", "\n", "", "q.jsonl holds no message"},
		{"a broken answer", asked, "\n[]", "p.jsonl:2: "},
		{"an answer without text", asked, `{"type":"none"}`, "p.jsonl:1: “q” is missing"},
		{"an unknown answer", asked, `{"q":"a","type":"walk"}`, "p.jsonl:1: the type is “walk”; write one of run"},
		{"a broken keyword", asked, "-", "c.jsonl:1: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"c.jsonl": towns, "q.jsonl": tt.queries}
			args := []string{"--catalogue", "{}/c.jsonl", "--queries", "{}/q.jsonl"}
			if tt.predictions == "-" {
				files["c.jsonl"] = "{"
			} else if tt.predictions != "" {
				files["p.jsonl"] = tt.predictions
				args = append(args, "--predictions", "{}/p.jsonl")
			}
			r := evaluate(t, files, args...)
			if r.err == nil || !strings.Contains(r.err.Error(), tt.want) || r.code != cli.Findings || r.out != "" {
				t.Errorf("ended with %d, %v; want %q\n%s", r.code, r.err, tt.want, r.out)
			}
		})
	}
}

func TestEvalRefusesWrongUsage(t *testing.T) {
	for _, tt := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"no messages", []string{"--catalogue", "{}/c.jsonl"}, cli.Usage, "queries"},
		{"neither keywords nor answers", []string{"--queries", "{}/q.jsonl"}, cli.Usage, "--catalogue"},
		{"no such class", []string{"--catalogue", "{}/c.jsonl", "--queries", "{}/q.jsonl", "--show", "typo"}, cli.Findings, "“typo”; write one of argument, doubtful"},
		{"no such file", []string{"--catalogue", "{}/none.jsonl", "--queries", "{}/q.jsonl"}, cli.Findings, "none.jsonl"},
		{"an unknown figure", []string{"--queries", "a", "--fail-under", "beauty=1"}, cli.Usage, "write one of utility, harmful"},
		{"a floor without number", []string{"--queries", "a", "--fail-under", "utility"}, cli.Usage, "“utility” is no floor"},
		{"a floor that is no number", []string{"--queries", "a", "--fail-under", "utility=much"}, cli.Usage, "“utility=much” is no floor"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := evaluate(t, files(), tt.args...)
			if r.err == nil || !strings.Contains(r.err.Error(), tt.want) || r.code != tt.code {
				t.Errorf("ended with %d, %v; want %d, %q", r.code, r.err, tt.code, tt.want)
			}
		})
	}
}

func TestEvalFailsWhereAFigureIsWorse(t *testing.T) {
	for _, tt := range []struct {
		name, floors, want string
		code               int
	}{
		{"all is well", "utility=0.95,harmful=0,stop=1,per-second=1", "", cli.Done},
		{"less is worse", "utility=0.96,top1=0.5", "keypull: utility is 0.95, less than 0.96\n", cli.Findings},
		{"two are worse", "utility=0.99, top1=0.9", "keypull: utility is 0.95, less than 0.99\nkeypull: top1 is 0.6667, less than 0.9\n", cli.Findings},
		{"more is worse", "harmful=-1", "keypull: harmful is 0, more than -1\n", cli.Findings},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := evaluate(t, files(), "--catalogue", "{}/c.jsonl", "--queries", "{}/q.jsonl", "--fail-under", tt.floors)
			if r.code != tt.code || r.problems != tt.want || !strings.Contains(r.out, "ALL") {
				t.Errorf("ended with %d, want %d:\n%s", r.code, tt.code, r.problems)
			}
		})
	}
	files := files()
	files["p.jsonl"] = `{"q":"weather","type":"run","id":"weather"}`
	files["weather.jsonl"] = `{"q":"weather","class":"exact","expect":{"type":"run","id":"weather"}}`
	r := evaluate(t, files, "--queries", "{}/weather.jsonl", "--predictions", "{}/p.jsonl", "--fail-under", "top1=1,stop=0,quiet=0.9,per-second=1,calibration=0.5")
	if r.code != cli.Findings || strings.Count(r.problems, "was not measured") != 4 || strings.Contains(r.problems, "top1") {
		t.Errorf("ended with %d:\n%s", r.code, r.problems)
	}
}
