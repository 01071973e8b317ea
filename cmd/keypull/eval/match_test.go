package eval

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// match runs the command on a catalogue and queries, and returns what it
// wrote, and its error with the folder taken out.
func match(t *testing.T, catalogue, queries string, args ...string) (out, problem string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"catalogue.jsonl": catalogue, "queries.jsonl": queries} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := NewMatchCommand()
	var b bytes.Buffer
	cmd.SetOut(&b)
	cmd.SetErr(&bytes.Buffer{})
	cmd.SetArgs(append([]string{
		"--catalogue", filepath.Join(dir, "catalogue.jsonl"),
		"--queries", filepath.Join(dir, "queries.jsonl"),
	}, args...))
	if err := cmd.Execute(); err != nil {
		problem = strings.ReplaceAll(err.Error(), dir+string(filepath.Separator), "")
	}
	return b.String(), problem
}

const towns = `{"id":"weather","keywords":["Weather","météo"],"lang":"en","slots":["city"]}

{"id":"city","keywords":["Bristol"],"lang":"en"}
{"id":"club","keywords":["Bristol"],"lang":"en"}
{"id":"help","keywords":["SOS"],"lang":"mul","reserved":true}
{"id":"stop","keywords":["stop"],"lang":"mul","reserved":true}
`

func TestMatchWritesOnePredictionALineInOrder(t *testing.T) {
	queries := `{"q":"meteo Graz <&> more","catalogue":"x","expect":{"type":"none"}}
{"q":"bristol"}
{"q":"sos"}
{"q":"aufhören"}
{"q":""}
{"q":"what?"}`
	want := `{"q":"meteo Graz <&> more","type":"run","id":"weather","arg":"Graz"}
{"q":"bristol","type":"offer","ids":["city","club"]}
{"q":"sos","type":"reserved","id":"help"}
{"q":"aufhören","type":"reserved","id":"stop"}
{"q":"","type":"none"}
{"q":"what?","type":"none"}
`
	got, problem := match(t, towns, queries, "--autocorrect", "offer")
	if diff := cmp.Diff(want, got); diff != "" || problem != "" {
		t.Errorf("%s (-want +got):\n%s", problem, diff)
	}
}

func TestMatchNamesTheFileAndTheLineOfABadOne(t *testing.T) {
	tests := []struct{ name, catalogue, queries, want string }{
		{"a broken keyword", towns + "{", `{"q":"a"}`, "catalogue.jsonl:7: "},
		{"a keyword without id", `{"keywords":["a"]}`, `{"q":"a"}`, "catalogue.jsonl:1: “id” is missing"},
		{"a keyword of wrong type", `{"id":"a","keywords":"a"}`, `{"q":"a"}`, "catalogue.jsonl:1: "},
		{"a broken message", towns, "{\"q\":\"a\"}\nnonsense", "queries.jsonl:2: "},
		{"a message without text", towns, "\n{}", "queries.jsonl:2: “q” is missing"},
		{"a line too long", towns, strings.Repeat("a", maxLine+1), "queries.jsonl:1: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, problem := match(t, tt.catalogue, tt.queries); !strings.HasPrefix(problem, tt.want) {
				t.Errorf("error %q, want %q", problem, tt.want)
			}
		})
	}
}

func TestMatchRefusesWrongUsage(t *testing.T) {
	if _, problem := match(t, towns, "", "--autocorrect", "always"); !strings.Contains(problem, "write one of confident, offer, off") {
		t.Errorf("error %q", problem)
	}
	cmd := NewMatchCommand()
	cmd.SetOut(&bytes.Buffer{})
	cmd.SetErr(&bytes.Buffer{})
	cmd.SetArgs([]string{"--catalogue", "nowhere"})
	if err := cmd.Execute(); err == nil || !strings.Contains(err.Error(), "queries") {
		t.Errorf("error %v", err)
	}
}

func TestMatchNamesAFileThatIsNotThere(t *testing.T) {
	cmd := NewMatchCommand()
	cmd.SetOut(&bytes.Buffer{})
	cmd.SetErr(&bytes.Buffer{})
	cmd.SetArgs([]string{"--catalogue", "nowhere.jsonl", "--queries", "nowhere.jsonl"})
	if err := cmd.Execute(); err == nil || !strings.Contains(err.Error(), "nowhere.jsonl") {
		t.Errorf("error %v", err)
	}
}
