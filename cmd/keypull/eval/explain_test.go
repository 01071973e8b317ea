package eval

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// explainOf runs "match --explain" on one message and returns its line.
func explainOf(t *testing.T, catalogue, text string, args ...string) map[string]any {
	t.Helper()
	out, problem := match(t, catalogue, plainJSON(map[string]string{"q": text}), append(args, "--explain")...)
	if problem != "" {
		t.Fatal(problem)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestExplainSaysHowAnAnswerWasFound(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       map[string]any
	}{
		{"a run", "METEO", map[string]any{"type": "run", "tier": "folded", "reason": "", "phrase": "météo", "corrected": false, "unknown": ""}},
		{"a tie", "bristol", map[string]any{"type": "offer", "tier": "exact", "reason": "tie", "phrase": "Bristol"}},
		{"a typing error", "weathre", map[string]any{"type": "run", "tier": "typing", "corrected": true, "core": "weathre"}},
		{"a command", "sos", map[string]any{"type": "reserved", "tier": "command", "phrase": ""}},
		{"nothing", "zxcvbnm", map[string]any{"type": "none", "tier": "", "reason": "unknown", "unknown": "zxcvbnm"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := explainOf(t, towns, tt.text)
			for name, want := range tt.want {
				if diff := cmp.Diff(want, got[name]); diff != "" {
					t.Errorf("%s of %v (-want +got):\n%s", name, got, diff)
				}
			}
		})
	}
}

func TestExplainWritesEveryField(t *testing.T) {
	got := explainOf(t, towns, "zxcvbnm")
	for _, name := range []string{"tier", "reason", "phrase", "runners", "core", "unknown", "probes", "corrected"} {
		if v, ok := got[name]; !ok || v == nil {
			t.Errorf("%s is %v in %v", name, v, got)
		}
	}
	out, _ := match(t, towns, `{"q":"zxcvbnm"}`)
	if strings.Contains(out, "tier") {
		t.Errorf("unasked, match explains: %s", out)
	}
}

func TestAutocorrectSaysWhatATypingErrorDoes(t *testing.T) {
	for mode, want := range map[string]string{"confident": "run", "offer": "offer", "off": "none"} {
		if got := explainOf(t, towns, "weathre", "--autocorrect", mode); got["type"] != want {
			t.Errorf("%s: %v, want %s", mode, got, want)
		}
	}
}

func TestACommandThatTheCatalogueLacksIsNotAnswered(t *testing.T) {
	queries := "{\"q\":\"menu\"}\n{\"q\":\"speichern\"}\n{\"q\":\"stop\"}"
	want := `{"q":"menu","type":"none"}
{"q":"speichern","type":"none"}
{"q":"stop","type":"reserved","id":"stop"}
`
	got, problem := match(t, towns, queries)
	if diff := cmp.Diff(want, got); diff != "" || problem != "" {
		t.Errorf("%s (-want +got):\n%s", problem, diff)
	}
	if got := explainOf(t, towns, "menu"); got["tier"] != "" || got["reason"] != "unknown" || got["unknown"] != "menu" {
		t.Errorf("explained as %v", got)
	}
}

func TestSlotsNameTheKindOfAnArgument(t *testing.T) {
	for _, tt := range []struct {
		slots, want string
	}{
		{"date", "date"}, {"Day", "date"}, {"number", "number"}, {"amount", "amount"}, {"language", "language"},
		{"city", "text"}, {"anything", "text"}, {"amount,currency", "text"},
	} {
		e := matchEntry{ID: "a", Keywords: []string{"a"}, Lang: "en", Slots: strings.Split(tt.slots, ",")}
		if k := e.keyword(); string(k.Slot) != tt.want || k.Argument != "optional" {
			t.Errorf("slots %s: kind %q, argument %q; want kind %q", tt.slots, k.Slot, k.Argument, tt.want)
		}
	}
	e := matchEntry{ID: "a", Keywords: []string{"a"}, Lang: "en"}
	if k := e.keyword(); k.Argument != "none" || k.Slot != "" {
		t.Errorf("without slots: kind %q, argument %q", k.Slot, k.Argument)
	}
}
