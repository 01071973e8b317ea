package pull_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/what"
	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
	"keypull/pull/who"
)

// answers is a source of questions, each of which it has an answer to.
type answers struct{ questions []string }

func (*answers) Key(pull.Query) (string, error) { return "answers", nil }

func (a *answers) Fetch(context.Context, string, *pull.Snapshot) (pull.Snapshot, error) {
	s := pull.Snapshot{Fetched: time.Now()}
	for _, q := range a.questions {
		s.Items = append(s.Items, what.Item{ID: q, Title: q})
	}
	return s, nil
}

func (*answers) Select(_ context.Context, s pull.Snapshot, q pull.Query) (pull.Selection, error) {
	i := slices.IndexFunc(s.Items, func(it what.Item) bool { return it.ID == q.Argument })
	if i < 0 {
		return pull.Selection{}, nil
	}
	return pull.Selection{Items: s.Items[i : i+1]}, nil
}

func (a *answers) Terms(*pull.Snapshot) (terms []what.Term) {
	for _, q := range a.questions {
		terms = append(terms, what.Term{Value: q, Names: []string{q}})
	}
	return terms
}

// TestQuestionsThatACommandTakesAreAnsweredAsTheLinterSays asks questions of which many are
// words of the service, in four languages, and holds what readers get against what the
// linter of the publisher says of each.
func TestQuestionsThatACommandTakesAreAnsweredAsTheLinterSays(t *testing.T) {
	source := &answers{questions: []string{
		"How do I stop the Sunday letters?", "What is on the menu?", "Who helps with my tax return?", "Can I speak to the chef?", "Cancel my subscription", "Stop sending me messages",
		"How can I unsubscribe?", "Comment me désabonner ?", "Wie bestelle ich die Zeitung ab?", "¿Cómo me doy de baja?", "Is there a person?", "Are you a bot?", "Directions",
	}}
	const some = 61 // of the lines that the patterns stand for
	seen := map[string]bool{}
	for _, tag := range []string{"en", "de", "fr", "es"} {
		n := 0
		for _, text := range languages.Lines(tag, "commands.txt") {
			if n++; n%some == 0 && !seen[textform.Fold(text)] {
				seen[textform.Fold(text)] = true
				source.questions = append(source.questions, text)
			}
		}
	}
	p := catalogue.Publisher{ID: "p", Name: "P", Languages: []string{"en", "de", "fr", "es"}, TimeZone: "UTC", Reserved: map[string][]string{"menu": {"directions"}}, Keywords: []catalogue.Keyword{
		{ID: "faq", Source: "s", Argument: "optional", Bare: true, Phrases: map[string][]string{"en": {"faq"}}},
	}}
	cache := pull.NewCache(nil, time.Now)
	t.Cleanup(cache.Close)
	e, err := pull.NewEdition(p, map[string]pull.Opened{"s": {Source: source}}, map[string]pull.Channel{"c": {}},
		map[string]*what.Vocabulary{"s": what.NewVocabulary(source.Terms(nil))}, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, commands := &pull.Resolver{Cache: cache, Clock: time.Now}, 0
	for i, q := range source.questions {
		o := r.Resolve(t.Context(), pull.Request{Edition: e, Ask: pull.Ask{ID: uint64(i + 1), Publisher: "p", Channel: "c", At: time.Now(), Incoming: pull.Incoming{Text: q}}, Reader: who.Reader{}})
		commanded := o.Trace.What.Command != ""
		l := catalogue.NewLinter(p)
		l.Know("s", catalogue.About{Terms: []what.Term{{Value: q, Names: []string{q}}}})
		told := slices.ContainsFunc(l.Findings()["faq"], func(f catalogue.Finding) bool { return f.Code == catalogue.CodeReserved })
		if commanded != told {
			t.Errorf("%q: the reader gets the command %q, and the linter says so: %v", q, o.Trace.What.Command, told)
		}
		if commanded {
			commands++
		}
	}
	if commands == 0 || commands == len(source.questions) {
		t.Errorf("%d of %d are commands", commands, len(source.questions))
	}
}
