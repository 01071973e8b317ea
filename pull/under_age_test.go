package pull_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/what/command"
	"keypull/pull/who"
)

// keepsNothing is what readers are told who want something kept where they may be children.
const keepsNothing = "This service keeps nothing of its readers; just ask again each time."

// newChildrensTalk returns a talk with readers who may be children, one of whom is written
// down in full from before.
func newChildrensTalk(t *testing.T, channel string) *talk {
	t.Helper()
	k := newOwingTalk(t, true)
	k.edition.UnderAge, k.channel, k.resolver.Past = true, channel, newElsewhere(t)
	k.reader = fullReader(t, k.at)
	k.reader.Consent = who.Consent{Given: true, At: k.at, Channel: channel, Text: "of before"}
	k.reader.Question.Wish, k.reader.Question.Options = "my city Lyon", nil
	k.reader.Recent = []who.Pull{{Keyword: "news", At: k.at, Times: 5}}
	k.reader.Lapsed = []who.Later{{Said: "tiramisu"}}
	return k
}

// lacksChild fails where anything is kept of the reader, or in the trace, beyond the answer.
func (k *talk) lacksChild(after string) {
	k.t.Helper()
	bare := who.Reader{
		State: k.reader.State, Since: k.reader.Since, Noticed: k.reader.Noticed, Greeted: k.reader.Greeted, Guest: k.reader.Guest,
		Settled: k.reader.Settled, Leaves: k.reader.Leaves,
	}
	if q := k.reader.Question; q != nil && q.Erase {
		bare.Question = q
	}
	if d := cmp.Diff(bare, k.reader); d != "" {
		k.t.Errorf("after %q is kept: %s", after, d)
	}
	w := k.last.Trace.What
	if !k.last.Anonymous(k.edition, k.edition.Channels[k.channel]) || len(k.last.Orders) > 0 || w.Core+w.Said+w.Accepted+w.AcceptedArgument != "" {
		k.t.Errorf("after %q: orders %+v, trace %+v", after, k.last.Orders, w)
	}
	if r := k.last.Reply; r != nil && r.Proof != "" {
		k.t.Errorf("after %q: proof %s", after, r.Proof)
	}
}

// TestOfReadersWhoMayBeChildrenNothingIsKept walks every command, by words, by a tap and with a
// keyword, and what else readers say that would have something kept.
func TestOfReadersWhoMayBeChildrenNothingIsKept(t *testing.T) {
	t.Parallel()
	var all []string
	for _, c := range command.All() {
		all = append(all, string(c), string(c)+" weather", "c:"+string(c), "c:"+string(c)+":weather", "c:"+string(c)+":1.weather.")
	}
	all = append(all, "yes", "no", "1", "o:1:1", "news", "wipro", "zeppelin", "paris", "weather tomorrow at 9", "👍", "thanks", "wrong!", "and sap?",
		"my city Lyon", "m:city:Lyon", "short", "language deutsch", "my stocks = wipro, sap", "tell me when you know", "every day news")
	for _, channel := range []string{"web", "sms", "asking", "assistant"} {
		for _, said := range all {
			k := newChildrensTalk(t, channel)
			for _, again := range []string{said, said, "news"} {
				k.at = k.at.Add(time.Second)
				got := k.send(pull.Ask{Incoming: pull.Incoming{Text: again, Consent: "given", InBand: true}})
				if strings.Contains(got, "May we remember?") || strings.Contains(got, "Remembered") || strings.Contains(got, "Saved:") || strings.Contains(got, "Noted:") || strings.Contains(got, "SAVE") {
					t.Errorf("%q on %s got %s", again, channel, got)
				}
				k.lacksChild(again)
			}
		}
	}
}

// What would have something kept is refused in one sentence, below the answer where there is one.
func TestWhoMayBeAChildIsToldThatNothingIsKept(t *testing.T) {
	t.Parallel()
	const rain = "Rain | "
	for said, want := range map[string]string{
		"save": keepsNothing, "my": keepsNothing, "my list": keepsNothing, "unsave weather": rain + keepsNothing, "save weather": rain + keepsNothing, "c:save:news": keepsNothing,
		"subscribe weather": rain + keepsNothing, "my stocks = wipro, sap": "", "add sap to my stocks": "", "my reminders": keepsNothing, "c:unlater": keepsNothing,
		"weather tomorrow at 9": rain + "as of 11:00, 0 s ago | This is the latest; “tomorrow” can't be asked for by itself. | " + keepsNothing, "weather every day at 9": rain + keepsNothing, "c:later:zzz.weather.": keepsNothing, "tell me when you know": keepsNothing, "c:owe:tiramisu": keepsNothing,
		"my city Lyon": keepsNothing, "m:city:Lyon": keepsNothing, "forget my city": keepsNothing, "short": keepsNothing, "long": keepsNothing, "plain language": keepsNothing,
		"my time zone is Asia/Tokyo": keepsNothing, "language deutsch": "Dieser Dienst merkt sich nichts über seine Leser; einfach jedes Mal neu fragen.",
		"c:link": keepsNothing,
	} {
		k := newChildrensTalk(t, "web")
		k.reader = who.Reader{Greeted: true}
		if got := labels(k.say(said)); !strings.HasPrefix(got, want) || want == "" && !strings.Contains(got, keepsNothing) {
			t.Errorf("%q got %s", said, got)
		}
	}
}

// What readers may claim is served all the same.
func TestWhoMayBeAChildHasTheirRights(t *testing.T) {
	t.Parallel()
	k := newChildrensTalk(t, "web")
	k.edition.Contact = "ada@example.org"
	for _, c := range [][2]string{
		{"mydata", "Nothing is kept of you, but that you were answered. | "}, {"human", ""}, {"forget me", ""}, {"yes", ""}, {"stop", ""}, {"news", ""}, {"mydata", ""},
	} {
		got := k.say(c[0])
		if !strings.HasPrefix(got, c[1]) || c[0] == "human" && !strings.Contains(got, "ada@example.org") {
			t.Errorf("%q got %s", c[0], got)
		}
		k.lacksChild(c[0])
		if c[0] == "yes" {
			if k.reader.Leaves.IsZero() {
				t.Error("nobody is forgotten")
			}
			k.reader = who.Reader{Greeted: true}
		}
	}
	if k.reader.State != who.Stopped {
		t.Errorf("%+v", k.reader)
	}
}

// What was ordered before, or is owed, is told no more.
func TestWhatAChildOrderedBeforeIsDropped(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]who.Later{"a later": {Keyword: "weather", Due: monday}, "an owed answer": {Said: "weather", Due: monday}} {
		k := newChildrensTalk(t, "web")
		k.last = k.resolver.Resolve(t.Context(), pull.Request{Edition: k.edition, Reader: k.reader, Later: &l,
			Ask: pull.Ask{ID: 7, Publisher: "p", Channel: "web", At: k.at, Incoming: pull.Incoming{Text: "weather"}}})
		if k.reader = k.last.Reader; k.last.Reply != nil {
			t.Errorf("%s: %+v", name, k.last.Reply)
		}
		k.lacksChild(name)
	}
}

// A group's language is a wish of its members.
func TestOfAGroupOfChildrenNothingIsKept(t *testing.T) {
	t.Parallel()
	k := newChildrensTalk(t, "web")
	k.send(pull.Ask{Incoming: pull.Incoming{Text: "language deutsch", Group: true}})
	k.lacksChild("language deutsch")
}
