package pull_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/who"
)

func TestWhatIsTakenOrAskedAtOnceIsProposedAsWhatWasMeant(t *testing.T) {
	for name, c := range map[string]struct {
		said []string
		want string
	}{
		"an option":                          {[]string{"wiprp", "yes"}, "wiprp"},
		"a number":                           {[]string{"which", "1"}, "which"},
		"an option after a second question":  {[]string{"which", "yes", "1"}, "which"},
		"what else came near":                {[]string{"tenplate", "no", "1"}, "tempate"},
		"a keyword within a minute":          {[]string{"novel", "+59s wipro"}, "novel"},
		"a keyword after a minute":           {[]string{"novel", "+61s wipro"}, ""},
		"the keyword after that":             {[]string{"novel", "wipro", "template"}, ""},
		"the last of two misses":             {[]string{"zepelin", "novel", "wipro"}, "novel"},
		"a keyword of the menu":              {[]string{"novel", "menu", "k:tpl"}, "novel"},
		"another keyword than those offered": {[]string{"wiprp", "template"}, "wiprp"},
		"nothing was missed":                 {[]string{"wipro", "template"}, ""},
		"a greeting before":                  {[]string{"hello", "wipro"}, ""},
		"no answer came of it":               {[]string{"novel", "embargo"}, ""},
	} {
		k := newQuestionTalk(t)
		for _, text := range c.said {
			if after, rest, ok := strings.Cut(text, " "); ok && strings.HasPrefix(after, "+") {
				passed, _ := time.ParseDuration(after[1:])
				k.at, text = k.at.Add(passed), rest
			}
			k.say(text)
		}
		if got := k.last.Trace.What; got.Accepted != c.want || got.Core != "" {
			t.Errorf("%s: accepted %q, want %q; %+v", name, got.Accepted, c.want, got)
		}
		if k.reader.Miss != nil && c.want != "" {
			t.Errorf("%s: %+v is still remembered", name, k.reader.Miss)
		}
	}
}

func TestTheTraceTellsWhyItAsked(t *testing.T) {
	for text, want := range map[string]journal.What{
		"wiprp":      {Tier: "typing", Reason: "unsure", Core: "wiprp", Offered: []string{"quote"}},
		"sap wiprp":  {Tier: "typing", Reason: "tie", Core: "sap wiprp", Offered: []string{"quote"}},
		"zepelin":    {Reason: "unknown", Core: "zepelin", Unknown: "zepelin", Runners: []string{"city"}},
		"tenplate":   {Said: "tenplate", Tier: "typing", Corrected: true, Runners: []string{"city", "quote"}, Keyword: "tpl", Argument: "SAP"},
		"hello":      {Command: "greet", Tier: "command"},
		"some price": {Reason: "unknown", Core: "some price", Unknown: "some price", Runners: []string{"city", "gone", "quote", "tpl", "open"}},
	} {
		k := newQuestionTalk(t)
		k.say(text)
		if diff := cmp.Diff(want, k.last.Trace.What); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

func TestWithoutConsentNoQuestionIsKeptAndATapStillAnswers(t *testing.T) {
	k := newQuestionTalk(t)
	k.channel, k.reader = "asking", who.Reader{}
	if got := k.say("wiprp"); !strings.Contains(got, "[Wipro Limited=o:1:1.quote.V0lQUk8]") {
		t.Fatal(got)
	}
	if diff := cmp.Diff(who.Reader{Greeted: true}, k.reader); diff != "" || k.last.Trace.What.Core != "" {
		t.Fatal(diff, k.last.Trace.What)
	}
	if got := k.say("o:1:1.quote.V0lQUk8"); !strings.HasPrefix(got, quoted) || k.last.Trace.What.Accepted != "" {
		t.Fatal(got, k.last.Trace.What)
	}
	// Who takes consent back takes back what it was given for.
	k.send(pull.Ask{Incoming: pull.Incoming{Text: "wiprp", Consent: "given"}})
	if k.reader.Question == nil || k.reader.Miss == nil {
		t.Fatalf("%+v", k.reader)
	}
	k.send(pull.Ask{Incoming: pull.Incoming{Text: "1", Consent: "refused"}})
	if w := k.last.Trace.What; w.Keyword != "quote" || w.Accepted != "" || k.reader.Question != nil || k.reader.Miss != nil {
		t.Fatalf("%+v, %+v", w, k.reader)
	}
}
