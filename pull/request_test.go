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
	"keypull/pull/proof"
	"keypull/pull/request"
	"keypull/pull/what"
	"keypull/pull/when"
	"keypull/pull/who"
)

// filed are requests as they are kept in memory; it gives numbers as well.
type filed struct {
	pull.Proofs
	all    []request.Request
	of     map[uint64]who.Key
	booked map[time.Time]uint64
}

func newFiled() *filed { return &filed{of: map[uint64]who.Key{}, booked: map[time.Time]uint64{}} }

func (f *filed) CodeOf(_ context.Context, _ string, ask uint64, at time.Time) proof.Code {
	return proof.Key("key").Code(ask, at)
}

func (f *filed) Check(context.Context, string, who.Key, pull.Checked) (pull.Proven, error) {
	return pull.Proven{}, &pull.Error{Kind: pull.Unknown}
}

func (f *filed) keep(a pull.Ask, o pull.Resolved) {
	if o.Handed != nil && o.Handed.Request != nil {
		f.all, f.of[o.Handed.Request.Ask] = append(f.all, *o.Handed.Request), a.Reader
	}
}

func (f *filed) at(number proof.Code) int {
	return slices.IndexFunc(f.all, func(r request.Request) bool { return r.Number == number.String() })
}

func (f *filed) Has(_ string, number proof.Code) bool { return f.at(number) >= 0 }

func (f *filed) Find(_ context.Context, _ string, by who.Key, number proof.Code) (request.Request, bool, error) {
	r := f.all[f.at(number)]
	return r, f.of[r.Ask] == by, nil
}

func (f *filed) Of(_ context.Context, key who.Key) (own []request.Request, _ error) {
	for _, r := range f.all {
		if f.of[r.Ask] == key {
			own = append(own, r)
		}
	}
	return own, nil
}

func (f *filed) Booked(_ context.Context, _, _ string, but uint64) (all []when.Stretch, _ error) {
	for from, ask := range f.booked {
		if ask != but {
			all = append(all, when.Stretch{From: from, To: from.Add(30 * time.Minute)})
		}
	}
	return all, nil
}

func (f *filed) Book(_ context.Context, _, _ string, at when.Stretch, ask uint64) (bool, error) {
	if by, taken := f.booked[at.From.UTC()]; taken && by != ask {
		return false, nil
	}
	f.booked[at.From.UTC()] = ask
	return true, nil
}

func (f *filed) Cancel(_ context.Context, _ who.Key, ask uint64) (request.Request, error) {
	i := slices.IndexFunc(f.all, func(r request.Request) bool { return r.Ask == ask })
	f.all[i].State = request.Cancelled
	delete(f.booked, f.all[i].From)
	return f.all[i], nil
}

func (f *filed) AppointmentPage(_, number string) string { return "https://x/" + number + ".ics" }

// slots is a calendar with the half hours of the days to come.
type slots struct{ exchange }

func (s *slots) HasTimes() bool { return true }

func (s *slots) TimeOf(it *what.Item) (at when.Stretch, ok bool) {
	from, err := time.Parse(time.RFC3339, it.ID)
	return when.Stretch{From: from, To: from.Add(30 * time.Minute)}, err == nil
}

func (s *slots) Key(pull.Query) (string, error) { return "all", nil }

func (s *slots) Fetch(context.Context, string, *pull.Snapshot) (pull.Snapshot, error) {
	return pull.Snapshot{Fetched: s.clock(), Items: []what.Item{{ID: "x", Title: "x"}}}, nil
}

func (s *slots) Select(_ context.Context, _ pull.Snapshot, q pull.Query) (found pull.Selection, _ error) {
	first := time.Date(2026, 3, 3, 8, 0, 0, 0, time.UTC)
	for i := range 7 {
		if q.Argument == "" || q.Argument == "tomorrow" && i < 3 {
			found.Items = append(found.Items, what.Item{ID: first.Add(time.Duration(i) * 30 * time.Minute).Format(time.RFC3339)})
		}
	}
	return found, nil
}

// newFrontOffice is a talk with a publisher that takes requests.
func newFrontOffice(tb testing.TB) (*talk, *filed) {
	k, f := newTalk(tb), newFiled()
	p := publisher()
	text := func(en, de string) catalogue.Localised { return catalogue.Localised{"en": en, "de": de} }
	p.Keywords = append(p.Keywords,
		catalogue.Keyword{ID: "paper", Phrases: map[string][]string{"en": {"missing paper", "my paper didn't come"}, "de": {"zeitung fehlt"}}, Argument: "none", Count: 1,
			Request: catalogue.Request{Kind: catalogue.Incident, Ask: []catalogue.Question{{Text: text("Which day?", "Welcher Tag?"), Slot: "date"}, {Text: text("Your address?", "Ihre Adresse?")}}}},
		catalogue.Keyword{ID: "rolls", Phrases: map[string][]string{"en": {"order"}}, Argument: "none", Count: 1,
			Request: catalogue.Request{Kind: catalogue.Order, Ask: []catalogue.Question{{Text: text("What?", "Was?")}, {Text: text("When?", "Wann?"), Choices: map[string][]string{"en": {"Morning", "Evening"}}}}}},
		catalogue.Keyword{ID: "desk", Source: "desk", Phrases: map[string][]string{"en": {"appointment"}}, Argument: "none", Count: 1,
			Request: catalogue.Request{Kind: catalogue.Appointment, Ask: []catalogue.Question{{Text: text("What for?", "Wofür?"), Choices: map[string][]string{"en": {"Passport", "Identity card"}}}}}},
		catalogue.Keyword{ID: "visit", Source: "desk", Phrases: map[string][]string{"en": {"visit"}}, Argument: "none", Count: 1,
			Request: catalogue.Request{Kind: catalogue.Appointment, Ask: []catalogue.Question{{Text: text("Your name?", "Ihr Name?")}, {Text: text("How many?", "Wie viele?"), Slot: "number"}}}},
	)
	calendar := &slots{exchange{clock: func() time.Time { return k.at }}}
	var err error
	k.edition, err = pull.NewEdition(p, map[string]pull.Opened{k.sourceID: {Source: k.source}, "desk": {Source: calendar}}, map[string]pull.Channel{
		"web": {}, "sms": {SMS: true}, "asking": {Consent: "May we remember?"}, "assistant": {Proxy: true, Data: true, Guests: true},
	}, map[string]*what.Vocabulary{k.sourceID: what.NewVocabulary(k.source.Terms(nil))}, nil)
	if err != nil {
		tb.Fatal(err)
	}
	k.resolver.Requests, k.resolver.Proofs = f, f
	k.heard = func() { f.keep(pull.Ask{Reader: "p.one"}, k.last) }
	return k, f
}

// ask is say of a reader who is called so.
func (k *talk) ask(text string) string {
	return k.send(pull.Ask{Reader: "p.one", Incoming: pull.Incoming{Text: text}})
}

func TestAnIncidentIsAskedConfirmedAndKeptUnderANumber(t *testing.T) {
	k, f := newFrontOffice(t)
	for _, step := range []struct{ say, want string }{
		{"my paper didn't come", "Which day? | [Cancel="},
		{"at once", "That does not fit here. Which day?"},
		{"tuesday", "Your address?"},
		{"what do you need that for?", "That does not fit here. Your address?"},
		{"12 Main Street", "missing paper: 24 Feb · 12 Main Street | “missing paper”: shall I send that? | [YES="},
		{"yes", "Your number is "},
		{"yes", ""},
	} {
		if got := k.ask(step.say); !strings.Contains(got, step.want) {
			t.Fatalf("%q got %q, not %q", step.say, got, step.want)
		}
		if k.last.Trace.What.Said != "" || k.last.Trace.What.Argument != "" {
			t.Errorf("%q is written down: %+v", step.say, k.last.Trace.What)
		}
	}
	if len(f.all) != 1 || f.all[0].Fields[0].Value != "2026-02-24" || f.all[0].Fields[1].Text != "12 Main Street" || f.all[0].Keyword != "paper" {
		t.Fatalf("%+v", f.all)
	}
	number := f.all[0].Number
	for _, said := range []string{number, strings.ToLower(number), strings.ReplaceAll(number, "-", ""), "status " + number, "is my order " + number + " cancelled?", "ist " + number + " schon storniert?", "wie steht es mit " + strings.ReplaceAll(number, "-", " ") + "?"} {
		if got := k.ask(said); !strings.Contains(got, "Received") && !strings.Contains(got, "Eingegangen") || !strings.Contains(got, "12 Main Street") {
			t.Errorf("%q got %q", said, got)
		}
	}
	if got := k.send(pull.Ask{Reader: "p.two", Incoming: pull.Incoming{Text: number}}); got != "Received; nobody has looked at it yet." {
		t.Errorf("another reader got %q", got)
	}
	for _, said := range []string{"cancel " + number, "Take it back " + strings.ToLower(number), number + " cancel please", "please cancel my request " + number, "abbrechen " + number,
		"cancel order " + number, "cancel the appointment " + number + ", please", "stornieren " + number, "Bitte stornieren: " + number, "Termin absagen " + number, "annuler la commande " + number, "je veux annuler " + number, "anular " + number, "cancelar pedido " + number, "annullare " + number, "annuleren " + number} {
		if got := k.ask(said); !strings.Contains(got, "“missing paper”") && !strings.Contains(got, "„missing paper“") && !strings.Contains(got, "« missing paper »") || strings.Contains(got, "12 Main Street") {
			t.Errorf("%q got %q", said, got)
		}
		k.ask("no")
	}
	if got := k.send(pull.Ask{Reader: "p.two", Incoming: pull.Incoming{Text: "cancel " + number}}); got != "Received; nobody has looked at it yet." || !f.all[0].Open() {
		t.Errorf("another reader got %q", got)
	}
	f.all[0].State, f.all[0].Text = request.Done, "A paper comes with the post."
	if got := k.ask(number); !strings.Contains(got, "It is done. | A paper comes with the post.") {
		t.Errorf("got %q", got)
	}
	wrong := number[:len(number)-1] + string(rune('0'+(number[len(number)-1]-'0'+1)%10))
	for _, said := range []string{"status " + wrong, wrong} {
		if got := k.ask(said); !strings.Contains(got, "Nothing of ") {
			t.Errorf("%q got %q", said, got)
		}
	}
	if got := k.ask("mydata"); strings.Contains(got, number) {
		t.Errorf("MYDATA without a past tells %q", got)
	}
}

func TestWhatAMessageSaysAlreadyIsNotAsked(t *testing.T) {
	for said, want := range map[string]string{
		"missing paper tuesday":                "Your address?",
		"missing paper tuesday 12 Main Street": "missing paper: 24 Feb · 12 Main Street",
		"order 2 baguettes":                    "When? | [Morning=",
		"order 2 baguettes evening":            "order: 2 baguettes · Evening",
		"appointment passport tomorrow":        "[3 Mar, 09:00=",
		"appointment":                          "What for? | [Passport=",
		"zeitung fehlt":                        "Welcher Tag?",
	} {
		k, _ := newFrontOffice(t)
		if got := k.ask(said); !strings.Contains(got, want) {
			t.Errorf("%q got %q, not %q", said, got, want)
		}
	}
}

// A day beside the phrase of an appointment is the day that it is for, and answers no question.
// What somebody is asked for may have the words of a command in it.
func TestWhatIsAskedForMayReadLikeACommand(t *testing.T) {
	for _, said := range []string{"the paper didn't come and I want to talk to a real person about it", "no newspaper again", "two rolls, and what do you know about me by now"} {
		k, f := newFrontOffice(t)
		for _, step := range []struct{ say, want string }{{"order", "What?"}, {said, "When?"}, {"Evening", "shall I send that?"}, {"yes", "Your number is "}} {
			if got := k.ask(step.say); !strings.Contains(got, step.want) {
				t.Fatalf("%q: %q got %q, not %q", said, step.say, got, step.want)
			}
		}
		if len(f.all) != 1 || f.all[0].Fields[0].Text != said {
			t.Errorf("%q: %+v", said, f.all)
		}
	}
	k, _ := newFrontOffice(t)
	k.ask("order")
	if k.ask("we have moved, so no more texts to this number please"); k.reader.State != who.Stopped {
		t.Error("STOP among other words is an answer")
	}
}

func TestADayBesideAnAppointmentIsNoAnswer(t *testing.T) {
	for said, want := range map[string][2]string{
		"visit":                        {"Your name?", ""},
		"visit tomorrow":               {"Your name?", "tomorrow"},
		"visit monday":                 {"Your name?", "monday"},
		"visit on friday":              {"Your name?", "on friday"},
		"visit 12 March":               {"Your name?", "12 March"},
		"visit Ann Smith":              {"How many?", ""},
		"visit Ann Smith tomorrow":     {"How many?", "tomorrow"},
		"visit tomorrow Ann Smith":     {"How many?", "tomorrow"},
		"visit 4 Ann Smith 2026-03-12": {"09:00=", "2026-03-12"},
	} {
		k, _ := newFrontOffice(t)
		got := k.ask(said)
		q := k.last.Reader.Question
		if q == nil || q.Asks == nil {
			t.Errorf("%q got %q", said, got)
			continue
		}
		if on := q.Asks.On; !strings.Contains(got, want[0]) || on != want[1] && !strings.Contains(want[0], "=") {
			t.Errorf("%q got %q for %q, want %q", said, got, on, want)
		}
	}
	k, _ := newFrontOffice(t)
	for _, said := range []string{"visit tomorrow", "Ann Smith"} {
		k.ask(said)
	}
	if got := k.ask("4"); !strings.Contains(got, "3 Mar, 09:00=") || strings.Contains(got, "3 Mar, 10:30=") {
		t.Errorf("of all days: %q", got)
	}
}

func TestAnAnswerMayHaveEverydayWordsAroundIt(t *testing.T) {
	for opening, answers := range map[string]map[string]string{
		"visit Ann Smith": {
			"4": "4", "there are 4 of us": "4", "4 people please": "4", "we will be 4": "4",
			"not 4": "", "4 or 5": "", "flat 4 Xylon": "", "is 4 too many?": "", "I don't know": "",
		},
		"missing paper": {
			"tomorrow": "2026-03-03", "from tomorrow": "2026-03-03", "it was on 1 March": "2026-03-01", "on Friday please": "2026-02-27",
			"last monday": "2026-02-23", "letzten Freitag": "2026-02-27", "vendredi dernier": "2026-02-27", "先週の金曜日": "2026-02-27", "this morning": "2026-03-02", "esta mañana": "2026-03-02",
			"tomorrow or friday": "", "from 4 to 12 March": "", "not tomorrow": "",
		},
	} {
		for said, want := range answers {
			k, _ := newFrontOffice(t)
			k.ask(opening)
			asked := k.last.Reader.Question.Asks
			k.ask(said)
			if q := k.last.Reader.Question; q == nil || q.Asks == nil || q.Asks.Answers[slices.Index(asked.Answers, "")] != want {
				t.Errorf("%q is %+v, want %q", said, q.Asks, want)
			}
		}
	}
}

func TestNothingTrapsWhoIsAskedForARequest(t *testing.T) {
	for said, want := range map[string]string{
		"STOP": "", "HELP": "", "MENU": "", "cancel": "never mind", "never mind": "never mind", "quote WIPRO": "WIPRO |", "no": "never mind",
	} {
		k, f := newFrontOffice(t)
		k.ask("missing paper")
		if got := k.ask(said); !strings.Contains(got, want) || strings.Contains(got, "Which day?") || k.reader.Question != nil {
			t.Errorf("%q got %q, open: %+v", said, got, k.reader.Question)
		}
		if k.ask("12 Main Street"); len(f.all) > 0 {
			t.Errorf("%q ended in %+v", said, f.all)
		}
	}
}

func TestWhereNothingMayBeKeptNothingIsTakenDown(t *testing.T) {
	k, f := newFrontOffice(t)
	if got := k.among(pull.Ask{Reader: "p.group", Incoming: pull.Incoming{Text: "missing paper"}}); !strings.Contains(got, "in private") || k.last.Reader.Question != nil {
		t.Errorf("a group got %q", got)
	}
	k.channel = "assistant"
	if got := k.ask("missing paper"); !strings.Contains(got, "Not here") {
		t.Errorf("an assistant got %q", got)
	}
	k.channel, k.reader = "asking", who.Reader{First: monday}
	if got := k.ask("missing paper"); !strings.Contains(got, "May we remember?") {
		t.Fatalf("got %q", got)
	}
	if got := k.ask("yes"); !strings.Contains(got, "Which day?") || !k.reader.Consent.Given {
		t.Fatalf("agreed: %q", got)
	}
	k.reader = who.Reader{First: monday}
	k.ask("missing paper")
	if got := k.ask("no"); strings.Contains(got, "Which day?") || len(f.all) > 0 {
		t.Errorf("refused: %q", got)
	}
}

func TestOfTwoWhoWantOneTimeOneGetsItAndTheOtherTheNext(t *testing.T) {
	k, f := newFrontOffice(t)
	other := k.reader
	for _, said := range []string{"appointment passport", "1"} {
		k.ask(said)
	}
	one := k.reader
	k.reader = other
	for _, said := range []string{"appointment identity card", "1"} {
		k.send(pull.Ask{Reader: "p.two", Incoming: pull.Incoming{Text: said}})
	}
	if got := k.send(pull.Ask{Reader: "p.two", Incoming: pull.Incoming{Text: "yes"}}); !strings.Contains(got, ".ics") {
		t.Fatalf("the first got %q", got)
	}
	k.reader = one
	got := k.ask("yes")
	if !strings.Contains(got, "has just been taken") || strings.Contains(got, "09:00") || !strings.Contains(got, "[3 Mar, 09:30=") {
		t.Fatalf("the second got %q", got)
	}
	if k.ask("1"); len(f.all) != 1 {
		t.Fatal("a time was taken before it was confirmed")
	}
	if got := k.ask("yes"); !strings.Contains(got, "Your number is") || len(f.all) != 2 || len(f.booked) != 2 {
		t.Fatalf("%q, %v", got, f.booked)
	}
	if got := k.ask(f.all[1].Number); !strings.Contains(got, ".ics") || !strings.Contains(got, "[Take it back=c:request:") {
		t.Fatalf("got %q", got)
	}
	if got := k.ask(k.last.Reply.Buttons[0].Send); !strings.Contains(got, "Shall “appointment” be cancelled?") {
		t.Fatalf("got %q", got)
	}
	if got := k.ask("yes"); !strings.Contains(got, "It is cancelled.") || strings.Contains(got, ".ics") || len(f.booked) != 1 {
		t.Errorf("%q, %v", got, f.booked)
	}
}

func TestWhatIsSaidOfTheTimesOffered(t *testing.T) {
	for name, c := range map[string]conversation{
		"none of them":  {{"none of these work for me", "11:00"}},
		"other words":   {{"Marie Dupont", "That does not fit here. Which time suits you?"}},
		"another day":   {{"wednesday", "Nothing is free then."}},
		"the other one": {{"1", "3 Mar, 09:00 | “appointment”: shall I send that?"}, {"no wait, the second", "3 Mar, 09:30 | “appointment”: shall I send that?"}},
		"no more of it": {{"cancel", "never mind"}},
	} {
		t.Run(name, func(t *testing.T) {
			k, _ := newFrontOffice(t)
			k.ask("appointment")
			k.ask("Passport")
			for _, turn := range c {
				if got := k.ask(turn[0]); !strings.Contains(got, turn[1]) {
					t.Errorf("%q got %q", turn[0], got)
				}
			}
		})
	}
}

func TestTimesGoOnAndAreNamedByTheirDay(t *testing.T) {
	k, _ := newFrontOffice(t)
	if got := k.ask("appointment passport"); !strings.Contains(got, "09:00") || strings.Contains(got, "11:00") {
		t.Fatalf("got %q", got)
	}
	if got := k.ask("later times"); !strings.Contains(got, "11:00") || strings.Contains(got, "09:00") {
		t.Errorf("later: %q", got)
	}
	if got := k.ask("tomorrow"); !strings.Contains(got, "10:00") || strings.Contains(got, "10:30") {
		t.Errorf("a day: %q", got)
	}
	if got := k.ask("never on sundays"); !strings.Contains(got, "Nothing is free then.") || !strings.Contains(got, "09:00") {
		t.Errorf("no such day: %q", got)
	}
}

func TestWhoHasTooManyOpenIsToldSo(t *testing.T) {
	k, f := newFrontOffice(t)
	for i := range request.MaxOpen {
		k.ask(fmt.Sprintf("missing paper tuesday %d Main Street", i))
		k.ask("yes")
	}
	if got := k.ask("missing paper"); len(f.all) != request.MaxOpen || !strings.Contains(got, "5 open requests") || k.last.Trace.Outcome != journal.Refused {
		t.Fatalf("%d, %q", len(f.all), got)
	}
	f.all[0].State = request.Done
	if got := k.ask("missing paper"); !strings.Contains(got, "Which day?") {
		t.Errorf("got %q", got)
	}
}

// Whatever a reader writes, a request is filed by a yes to what was told back alone, and once.
func TestARequestIsFiledByAYesAlone(t *testing.T) {
	words := []string{"missing paper", "order 2 rolls", "appointment", "yes", "no", "1", "2", "9", "tuesday", "12 Main Street", "quote WIPRO", "MENU", "cancel", "STOP", "START", "ok", "k:paper", "o:1:1", "hello", "MY", "tomorrow 9am missing paper"}
	rapid.Check(t, func(r *rapid.T) {
		k, f := newFrontOffice(t)
		for range 25 {
			q := k.reader.Question
			before := len(f.all)
			k.ask(rapid.SampledFrom(words).Draw(r, "said"))
			if filed := len(f.all) - before; filed > 1 || filed == 1 && (q == nil || q.Asks == nil || !q.Asks.SumsUp) {
				t.Fatalf("%d were filed upon %+v", filed, q)
			}
			if b, err := k.reader.Encode(); err != nil || len(b) > who.MaxBytes {
				t.Fatalf("%d bytes, %v", len(b), err)
			}
		}
	})
}
