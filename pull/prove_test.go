package pull_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/proof"
	"keypull/pull/who"
	"keypull/pull/withdrawal"
)

// codes prove what was answered, by the last reply that they are shown.
type codes struct {
	key     proof.Key
	latest  proof.Code
	private bool
	checked []pull.Checked
	proven  pull.Proven
	err     error
}

func (c *codes) CodeOf(_ context.Context, _ string, ask uint64, at time.Time) proof.Code {
	if c.key == nil {
		c.key = proof.Key("some key")
	}
	return c.key.Code(ask, at)
}

func (c *codes) Latest(context.Context, string, []uint64) (proof.Code, error) {
	switch {
	case c.private:
		return "", &pull.Error{Kind: pull.Denied}
	case c.latest == "":
		return "", &pull.Error{Kind: pull.Unknown}
	}
	return c.latest, nil
}

func (c *codes) Check(_ context.Context, _ string, _ who.Key, said pull.Checked) (pull.Proven, error) {
	c.checked = append(c.checked, said)
	return c.proven, c.err
}

func (*codes) Page(publisher string, code proof.Code) string {
	return "https://x.example/proof/" + publisher + "/" + code.String()
}

// An answer has a code; what depends on who asks, what is kept of nobody and what is
// no answer has none.
func TestAnAnswerHasACode(t *testing.T) {
	k := newTalk(t)
	k.resolver.Proofs = &codes{}
	for text, want := range map[string]bool{"WIPRO": true, "template": true, "help": false, "zeppelin": false, "embargo": false, "paris": false} {
		if k.say(text); (k.last.Reply.Proof != "") != want {
			t.Errorf("%q has code %q", text, k.last.Reply.Proof)
		}
	}
	k.channel = "asking"
	if k.say("WIPRO"); k.last.Reply.Proof != "" {
		t.Errorf("without consent it has code %q", k.last.Reply.Proof)
	}
	graz := who.Reader{First: monday, TimeZone: "Europe/Vienna", Preferences: map[string]string{"city": "Graz"}, Language: "en"}
	for name, c := range map[string]struct {
		reader  who.Reader
		group   bool
		private bool
	}{"a reader's own": {graz, false, true}, "a group's": {graz, true, false}, "of nobody in particular": {who.Reader{First: monday}, false, false}} {
		ask, _ := ofGraz(t, &city{}, "")
		if o := ask(c.reader, c.group); (o.Reply.Proof == "") != c.private {
			t.Errorf("%s has code %q: %+v", name, o.Reply.Proof, o.Trace)
		}
	}
}

// What is for some has no code in whatever reply it stands.
func TestWhatIsForMembersHasNoCode(t *testing.T) {
	for _, c := range []struct {
		text  string
		saved []string
		want  bool
	}{
		{"insider report", nil, false}, {"sap and insider report", nil, false}, {"MY", []string{"insider"}, false},
		{"MY", []string{"plain", "insider"}, false}, {"MY", []string{"plain"}, true}, {"sap", nil, true},
	} {
		k := newHouse(t, func(p *catalogue.Publisher) {
			p.Keywords = append(p.Keywords, catalogue.Keyword{ID: "plain", Source: "exchange", Phrases: map[string][]string{"en": {"sap"}}, Query: "SAP"})
		})
		k.resolver.Proofs = &codes{}
		k.join()
		for _, id := range c.saved {
			k.reader.Saved = append(k.reader.Saved, who.Saved{Keyword: id, At: monday})
		}
		if k.say(c.text); (k.last.Reply.Proof != "") != c.want || len(c.saved) > 0 && len(k.last.Reply.Answers) != len(c.saved) {
			t.Errorf("%q with %q saved has code %q: %s", c.text, c.saved, k.last.Reply.Proof, k.whole())
		}
	}
}

func TestProofAndWhyTellTheCodeOfTheLastAnswer(t *testing.T) {
	k := newTalk(t)
	known := &codes{latest: "7F3K92XQ8M4"}
	k.resolver.Proofs = known
	for _, text := range []string{"PROOF", "prove it", "why"} {
		if got := k.say(text); !strings.Contains(got, "7F3K9-2XQ8M-4") || !strings.Contains(got, "https://x.example/proof/p/7F3K9-2XQ8M-4") {
			t.Errorf("%q is answered by %q", text, got)
		}
	}
	if got := k.among(pull.Ask{Incoming: pull.Incoming{Text: "proof"}}); !strings.Contains(got, "7F3K9-2XQ8M-4") {
		t.Errorf("in a group it is answered by %q", got)
	}
	known.private = true
	if got := k.among(pull.Ask{Incoming: pull.Incoming{Text: "proof"}}); !strings.Contains(got, "private") {
		t.Errorf("of an answer to one alone a group is told %q", got)
	}
	if got := k.say("proof"); strings.Contains(got, "7F3K9") || got == "" {
		t.Errorf("of such an answer its reader is told %q", got)
	}
}

// A code is checked with words or alone; no keyword is stolen by it.
func TestCheckTakesACodeAndStealsNoKeyword(t *testing.T) {
	k := newTalk(t)
	known := &codes{proven: pull.Proven{Statement: proof.Statement{
		Publisher: "p", Name: "Paper", Code: "X", Keywords: []string{"quote"}, Items: []proof.Item{{Source: "exchange", ID: "WIPRO", Title: "Wipro", Link: "https://x.example/wipro"}},
		Told: "Wipro 512.30", AsOf: monday.Unix(), Fetched: monday.Unix(), Sent: monday.Unix(),
	}, Corrections: []string{"It was 513."}}}
	k.resolver.Proofs = known
	code := known.CodeOf(t.Context(), "p", 4711, monday)
	for _, text := range []string{"check " + code.String(), code.String(), strings.ToLower(code.String()), "is " + code.String() + " real?", "ist " + code.String() + " echt"} {
		known.checked = nil
		got := k.say(text)
		for _, part := range []string{"Paper", "Wipro 512.30", "https://x.example/wipro", "It was 513."} {
			if !strings.Contains(got, part) {
				t.Errorf("%q is answered by %q, without %q", text, got, part)
			}
		}
		if len(known.checked) != 1 || known.checked[0].Code != code || k.last.Trace.What.Command != "check" {
			t.Errorf("%q checks %v: %+v", text, known.checked, k.last.Trace.What)
		}
	}
	for _, text := range []string{"CHECK", "verify this code", "stimmt das"} {
		if got := k.say(text); !strings.HasPrefix(got, "Please send CHECK") {
			t.Errorf("%q without a code is answered by %q", text, got)
		}
	}
	known.proven.Told, known.proven.Items[0] = "", proof.Item{Source: "exchange", ID: "f31a99"}
	if got := k.say(code.String()); strings.Contains(got, "f31a99") || !strings.HasPrefix(got, "True: Paper") && strings.Count(got, "quote") < 2 {
		t.Errorf("an item without a title is called %q", got)
	}
	known.checked = nil
	for text, keyword := range map[string]string{"WIPRO": "quote", "check the wipro now": "", "check wipro": "", "programming": "", "wipro now": "wipro-now"} {
		k.say(text)
		if len(known.checked) > 0 || k.last.Trace.What.Command == "check" || keyword != "" && k.last.Trace.What.Keyword != keyword {
			t.Errorf("%q is taken for %+v", text, k.last.Trace.What)
		}
	}
	refusals := map[string]bool{}
	for _, err := range []error{&pull.Error{Kind: pull.Unknown}, &pull.Error{Kind: pull.Denied}} {
		known.err = err
		refusals[k.say("check "+code.String())] = true
	}
	wrong := []byte(code)
	wrong[0], wrong[5] = wrong[5], wrong[0]
	if wrong[0] != wrong[5] {
		refusals[k.say("check "+proof.Code(wrong).String())] = true
	}
	if len(refusals) != 1 {
		t.Errorf("refusals differ: %v", refusals)
	}
	known.err = &pull.Error{Kind: pull.Limited}
	if got := k.say(code.String()); refusals[got] || got == "" {
		t.Errorf("who tries too often is told %q", got)
	}
}

// Nothing of the reader is proved: what was asked for beside the keyword stands in no
// statement, save where the item is known by it.
func TestAProofIsSilentOnTheReader(t *testing.T) {
	reply := func(text, id string) *pull.Reply {
		return &pull.Reply{Proof: "X", Tells: []withdrawal.Told{{Source: "s", ID: id}}, Blocks: []pull.Block{
			{Kind: pull.Note, Own: true, Text: "Hello Anna"}, {Kind: pull.Title, Text: "Wipro"}, {Kind: pull.Paragraph, Text: text}, {Kind: pull.Stamp, Text: "as of 9:00"},
		}}
	}
	trace := func(argument string) *journal.Trace {
		return &journal.Trace{Outcome: journal.Answered, What: journal.What{Keyword: "quote", Argument: argument}, When: journal.When{AsOf: monday, Fetched: monday}}
	}
	if s := reply("You asked for my secret, here is 512.30", "1").Prove(trace("my secret")); s.Told != "" || len(s.Items) != 1 || s.Items[0].Title != "Wipro" {
		t.Errorf("it tells %+v", s)
	}
	if s := reply("Wipro is at 512.30", "WIPRO").Prove(trace("wipro")); s.Told != "Wipro\nWipro is at 512.30" || s.Keywords[0] != "quote" || s.AsOf != monday.Unix() {
		t.Errorf("it tells %+v", s)
	}
}

func TestAProofNamesTheItemsOfAList(t *testing.T) {
	for name, link := range map[string]string{"with links": "https://x.example/", "without": ""} {
		k, news, _ := newSavingTalk(t)
		for i := range news.Items {
			if link != "" {
				news.Items[i].Link = link + news.Items[i].ID
			}
		}
		for _, said := range []string{"news", "news"} { // with a line of what has changed
			k.say(said)
			s := k.last.Reply.Prove(&k.last.Trace)
			if len(s.Items) != 2 || s.Items[0].Title != "First headline" || s.Items[1].Title != "Second headline" {
				t.Errorf("%s: %+v", name, s.Items)
			}
		}
	}
}
