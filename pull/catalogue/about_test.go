package catalogue_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/pull/catalogue"
	"keypull/pull/what"
)

// unanswered are keywords that do not answer, or not all that they were set up for,
// each beside its like that does. The source of all is "s".
var unanswered = []struct {
	name    string
	about   catalogue.About
	keyword catalogue.Keyword
	// want are the code and path of what is found, far how far the keyword answers.
	want string
	far  catalogue.Answering
}{
	{"no argument where the source wants one", catalogue.About{NoArgument: true}, keyword("k", "price"), "unanswerable argument", catalogue.Never},
	{"whatever comes first, where nothing does", catalogue.About{NoArgument: true, Named: true}, with(keyword("k", "price"), query("*")), "unanswerable argument", catalogue.Never},
	{"an argument of the editor's", catalogue.About{NoArgument: true}, with(keyword("k", "price"), query("WIPRO")), "", catalogue.Answers},
	{"an argument of the reader's", catalogue.About{NoArgument: true}, with(keyword("k", "price"), takes), "", catalogue.Answers},
	{"a phrase that is the argument", catalogue.About{NoArgument: true, Named: true}, keyword("k", "wipro"), "", catalogue.Answers},
	{"entries by themselves, of a source without a list", catalogue.About{NoList: true}, with(keyword("k", "price"), takes, bare), "unanswerable bare", catalogue.Partly},
	{"entries behind a phrase, of the same source", catalogue.About{NoList: true}, with(keyword("k", "price"), takes), "", catalogue.Answers},

	{"a question that is STOP", faq("How much is it?", "Unsubscribe"), with(keyword("k", "faq"), takes, bare), "reserved bare", catalogue.Partly},
	{"a question that is MENU, in other letters", faq("MENU!"), with(keyword("k", "faq"), takes, bare), "reserved bare", catalogue.Partly},
	{"the publisher's own word of a command", faq("Directions"), with(keyword("k", "faq"), takes, bare), "reserved bare", catalogue.Partly},
	{"the same behind a phrase, where it is no command", faq("Unsubscribe", "Menu"), with(keyword("k", "faq"), takes), "", catalogue.Answers},
	{"questions that speak of commands, or say one in a sentence", faq("What is on the menu?", "How do I unsubscribe from the letters?", "Where can I get help with my tax return?"),
		with(keyword("k", "faq"), takes, bare), "", catalogue.Answers},
	{"a question about paid things, which the publisher answers", faq("Cancel my subscription", "How do I cancel my paper?"), with(keyword("k", "faq"), takes, bare), "", catalogue.Answers},
	{"a list that the keyword does not ask", faq("Unsubscribe"), keyword("k", "news"), "", catalogue.Answers},

	{"phrases that are commands, all of them", catalogue.About{}, keyword("k", "menu", "help"), "unreachable phrases", catalogue.Never},
	{"phrases that are commands, but for one", catalogue.About{}, keyword("k", "menu", "lunch menu"), "", catalogue.Answers},
	{"a command with words of politeness", catalogue.About{}, keyword("k", "menu please"), "", catalogue.Answers},

	{"a template of what nothing has", brings("title", "price"), with(keyword("k", "price"), template("{{ item.title }}: {{ item.facts.cost }}")), "unfilled template.en", catalogue.Partly},
	{"a template of what some have", brings("title", "price"), with(keyword("k", "price"), template("{{ item.facts.price }}")), "", catalogue.Answers},
	{"a template that asks before", brings("title"), with(keyword("k", "price"), template("{% if item.facts.cost %}{{ item.facts.cost }}{% endif %}{{ item.summary | default: '–' }}")), "", catalogue.Answers},
	{"a template, while nobody knows what there is", brings(), with(keyword("k", "price"), template("{{ item.facts.cost }}")), "", catalogue.Answers},
	{"a part that nothing has", brings("title"), with(keyword("k", "news"), parts("title", "image")), "unfilled reply[1].show", catalogue.Partly},
	{"parts that are there, and the age, which always is", brings("title"), with(keyword("k", "news"), parts("title", "stamp")), "", catalogue.Answers},

	{"an end before the beginning", catalogue.About{}, with(keyword("k", "news"), func(k *catalogue.Keyword) { k.From, k.Until = &late, &early }), "unreachable until", catalogue.Never},
	{"a phrase that no entry has", named("Tiramisu"), keyword("k", "pizza"), "unnamed query", catalogue.Never},
	{"a phrase that one has", named("Tiramisu"), keyword("k", "tiramisu"), "", catalogue.Answers},
}

func query(q string) func(*catalogue.Keyword) { return func(k *catalogue.Keyword) { k.Query = q } }
func takes(k *catalogue.Keyword)              { k.Argument = "optional" }
func bare(k *catalogue.Keyword)               { k.Bare = true }

func template(text string) func(*catalogue.Keyword) {
	return func(k *catalogue.Keyword) { k.Template = catalogue.Localised{"en": text} }
}

func parts(names ...string) func(*catalogue.Keyword) {
	return func(k *catalogue.Keyword) {
		for _, name := range names {
			k.Reply = append(k.Reply, catalogue.Part{Show: name})
		}
	}
}

func faq(questions ...string) (a catalogue.About) {
	for _, q := range questions {
		a.Terms = append(a.Terms, what.Term{Value: q, Names: []string{q}})
	}
	return a
}

func named(names ...string) catalogue.About {
	a := faq(names...)
	a.Named = true
	return a
}

func brings(names ...string) catalogue.About {
	return catalogue.About{Filled: func() []string { return names }}
}

// TestWhatCanNotAnswerIsFound holds each against what keypull check, the linter of a
// publisher that is edited, and the linter of one that is looked at for the first time
// find; the first of them calls an error what never answers by its source.
func TestWhatCanNotAnswerIsFound(t *testing.T) {
	for _, tt := range unanswered {
		t.Run(tt.name, func(t *testing.T) {
			k := tt.keyword
			k.Source = "s"
			p := english(k)
			p.Reserved = map[string][]string{"menu": {"directions"}}
			late, early := &catalogue.Linting{}, &catalogue.Linting{}
			setup := catalogue.NewSetup(p, nil)
			late.Follow(setup)
			late.Know("s", tt.about)
			early.Follow(setup)
			early.Findings()
			early.Know("s", tt.about)
			for face, found := range map[string][]catalogue.Finding{
				"check":  catalogue.Check(p, func(string) catalogue.About { return tt.about }),
				"list":   early.Findings()["k"],
				"form":   early.Check(k),
				"afresh": late.Findings()["k"],
			} {
				far := catalogue.AnswersBy(found)
				var got []string
				for _, f := range found {
					path := strings.TrimPrefix(f.Path, "keyword[0].")
					if f.Code == catalogue.CodeReserved && strings.HasPrefix(path, "phrases") {
						continue
					}
					got = append(got, f.Code+" "+path)
					if wrong := f.Severity == catalogue.Error; f.Code == catalogue.CodeUnanswerable && wrong != (face == "check") {
						t.Errorf("%s calls it %s", face, f.Severity)
					}
				}
				want := slices.DeleteFunc([]string{tt.want}, func(w string) bool { return w == "" })
				if diff := cmp.Diff(want, append([]string{}, got...)); diff != "" || far != tt.far {
					t.Errorf("%s answers %d, want %d: %s", face, far, tt.far, diff)
				}
			}
		})
	}
}

func TestEachThatCanNotAnswerIsToldInEveryLanguage(t *testing.T) {
	for _, tt := range unanswered {
		k := tt.keyword
		k.Source = "s"
		for _, f := range catalogue.Check(english(k), func(string) catalogue.About { return tt.about }) {
			said := map[string]bool{}
			for _, language := range []string{"en", "de", "fr", "es"} {
				said[f.In(language)] = true
				if blank.MatchString(f.In(language)) || strings.Contains(f.In(language), "linter.") {
					t.Errorf("%s: in %s %q", tt.name, language, f.In(language))
				}
			}
			if len(said) != 4 {
				t.Errorf("%s: %v", tt.name, said)
			}
		}
	}
}
