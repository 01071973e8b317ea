package pull_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/who"
)

// accept gives what was ordered its places in the queue, as whoever settles does.
func (k *talk) accept() {
	for i := range k.reader.Laters {
		if k.reader.Laters[i].Entry == 0 {
			k.reader.Laters[i].Entry = 1000 + k.asked
		}
	}
}

// order says words and accepts what they order.
func (k *talk) order(text string) string {
	k.t.Helper()
	got := k.say(text)
	k.accept()
	return got
}

// carryOut answers an entry when it is due.
func (k *talk) carryOut(e pull.Entry) string {
	k.t.Helper()
	later := k.reader.Laters[0]
	k.reader.Laters = k.reader.Laters[1:]
	k.at, e.At = e.Due, e.Due
	e.ID, k.asked = 1000+k.asked, k.asked+1
	k.last = k.resolver.Resolve(k.t.Context(), pull.Request{Edition: k.edition, Ask: e.Ask, Reader: k.reader, Later: &later})
	k.reader = k.last.Reader
	if k.last.Reply == nil {
		return ""
	}
	var lines []string
	for _, b := range k.last.Reply.Blocks {
		lines = append(lines, b.Text+b.URL)
	}
	return strings.Join(lines, " | ")
}

// TestWhatAnOrderLacksIsAskedForWhenItIsMade: nobody is asked for it when it is due.
func TestWhatAnOrderLacksIsAskedForWhenItIsMade(t *testing.T) {
	k := newLocalTalk(t)
	if got := k.order("weather tomorrow at 8"); !strings.HasPrefix(got, "Which one?") || len(k.last.Orders) != 0 {
		t.Fatal(got, k.last.Orders)
	}
	if got := k.order("SAP"); !strings.HasPrefix(got, "Noted: “weather SAP” comes once, on 3 Mar, 08:00") || len(k.last.Orders) != 1 {
		t.Fatal(got, k.last.Orders)
	}
}

func TestAPullIsOrderedForATimeAndComesOnce(t *testing.T) {
	k := newTalk(t)
	if got := k.order("wipro at 15:25"); !strings.HasPrefix(got, "Noted: “Wipro Limited” comes once, on 2 Mar, 15:25 (Europe/Paris). | [Cancel reminder=c:unlater:") {
		t.Fatal(got)
	}
	if len(k.last.Orders) != 1 || len(k.reader.Laters) != 1 {
		t.Fatalf("%+v, %+v", k.last.Orders, k.reader.Laters)
	}
	e := k.last.Orders[0]
	if err := e.Check(); err != nil || e.Due.Format(time.RFC3339) != "2026-03-02T15:25:00+01:00" || e.Cause != k.last.Trace.Ask || !e.At.Equal(k.at) {
		t.Fatalf("%+v, %v", e, err)
	}
	k.reader.Question = &who.Question{Token: "t", Options: []who.Option{{Keyword: "quote"}}, Expires: e.Due.Add(time.Hour)}
	want := fmt.Sprintf("You asked for this on 2 Mar, %s, for now. | WIPRO | https://example.org/WIPRO", "11:00")
	if got := k.carryOut(e); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if len(k.reader.Laters) != 0 || len(k.last.Orders) != 0 || k.reader.Question == nil {
		t.Errorf("it goes on: %+v, %+v", k.reader.Laters, k.reader.Question)
	}
}

// TestAnOrderIsPutRightByAnotherTime keeps the day that was ordered where no other one is said.
func TestAnOrderIsPutRightByAnotherTime(t *testing.T) {
	for said, want := range map[string]string{
		"no, at 10":           "Noted: “Wipro Limited” comes once, on 4 Mar, 10:00",
		"no wait, 9:30":       "Noted: “Wipro Limited” comes once, on 4 Mar, 09:30",
		"sorry, friday at 9":  "Noted: “Wipro Limited” comes once, on 6 Mar, 09:00",
		"nein, um 7 uhr":      "Notiert: „Wipro Limited“ kommt einmal, am 4. März, 07:00",
		"non à 9h":            "Noted: “Wipro Limited” comes once, on 4 Mar, 09:00",
		"no, tomorrow at 9am": "Noted: “Wipro Limited” comes once, on 3 Mar, 09:00",
	} {
		k := newTalk(t)
		k.order("wipro on wednesday at 8:00")
		got := k.order(said)
		if !strings.Contains(got, want) || len(k.reader.Laters) != 1 {
			t.Errorf("%q got %q, %+v", said, got, k.reader.Laters)
		}
	}
}

// What is said right behind an order moves it within its part of the day, or takes it back.
func TestAnOrderIsMovedOrTakenBackAsPeopleSayIt(t *testing.T) {
	for said, want := range map[string]string{
		"make it 7": "4 Mar, 19:00", "make it 7am please": "4 Mar, 07:00", "actually half past seven": "4 Mar, 19:30", "actually five": "4 Mar, 17:00",
		"doch lieber um sieben": "4. März, 19:00", "nein, um 07:00 uhr": "4. März, 07:00", "やっぱり9時にして": "21:00", "改成九点": "21:00",
		"scrap it": "", "cancel it please": "", "отмени": "", "cancélalo": "", "annule-le": "", "avlys det": "", "lösch es wieder": "",
	} {
		k := newTalk(t)
		k.order("wipro on wednesday at 6pm")
		if got := k.order(said); !strings.Contains(got, want) || (len(k.reader.Laters) == 0) != (want == "") || want != "" && len(k.reader.Laters) != 1 {
			t.Errorf("%q got %q, %+v", said, got, k.reader.Laters)
		}
	}
}

func TestAnOrderIsUnderstoodInTheWordsOfManyLanguages(t *testing.T) {
	for _, c := range []struct{ language, text, want string }{
		{"en", "remind me tomorrow at 9 wipro", "3 Mar, 09:00"}, {"en", "wipro in 20 minutes", "2 Mar, 11:20"}, {"en", "send me wipro tonight at 9", "2 Mar, 21:00"},
		{"de", "erinnere mich morgen um 9 an wipro", "3. März, 09:00"}, {"de", "Kurs WIPRO um halb neun abends", "2. März, 20:30"}, {"de", "wipro in einer Stunde", "2. März, 12:00"},
		{"fr", "rappelle-moi demain à 9h wipro", "3 mars à 09:00"}, {"fr", "cours wipro ce soir à 20 heures", "2 mars à 20:00"},
	} {
		k := newTalk(t)
		k.language = c.language
		if got := k.order(c.text); !strings.Contains(got, strings.Fields(c.want)[0]) || !strings.Contains(got, c.want[len(c.want)-5:]) || len(k.reader.Laters) != 1 {
			t.Errorf("%s: %s", c.text, got)
		}
	}
}

func TestWhatNamesNoTimeOrIsAnArgumentIsAnswered(t *testing.T) {
	for _, text := range []string{"wipro", "wipro now", "quote wipro tomorrow", "quote wipro saturday", "quote 9:00", "floor"} {
		k := newTalk(t)
		if got := k.say(text); len(k.last.Orders) != 0 || strings.Contains(got, "Noted") {
			t.Errorf("%s: %s", text, got)
		}
	}
}

func TestTheAnswerBeforeIsOrderedByATimeAlone(t *testing.T) {
	k := newTalk(t)
	k.say("wipro")
	if got := k.order("remind me at 15:00"); !strings.Contains(got, "Wipro Limited") || len(k.reader.Laters) != 1 {
		t.Error(got)
	}
}

// TestADayAloneIsAnsweredAndOfferedOnce asks for keywords beside days that they take none of.
func TestADayAloneIsAnsweredAndOfferedOnce(t *testing.T) {
	for text, once := range map[string]string{
		"wipro in 3 days": "[Once, 5 Mar", "wipro in 3 tagen": "[Once, 5 Mar", "in two weeks wipro": "[Once, 16 Mar", "3 days ago wipro": "", "wipro every friday": "Nothing comes again", "can you send me wipro on fridays": "Nothing comes again", "can you send wipro every morning": "Nothing comes again", "could we get wipro every day": "Nothing comes again", "can you send wipro every morning?": "Nothing comes again", "could we get wipro every day?": "Nothing comes again", "wipro made my day in 3 days of rain": "",
	} {
		k := newTalk(t)
		got := k.send(pull.Ask{Incoming: pull.Incoming{Text: text, Language: "de"}})
		if answered := strings.HasPrefix(got, "WIPRO"); answered != strings.HasPrefix(once, "[") || !strings.Contains(got, once) || len(k.last.Orders) > 0 {
			t.Errorf("%q is answered %q", text, got)
		}
	}
}

// TestAQuestionAboutADayOrdersNothing asks what is so on a day that comes each week.
func TestAQuestionAboutADayOrdersNothing(t *testing.T) {
	for _, text := range []string{"is wipro there on fridays", "hat wipro freitags offen", "does wipro open on saturdays?", "¿Cuál es el wipro los viernes?", "hi, is wipro there on fridays"} {
		k := newTalk(t)
		if got := k.say(text); strings.Contains(got, "Nothing comes again") || strings.Contains(got, "Nichts kommt von selbst") || len(k.last.Orders) > 0 {
			t.Errorf("%q is answered %q", text, got)
		}
	}
}

func TestTwoMomentsAreOfferedEach(t *testing.T) {
	for _, text := range []string{"wipro at 13:00 and 17:00", "wipro at 1pm and at 5pm", "wipro um 13 uhr und um 17 uhr", "wipro à 17h et à 13h"} {
		k := newTalk(t)
		got := k.say(text)
		if !strings.HasPrefix(got, "WIPRO") || !strings.Contains(got, "13:00") || !strings.Contains(got, "17:00") || strings.Count(got, "=c:later:") != 2 || len(k.last.Orders) > 0 {
			t.Errorf("%q is answered %q", text, got)
		}
	}
}

func TestWhatCannotBeOrderedIsRefusedWithWhatIsPossible(t *testing.T) {
	day := pull.Channel{Window: 24 * time.Hour}
	for name, c := range map[string]struct {
		channel  pull.Channel
		ask      pull.Incoming
		laters   int
		want     string
		silently bool
	}{
		"beyond the channel's window":      {channel: day, ask: pull.Incoming{Text: "wipro on wednesday at 9"}, want: "On this channel I may write until 3 Mar, 10:55 (Europe/Paris)."},
		"within it":                        {channel: day, ask: pull.Incoming{Text: "wipro tomorrow at 9"}, want: "Noted"},
		"where only answers leave":         {ask: pull.Incoming{Text: "wipro at 15:25", InBand: true, Fleeting: true}, want: "On this channel I answer, and never write first."},
		"where a message costs":            {channel: pull.Channel{SMS: true}, ask: pull.Incoming{Text: "wipro at 15:25"}, want: "On this channel I answer, and never write first."},
		"where the outlet pays for it":     {channel: pull.Channel{SMS: true, Laters: true}, ask: pull.Incoming{Text: "wipro at 15:25"}, want: "Noted"},
		"a time that is over":              {ask: pull.Incoming{Text: "wipro today at 9:00"}, want: "2 Mar, 09:00 (Europe/Paris) has passed already."},
		"a time too far ahead":             {ask: pull.Incoming{Text: "wipro 24.12. at 9:00"}, want: "I can note a time until 16 Mar, 11:00 (Europe/Paris)."},
		"a day alone too far ahead":        {ask: pull.Incoming{Text: "wipro in 20 days"}, want: "I can note a time until 16 Mar, 11:00 (Europe/Paris)."},
		"a sixth":                          {ask: pull.Incoming{Text: "wipro at 15:25"}, laters: 5, want: "5 are ordered already"},
		"every day":                        {ask: pull.Incoming{Text: "wipro every day"}, want: "Nothing comes again by itself here. Sending “Wipro Limited” brings the latest at once"},
		"every morning at a time":          {ask: pull.Incoming{Text: "every morning at 8 wipro"}, want: "Nothing comes again by itself here."},
		"in a group":                       {ask: pull.Incoming{Text: "wipro at 15:25", Group: true}, want: "private"},
		"before it may be kept":            {channel: pull.Channel{Consent: "May we?"}, ask: pull.Incoming{Text: "wipro at 15:25"}, want: "For that I have to keep it. May we?"},
		"for programs in a reader's place": {channel: pull.Channel{Proxy: true, Guests: true}, ask: pull.Incoming{Text: "wipro at 15:25"}, want: "", silently: true},
	} {
		t.Run(name, func(t *testing.T) {
			k := newTalk(t)
			k.edition.Channels["web"] = c.channel
			for i := range c.laters {
				k.reader.Laters = append(k.reader.Laters, who.Later{Entry: uint64(i + 1), Due: k.at.Add(time.Hour), Keyword: "quote", At: k.at.Add(-time.Hour)})
			}
			got := k.send(pull.Ask{Incoming: c.ask})
			if !strings.Contains(got, c.want) {
				t.Error(got)
			}
			if noted := strings.HasPrefix(c.want, "Noted"); noted != (len(k.last.Orders) == 1) {
				t.Errorf("%d are ordered", len(k.last.Orders))
			}
		})
	}
}

func TestAnOrderThatNeedsConsentIsTakenWithTheYes(t *testing.T) {
	k := newTalk(t)
	k.channel = "asking"
	k.say("wipro at 15:25")
	if got := k.order("yes"); !strings.HasPrefix(got, "Noted: “Wipro Limited”") || !k.reader.Consent.Given || len(k.reader.Laters) != 1 {
		t.Errorf("%s, %+v", got, k.reader)
	}
	k = newTalk(t)
	k.channel = "asking"
	k.say("wipro at 15:25")
	if got := k.say("no"); len(k.last.Orders)+len(k.reader.Laters) != 0 {
		t.Errorf("%s, %+v", got, k.reader)
	}
}

func TestOneReminderIsOfferedToWhoWantsItAgainAndAgain(t *testing.T) {
	k := newTalk(t)
	got := k.say("wipro every day at 15:00")
	if len(k.last.Reply.Buttons) != 2 {
		t.Fatal(got)
	}
	once := k.last.Reply.Buttons[1]
	if got := k.order(once.Send); once.Label != "Once, 2 Mar, 15:00" || !strings.HasPrefix(got, "Noted: “Wipro Limited” comes once, on 2 Mar, 15:00") {
		t.Errorf("%q: %s", once.Label, got)
	}
}

func TestReadersListAndCancelWhatTheyOrdered(t *testing.T) {
	ready := func(t *testing.T) *talk {
		k := newTalk(t)
		for _, text := range []string{"wipro at 15:25", "quote sap tomorrow at 9:00"} {
			k.at = k.at.Add(time.Second)
			k.order(text)
		}
		return k
	}
	left := func(k *talk) (all []string) {
		for _, l := range k.reader.Laters {
			all = append(all, l.Due.Format("15:04"))
		}
		return all
	}
	k := ready(t)
	const list = "You have ordered, in the time of Europe/Paris: |  | [Cancel reminder 15:25=c:unlater:"
	for _, text := range []string{"my reminders", "MY LATER", "c:later", "cancel my reminder"} {
		if got := k.say(text); !strings.HasPrefix(got, list) || !slices.Equal(k.last.Reply.Blocks[1].Lines, []string{"2 Mar, 15:25: Wipro Limited", "3 Mar, 09:00: SAP"}) {
			t.Errorf("%s: %s %v", text, got, k.last.Reply.Blocks)
		}
	}
	again := ready(t)
	for _, text := range []string{"wipro sat 9:00", "SAP tomorrow 15:25"} {
		again.at = again.at.Add(time.Minute)
		again.order(text)
	}
	if got := again.say("my reminders"); !strings.Contains(got, "[Cancel reminder 2 Mar, 15:25=") || !strings.Contains(got, "[Cancel reminder 3 Mar, 09:00=") || !strings.Contains(got, "[Cancel reminder 3 Mar, 15:25=") {
		t.Errorf("orders of one clock are told apart by %s", got)
	}
	for text, want := range map[string]string{
		"cancel the 9:00 one": "15:25", "cancel reminder 15:25": "09:00", "Cancel 09:00": "15:25", "cancel": "15:25", "never mind": "15:25", "cancel my reminder at 15:25": "09:00",
	} {
		k := ready(t)
		if got := k.say(text); !strings.HasPrefix(got, "Cancelled: “") || !slices.Equal(left(k), []string{want}) || k.reader.State != who.Active {
			t.Errorf("%s: %s, %q", text, got, left(k))
		}
	}
	k = ready(t)
	k.say("my reminders")
	if got := k.say(k.last.Reply.Buttons[0].Send); got != "Cancelled: “Wipro Limited” on 2 Mar, 15:25 will not come." {
		t.Error(got)
	}
	if got := k.say("cancel my reminder"); got != "Cancelled: “SAP” on 3 Mar, 09:00 will not come." {
		t.Error(got)
	}
	if got := k.say("my reminders"); got != "Nothing is ordered for later. | [MENU=c:menu]" {
		t.Error(got)
	}
}

func TestCancelClosesTheLatestOrderAndIsSTOPOnceThatIsLongAgo(t *testing.T) {
	k := newTalk(t)
	k.order("wipro at 15:25")
	k.at = k.at.Add(11 * time.Minute)
	if got := k.say("cancel"); k.reader.State != who.Stopped || len(k.reader.Laters) != 0 {
		t.Error(got)
	}
}

func TestWhatCouldNotBeBroughtIsToldWithTheNextAnswer(t *testing.T) {
	k := newTalk(t)
	k.order("wipro at 15:25")
	k.at = k.at.Add(48 * time.Hour) // and nothing took it up
	const line = "“Wipro Limited”, ordered for 2 Mar, 15:25, could not be brought. Please ask for it again. | "
	if got := k.say("quote sap"); !strings.HasPrefix(got, line) || len(k.reader.Laters) != 0 {
		t.Error(got)
	}
	if got := k.say("quote sap"); strings.Contains(got, "brought") {
		t.Error(got)
	}
	k.reader = k.reader.Lapse(who.Later{Entry: 7, Due: time.Date(2026, 3, 2, 14, 25, 0, 0, time.UTC), Keyword: "quote", Argument: "WIPRO"})
	if got := k.say("quote sap"); !strings.HasPrefix(got, line) {
		t.Error(got)
	}
}

func TestAKeywordThatIsGoneWhenItIsDueIsToldOf(t *testing.T) {
	k := newTalk(t)
	k.order("wipro at 15:25")
	e := k.last.Orders[0]
	k.reader.Laters[0].Keyword = "former"
	if got := k.carryOut(e); got != "“Wipro Limited”, ordered for 2 Mar, 15:25 (Europe/Paris), could not be brought. Please ask for it again." {
		t.Error(got)
	}
}

func TestTheReadersOwnZoneCounts(t *testing.T) {
	k := newTalk(t)
	k.reader.TimeZone = "Asia/Kolkata"
	if got := k.order("wipro at 15:25"); !strings.Contains(got, "3 Mar, 15:25 (Asia/Kolkata)") {
		t.Error(got)
	}
}
