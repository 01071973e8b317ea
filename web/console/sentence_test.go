package console_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"keypull/pull/people"
	"keypull/pull/settings"
	"keypull/web/console"
)

func TestEverySentenceIsThereInEveryLanguageWithTheSamePlaceholders(t *testing.T) {
	words := console.Sentences()
	placeholders := func(s string) string {
		var all []string
		for _, part := range strings.Split(s, "{")[1:] {
			name, _, _ := strings.Cut(part, "}")
			all = append(all, name)
		}
		slices.Sort(all)
		return strings.Join(slices.Compact(all), " ")
	}
	for key, french := range words["fr"] {
		german, ok := words["de"][key]
		if !ok || !strings.HasPrefix(key, "problem.") || placeholders(french) != placeholders(german) {
			t.Errorf("%s: %q, %q", key, french, german)
		}
		// Nouns are left out where a language would have to bend them.
		english := strings.TrimSpace(strings.ReplaceAll(" "+placeholders(key)+" ", " noun ", " "))
		if placeholders(french) != english {
			t.Errorf("%s: %q", key, french)
		}
	}
	if len(words["fr"]) != len(words["de"]) {
		t.Errorf("%d and %d", len(words["fr"]), len(words["de"]))
	}
}

func TestProblemsAreToldInTheLanguageOfWhoeverReads(t *testing.T) {
	d := newDesk(t)
	_, err := d.try(t, people.Editor, "keyword.create", of(doc{"keyword": wordDoc(doc{"source": "nwes", "count": 0, "phrases": doc{"en": []string{"cake"}}})}))
	var problems settings.Problems
	if !errors.As(err, &problems) || len(problems) != 3 {
		t.Fatal(err)
	}
	for _, p := range problems {
		if told := console.SayProblem(p, "fr-CA"); told == p.Message || strings.Contains(told, "{") {
			t.Errorf("%s: %q", p.Field, told)
		}
	}
}
