package pull_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/who"
)

// among sends words in a group.
func (k *talk) among(a pull.Ask) string {
	k.t.Helper()
	a.Group = true
	return k.send(a)
}

// drawMember draws a reader with a past: all that a document may hold.
func drawMember(t *rapid.T) who.Reader {
	r := who.Reader{
		Language: rapid.SampledFrom([]string{"", "de", "fr"}).Draw(t, "language"),
		TimeZone: rapid.SampledFrom([]string{"", "Asia/Tokyo"}).Draw(t, "zone"),
		State:    rapid.SampledFrom([]who.State{who.Active, who.Stopped, who.Gone}).Draw(t, "state"),
		Address:  "4711", Recent: []who.Pull{{Keyword: "quote", Argument: "SAP", At: monday}},
		Preferences: map[string]string{"city": "Graz"}, Saved: []who.Saved{{Keyword: "quote"}},
		Consent: who.Consent{Refused: rapid.Bool().Draw(t, "refused")},
	}
	if r.State != who.Active {
		r.Since = monday.Add(-time.Hour)
	}
	if rapid.Bool().Draw(t, "first") {
		r.First, r.Greeted = monday.Add(-time.Hour), true
	}
	if rapid.Bool().Draw(t, "asked back") {
		r.Question = &who.Question{Token: "1", Expires: monday.Add(time.Minute), Language: "fr", Core: "paris",
			Options: []who.Option{{Keyword: "city", Label: "paris (capital)"}, {Keyword: "club", Label: "Paris (psg)"}}}
	}
	if rapid.Bool().Draw(t, "missed") {
		r.Miss = &who.Miss{Core: "zeppelin", At: monday.Add(-time.Second)}
	}
	return r
}

// A group's answer is the same whoever asks, even where the document of a
// member stood in the group's place: nothing of it can show, and nothing of it
// is kept.
func TestNothingOfAMemberShowsOrStaysInAGroup(t *testing.T) {
	texts := []string{"wipro", "paris", "which", "1", "2", "yes", "no", "city", "zepelin", "some price", "novel", "hello", "tenplate",
		"STOP", "start", "help", "menu", "more", "mydata", "forget me", "human", "save", "my list", "why", "lang", "cancel",
		"o:1:1.city", "o:2:1", "k:quote", "k:tpl", "c:menu:1", "c:start", "c:stop", "c:forget", "", "embargo", "quote ACME"}
	rapid.Check(t, func(r *rapid.T) {
		member := drawMember(r)
		ask := pull.Ask{
			ID: 7, Publisher: "p", Channel: "web", At: monday,
			Incoming: pull.Incoming{Group: true, Text: rapid.SampledFrom(texts).Draw(r, "text"), Language: rapid.SampledFrom([]string{"", "fr", "de"}).Draw(r, "platform"), Consent: rapid.SampledFrom([]string{"", "given", "refused"}).Draw(r, "consent")},
		}
		k := newQuestionTalk(t)
		resolve := func(reader who.Reader, a pull.Ask) pull.Resolved {
			o := k.resolver.Resolve(t.Context(), pull.Request{Edition: k.edition, Ask: a, Reader: reader})
			o.Trace.Took, o.Trace.When.Asked, o.Trace.When.Requests, o.Trace.When.Verdict = journal.Took{}, "", 0, ""
			return o
		}
		plain := ask
		plain.Language, plain.Consent = "", ""
		got, want := resolve(member, ask), resolve(member.Shared(), plain)
		if diff := cmp.Diff(want, got); diff != "" {
			r.Fatalf("%q tells of who asks: %s", ask.Text, diff)
		}
		if diff := cmp.Diff(got.Reader.Shared(), got.Reader); diff != "" {
			r.Fatalf("%q leaves more than a group may keep: %s", ask.Text, diff)
		}
		if got.Trace.What.Accepted != "" {
			r.Fatalf("%q was learnt of another member's ask", ask.Text)
		}
	})
}

func TestAGroupConverses(t *testing.T) {
	const (
		offer  = "Which one do you mean? | [paris (capital)=k:city] | [Paris (psg)=k:club]"
		wipro  = "WIPRO | https://example.org/WIPRO"
		silent = ""
		group  = "This is Paper. Here, mention me or answer one of my messages with a word, and get what is current. " +
			"MENU shows the words. Nothing is sent unless somebody asks. STOP silences me in this group, START brings me back."
		aside = "That is between you and Paper: please write it to me in private, not in a group."
		done  = "Done: Paper says nothing more in this group, to nobody. START brings it back, whoever sends it. | [START=c:start]"
	)
	for name, talk := range map[string][][2]string{
		"an answer has no greeting below it":          {{"wipro", wipro}, {"wipro", wipro}},
		"an offer is taken by a tap alone":            {{"paris", offer}, {"1", "I don't know “1”. Send MENU to see what I answer. | [MENU=c:menu]"}, {"k:city", wipro}},
		"an offer with an argument says it itself":    {{"wiprp", "Do you mean “Wipro Limited”? | [Wipro Limited=o:1:1.quote.V0lQUk8] | [MENU=c:menu]"}, {"o:1:1.quote.V0lQUk8", wipro}},
		"START brings it back, by anybody":            {{"stop", done}, {"start", group}, {"wipro", wipro}},
		"STOP is for everybody, /start by anybody":    {{"/stop", done}, {"wipro", silent}, {"stop", silent}, {"help", silent}, {"k:city", silent}, {"mydata", silent}, {"/start", group}, {"wipro", wipro}},
		"a tap on START brings it back as well":       {{"STOP", done}, {"c:start", group}, {"wipro", wipro}},
		"help says how to ask here":                   {{"help", group}},
		"what is one's own is told in private":        {{"mydata", aside}, {"forget me", aside}, {"human", aside}, {"save", aside}, {"my list", aside}, {"why", aside}, {"c:forget", aside}},
		"what a person would answer is, too":          {{"this is a scandal! I want to speak to a person", aside}, {"tell me once when you know", aside}, {"wipro", wipro}},
		"what concerns nobody in particular is not":   {{"more", "There is nothing more to show. MENU shows what I answer. | [MENU=c:menu]"}},
		"words that close a question have none there": {{"paris", offer}, {"no", "I don't know “no”. Send MENU to see what I answer. | [MENU=c:menu]"}},
	} {
		t.Run(name, func(t *testing.T) {
			k := newQuestionTalk(t)
			k.reader = who.Reader{}
			for _, step := range talk {
				if got := k.among(pull.Ask{Incoming: pull.Incoming{Text: step[0]}}); got != step[1] {
					t.Fatalf("%q got  %s\nwant %s", step[0], got, step[1])
				}
			}
		})
	}
}

func TestAGroupIsAnsweredInItsOwnLanguage(t *testing.T) {
	for _, c := range []struct{ group, member, text, language, from string }{
		{"", "fr", "quote wipro", "en", "phrase"},
		{"", "fr", "Kurs wipro", "de", "phrase"},
		{"", "fr", "zeppelin", "en", "publisher"},
		{"de", "fr", "quote wipro", "en", "phrase"},
		{"de", "fr", "zeppelin", "de", "reader"},
	} {
		k := newTalk(t)
		k.reader, k.language = who.Reader{Language: c.group}, c.member
		k.among(pull.Ask{Incoming: pull.Incoming{Text: c.text}})
		if w := k.last.Trace.Who; w.Language != c.language || w.From != c.from {
			t.Errorf("%+v: got %s from %s", c, w.Language, w.From)
		}
	}
}

func TestAGroupHasAgreedToNothing(t *testing.T) {
	k := newQuestionTalk(t)
	k.reader, k.channel = who.Reader{}, "asking"
	k.among(pull.Ask{Incoming: pull.Incoming{Text: "novel", Consent: "given"}})
	if got := k.last.Trace.What.Core; got != "" || !k.reader.Consent.IsZero() || !k.last.Anonymous(k.edition, k.edition.Channels["asking"]) {
		t.Errorf("%q is kept of what was written, with consent %+v", got, k.reader.Consent)
	}
}

func TestASilentGroupIsNotRemindedEither(t *testing.T) {
	k := newTalk(t)
	k.reader = who.Reader{}
	k.among(pull.Ask{Incoming: pull.Incoming{Text: "stop"}})
	for range 4 {
		k.at = k.at.Add(36 * time.Hour)
		if got := k.among(pull.Ask{Incoming: pull.Incoming{Text: "wipro"}}); got != "" {
			t.Fatalf("said %q", got)
		}
	}
	if got := k.among(pull.Ask{Incoming: pull.Incoming{Text: "wipro", Start: true}}); !strings.HasPrefix(got, "WIPRO") {
		t.Fatalf("a deep link with START got %q", got)
	}
}
