package pull_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/who"
)

// understood are messages that the index of these tests understands as told.
func understood() map[string]what.Match {
	c := func(keyword, argument string) what.Candidate {
		// An entry alone is of no language.
		language := "en"
		if argument != "" {
			language = ""
		}
		return what.Candidate{Keyword: keyword, Argument: argument, Language: language}
	}
	none := func(core string, runners ...what.Candidate) what.Match {
		return what.Match{Decision: what.None, Reason: what.ReasonUnknown, Core: core, Unknown: core, Runners: runners}
	}
	offer := func(core string, reason what.Reason, all ...what.Candidate) what.Match {
		return what.Match{Decision: what.Offer, Tier: what.TierTyping, Reason: reason, Core: core, Candidates: all}
	}
	fixed := what.Match{Decision: what.Run, Tier: what.TierTyping, Corrected: true, Core: "tempate", Candidates: []what.Candidate{c("tpl", "")}}
	near := fixed
	near.Runners = []what.Candidate{c("city", ""), c("quote", "SAP")}
	closed := fixed
	closed.Candidates = []what.Candidate{c("soon", "")}
	return map[string]what.Match{
		"tempate":       fixed,
		"tenplate":      near,
		"embago":        closed,
		"wiprp":         offer("wiprp", what.ReasonUnsure, c("quote", "WIPRO")),
		"sap wiprp":     offer("sap wiprp", what.ReasonTie, c("quote", "WIPRO"), c("quote", "SAP")),
		"i had a floor": offer("i had a floor", what.ReasonSentence, c("open", "")),
		"which":         offer("which", what.ReasonTie, c("city", ""), c("club", ""), c("quote", "SAP"), c("tpl", "")),
		"gone":          offer("gone", what.ReasonTie, c("removed", "")),
		"zepelin":       none("zepelin", c("city", "")),
		"some price":    none("some price", c("city", ""), c("gone", ""), c("quote", "WIPRO"), c("tpl", ""), c("open", "")),
		"hello":         {Decision: what.None, Reason: what.ReasonUnknown, Unknown: "hello"},
		"yes":           {Decision: what.None, Reason: what.ReasonUnknown, Unknown: "yes"},
		"1 please":      none("1"),
		"novel":         none("novel"),
	}
}

// newQuestionTalk returns a talk with an index that understands more.
func newQuestionTalk(t *testing.T) *talk {
	t.Helper()
	k := newTalk(t)
	all := understood()
	k.edition.Understand(func(text string) (what.Match, bool) {
		m, ok := all[text]
		return m, ok
	})
	return k
}

// What the conversations below get.
const (
	quoted     = "WIPRO | https://example.org/WIPRO"
	sap        = "SAP | https://example.org/SAP"
	templated  = "SAP 512.35 (as of 10:59, 12 s ago) Paper"
	tie        = "Which one do you mean? | [paris (capital)] | [Paris (psg)]"
	three      = "Which one do you mean? | [paris (capital)] | [Paris (psg)] | [SAP]"
	declined   = "All right. MENU shows what else I answer. | [MENU]"
	greeted    = "At your service. Send a word and get what is current; MENU shows what I answer. | [MENU]"
	dropped    = "All right, never mind. | [MENU]"
	which      = "Which one? Please send its number or its name."
	novel      = "I don't know “novel”. Send MENU to see what I answer. | [MENU]"
	wayBack    = " | Answer for “template”. Not that? | [paris] | [SAP] | [MENU]"
	unknownOne = "I don't know “1”. Send MENU to see what I answer. | [MENU]"
)

// labels leaves out what the buttons send.
func labels(reply string) string {
	parts := strings.Split(reply, " | ")
	for i, p := range parts {
		if name, _, ok := strings.Cut(p, "="); ok && strings.HasPrefix(p, "[") {
			parts[i] = name + "]"
		}
	}
	return strings.Join(parts, " | ")
}

// conversation is what a reader says and gets, by turns; a turn that begins
// with a plus lets that much time pass first: "+2m yes".
type conversation [][2]string

func (c conversation) hold(t *testing.T, k *talk) {
	t.Helper()
	for _, turn := range c {
		text := turn[0]
		if after, rest, ok := strings.Cut(text, " "); ok && strings.HasPrefix(after, "+") {
			passed, err := time.ParseDuration(after[1:])
			if err != nil {
				t.Fatal(err)
			}
			k.at, text = k.at.Add(passed), rest
		}
		if got := labels(k.say(text)); got != turn[1] {
			t.Errorf("%q got  %s\nwant %s", turn[0], got, turn[1])
		}
	}
}

func TestAQuestionConverses(t *testing.T) {
	for name, c := range map[string]conversation{
		"a number":                              {{"paris", tie}, {"2", sap}},
		"a name":                                {{"paris", tie}, {"Paris psg", sap}},
		"a word of one name":                    {{"paris", tie}, {"capital", quoted}},
		"a word of both asks again":             {{"paris", tie}, {"paris", tie}, {"1", quoted}},
		"a number with politeness":              {{"paris", tie}, {"1 please", quoted}},
		"the last":                              {{"which", three}, {"the last one", sap}},
		"three at most":                         {{"which", three}, {"3", sap}},
		"a number out of range is a message":    {{"paris", tie}, {"3", strings.ReplaceAll(unknownOne, "1", "3")}},
		"a number with nothing open":            {{"1", unknownOne}},
		"a number after the answer":             {{"paris", tie}, {"1", quoted}, {"1", unknownOne}},
		"yes to several asks once":              {{"paris", tie}, {"yes", which + " | [paris (capital)] | [Paris (psg)]"}, {"second", sap}},
		"yes again is a message":                {{"paris", tie}, {"yes", which + " | [paris (capital)] | [Paris (psg)]"}, {"yes", greeted}},
		"yes to one":                            {{"wiprp", "Do you mean “Wipro Limited”? | [Wipro Limited] | [MENU]"}, {"oui", quoted}},
		"no to one":                             {{"wiprp", "Do you mean “Wipro Limited”? | [Wipro Limited] | [MENU]"}, {"nein danke", declined}, {"1", unknownOne}},
		"a sentence that may not ask":           {{"i had a floor", "Would you like “floor”? | [floor] | [MENU]"}, {"no", declined}},
		"no to several":                         {{"paris", tie}, {"none of them", declined}},
		"another keyword leaves it open":        {{"paris", tie}, {"template", templated}, {"1", quoted}, {"1", unknownOne}},
		"another unknown word does":             {{"paris", tie}, {"novel", novel}, {"1", quoted}},
		"commands do":                           {{"paris", tie}, {"thanks", "You are welcome."}, {"novel", novel}, {"psg", sap}},
		"its own keyword ends it":               {{"paris", tie}, {"capital", quoted}, {"2", strings.ReplaceAll(unknownOne, "1", "2")}},
		"who wants another ends it":             {{"paris", tie}, {"no, I mean template", templated}, {"1", unknownOne}},
		"another question ends it":              {{"which", three}, {"paris", tie}, {"3", strings.ReplaceAll(unknownOne, "1", "3")}},
		"and it stays ten minutes in all":       {{"paris", tie}, {"+6m novel", novel}, {"+5m 1", unknownOne}},
		"what stands below an answer ends":      {{"tenplate", templated + wayBack}, {"+1s wipro now", "WIPRO | https://example.org/WIPRO | as of 10:59, 12 s ago"}, {"2", strings.ReplaceAll(unknownOne, "1", "2")}},
		"but not with the same once more":       {{"tenplate", templated + wayBack}, {"template", templated}, {"not that one", "Which one do you mean? | [paris] | [SAP] | [MENU]"}},
		"cancel closes":                         {{"paris", tie}, {"cancel", dropped}},
		"the menu is reached":                   {{"paris", tie}, {"help", "Paper: send a word, get what is current. MENU lists the words. STOP ends it. Nothing comes unasked. For example: Wipro Limited | [MENU]"}},
		"it stays open for ten minutes":         {{"paris", tie}, {"+10m 1", quoted}},
		"and no longer":                         {{"paris", tie}, {"+11m 1", unknownOne}},
		"an option that is not there any more":  {{"gone", "I don't know “gone”. Send MENU to see what I answer. | [MENU]"}},
		"a miss offers what is near":            {{"zepelin", "I don't know “zepelin”. Do you mean “paris”? | [paris] | [MENU]"}, {"yes", quoted}},
		"a miss offers three at most":           {{"some price", "I don't know “some price”. Do you mean one of these? | [paris] | [Wipro Limited] | [template] | [MENU]"}, {"wipro limited", quoted}},
		"a greeting is no miss":                 {{"hello", greeted}},
		"a corrected answer says so":            {{"tempate", templated + " | Answer for “template”. Not that? | [MENU]"}},
		"no to it shows the menu":               {{"tempate", templated + " | Answer for “template”. Not that? | [MENU]"}, {"no", "Paper answers to: | [quote] | [wipro now] | [template] | [paris] | [Paris] | [floor] | [embargo] | [must]"}},
		"no to it offers what else came near":   {{"tenplate", templated + wayBack}, {"no", "Which one do you mean? | [paris] | [SAP] | [MENU]"}, {"2", sap}},
		"a number below it":                     {{"tenplate", templated + wayBack}, {"1", quoted}},
		"yes below it is no answer":             {{"tenplate", templated + wayBack}, {"yes", greeted}},
		"a keyword below it":                    {{"tenplate", templated + wayBack}, {"wipro", quoted}},
		"cancel below it stops":                 {{"tempate", templated + " | Answer for “template”. Not that? | [MENU]"}, {"cancel", "Done: Paper sends you nothing more. START brings it back. | [START]"}},
		"a corrected keyword without an answer": {{"embago", "“embargo” answers from 3 Mar, 11:00 on. | Not that? | [MENU]"}},
	} {
		t.Run(name, func(t *testing.T) { c.hold(t, newQuestionTalk(t)) })
	}
}

func TestATapSaysWhichEvenWhenTheQuestionIsOver(t *testing.T) {
	k := newQuestionTalk(t)
	first := k.say("paris")
	if first != "Which one do you mean? | [paris (capital)=o:1:1.city] | [Paris (psg)=o:2:1.club]" {
		t.Fatal(first)
	}
	tap := func(payload, text, want string) {
		t.Helper()
		if got := labels(k.send(pull.Ask{Incoming: pull.Incoming{Tap: payload, Text: text}})); got != want {
			t.Errorf("%s got %s, want %s", payload, got, want)
		}
	}
	const over = "That question is over. Please ask again; MENU shows what I answer. | [MENU]"
	k.say("which") // replaces the question
	tap("o:2:1.club", "Paris (psg)", sap)
	k.at = k.at.Add(time.Hour)
	tap("o:1:1.city", "", quoted)
	k.say("which")
	tap("o:3:5.quote.U0FQ", "o:3:5.quote.U0FQ", sap)
	tap("o:1:5", "o:1:5", over)
	tap("o:1:5", "wipro", quoted)
	tap("o:1:5.removed", "", over)
	tap("o:1:5.quote.!!", "", over)
	tap("o:", "", over)
	tap("k:removed", "k:removed", over)
	if k.last.Trace.Outcome != journal.Refused || k.last.Trace.What.Unknown != "" {
		t.Errorf("a button that leads nowhere counts as a miss: %+v", k.last.Trace)
	}
}

func TestOnSMSAQuestionIsShort(t *testing.T) {
	k := newQuestionTalk(t)
	k.channel = "sms"
	conversation{
		{"novel", "I don't know “novel”. Send MENU to see what I answer."},
		{"zepelin", "I don't know “zepelin”. Do you mean “paris”? | [paris] | [MENU]"},
		{"1", quoted},
		{"tenplate", templated + " | Answer for “template”. Not that? Reply NO."},
		{"1", unknownOne[:len(unknownOne)-len(" | [MENU]")]},
		{"tenplate", templated + " | Answer for “template”. Not that? Reply NO."},
		{"NO", "Which one do you mean? | [paris] | [SAP]"},
		{"2", sap},
	}.hold(t, k)
}

func TestAQuestionIsAnsweredInItsOwnLanguage(t *testing.T) {
	k := newQuestionTalk(t)
	k.language = "de"
	conversation{
		{"wiprp", "Ist „Wipro Limited“ gemeint? | [Wipro Limited] | [MENU]"}, {"nein", "Gut. MENU zeigt, worauf ich sonst antworte. | [MENU]"},
		{"zepelin", "„zepelin“ kenne ich nicht. Ist „paris“ gemeint? | [paris] | [MENU]"},
		{"hello", "Gern zu Diensten. Ein Wort senden, sofort das Aktuelle bekommen; MENU zeigt, worauf ich antworte. | [MENU]"},
	}.hold(t, k)
	k.language = "fr"
	k.say("wiprp")
	// Nothing but the question tells the language now.
	k.language = ""
	if got := k.say("non"); !strings.HasPrefix(got, "D'accord.") {
		t.Error(got)
	}
}

func TestADeskIsMentionedWhereThereIsOne(t *testing.T) {
	k := newQuestionTalk(t)
	k.resolver.Desk = staffed{}
	conversation{
		{"novel", "I don't know “novel”. Send MENU to see what I answer. | HUMAN hands you over to a person. | [MENU] | [HUMAN]"},
		{"zepelin", "I don't know “zepelin”. Do you mean “paris”? | HUMAN hands you over to a person. | [paris] | [MENU] | [HUMAN]"},
	}.hold(t, k)
}

// No message, whatever it says, is swallowed by a question, and what is kept
// stays within its limit.
func TestNoQuestionTrapsAReader(t *testing.T) {
	all := []string{"1", "2", "9", "yes", "no", "ja", "paris", "which", "tenplate", "zepelin", "some price", "hello", "template", "o:1:1.city", "o:2:zz", "k:gone", "cancel", "menu", "START"}
	converse := func(t rapid.TB, k *talk, said ...string) {
		for _, text := range said {
			got := k.say(text)
			if got == "" && k.last.Trace.Outcome != journal.Silent {
				t.Fatalf("%q was swallowed", text)
			}
			b, err := k.reader.Encode()
			if err != nil || len(b) > who.MaxBytes {
				t.Fatalf("%q: %d bytes, %v", text, len(b), err)
			}
			if back, err := who.Decode(b); err != nil || !cmp.Equal(back.Question, k.reader.Question) || !cmp.Equal(back.Miss, k.reader.Miss) {
				t.Fatal(text, err, cmp.Diff(k.reader, back))
			}
			for _, b := range buttons(k.last.Reply) {
				if len(b.Send) > 64 || b.Label == "" {
					t.Fatalf("%q: button %+v", text, b)
				}
			}
		}
	}
	// What is remembered answers the third, and leaves no other option.
	converse(t, newQuestionTalk(t), "zepelin", "1", "zepelin", "1", "zepelin")
	rapid.Check(t, func(r *rapid.T) {
		converse(r, newQuestionTalk(t), rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(all), rapid.String()), 1, 12).Draw(r, "said")...)
	})
}

func buttons(r *pull.Reply) []pull.Button {
	if r == nil {
		return nil
	}
	return r.Buttons
}

// A question that would not fit into the reader's document is not kept; its
// buttons say enough.
func TestAHugeQuestionStaysOutOfTheDocument(t *testing.T) {
	k := newQuestionTalk(t)
	long := strings.Repeat("&", 900)
	k.edition.Understand(func(string) (what.Match, bool) {
		return what.Match{Decision: what.Offer, Core: long[:60], Candidates: []what.Candidate{
			{Keyword: "quote", Argument: "1" + long}, {Keyword: "quote", Argument: "2" + long}, {Keyword: "city", Argument: "3" + long},
		}}, true
	})
	k.reader.Settled = make([]uint64, who.MaxSettled)
	for i := range k.reader.Settled {
		k.reader.Settled[i] = 1<<64 - 1
	}
	k.say("huge")
	b, err := k.reader.Encode()
	if err != nil || len(b) > who.MaxBytes || k.reader.Question != nil || len(k.last.Reply.Buttons) != 3 {
		t.Fatalf("%d bytes, %v, %+v", len(b), err, k.reader)
	}
}

// TestAllOptionsAreTakenAtOnce has readers want all that is offered, in words of their own.
func TestAllOptionsAreTakenAtOnce(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]bool{
		"both": true, "both please": true, "die beiden": true, "les deux": true, "as duas": true, "обе": true, "all of them": true,
		"the second": false, "none": false,
	} {
		k, _, _ := newSavingTalk(t)
		k.say("news or weather")
		if q := k.reader.Question; q == nil || len(q.Options) != 2 {
			t.Fatalf("%+v", q)
		}
		if got := k.say(said); strings.Contains(got, "First headline") && strings.Contains(got, "Rain") != want || len(k.reader.Laters) > 0 {
			t.Errorf("%q got %q", said, got)
		}
	}
}
