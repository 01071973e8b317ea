package recipe_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// stepsOf reads the steps of a page with such instructions.
func stepsOf(t testing.TB, instructions string) []string {
	t.Helper()
	s, err := saved(t, []byte(`{"@type":"Recipe","name":"X","recipeInstructions":`+instructions+`}`)).Fetch(t.Context(), "book", nil)
	if err != nil {
		t.Fatal(err)
	}
	f, _ := s.Items[0].Facts.Find("steps")
	return f.List
}

func TestStepsKeepAllThatAPageTells(t *testing.T) {
	for instructions, want := range map[string][]string{
		`"2 eggs are beaten.\n10 min later: serve."`:                                                                   {"2 eggs are beaten.", "10 min later: serve."},
		`"1. Beat.\n2) Bake.\n3.) Serve."`:                                                                             {"1. Beat.", "2) Bake.", "3.) Serve."},
		`"Beat <b>well</b>.\nBake."`:                                                                                   {"Beat well.", "Bake."},
		`"<p>Beat &amp;\nbake.</p><p>Serve.</p>"`:                                                                      {"Beat & bake.", "Serve."},
		`{"1":"Beat.","2":"Bake.","10":"Serve."}`:                                                                      {"Beat.", "Bake.", "Serve."},
		`{"@list":["Beat.",{"@value":"Bake."}]}`:                                                                       {"Beat.", "Bake."},
		`[{"@type":"HowToStep","name":"Preheat","text":"Heat the oven."}]`:                                             {"Preheat: Heat the oven."},
		`[{"@type":"HowToStep","name":"Heat the oven","text":"Heat the oven to 180°C."}]`:                              {"Heat the oven to 180°C."},
		`[{"@type":"HowToStep","name":"Step 1","text":"Heat."},{"@type":"HowToStep","name":"Étape 2","text":"Bake."}]`: {"Heat.", "Bake."},
		`[{"@type":"HowToSection","name":"Cake","text":"Takes a day.","itemListElement":["Beat.","Bake."]}]`:           {"Takes a day.", "Cake: Beat.", "Bake."},
		`[{"@type":"HowToStep","description":"Beat."},{"@type":"HowToStep","name":"Bake."}]`:                           {"Beat.", "Bake."},
		`[{"@type":"HowToStep","text":["Beat.","Bake."]},{"@type":"HowToStep","name":"Pie","itemListElement":[{"@type":"HowToDirection","text":"Fill."}]}]`: {"Beat. Bake.", "Pie: Fill."},
		`{"@type":"HowToSection","itemListElement":[],"text":"Beat."}`:                                                                                      {"Beat."},
	} {
		if diff := cmp.Diff(want, stepsOf(t, instructions)); diff != "" {
			t.Errorf("%s: want -, got +\n%s", instructions, diff)
		}
	}
}

func TestAMethodIsKeptWholeOrMarked(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var steps []string
		for n := range rapid.IntRange(1, 30).Draw(r, "steps") {
			length := rapid.SampledFrom([]int{1, 3, 80, 400}).Draw(r, "sentences")
			var b strings.Builder
			for s := range length {
				_, _ = fmt.Fprintf(&b, "Stir %d.%d slowly. ", n, s)
			}
			steps = append(steps, strings.TrimSpace(b.String()))
		}
		text, err := json.Marshal(steps)
		if err != nil {
			r.Fatal(err)
		}
		got := stepsOf(t, string(text))
		for i, step := range steps {
			if i < len(got) && got[i] == step {
				continue
			}
			last := got[len(got)-1]
			if i < len(got)-1 || !strings.HasSuffix(last, "…") || last != "…" && !strings.HasPrefix(step, strings.TrimRight(last, " …")) && i == len(got)-1 {
				r.Fatalf("step %d of %d bytes became %q", i+1, len(step), last)
			}
			break
		}
		if total := len(strings.Join(steps, "")); total < 20_000 && len(strings.Join(got, "")) != total {
			r.Fatalf("a method of %d bytes was cut", total)
		}
	})
}
