package pull_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/who"
)

// newProxy returns a talk with a program, which asks in a reader's place.
func newProxy(t *testing.T) *talk {
	t.Helper()
	k := newTalk(t)
	k.channel = "assistant"
	return k
}

func TestProgramsAreToldHowAnAskEnded(t *testing.T) {
	for _, tt := range []struct {
		text string
		want pull.Status
	}{
		{"wipro now", pull.StatusFound}, {"quote SAP", pull.StatusFound}, {"paris", pull.StatusChoice}, {"MENU", pull.StatusChoice},
		{"must", pull.StatusRefused}, {"embargo", pull.StatusRefused}, {"xyzzy frobnicate", pull.StatusRefused}, {"STOP", pull.StatusRefused}, {"MYDATA", pull.StatusRefused},
		{"quote NOBODY", pull.StatusRefused},
	} {
		k := newProxy(t)
		said := k.say(tt.text)
		d := k.last.Reply.Data
		if d == nil || d.Status != tt.want || (len(d.Pieces) > 0) != (tt.want == pull.StatusFound) {
			t.Errorf("%q: %+v (%s), want %s", tt.text, d, said, tt.want)
		}
	}
	k := newTalk(t)
	if k.say("wipro now"); k.last.Reply.Data != nil {
		t.Error("a reader's reply carries data that nobody asked for")
	}
}

func TestAPieceHasItsFactsItsTimeAndItsSource(t *testing.T) {
	k := newProxy(t)
	k.say("wipro now")
	p := k.last.Reply.Data.Pieces[0]
	if p.ID == "" || p.Title == "" || p.AsOf.IsZero() || p.Source == "" || len(p.Facts) == 0 || p.Facts[0].Text == "" {
		t.Errorf("got %+v", p)
	}
	// A record keeps the reply on its way, and must give it back whole.
	raw, err := json.Marshal(k.last.Reply)
	var back pull.Reply
	if err != nil || json.Unmarshal(raw, &back) != nil || !reflect.DeepEqual(back.Data, k.last.Reply.Data) {
		t.Errorf("%v: %s", err, raw)
	}
}

// TestWhatIsAReadersOwnIsNotForPrograms: nothing is ended, told or kept of anybody
// there.
func TestWhatIsAReadersOwnIsNotForPrograms(t *testing.T) {
	for _, text := range []string{"STOP", "c:stop", "MYDATA", "c:mydata", "FORGET", "please delete all my data", "save wipro"} {
		k := newProxy(t)
		if said := k.say(text); !strings.HasPrefix(said, "Not here:") || k.reader.State == who.Stopped {
			t.Errorf("%q: %s, %s", text, said, k.reader.State)
		}
		if said := k.say("wipro now"); strings.Contains(said, "Not here") || k.last.Reply.Data.Status != pull.StatusFound {
			t.Errorf("after %q: %s", text, said)
		}
	}
}

// A program can stop nothing, so that there is no state in which a right is refused:
// before and after, whoever asks by it is told whom to turn to, by one message.
func TestWhatReadersAreOwedIsToldByProgramsToo(t *testing.T) {
	for _, text := range []string{"MYDATA", "c:mydata", "FORGET ME", "HUMAN", "WHY", "HELP", "was wisst ihr über mich", "meine Daten"} {
		k := newProxy(t)
		k.edition.Contact, k.edition.Privacy = "desk@example.org", "https://example.org/privacy"
		for range 2 {
			got := k.say(text)
			if k.reader.State == who.Stopped || len(k.last.Reply.Blocks) != 1 || text != "HELP" && (!strings.Contains(got, "desk@example.org") || !strings.Contains(got, "https://example.org/privacy")) {
				t.Errorf("%q got %q", text, got)
			}
			k.say("STOP")
		}
	}
}

// TestAProgramSaysWhichLanguageItsReaderHas: it may translate the word, and the
// reader's language stays what it was.
func TestAProgramSaysWhichLanguageItsReaderHas(t *testing.T) {
	k := newProxy(t)
	k.language = "fr"
	if k.say("quote SAP"); k.last.Reply.Language != "fr" {
		t.Errorf("the answer is in %s", k.last.Reply.Language)
	}
	k.channel = "web"
	if k.say("quote SAP"); k.last.Reply.Language != "en" {
		t.Errorf("a reader's answer is in %s", k.last.Reply.Language)
	}
}

func TestWhatCanBeAskedIsShownWithTheBestFirst(t *testing.T) {
	k := newTalk(t)
	p := publisher()
	p.Featured = []string{"must", "nowhere", "quote"}
	var err error
	if k.edition, err = k.edit(p); err != nil {
		t.Fatal(err)
	}
	all := slices.Collect(k.edition.Askables("de-CH"))
	if len(all) != len(p.Keywords) || all[0].ID != "must" || !all[0].Featured || all[1].ID != "quote" || all[2].Featured {
		t.Fatalf("got %+v", all)
	}
	quote := all[1]
	if quote.Title != "Kurs" || quote.Argument != what.ArgumentOptional || quote.Example == "" || len(quote.Entries) == 0 || all[2].Argument != what.ArgumentNone {
		t.Errorf("got %+v", quote)
	}
	payload, ok := quote.Asking("SAP")
	if !ok {
		t.Fatal("there is room for so short an argument")
	}
	k.send(pull.Ask{Incoming: pull.Incoming{Text: "Kurs SAP", Tap: payload}})
	if trace := k.last.Trace.What; trace.Keyword != "quote" || trace.Argument != "SAP" {
		t.Errorf("the payload asks %+v", trace)
	}
	if _, ok := quote.Asking(strings.Repeat("long ", 20)); ok {
		t.Error("a payload is longer than platforms take")
	}
}
