package pull_test

import (
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/who"
)

// A platform tells of taps that no button of ours sent: of its templates, of a menu
// that somebody made in its console, of another service's rich menu.
func TestATapWhosePayloadIsNotOursIsItsWords(t *testing.T) {
	for name, c := range map[string]struct{ text, tap, want string }{
		"a template's button, by its words": {"STOP", "STOP", "stop"},
		"with a payload of its own":         {"Stop promotions", "STOP", "stop"},
		"with an opaque payload":            {"Unsubscribe", "btn-7f3a", "stop"},
		"a postback without words":          {"", "wipro", "WIPRO"},
		"a quick reply":                     {"Wipro", "QR_1", "WIPRO"},
		"a label that says nothing":         {"Oh yes indeed", "wipro", "WIPRO"},
		"a payload that looks like ours":    {"wipro", "c:campaign", "WIPRO"},
		"the payload as the text":           {"HELP", "HELP", "Paper:"},
		"ours":                              {"anything", "k:quote", "Which one?"},
		"ours, though the label says STOP":  {"STOP", "c:help", "Paper:"},
	} {
		k := newTalk(t)
		got := k.send(pull.Ask{Incoming: pull.Incoming{Text: c.text, Tap: c.tap}})
		if stopped := k.reader.State == who.Stopped; stopped != (c.want == "stop") {
			t.Errorf("%s: stopped: %v, with %q", name, stopped, got)
		}
		if c.want != "stop" && !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestATapWithWordsOfNobodysIsNotUnderstood(t *testing.T) {
	k := newTalk(t)
	if got := k.send(pull.Ask{Incoming: pull.Incoming{Text: "Zeppelins", Tap: "x=1&y=2"}}); !strings.Contains(got, "Zeppelins") {
		t.Errorf("got %q", got)
	}
}

// After STOP readers are told what they are owed, on every kind of channel, once for
// each ask and nothing beside it.
func TestAfterStopTheRightsAreAnsweredByOneMessage(t *testing.T) {
	for _, channel := range []string{"web", "sms", "asking", "page"} {
		for _, in := range []pull.Incoming{{}, {InBand: true}, {InBand: true, Fleeting: true}} {
			for _, text := range []string{"HELP", "MYDATA", "FORGET ME", "WHY", "HUMAN", "c:mydata", "what data do you have about me", "meine Daten", "cancel my subscription"} {
				k := newTalk(t)
				k.edition.Channels["page"] = pull.Channel{Guests: true}
				k.edition.Contact, k.edition.Privacy, k.channel = "desk@example.org", "https://example.org/privacy", channel
				k.say("STOP")
				in.Text = text
				got := k.send(pull.Ask{Incoming: in})
				if k.reader.State != who.Stopped || got == "" || text != "HELP" && !strings.Contains(got, "desk@example.org") {
					t.Errorf("%q on %s, %+v: got %q", text, channel, in, got)
				}
				if len(k.last.Reply.Blocks) != 1 {
					t.Errorf("%q on %s gets more than one line: %q", text, channel, got)
				}
				if again := k.say("wipro"); strings.HasPrefix(again, "WIPRO") || channel == "sms" && again != "" {
					t.Errorf("after %q on %s an ask got %q", text, channel, again)
				}
			}
		}
	}
}

// TestTheLabelOfATapIsTheTap types what is written on each button of some replies, in each language
// of replies, and is answered as who taps it; of readers of whom nothing is kept as well.
func TestTheLabelOfATapIsTheTap(t *testing.T) {
	t.Parallel()
	tried := 0
	for _, channel := range []string{"web", "asking"} {
		for _, tag := range []string{"en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "tr", "ar", "hi", "id", "ja", "th", "zh"} {
			for _, says := range [][]string{{"weather", "SAP"}, {"wipro now at 15:25"}, {"zeppelin"}, {"wipro now", "save"}, {"wipro now every day at 9"}} {
				k := newLocalTalk(t)
				p := placed("weather")
				p.Languages = []string{tag}
				for i := range p.Keywords {
					p.Keywords[i].Phrases = map[string][]string{tag: p.Keywords[i].Phrases["en"]}
				}
				var err error
				if k.edition, err = k.edit(p); err != nil {
					t.Fatal(err)
				}
				past := remembered{}
				k.channel, k.resolver.Owing = channel, room(true)
				for _, said := range says {
					k.sayAndKeep(past, said)
				}
				reply, before, passing := k.last.Reply, k.reader, k.passing
				if channel == "asking" {
					clear(past)
				}
				for _, b := range reply.Buttons {
					if !strings.HasPrefix(b.Send, "m:") && !strings.HasPrefix(b.Send, "c:") {
						continue
					}
					tried++
					k.reader, k.passing, k.at = before, passing, k.at.Add(time.Second)
					typed := k.say(b.Label)
					k.reader, k.passing = before, passing
					if tapped := k.send(pull.Ask{Incoming: pull.Incoming{Tap: b.Send, Text: b.Label}}); labels(typed) != labels(tapped) {
						t.Errorf("%s, %s: %q got\n%s\nand a tap on it\n%s", channel, tag, b.Label, typed, tapped)
					}
				}
			}
		}
	}
	if tried < 100 {
		t.Errorf("%d labels were typed", tried)
	}
	k := newLocalTalk(t)
	past := remembered{}
	k.sayAndKeep(past, "weather")
	k.sayAndKeep(past, "SAP")
	k.at = k.at.Add(11 * time.Minute)
	if got := k.say("Remember SAP"); k.reader.Preferences["city"] != "" {
		t.Errorf("after ten minutes: %s", got)
	}
}
