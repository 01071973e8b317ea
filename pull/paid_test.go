package pull_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/who"
	"keypull/pull/words"
)

// ending returns the talk of a publisher that says how its subscription ends.
func ending(t *testing.T) *talk {
	t.Helper()
	k := newTalk(t)
	p := publisher()
	p.Keywords = append(p.Keywords, catalogue.Keyword{ID: "leaving", Source: "exchange", Query: "SAP", Phrases: map[string][]string{
		"en": {"cancel subscription"}, "de": {"Abo kündigen"},
	}})
	var err error
	if k.edition, err = k.edit(p); err != nil {
		t.Fatal(err)
	}
	return k
}

func TestWhoWantsAPaidThingToEndIsOfferedTwoWays(t *testing.T) {
	for text, language := range map[string]string{
		"I want to cancel my paper": "", "stop my delivery while I am on holiday": "", "how do I cancel?": "", "please stop my subscription": "",
		"Wie kündige ich meine Bestellung?": "de", "comment résilier": "fr",
	} {
		k := newTalk(t)
		k.edition.Contact = "desk@example.org"
		got := k.say(text)
		if !strings.Contains(got, "desk@example.org") || !strings.Contains(got, "=c:human]") || !strings.Contains(got, "=c:stop]") {
			t.Errorf("%q got %q", text, got)
		}
		if k.reader.State == who.Stopped || k.last.Trace.What.Command != string(command.Paid) || k.last.Trace.Outcome != journal.Ordered {
			t.Errorf("%q: %+v", text, k.last.Trace)
		}
		if language != "" && k.last.Reply.Language != language {
			t.Errorf("%q is answered in %q", text, k.last.Reply.Language)
		}
		if len(k.last.Reply.Buttons) != 2 {
			t.Errorf("%q got %+v", text, k.last.Reply.Buttons)
		}
		k.say("c:stop")
		if k.reader.State != who.Stopped {
			t.Errorf("the tap of %q does not stop", text)
		}
	}
}

func TestWhoseThingDidNotComeIsToldWhoCanSeeToIt(t *testing.T) {
	for text, lead := range map[string]string{
		"my paper didn't come again this morning":        "I can't see orders, deliveries and payments here.",
		"Heute war schon wieder keine Zeitung im Kasten": "Bestellungen, Lieferungen und Zahlungen kann ich hier nicht sehen.",
		"je n'ai toujours pas reçu mon magazine":         "Je ne vois ici ni les ",
		"今朝の新聞が届いていません":                                  "I can't see orders, deliveries and payments here.",
	} {
		k := newTalk(t)
		k.edition.Contact = "desk@example.org"
		got := k.say(text)
		if !strings.HasPrefix(got, lead) || !strings.Contains(got, "desk@example.org") || !strings.Contains(got, "=c:human]") || !strings.Contains(got, "=c:stop]") {
			t.Errorf("%q got %q", text, got)
		}
		if k.reader.State == who.Stopped {
			t.Errorf("%q stops", text)
		}
	}
}

// What is asked leads to what tells of that: of the end of a paid thing, or of one that did not come.
func TestThePublishersOwnWordIsTheOneForWhatIsAsked(t *testing.T) {
	k := newTalk(t)
	p := publisher()
	p.Keywords = append(p.Keywords,
		catalogue.Keyword{ID: "leaving", Source: "exchange", Query: "SAP", Phrases: map[string][]string{"en": {"cancel subscription"}}},
		catalogue.Keyword{ID: "missing", Source: "exchange", Query: "SAP", Phrases: map[string][]string{"en": {"paper not delivered"}}})
	var err error
	if k.edition, err = k.edit(p); err != nil {
		t.Fatal(err)
	}
	for text, option := range map[string]string{"no newspaper today, third time now": "[paper not delivered=", "i want my subscription to end please": "[cancel subscription="} {
		if got := k.say(text); !strings.Contains(got, option) || strings.Count(got, "[") != 2 {
			t.Errorf("%q got %q", text, got)
		}
	}
	k = newTalk(t)
	p = publisher()
	for id, phrase := range map[string]string{"pausing": "how do I pause delivery while I am away", "cancelling": "how do I cancel", "closing": "when do you close"} {
		p.Keywords = append(p.Keywords, catalogue.Keyword{ID: id, Source: "exchange", Query: "SAP", Phrases: map[string][]string{"en": {phrase}}})
	}
	if k.edition, err = k.edit(p); err != nil {
		t.Fatal(err)
	}
	for text, option := range map[string]string{"how do I cancel my subscription": "[how do I cancel=", "how can I pause the subscription": "[how do I pause delivery"} {
		if got := k.say(text); !strings.Contains(got, option) {
			t.Errorf("%q got %q", text, got)
		}
	}
	office, _ := newFrontOffice(t)
	if got := office.ask("my paper didn't come again this morning"); !strings.Contains(got, "[missing paper=o:1:") {
		t.Errorf("got %q", got)
	}
}

func TestThePublishersOwnWordForTheEndOfAPaidThingWins(t *testing.T) {
	for _, text := range []string{"cancel subscription", "Cancel subscription please", "abo kündigen", "ich möchte abo kündigen"} {
		if k := ending(t); !strings.HasPrefix(k.say(text), "SAP") || k.reader.State == who.Stopped {
			t.Errorf("%q got %+v", text, k.last.Reply)
		}
	}
	k := ending(t)
	if got := k.say("je veux annuler ma commande"); k.last.Reply.Language != "fr" || !strings.Contains(got, "=o:1:") {
		t.Errorf("a French wish got %q", got)
	}
	k = ending(t)
	got := k.say("please can you cancel the delivery of my newspaper")
	if !strings.Contains(got, "[cancel subscription=o:1:") || !strings.HasSuffix(got, "[STOP messages here=c:stop]") {
		t.Errorf("other words got %q", got)
	}
	if got := k.say("1"); !strings.HasPrefix(got, "SAP") {
		t.Errorf("its number got %q", got)
	}
	k = ending(t)
	k.say("please can you cancel the delivery of my newspaper")
	if k.say("2"); k.reader.State != who.Stopped {
		t.Errorf("the number of STOP got %+v", k.last.Reply)
	}
}

func TestStopThatNamesAPaidThingSaysThatNothingPaidEnds(t *testing.T) {
	const more = "No subscription and no order of Paper is cancelled by this."
	k := ending(t)
	if got := k.say("STOP my paper"); !strings.Contains(got, more) || !strings.HasSuffix(got, "[cancel subscription=c:paid]") || k.reader.State != who.Stopped {
		t.Errorf("got %q", got)
	}
	if got := k.say("c:paid"); !strings.HasPrefix(got, "SAP") || k.reader.State != who.Stopped {
		t.Errorf("its tap got %q", got)
	}
	k = newTalk(t)
	if got := k.say("stop delivery"); !strings.Contains(got, more) || !strings.HasSuffix(got, "=c:human]") {
		t.Errorf("without a keyword got %q", got)
	}
	k = newTalk(t)
	if got := k.say("STOP"); strings.Contains(got, more) {
		t.Errorf("STOP alone got %q", got)
	}
	k = ending(t)
	k.say("cancel subscription")
	if got := k.say("cancel"); !strings.Contains(got, more) || k.reader.State != who.Stopped {
		t.Errorf("behind what is told of a paid thing it got %q", got)
	}
}

func TestTheTapThatStopsHereSaysWhatMayBeTyped(t *testing.T) {
	for _, language := range []string{"en", "fr", "de", "es", "it", "pt", "nl", "pl", "tr", "id", "ru", "ar", "hi", "ja", "zh", "th"} {
		label := words.Core().Say(language, "reply.stop_here", nil)
		if c, ok := command.Lookup(label); !ok || c != command.Stop {
			t.Errorf("%s: %q is %q", language, label, c)
		}
		if n := len([]rune(label)); n > 20 {
			t.Errorf("%s: %q has %d characters, more than a button", language, label, n)
		}
	}
}

func TestNeverMindStopsAndErasesNothing(t *testing.T) {
	for _, text := range []string{"never mind", "laisse tomber", "deixa pra lá", "boş ver", "basta così", "forget it", "not interested"} {
		k := newTalk(t)
		k.say("paris")
		open := k.reader.Question != nil
		got := k.say(text)
		if !open || k.reader.Question != nil || k.reader.State == who.Stopped || k.last.Trace.What.Command != string(command.Drop) || got == "" {
			t.Errorf("%q with a question open (%v) got %q", text, open, got)
		}
		if k.say(text); k.reader.State == who.Stopped || k.last.Trace.What.Command != string(command.Drop) {
			t.Errorf("%q with nothing open: %+v", text, k.last.Trace)
		}
	}
}

func TestClosingWordsStopNothingWhereAnswersTravelInRequestsAlone(t *testing.T) {
	for name, in := range map[string]pull.Incoming{"spoken": {InBand: true, Fleeting: true}, "a page": {InBand: true}} {
		for _, text := range []string{"cancel", "END", "quit", "abbrechen"} {
			k := newTalk(t)
			k.edition.Channels["page"] = pull.Channel{Guests: true}
			if name == "a page" {
				k.channel = "page"
			}
			in.Text = text
			if k.send(pull.Ask{Incoming: in}); k.reader.State == who.Stopped {
				t.Errorf("%s: %q stops", name, text)
			}
			k.reader.Laters = []who.Later{{}}
			if k.send(pull.Ask{Incoming: in}); k.reader.State != who.Stopped {
				t.Errorf("%s: %q stops nothing while something is ordered", name, text)
			}
			in.Text = "STOP"
			k.reader = who.Reader{First: monday.Add(-time.Hour)}
			if k.send(pull.Ask{Incoming: in}); k.reader.State != who.Stopped {
				t.Errorf("%s: STOP stops nothing", name)
			}
		}
	}
	k := newTalk(t)
	if k.say("cancel"); k.reader.State != who.Stopped {
		t.Error("cancel stops nothing where messages come by themselves")
	}
}

func TestAbuseGetsOneCalmLineWithTheWaysOut(t *testing.T) {
	for _, channel := range []string{"web", "sms"} {
		k := newTalk(t)
		k.channel = channel
		got := k.say("fuck off")
		if k.reader.State == who.Stopped || len(k.last.Reply.Blocks) != 1 || !strings.Contains(got, "STOP") || !strings.Contains(got, "HUMAN") {
			t.Errorf("on %s got %q", channel, got)
		}
		if channel == "web" && !strings.HasSuffix(got, "[STOP=c:stop] | [HUMAN=c:human]") {
			t.Errorf("got %q", got)
		}
	}
}

func TestAreYouABotIsAnsweredTruthfully(t *testing.T) {
	k := newTalk(t)
	k.edition.Contact = "desk@example.org"
	for text, want := range map[string]string{"Are you a bot?": "I am a bot", "Bist du ein Mensch?": "Ich bin ein Bot", "es-tu un robot ?": "Je suis un robot"} {
		if got := k.say(text); !strings.HasPrefix(got, want) || !strings.Contains(got, "desk@example.org") {
			t.Errorf("%q got %q", text, got)
		}
	}
	if got := k.say("HUMAN"); strings.Contains(got, "A person will answer") || !strings.HasPrefix(got, "No person reads along here.") || !strings.Contains(got, "desk@example.org") {
		t.Errorf("HUMAN got %q", got)
	}
	k.resolver.Desk = staffed{}
	if got := k.say("HUMAN"); !strings.HasPrefix(got, "A person of ") {
		t.Errorf("with a desk HUMAN got %q", got)
	}
}

func TestAnEntryOfAVocabularyTellsHowAPaidThingEnds(t *testing.T) {
	k := newTalk(t)
	p := publisher()
	p.Keywords = append(p.Keywords, catalogue.Keyword{ID: "faq", Source: "exchange", Argument: "optional", Bare: true, Phrases: map[string][]string{"en": {"questions"}}})
	terms := what.NewVocabulary([]what.Term{{Value: "q7", Names: []string{"How do I cancel my subscription?"}, Language: "en"}})
	edition, err := pull.NewEdition(p, map[string]pull.Opened{"exchange": {Source: k.source}}, k.edition.Channels, map[string]*what.Vocabulary{"exchange": terms}, nil)
	if err != nil {
		t.Fatal(err)
	}
	k.edition = edition
	k.say("i need to get out of my membership")
	if i := slices.IndexFunc(k.last.Reply.Buttons, func(b pull.Button) bool { return strings.HasPrefix(b.Label, "How do I cancel") }); i != 0 {
		t.Errorf("got %+v", k.last.Reply.Buttons)
	}
}
