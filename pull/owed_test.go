package pull_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
)

// room says whether more may wait.
type room bool

func (r room) HasRoom(string) bool { return bool(r) }

// newOwingTalk returns a talk on channels on which answers can be told later, or can't.
func newOwingTalk(t *testing.T, r room) *talk {
	t.Helper()
	k, _, _ := newSavingTalk(t)
	k.resolver.Owing = r
	return k
}

func TestAMissOffersToBeAnsweredLater(t *testing.T) {
	t.Parallel()
	const offer = "I can tell you once, if I learn it by"
	for name, c := range map[string]struct {
		channel string
		room    room
		offers  bool
	}{
		"where it can be told":              {"web", true, true},
		"where many wait":                   {"web", false, false},
		"not where each message costs":      {"sms", true, false},
		"not to programs":                   {"assistant", true, false},
		"where consent is asked for, by it": {"asking", true, true},
	} {
		t.Run(name, func(t *testing.T) {
			k := newOwingTalk(t, c.room)
			k.channel = c.channel
			got := labels(k.say("tiramisu"))
			if strings.Contains(got, offer) != c.offers || strings.Contains(got, "[Tell me once]") != c.offers {
				t.Error(got)
			}
		})
	}
}

func TestWhatOnlyTellsSomethingIsNotOwedAnAnswer(t *testing.T) {
	t.Parallel()
	for said, offers := range map[string]bool{
		"price of gold": true, "do you have horoscopes": true, "will it rain tomorrow": true,
		"we had chocolate cake yesterday": false, "the bus was late again": false, "gestern war ich im Kino": false, "j'ai perdu mon chien": false,
	} {
		k := newOwingTalk(t, true)
		k.say(said)
		if got := slices.ContainsFunc(k.last.Reply.Buttons, func(b pull.Button) bool { return strings.HasPrefix(b.Send, "c:owe") }); got != offers {
			t.Errorf("%q is offered an answer once there is one: %t", said, got)
		}
	}
}

func TestWhatIsOwedIsOrderedListedAndTakenBack(t *testing.T) {
	t.Parallel()
	const noted = "Noted: “tiramisu” is told once, if I learn it by 16 Mar, 11:00 (Europe/Paris). Nothing else comes by itself. | [Cancel reminder]"
	const missed = "I don't know “tiramisu”. Send MENU to see what I answer. | I can tell you once, if I learn it by 16 Mar, 11:00. | [MENU] | [Tell me once]"
	for name, c := range map[string]conversation{
		"by a tap": {
			{"tiramisu", missed}, {"c:owe:tiramisu", noted}, {"c:owe:tiramisu", noted},
			{"my reminders", "You have ordered, in the time of Europe/Paris: |  | [Cancel reminder]"},
			{"cancel my reminder", "Cancelled: “tiramisu” will not come."}, {"my reminders", "Nothing is ordered for later. | [MENU]"},
		},
		"one of several": {
			{"c:owe:tiramisu", noted}, {"c:owe:zabaglione", strings.ReplaceAll(noted, "tiramisu", "zabaglione")},
			{"my reminders", "You have ordered, in the time of Europe/Paris: |  | [Cancel reminder tiramisu] | [Cancel reminder zabaglione]"},
		},
		"not of a number":           {{"17", "I don't know “17”. Send MENU to see what I answer. | [MENU]"}},
		"in words":                  {{"tiramisu", missed}, {"please tell me when you know", noted}, {"cancel", "Cancelled: “tiramisu” will not come."}},
		"long after it":             {{"tiramisu", missed}, {"+11m c:owe", "Please ask first. If I do not know, I can tell you later. | [MENU]"}},
		"of nothing":                {{"c:owe", "Please ask first. If I do not know, I can tell you later. | [MENU]"}},
		"words with nothing before": {{"tell me when you know", "Please ask first. If I do not know, I can tell you later. | [MENU]"}},
	} {
		t.Run(name, func(t *testing.T) { c.hold(t, newOwingTalk(t, true)) })
	}
}

func TestMyDataTellsWhatIsOwed(t *testing.T) {
	t.Parallel()
	k := newOwingTalk(t, true)
	k.resolver.Past = newElsewhere(t)
	k.say("c:owe:tiramisu")
	k.say("mydata")
	if !slices.ContainsFunc(k.last.Reply.Blocks, func(b pull.Block) bool {
		return slices.ContainsFunc(b.Lines, func(line string) bool { return strings.HasSuffix(line, "16 Mar, 11:00 tiramisu") })
	}) {
		t.Errorf("%+v", k.last.Reply.Blocks)
	}
}

func TestAnOwedAnswerIsBoundedAndSaysSo(t *testing.T) {
	t.Parallel()
	k := newOwingTalk(t, true)
	for _, said := range []string{"tiramisu", "risotto", "gnocchi"} {
		k.say("c:owe:" + said)
	}
	conversation{
		{"c:owe:lasagne", "You wait for 3 answers already, which is all there is room for. Please cancel one first. | [My reminders]"},
		{"tiramisu", "I don't know “tiramisu”. Send MENU to see what I answer. | [MENU]"},
	}.hold(t, k)
	k = newOwingTalk(t, false)
	conversation{{"c:owe:tiramisu", "Too many wait for answers already. Please ask again later."}}.hold(t, k)
	k.channel = "sms"
	conversation{{"c:owe:tiramisu", "On this channel I answer, and never write first. Please ask again later."}}.hold(t, k)
}

func TestAnOwedAnswerWaitsForConsent(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		asks, answer string
		owed         int
	}{"yes": {"c:owe:tiramisu", "yes", 1}, "no": {"c:owe:tiramisu", "no", 0}, "by words": {"tell me when you know", "yes", 1}, "and no": {"tell me when you know", "no", 0}} {
		t.Run(name, func(t *testing.T) {
			k := newOwingTalk(t, true)
			k.channel = "asking"
			k.say("tiramisu")
			if got := k.say(c.asks); !strings.Contains(got, "May we remember?") {
				t.Fatal(got)
			}
			got := k.say(c.answer)
			if len(k.reader.Laters) != c.owed || strings.Contains(got, "Noted: “tiramisu”") != (c.owed > 0) {
				t.Errorf("%s: %+v", got, k.reader.Laters)
			}
		})
	}
}

func TestTheOfferNamesTheEndOfTheWindow(t *testing.T) {
	t.Parallel()
	k := newOwingTalk(t, true)
	k.edition.Channels["web"] = pull.Channel{Window: 24 * time.Hour}
	if got := k.say("tiramisu"); !strings.Contains(got, "if I learn it by tomorrow 10:55 (Europe/Paris)") && !strings.Contains(got, "10:55") {
		t.Error(got)
	}
	k.say("c:owe:tiramisu")
	if due := k.last.Orders[0].Due; due.After(k.at.Add(24 * time.Hour)) {
		t.Errorf("it is due %s", due)
	}
}

// TestWhatIsKnownByNowIsTold resolves what was waited for, when its keyword is there, when
// nothing is, and when its source fails.
func TestWhatIsKnownByNowIsTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		phrase, source string
		want           string
		stands, lapsed int
	}{
		"its keyword is there":      {"tiramisu", "weather", "You asked for “tiramisu” on 2 Mar, 11:00, and I did not know. Now I do: | Rain", 0, 0},
		"nothing is":                {"risotto", "weather", "", 1, 0},
		"the keyword has no answer": {"tiramisu", "dead", "", 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			k, _, weather := newSavingTalk(t)
			k.resolver.Owing = room(true)
			k.say("c:owe:tiramisu")
			l := k.reader.Laters[0]
			k.reader.Laters = nil
			p := publisher()
			p.Keywords = append(p.Keywords[:1:1], catalogue.Keyword{ID: "x", Source: c.source, Phrases: map[string][]string{"en": {c.phrase}}, Argument: "none"})
			sources := map[string]pull.Opened{"exchange": {Source: k.source}, "weather": {Source: weather}, "dead": {Source: deadSource{weather}}}
			e, err := pull.NewEdition(p, sources, k.edition.Channels, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			k.at = k.at.Add(time.Hour)
			o := k.resolver.Resolve(t.Context(), pull.Request{Edition: e, Reader: k.reader, Later: &l,
				Ask: pull.Ask{ID: 99, Publisher: "p", Channel: "web", At: k.at, Incoming: pull.Incoming{Text: l.Said, Language: "en"}}})
			got := ""
			if o.Reply != nil {
				var lines []string
				for _, b := range o.Reply.Blocks {
					lines = append(lines, b.Text)
				}
				got = strings.Join(lines, " | ")
			}
			if got != c.want || len(o.Reader.Laters) != c.stands || len(o.Orders) != c.stands || len(o.Reader.Lapsed) != c.lapsed {
				t.Errorf("%q, %+v, %+v", got, o.Reader.Laters, o.Orders)
			}
		})
	}
}
