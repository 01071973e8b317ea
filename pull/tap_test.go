package pull_test

import (
	"strings"
	"testing"

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
