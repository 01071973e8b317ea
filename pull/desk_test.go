package pull_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/who"
)

// staffed is a desk at which somebody answers readers, but where nobody is given.
type staffed struct{ nobody bool }

func (s staffed) Staffed(string, time.Time) bool { return !s.nobody }

// newDeskTalk is a talk with a publisher whose people answer readers, from nine to five.
func newDeskTalk(tb testing.TB) *talk {
	k := newTalk(tb)
	p := publisher()
	p.Contact, p.Person = "desk@example.org", catalogue.Person{Hours: []string{"mon-fri 09:00-17:00"}, Contacts: map[string]string{"delivery": "030 1234"}}
	var err error
	if k.edition, err = k.edit(p); err != nil {
		tb.Fatal(err)
	}
	k.resolver.Desk = staffed{}
	k.at = time.Date(2026, 11, 25, 10, 0, 0, 0, k.edition.Zone)
	return k
}

// takeOver has a person write to the reader.
func (k *talk) takeOver() pull.Resolved {
	o := k.resolver.Tell(k.edition, pull.Entry{Kind: pull.Human, Cause: 1, Ask: pull.Ask{Publisher: "p", Channel: "web", At: k.at},
		Reply: &pull.Reply{Blocks: []pull.Block{{Kind: pull.Paragraph, Text: "Good morning."}}}}, k.reader, 0)
	k.reader = o.Reader
	return o
}

func TestWhoAsksForAPersonWaitsForOneAndIsAnsweredMeanwhile(t *testing.T) {
	k := newDeskTalk(t)
	if got := k.say("HUMAN"); !strings.HasPrefix(got, "A person of ") || k.reader.Mode != who.Waiting || k.last.Handed.Began != pull.BeganAsked {
		t.Fatalf("%q, %q", got, k.reader.Mode)
	}
	for said, want := range map[string]string{
		"quote WIPRO":                    "is asked for.",
		"My newspaper got wet on Friday": "I pass that on.",
		"HUMAN":                          "is asked for since",
	} {
		got := k.say(said)
		if !strings.Contains(got, want) || k.last.Handed == nil || k.last.Handed.Said != said || k.last.Handed.Began != "" {
			t.Errorf("%q got %q, handed %+v", said, got, k.last.Handed)
		}
	}
	for _, said := range []string{"CANCEL", "take me back to the bot", "i don't need a person any more"} {
		if got := k.say(said); !strings.Contains(got, "nobody is asked for any more") || k.reader.Mode != who.Bot || k.last.Handed == nil {
			t.Errorf("%q got %q, %q", said, got, k.reader.Mode)
		}
		k.say("HUMAN")
	}
}

// However a person came to be in charge, the first words say so, and no others of one conversation.
func TestTheFirstWordsOfAPersonSayThatOneWrites(t *testing.T) {
	taken := func(k *talk) { k.reader, _ = k.reader.Turn(who.TurnTaken, k.at, 1) }
	for name, begin := range map[string]func(k *talk){
		"to who left a message": func(k *talk) { k.reader, _ = k.reader.Turn(who.TurnLeft, k.at, 1) },
		"taken over before":     taken,
		"asked for":             func(k *talk) { k.say("HUMAN") },
		"asked for, taken":      func(k *talk) { k.say("HUMAN"); taken(k) },
		"taken twice":           func(k *talk) { taken(k); taken(k) },
		"once more": func(k *talk) {
			taken(k)
			k.takeOver()
			k.reader, _ = k.reader.Turn(who.TurnReleased, k.at, 0)
			taken(k)
		},
	} {
		k := newDeskTalk(t)
		k.say("quote WIPRO")
		begin(k)
		for n, want := range []string{"Good morning.\nA person of ", "Good morning."} {
			got := textOf(k.takeOver())
			if !strings.HasPrefix(got, want) || strings.Contains(got, "MENU") != (n == 0) {
				t.Errorf("%s, words %d: %q", name, n+1, got)
			}
		}
	}
}

// With a person in charge nothing is said by itself, but to STOP, FORGET ME and MENU.
func TestThereIsNoAutomaticWordWhileAPersonIsInCharge(t *testing.T) {
	all := []string{"quote WIPRO", "news", "HELP", "MORE", "MY", "hello", "1", "yes", "no", "HUMAN", "WHY", "START", "quote", "tomorrow 9am quote WIPRO", "thanks", "wrong", "are you a bot?", "MYDATA", "CANCEL", "c:more", "k:quote"}
	asked := 0
	rapid.Check(t, func(r *rapid.T) {
		k := newDeskTalk(t)
		var ordered []pull.Entry
		for _, in := range rapid.SliceOfN(rapid.IntRange(1, 20*60), 0, 4).Draw(r, "ordered") {
			k.order(fmt.Sprintf("quote WIPRO in %d minutes", in))
			ordered = append(ordered, k.last.Orders...)
		}
		// bring has what is due by now resolved.
		bring := func() {
			for {
				slices.SortFunc(ordered, func(a, b pull.Entry) int { return a.Due.Compare(b.Due) })
				if len(ordered) == 0 || ordered[0].Due.After(k.at) {
					return
				}
				at, e := k.at, ordered[0]
				slices.SortFunc(k.reader.Laters, func(a, b who.Later) int { return a.Due.Compare(b.Due) })
				if got := k.carryOut(e); got != "" || k.reader.Mode != who.Human || len(k.reader.Laters) != len(ordered) {
					t.Fatalf("what was ordered says %q", got)
				}
				k.accept()
				k.at, ordered = at, append(ordered[1:], k.last.Orders...)
			}
		}
		k.say("HUMAN")
		if o := k.takeOver(); o.Reply == nil || k.reader.Mode != who.Human || !strings.Contains(fmt.Sprint(o.Reply.Blocks), "MENU") {
			t.Fatalf("%+v", o.Reply)
		}
		for range 12 {
			said := rapid.OneOf(rapid.SampledFrom(all), rapid.StringMatching(`[a-z]{2,9}( [a-z]{2,9}){0,4}`)).Draw(r, "said")
			// By accident a word is one for STOP in some language.
			bot := newDeskTalk(t)
			bot.say(said)
			switch command.Command(bot.last.Trace.What.Command) {
			case command.Stop, command.Forget, command.Menu:
				continue
			}
			k.at = k.at.Add(time.Duration(rapid.IntRange(0, 100).Draw(r, "minutes")) * time.Minute)
			bring()
			asked++
			if got := k.say(said); got != "" || k.last.Trace.Outcome != journal.Silent || k.last.Handed == nil || k.reader.Mode != who.Human {
				t.Fatalf("%q got %q, %q", said, got, k.reader.Mode)
			}
		}
	})
	if asked < 1000 {
		t.Errorf("only %d asks", asked)
	}
}

// What is ordered for a time at which a person is in charge comes after that, or is told of: it is
// never lost.
func TestWhatIsOrderedWaitsForThePersonInCharge(t *testing.T) {
	const came = "You asked for this on "
	held := func(channel string) (*talk, pull.Entry) {
		k := newDeskTalk(t)
		k.channel = channel
		k.order("quote WIPRO in 1 hour")
		e := k.last.Orders[0]
		k.say("HUMAN")
		k.takeOver()
		if got := k.carryOut(e); got != "" || len(k.last.Orders) != 1 || !k.last.Orders[0].Due.Equal(k.at.Add(10*time.Minute)) || len(k.reader.Laters) != 1 {
			t.Fatalf("%q, %+v", got, k.last.Orders)
		}
		e = k.last.Orders[0]
		k.accept()
		return k, e
	}
	k, e := held("web")
	k.reader, _ = k.reader.Turn(who.TurnReleased, k.at, 0)
	if got := k.carryOut(e); !strings.HasPrefix(got, came) || len(k.reader.Laters) != 0 {
		t.Errorf("after the release: %q", got)
	}
	k, e = held("web")
	for k.at.Before(k.reader.Talk.Heard.Add(who.PersonSilent - 10*time.Minute)) {
		if got := k.carryOut(e); got != "" {
			t.Fatalf("while the person may still write: %q", got)
		}
		e = k.last.Orders[0]
		k.accept()
	}
	if got := k.carryOut(e); !strings.HasPrefix(got, came) || !strings.Contains(got, "Nobody has written for a day") || len(k.reader.Laters) != 0 {
		t.Errorf("after a day without a word: %q", got)
	}
	k, e = held("day")
	ordered := k.at
	for len(k.reader.Laters) > 0 {
		k.takeOver()
		if got := k.carryOut(e); got != "" {
			t.Fatalf("%q", got)
		}
		if k.accept(); len(k.last.Orders) > 0 {
			e = k.last.Orders[0]
		}
	}
	if got := k.say("MENU"); !strings.Contains(got, "could not be brought") || k.at.Sub(ordered) > 24*time.Hour || k.at.Sub(ordered) < 22*time.Hour {
		t.Errorf("beyond the window: %q", got)
	}
}

// What is asked beside the conversation is answered there, or is said to be passed on: who asks
// sees nothing of what the person writes.
func TestWhatIsAskedAsideIsAnsweredWhileAPersonIsInCharge(t *testing.T) {
	for name, in := range map[string]pull.Incoming{"shown to one alone": {InBand: true, Aside: true}, "no way for a late one": {InBand: true, Fleeting: true}} {
		for said, c := range map[string]struct {
			want   string
			handed bool
			mode   who.Mode
		}{
			"quote WIPRO":                    {"WIPRO", false, who.Human},
			"MYDATA":                         {"kept of you", false, who.Human},
			"HELP":                           {"MENU", false, who.Human},
			"HUMAN":                          {"A person of ", true, who.Human},
			"My newspaper got wet on Friday": {"A person of ", true, who.Human},
			"MENU":                           {"The automatic answers are back", true, who.Bot},
		} {
			k := newDeskTalk(t)
			k.say("HUMAN")
			k.takeOver()
			in.Text = said
			if got := k.send(pull.Ask{Incoming: in}); !strings.Contains(got, c.want) || (k.last.Handed != nil) != c.handed || k.reader.Mode != c.mode {
				t.Errorf("%s, %q: %q, %+v, %q", name, said, got, k.last.Handed, k.reader.Mode)
			}
			if c.mode == who.Human {
				if got := k.say("quote WIPRO"); got != "" {
					t.Errorf("%s, after %q the conversation got %q", name, said, got)
				}
			}
		}
	}
}

// However far the clock is set back behind what was said last: nobody is answered by silence for
// longer than a day.
func TestNobodyIsSilentForLongerBecauseTheClockIsSetBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		k := newDeskTalk(t)
		k.say("HUMAN")
		k.takeOver()
		silent := time.Duration(0) // since the first message that was not answered
		for range rapid.IntRange(1, 40).Draw(r, "asks") {
			passed := time.Duration(rapid.IntRange(1, 8*60).Draw(r, "minutes")) * time.Minute
			k.at = k.at.Add(passed)
			if rapid.IntRange(0, 4).Draw(r, "set") == 0 {
				k.at = k.at.Add(-passed - time.Duration(rapid.IntRange(6, 72*60).Draw(r, "back"))*time.Minute)
			}
			silent += passed
			switch got := k.say("quote WIPRO"); {
			case got == "" && silent-passed >= who.PersonSilent:
				t.Fatalf("silent for %s", silent)
			case got != "":
				if k.reader.Mode != who.Bot {
					t.Fatalf("%q, %q", got, k.reader.Mode)
				}
				k.takeOver()
				silent = 0
			}
		}
	})
}

func TestABreakdownIsNotToldWhileAPersonIsInCharge(t *testing.T) {
	k := newDeskTalk(t)
	k.say("HUMAN")
	k.takeOver()
	o := k.resolver.RefuseAfterCrash(k.edition, pull.Ask{ID: 9, Publisher: "p", Channel: "web", At: k.at, Incoming: pull.Incoming{Text: "my paper"}}, k.reader, 0)
	if o.Reply != nil || o.Trace.Outcome != journal.Silent || o.Handed == nil || o.Handed.Said != "my paper" {
		t.Errorf("%+v, %+v", o.Reply, o.Handed)
	}
}

func TestAConversationEndsByTheReaderAndByTime(t *testing.T) {
	for name, c := range map[string]struct {
		after     time.Duration
		say, want string
		mode      who.Mode
	}{
		"MENU":                      {time.Hour, "MENU", "The automatic answers are back.", who.Bot},
		"STOP":                      {time.Hour, "STOP", "", who.Bot},
		"FORGET ME asks first":      {time.Hour, "FORGET ME", "", who.Human},
		"a day without a word":      {24 * time.Hour, "quote WIPRO", "Nobody has written for a day", who.Bot},
		"not yet a day":             {24*time.Hour - time.Second, "quote WIPRO", "-", who.Human},
		"a day, and not understood": {25 * time.Hour, "zork", "Nobody has written for a day", who.Bot},
	} {
		k := newDeskTalk(t)
		k.resolver.Past = newElsewhere(t)
		k.say("HUMAN")
		k.takeOver()
		k.at = k.at.Add(c.after)
		got := k.say(c.say)
		if c.want == "-" && got != "" || c.want != "-" && (got == "" || !strings.Contains(got, c.want)) || k.reader.Mode != c.mode {
			t.Errorf("%s: %q, %q", name, got, k.reader.Mode)
		}
	}
}

// Words that no keyword knows are left for the person who was silent for a day, as those are that
// the reader writes within the hour; short ones that a keyword knows are not.
func TestWordsAfterALapseAreLeftForThePerson(t *testing.T) {
	lapsed := func() *talk {
		k := newDeskTalk(t)
		k.say("HUMAN")
		k.takeOver()
		k.at = k.at.Add(25 * time.Hour)
		return k
	}
	k := lapsed()
	if got := k.say("it was on Friday"); !strings.HasPrefix(got, "Nobody has written for a day, so I answer again. | Kept for the people of") || k.last.Handed == nil || k.last.Handed.Began != pull.BeganLeft || k.reader.Mode != who.Bot {
		t.Errorf("%q, %+v", got, k.last.Handed)
	}
	if got := k.say("behind the door"); !strings.HasPrefix(got, "Kept for") || k.last.Handed == nil {
		t.Errorf("%q, %+v", got, k.last.Handed)
	}
	if o := k.takeOver(); !strings.Contains(textOf(o), "MENU") || k.reader.Mode != who.Human {
		t.Errorf("who answers it: %+v", o.Reply)
	}
	for _, said := range []string{"quote WIPRO", "MENU", "thanks", "HUMAN", "STOP"} {
		if k := lapsed(); said != "HUMAN" {
			if got := k.say(said); strings.Contains(got, "Kept for") || (k.last.Handed != nil) != (said == "STOP" || said == "MENU") {
				t.Errorf("%q got %q, %+v", said, got, k.last.Handed)
			}
		} else if got := k.say(said); !strings.Contains(got, "A person of ") || k.reader.Mode != who.Waiting {
			t.Errorf("%q got %q, %q", said, got, k.reader.Mode)
		}
	}
	if k = lapsed(); !strings.Contains(k.say("This is a scandal!"), "A person of ") || k.reader.Mode != who.Waiting {
		t.Errorf("a complaint: %q", k.reader.Mode)
	}
	k = lapsed()
	k.resolver.Desk = nil
	if got := k.say("it was on Friday"); strings.Contains(got, "Kept for") || k.last.Handed != nil {
		t.Errorf("where nobody reads it: %q", got)
	}
}

// Who waited in vain for a week is told so once, first, with a message of their own, and what else
// there is to do.
func TestWhoWaitedInVainIsToldSoOnce(t *testing.T) {
	const vain, leave = "in seven days nobody of ", "Leave your message"
	waited := func(over time.Duration) *talk {
		k := newDeskTalk(t)
		k.say("HUMAN")
		k.at = k.at.Add(who.WaitingFor + over)
		return k
	}
	for said, want := range map[string][]string{
		"quote WIPRO":                    {"desk@example.org", "Delivery: 030 1234", "Back: ", leave},
		"zork":                           {"desk@example.org", "Back: ", "Kept for the people"},
		"My newspaper got wet on Friday": {"desk@example.org", "Kept for the people"},
		"HUMAN":                          {"desk@example.org", leave},
		"MENU":                           {"desk@example.org"},
	} {
		k := waited(8 * time.Hour)
		k.say(said)
		got := fmt.Sprint(k.last.Reply.Blocks)
		if first := k.last.Reply.Blocks[0].Text; !strings.Contains(first, vain) || strings.Count(got, leave) != strings.Count(strings.Join(want, ""), leave) || strings.Count(got, "desk@example.org") != 1 {
			t.Errorf("%q got %q", said, got)
		}
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%q got %q without %q", said, got, w)
			}
		}
		if got := k.say("quote WIPRO"); strings.Contains(got, vain) {
			t.Errorf("after %q it is told again: %q", said, got)
		}
	}
	for said, mode := range map[string]who.Mode{"HUMAN": who.Waiting, "I want to complain": who.Waiting, "quote WIPRO": who.Bot} {
		k := waited(0)
		if got := k.say(said); !strings.Contains(got, vain) || k.reader.Mode != mode || strings.Contains(got, leave) != (mode == who.Bot) {
			t.Errorf("within the hours %q got %q, %q", said, got, k.reader.Mode)
		}
	}
	k := newDeskTalk(t)
	k.order("quote WIPRO in 190 hours")
	e := k.last.Orders[0]
	k.say("HUMAN")
	if got := k.carryOut(e); strings.Contains(got, vain) || k.reader.Mode != who.Waiting {
		t.Errorf("with what was ordered: %q, %q", got, k.reader.Mode)
	}
	if k.accept(); !strings.Contains(k.say("quote WIPRO"), vain) {
		t.Error("not told after what was ordered")
	}
}

// What is said to nobody ends no conversation: the reader is told later that it has ended.
func TestALapseThatCannotBeToldIsToldLater(t *testing.T) {
	k := newDeskTalk(t)
	k.resolver.Owing = room(true)
	k.order("c:owe:zork")
	e := k.last.Orders[0]
	k.say("HUMAN")
	k.takeOver()
	k.at = k.at.Add(25 * time.Hour)
	e.Due = k.at
	if got := k.carryOut(e); got != "" || k.reader.Mode != who.Human {
		t.Fatalf("%q, %q", got, k.reader.Mode)
	}
	if got := k.say("quote WIPRO"); !strings.Contains(got, "Nobody has written for a day") || k.reader.Mode != who.Bot {
		t.Errorf("%q, %q", got, k.reader.Mode)
	}
}

func TestAPersonIsAskedForAboutATopic(t *testing.T) {
	for said, mode := range map[string]who.Mode{"HUMAN delivery": who.Waiting, "human Delivery": who.Waiting, "HUMAN rights": who.Bot, "human parking": who.Bot} {
		k := newDeskTalk(t)
		if got := k.say(said); k.reader.Mode != mode {
			t.Errorf("%q got %q, %q", said, got, k.reader.Mode)
		}
	}
}

func TestOutsideTheHoursAMessageIsLeft(t *testing.T) {
	k := newDeskTalk(t)
	k.at = k.at.Add(10 * time.Hour)
	got := k.say("HUMAN")
	for _, want := range []string{"Nobody of ", "Back: ", "09:00", "desk@example.org", "Delivery: 030 1234", "Leave your message"} {
		if !strings.Contains(got+fmt.Sprint(k.last.Reply.Blocks), want) {
			t.Errorf("%q is missing in %q", want, got)
		}
	}
	if k.reader.Mode != who.Bot || k.last.Handed != nil {
		t.Errorf("%q, %+v", k.reader.Mode, k.last.Handed)
	}
	if got := k.say("quote WIPRO"); strings.Contains(got, "Kept for") || k.last.Handed != nil {
		t.Errorf("the service does not go on: %q", got)
	}
	if got := k.say("My newspaper got wet on Friday"); !strings.HasPrefix(got, "Kept for the people of") || k.last.Handed == nil || k.last.Handed.Began != pull.BeganLeft {
		t.Errorf("%q, %+v", got, k.last.Handed)
	}
	if got := k.say("HUMAN"); strings.Contains(got, "Nobody of ") || !strings.Contains(got, "Back: Thursday, 26 Nov, 09:00.") || !strings.Contains(got, "Leave your message") {
		t.Errorf("told once more: %q", got)
	}
	k.at = k.at.Add(2 * time.Hour)
	if got := k.say("zork"); !strings.HasPrefix(got, "I don't know") || k.last.Handed != nil {
		t.Errorf("an hour later: %q", got)
	}
	if o := k.takeOver(); o.Reply == nil || k.reader.Mode != who.Human {
		t.Error("who answers what was left is not in charge")
	}
}

// Whatever is written to who is away is kept for them, but for commands and what a keyword answers.
func TestAGreetingIsLeftAsAMessage(t *testing.T) {
	for said, kept := range map[string]bool{
		"hello there": true, "hello there, my paper is missing": true, "Guten Tag, meine Zeitung fehlt": true, "Good morning!": true,
		"thank you very much for the paper": true, "I live at 5 Main Street": true, "my name is Ann, please call": true, "wipr": true, "the paper of tomorrow": true,
		"no": false, "quote WIPRO": false, "HELP": false, "MENU": false, "HUMAN": false, "STOP": false,
	} {
		k := newDeskTalk(t)
		k.at = k.at.Add(10 * time.Hour)
		if got := k.say("HUMAN"); !strings.Contains(got, "Leave your message") {
			t.Fatal(got)
		}
		got := k.say(said)
		left := k.last.Handed != nil && k.last.Handed.Began == pull.BeganLeft && k.last.Handed.Said == said
		if left != kept || (strings.Contains(got, "Kept for") || strings.Contains(got, "Das ist notiert.")) != kept {
			t.Errorf("%q got %q, handed %+v", said, got, k.last.Handed)
		}
	}
}

// Who is asked to leave a message has not left it by the one before.
func TestTheMessageThatWasNotUnderstoodIsNotLeft(t *testing.T) {
	k := newDeskTalk(t)
	k.at = k.at.Add(10 * time.Hour)
	var got string
	for _, said := range []string{"zork is what I want", "blarg and nothing else", "frobnicate the whole paper"} {
		got = k.say(said)
	}
	if !strings.Contains(got, "Leave your message") || strings.Contains(got, "Kept for") || k.last.Handed != nil {
		t.Errorf("%q, %+v", got, k.last.Handed)
	}
	if got = k.say("frobnicate the whole paper"); !strings.HasPrefix(got, "Kept for") {
		t.Errorf("%q", got)
	}
}

func TestNobodyIsPromisedWhereNobodyAnswers(t *testing.T) {
	for name, spoil := range map[string]func(k *talk){
		"nobody has answered for a week": func(k *talk) { k.resolver.Desk = staffed{nobody: true} },
		"no desk at all":                 func(k *talk) { k.resolver.Desk = nil },
	} {
		k := newTalk(t)
		k.resolver.Desk = staffed{}
		spoil(k)
		if got := k.say("HUMAN"); !strings.HasPrefix(got, "No person reads along here.") || k.reader.Mode != who.Bot || k.last.Handed != nil {
			t.Errorf("%s: %q", name, got)
		}
	}
	k := newDeskTalk(t)
	k.resolver.Desk = staffed{nobody: true}
	if got := k.say("HUMAN"); !strings.Contains(got, "Leave your message") || strings.Contains(got, "Back: ") || k.reader.Mode != who.Bot {
		t.Errorf("within the hours of a desk that has not answered yet: %q", got)
	}
}

// Where people sit at a bridge, the first of them can answer what was left.
func TestAMessageIsLeftForABridgeWhereNobodyHasAnsweredYet(t *testing.T) {
	k := newTalk(t)
	p := publisher()
	p.Contact, p.Person = "desk@example.org", catalogue.Person{Bridge: catalogue.Bridge{Kind: "office"}}
	k.edition, _ = k.edit(p)
	k.resolver.Desk = staffed{nobody: true}
	if got := k.say("HUMAN"); !strings.HasPrefix(got, "Nobody of ") || !strings.Contains(got, "desk@example.org") || !strings.Contains(got, "Leave your message") || k.reader.Mode != who.Bot {
		t.Fatalf("%q, %q", got, k.reader.Mode)
	}
	if got := k.say("My newspaper got wet on Friday"); !strings.HasPrefix(got, "Kept for the people of") || k.last.Handed == nil || k.last.Handed.Began != pull.BeganLeft {
		t.Errorf("%q, %+v", got, k.last.Handed)
	}
}

func TestThreeMissesAndAKeywordHandOver(t *testing.T) {
	k := newDeskTalk(t)
	for i, want := range []who.Mode{who.Bot, who.Bot, who.Waiting} {
		got := k.say("zork" + strings.Repeat("y", i))
		if waits := want == who.Waiting; k.reader.Mode != want || waits != strings.Contains(got, "A person of ") || waits == strings.Contains(got, "HUMAN") || waits == strings.Contains(got, "c:human") {
			t.Errorf("miss %d: %q, %q", i+1, got, k.reader.Mode)
		}
	}
	if k.last.Handed == nil || k.last.Handed.Began != pull.BeganMissed {
		t.Errorf("%+v", k.last.Handed)
	}
	k = newDeskTalk(t)
	k.say("zork")
	k.say("zorky")
	k.say("quote WIPRO")
	if k.say("zorkyy"); k.reader.Mode != who.Bot {
		t.Error("an answer between does not count")
	}
	k = newDeskTalk(t)
	p := publisher()
	for i := range p.Keywords {
		p.Keywords[i].Human = true
	}
	k.edition, _ = k.edit(p)
	if got := k.say("quote WIPRO"); !strings.Contains(got, "A person of ") || k.reader.Mode != who.Waiting || k.last.Handed.Began != pull.BeganKeyword {
		t.Errorf("a keyword that hands over: %q", got)
	}
}

func TestWhoComplainsIsHandedOver(t *testing.T) {
	for said, language := range map[string]string{
		"I want to complain": "en", "This is a scandal!": "en", "Ich möchte mich beschweren.": "de", "Das ist eine Frechheit": "de", "Je veux me plaindre": "fr",
		"complaint": "en", "I want to complain about the delivery": "en", "I am very unhappy with your service": "en", "Beschwerde": "en",
		"Ich möchte mich über die Zustellung beschweren": "de", "Je veux me plaindre de la livraison": "fr", "réclamation": "en",
		"This is a scandal, your paper is a disgrace": "en", "wet again, third time this week!!! I'm furious": "en", "Schon wieder nass – so eine Frechheit!": "de", "Das ist doch wirklich eine Frechheit!": "de",
		"c'est un scandale, mon journal est mouillé": "fr",
	} {
		k := newDeskTalk(t)
		if got := k.say(said); k.reader.Mode != who.Waiting || k.last.Handed == nil || k.last.Handed.Began != pull.BeganComplaint || k.last.Reply.Language != language {
			t.Errorf("%q got %q, %q", said, got, k.reader.Mode)
		}
		k = newTalk(t)
		if k.say(said); k.reader.Mode != who.Bot || k.last.Handed != nil {
			t.Errorf("%q where nobody answers: %q", said, k.reader.Mode)
		}
	}
}

// Who complains beside a keyword gets its answer, and a person.
func TestAComplaintBesideAKeywordIsAnsweredAndHandedOver(t *testing.T) {
	k := newDeskTalk(t)
	if got := k.say("I'm furious! quote WIPRO"); !strings.Contains(got, "A person of ") || k.reader.Mode != who.Waiting || k.last.Handed.Began != pull.BeganComplaint {
		t.Errorf("%q, %q", got, k.reader.Mode)
	}
	for _, said := range []string{"quote WIPRO", "a scandal in the city", "who complained about the mayor?", "what is the worst, and why?"} {
		k = newDeskTalk(t)
		if got := k.say(said); k.reader.Mode != who.Bot {
			t.Errorf("%q is a complaint: %q", said, got)
		}
	}
}

func TestNothingGoesToAPersonOfWhoMayNotBeKept(t *testing.T) {
	k := newDeskTalk(t)
	k.channel = "asking"
	k.reader = who.Reader{}
	if got := k.say("HUMAN"); !strings.Contains(got, "May we remember?") || k.reader.Mode != who.Bot || k.last.Handed != nil {
		t.Fatalf("%q, %+v", got, k.last.Handed)
	}
	if got := k.say("yes"); !strings.Contains(got, "A person of ") || k.reader.Mode != who.Waiting || k.last.Handed == nil {
		t.Fatalf("%q, %q", got, k.reader.Mode)
	}
	k = newDeskTalk(t)
	if k.send(pull.Ask{Incoming: pull.Incoming{Text: "HUMAN", Group: true}}); k.reader.Mode != who.Bot || k.last.Handed != nil {
		t.Error("a group was handed over")
	}
}

// shifts is a calendar of people: it tells what stands in it, or fails.
type shifts struct {
	items []what.Item
	fails bool
}

func (shifts) Key(pull.Query) (string, error) { return "all", nil }

func (s shifts) Fetch(context.Context, string, *pull.Snapshot) (pull.Snapshot, error) {
	if s.fails {
		return pull.Snapshot{}, &pull.Error{Kind: pull.Unavailable}
	}
	return pull.Snapshot{Items: s.items, Fetched: monday, AsOf: monday}, nil
}

func (shifts) Select(_ context.Context, s pull.Snapshot, _ pull.Query) (pull.Selection, error) {
	return pull.Selection{Items: s.Items}, nil
}

func TestACalendarSaysWhenPeopleAreThere(t *testing.T) {
	shift := func(name string, facts ...string) what.Item {
		it := what.Item{ID: name, Title: name}
		for pair := range slices.Chunk(facts, 2) {
			it.Facts = append(it.Facts, what.Fact{Name: pair[0], Text: pair[1]})
		}
		return it
	}
	// At 2026-11-25 10:00 in the publisher's zone.
	for name, c := range map[string]struct {
		calendar shifts
		there    bool
		back     string
	}{
		"a shift that lasts":       {shifts{items: []what.Item{shift("ann", what.FactStart, "2026-11-25T08:00:00Z", what.FactEnd, "2026-11-25T12:00:00Z")}}, true, ""},
		"the next one comes later": {shifts{items: []what.Item{shift("bob", what.FactStart, "2026-11-26T08:15:00Z", what.FactEnd, "2026-11-26T12:00:00Z"), shift("ann", what.FactStart, "2026-11-25T15:30:00Z")}}, false, ":30"},
		"a day of presence":        {shifts{items: []what.Item{shift("ann", what.FactStart, "2026-11-25")}}, true, ""},
		"days until yesterday":     {shifts{items: []what.Item{shift("ann", what.FactStart, "2026-11-23", what.FactEnd, "2026-11-24")}}, false, ""},
		"opening hours, open":      {shifts{items: []what.Item{shift("desk", what.FactOpen, "yes")}}, true, ""},
		"opening hours, always":    {shifts{items: []what.Item{shift("desk", what.FactOpen, "always")}}, true, ""},
		"opening hours, closed":    {shifts{items: []what.Item{shift("desk", what.FactOpen, "no", what.FactOpens, "2026-11-26T08:45:00Z")}}, false, ":45"},
		"nothing stands in it":     {shifts{}, false, ""},
		"it can't be asked":        {shifts{fails: true}, true, ""}, // the hours say so
	} {
		k := newDeskTalk(t)
		p := publisher()
		p.Person = catalogue.Person{Hours: []string{"mon-fri 09:00-17:00"}, Calendar: "shifts"}
		var err error
		k.edition, err = pull.NewEdition(p, map[string]pull.Opened{k.sourceID: {Source: k.source}, "shifts": {Source: c.calendar}}, map[string]pull.Channel{"web": {}}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := k.say("HUMAN")
		if there := k.reader.Mode == who.Waiting; there != c.there || strings.Contains(got, "Back: ") != (c.back != "") || !strings.Contains(got, c.back) {
			t.Errorf("%s: %q, %q", name, got, k.reader.Mode)
		}
	}
}
