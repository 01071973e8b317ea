package pull_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/who"
)

func TestWhoClaimsWhatIsTheirsIsToldWhomToTurnTo(t *testing.T) {
	const contact, privacy = "Ada Example, ada@example.org", "https://example.org/privacy"
	claims := map[string][]string{
		"en": {"MYDATA", "FORGET ME", "HUMAN", "why", "c:mydata"},
		"fr": {"mes données", "oublie-moi", "humain", "pourquoi", "c:forget"},
		"de": {"meine Daten", "vergiss mich", "Mensch", "warum", "c:human"},
	}
	for language, texts := range claims {
		for _, text := range texts {
			k := newTalk(t)
			k.language = language
			if got := k.say(text); !strings.Contains(got, "Paper") || strings.Contains(got, "{") {
				t.Errorf("%q without a contact got %q", text, got)
			}
			k.edition.Contact, k.edition.Privacy = contact, privacy
			got := k.say(text)
			for _, want := range []string{"Paper", contact, privacy} {
				if !strings.Contains(got, want) {
					t.Errorf("%q in %s got %q, which lacks %s", text, language, got, want)
				}
			}
			for _, never := range []string{"yet", "cannot", "pas encore", "noch nicht", "geht hier", "appris", "gelernt"} {
				if strings.Contains(got, never) {
					t.Errorf("%q in %s is told %q", text, language, got)
				}
			}
		}
	}
}

func TestAnAddressEndsItsLine(t *testing.T) {
	k := newTalk(t)
	k.edition.Contact, k.edition.Privacy = "https://example.org/ask", "https://example.org/privacy"
	want := "What is kept of you is yours to see. Please write to Paper: https://example.org/ask\nPrivacy notice: https://example.org/privacy"
	if got := k.say("mydata"); got != want {
		t.Errorf("got %q", got)
	}
}

// first is the line of the first contact.
const first = "You are asking Paper. Nothing is sent unless you ask. HELP, STOP."

func TestWhoComesFirstIsToldOnceWhoAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		texts []string
		// at is which reply has the line, counted from 0; -1 is none.
		at int
	}{
		"below an answer":             {[]string{"wipro", "wipro", "MENU"}, 0},
		"below a greeting":            {[]string{"hello", "wipro", "hello"}, 0},
		"below the menu":              {[]string{"MENU", "wipro", "MENU"}, 0},
		"below a word unknown":        {[]string{"zeppelin", "wipro"}, 0},
		"below what a reader claims":  {[]string{"MYDATA", "wipro"}, 0},
		"not below START, which says": {[]string{"START", "wipro", "wipro"}, -1},
		"nor below HELP":              {[]string{"HELP", "wipro", "wipro"}, -1},
		"nor below STOP":              {[]string{"STOP", "wipro", "START", "wipro"}, -1},
	} {
		for _, channel := range []string{"web", "asking"} {
			t.Run(name+" on "+channel, func(t *testing.T) {
				k := newTalk(t)
				k.reader, k.channel = who.Reader{}, channel
				for i, text := range c.texts {
					if got := strings.Contains(k.say(text), first); got != (i == c.at) {
						t.Fatalf("reply %d, to %q: %+v", i, text, k.last.Reply)
					}
				}
			})
		}
	}
}

func TestConsentGivenLaterGreetsNobodyAgain(t *testing.T) {
	k := newTalk(t)
	k.reader, k.channel = who.Reader{}, "asking"
	k.say("wipro")
	if got := k.send(pull.Ask{Incoming: pull.Incoming{Text: "wipro", Consent: "given"}}); strings.Contains(got, first) {
		t.Error(got)
	}
	if k.reader.First.IsZero() {
		t.Error("the first answer with consent has no date")
	}
}

func TestAfterStopWhoWaitsForAnAnswerIsToldEachTime(t *testing.T) {
	const stopped = "You said STOP to Paper. Send START to get answers again. | [START=c:start]"
	k := newTalk(t)
	in := func(text string) string {
		k.at = k.at.Add(time.Second)
		return k.send(pull.Ask{Incoming: pull.Incoming{Text: text, InBand: true}})
	}
	in("STOP")
	for _, text := range []string{"wipro", "wipro", "zeppelin", "MENU", "STOP", "c:menu", "1", "wipro"} {
		if got := in(text); got != stopped {
			t.Errorf("%q got %q", text, got)
		}
	}
	if got := in("HELP"); !strings.HasPrefix(got, "Paper:") {
		t.Errorf("HELP got %q", got)
	}
	in("c:start")
	if got := in("wipro"); !strings.HasPrefix(got, "WIPRO") {
		t.Errorf("after START got %q", got)
	}
}

func TestAfterStopSMSIsSilentInBandToo(t *testing.T) {
	k := newTalk(t)
	k.channel = "sms"
	k.send(pull.Ask{Incoming: pull.Incoming{Text: "STOP", InBand: true}})
	for _, text := range []string{"wipro", "STOP", "MENU"} {
		if got := k.send(pull.Ask{Incoming: pull.Incoming{Text: text, InBand: true}}); got != "" {
			t.Errorf("%q got %q", text, got)
		}
	}
}

// An audience of which nobody can tell whom it means is nobody, and says so.
func TestAKeywordWhoseAudienceIsWrongAnswersNobody(t *testing.T) {
	for name, audience := range map[string]map[string][]string{
		"nobody": {"group": nil}, "a channel that is not there": {"channel": {"fax"}}, "what nobody knows": {"region": {"Styria"}}, "no source": {"code": {"gone"}},
		"a source without codes": {"code": {"exchange"}}, "a source that is told nothing": {"subscriber": {"exchange"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := publisher()
			p.Sources, p.Channels = []catalogue.Source{{ID: "exchange"}}, []catalogue.Channel{{ID: "web"}}
			for i := range p.Keywords {
				if slices.Contains([]string{"quote", "wipro-now", "club"}, p.Keywords[i].ID) {
					p.Keywords[i].Audience = audience
				}
			}
			k := newTalk(t)
			e, err := k.edit(p)
			if err == nil || !strings.Contains(err.Error(), "keyword quote: audience.") {
				t.Fatalf("the edition says %v", err)
			}
			k.edition = e
			for _, text := range []string{"quote wipro", "wipro", "Wipro Limited", "cours", "psg", "k:quote", "k:club", "o:1:x.quote.V0lQUk8"} {
				if got := k.say(text); strings.Contains(got, "https://") {
					t.Errorf("%q got %q", text, got)
				}
			}
			if menu := k.say("MENU"); strings.Contains(menu, "k:quote") || strings.Contains(menu, "k:club") {
				t.Errorf("the menu lists it: %s", menu)
			}
			if got := k.say("paris"); !strings.HasPrefix(got, "WIPRO") {
				t.Errorf("what shares its phrase got %q", got)
			}
		})
	}
}

// A keyword's id is the editors': it is written with a mark that no text for
// readers may hold.
func TestNoTextForReadersHoldsAnInternalId(t *testing.T) {
	const mark = "zq"
	p := publisher()
	p.ID = mark
	for i := range p.Keywords {
		p.Keywords[i].ID = mark + p.Keywords[i].ID
		p.Keywords[i].Source = mark
	}
	p.Keywords = append(p.Keywords,
		catalogue.Keyword{ID: mark + "nameless", Source: mark, Phrases: map[string][]string{"en": {}}, Query: "SAP"},
		catalogue.Keyword{ID: mark + "signs", Source: mark, Phrases: map[string][]string{"en": {"?!"}}, Argument: "required"},
		catalogue.Keyword{ID: mark + "twin", Source: mark, Phrases: map[string][]string{"en": {"tram"}}, Query: "SAP", Tie: true},
		catalogue.Keyword{ID: mark + "twin2", Source: mark, Phrases: map[string][]string{"en": {"Tram"}}, Query: "SAP", Tie: true},
	)
	k := newTalk(t)
	k.sourceID = mark
	e, err := k.edit(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, down := range []bool{false, true} {
		for _, channel := range []string{"web", "sms"} {
			k.edition, k.channel, k.source.down = e, channel, down
			for _, text := range []string{"MENU", "HELP", "START", "tram", "paris", "wipro", "quote", "quote ACME", "must", "embargo", "floor", "zeppelin", "qoute", "c:menu:1",
				"k:" + mark + "nameless", "k:" + mark + "signs", "k:" + mark + "gone", "o:1:x." + mark + "nameless", "save tram", "unsubscribe tram", "mydata"} {
				k.reader = who.Reader{}
				k.say(text)
				for _, b := range k.last.Reply.Blocks {
					if strings.Contains(strings.ToLower(b.Text), mark) {
						t.Errorf("%q on %s is told %q", text, channel, b.Text)
					}
				}
				for _, b := range k.last.Reply.Buttons {
					if strings.Contains(strings.ToLower(b.Label), mark) || b.Label == "" {
						t.Errorf("%q on %s is shown the button %q", text, channel, b.Label)
					}
				}
			}
		}
	}
	k.channel, k.reader = "web", who.Reader{}
	if got := k.say("tram"); !strings.Contains(got, "[tram (1)=") || !strings.Contains(got, "[Tram (2)=") {
		t.Errorf("two of one name are offered as %s", got)
	}
}

// remembered is a past of what came of such asks.
type remembered map[uint64]pull.Resolved

func (r remembered) Settled(_ context.Context, ask uint64) (journal.Trace, *pull.Reply, bool, error) {
	o, ok := r[ask]
	return o.Trace, o.Reply, ok, nil
}
func (remembered) Kept() time.Duration                           { return 30 * 24 * time.Hour }
func (remembered) FileLink(*pull.Ask) (string, time.Time)        { return "", time.Time{} }
func (remembered) MoveCode(*pull.Ask) (pull.MoveCode, time.Time) { return "", time.Time{} }
func (remembered) Moved(context.Context, *pull.Ask, pull.MoveCode, bool) (who.Key, who.Reader, error) {
	return "", who.Reader{}, &pull.Error{Kind: pull.Unknown}
}

// sayAndKeep sends words as the service does: the trace is kept, the ask settled.
func (k *talk) sayAndKeep(past remembered, text string) string {
	k.t.Helper()
	k.resolver.Past = past
	got := k.say(text)
	past[k.asked] = k.last
	k.reader = k.reader.Settle(k.asked, false)
	return got
}

func TestWhyTellsHowTheLastAnswerCameAbout(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"quote wipro", "You wrote “quote WIPRO”: that is “Wipro Limited”."},
		{"tenplate", "You wrote “tenplate”: I read it as “template”, by its spelling."},
		{"zeppelin", "You wrote “zeppelin”: I know no answer to that."},
		{"paris", "You wrote “paris”: that was not clear, so I asked back."},
	} {
		k, past := newTalk(t), remembered{}
		if got := k.sayAndKeep(past, "why"); got != "Nothing is kept of your last answer, so I can't tell how it came about." {
			t.Error(got)
		}
		k.sayAndKeep(past, c.text)
		for range 2 {
			k.sayAndKeep(past, "why")
			lines := strings.Join(k.last.Reply.Blocks[0].Lines, " ")
			if !strings.HasPrefix(lines, c.want) || !strings.Contains(lines, "is kept until: 1 Apr") {
				t.Errorf("%s: %s", c.text, lines)
			}
		}
	}
}

func TestWhyTellsOfAnswersThatCommandsBrought(t *testing.T) {
	for _, c := range []struct {
		says []string
		want string
	}{
		{[]string{"papers", "show more"}, "You wrote “show more”: of that I understood “papers”."},
		{[]string{"papers", "c:more"}, "You chose “papers”."},
		{[]string{"save news", "my"}, "You wrote “my”: of that I understood “news”."},
		{[]string{"news", "not that one"}, "You wrote “news”: that is “news”."},
	} {
		k, _, _ := newSavingTalk(t)
		past := remembered{}
		for _, text := range append(c.says, "why") {
			k.sayAndKeep(past, text)
		}
		if lines := strings.Join(k.last.Reply.Blocks[0].Lines, " "); !strings.HasPrefix(lines, c.want) {
			t.Errorf("%q: %s", c.says, lines)
		}
	}
}

// TestWhyThatWasOfferedIsAboutTheAnswerBefore has a reader word WHY so that it is offered alone.
func TestWhyThatWasOfferedIsAboutTheAnswerBefore(t *testing.T) {
	k, past := newTalk(t), remembered{}
	k.sayAndKeep(past, "quote wipro")
	if got := k.sayAndKeep(past, "hm how come that i did receive this message now"); !strings.Contains(got, "Do you mean “why did i receive this”?") {
		t.Fatal(got)
	}
	k.sayAndKeep(past, "yes")
	if lines := strings.Join(k.last.Reply.Blocks[0].Lines, " "); !strings.HasPrefix(lines, "You wrote “quote WIPRO”") {
		t.Error(lines)
	}
}

func TestForgetMeIsAskedOnceAndLeavesATombstone(t *testing.T) {
	for name, c := range map[string]struct {
		says []string
		gone bool
	}{
		"yes": {[]string{"FORGET ME", "yes"}, true}, "no": {[]string{"FORGET ME", "no"}, false}, "by taps": {[]string{"c:forget", "o:1:3"}, true},
		"a keyword in between": {[]string{"FORGET ME", "wipro", "yes"}, false}, "after STOP": {[]string{"STOP", "FORGET ME", "yes"}, true},
		"asked again": {[]string{"FORGET ME", "FORGET ME", "yes"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			k, past := newTalk(t), remembered{}
			k.sayAndKeep(past, "wipro")
			k.reader.Preferences = map[string]string{"city": "Lyon"}
			if name == "by taps" {
				c.says[1] = "o:1:2"
			}
			for _, text := range c.says {
				k.sayAndKeep(past, text)
			}
			if got := !k.reader.Leaves.IsZero(); got != c.gone || got != (len(k.reader.Preferences)+len(k.reader.Recent) == 0) {
				t.Errorf("%+v", k.reader)
			}
			if stopped := c.says[0] == "STOP"; stopped != (k.reader.State == who.Stopped) {
				t.Errorf("stopped: %+v", k.reader)
			}
		})
	}
}

// TestWhatIsSaidToAChangedConsentCountsLater says no to it after something else, and after
// another question, below which it is asked once more.
func TestWhatIsSaidToAChangedConsentCountsLater(t *testing.T) {
	t.Parallel()
	const again = "The text about what is kept of you has changed"
	for name, says := range map[string][]string{
		"after a command": {"menu", "no"}, "after an answer": {"wipro now", "no"}, "by its number": {"wipro now", "2"}, "by a tap": {"wipro now", "o:2:1"},
		"after another question": {"paris", "1", "no"},
	} {
		k := newTalk(t)
		k.channel = "asking"
		k.reader.Consent = who.Consent{Given: true, Text: "another", At: monday}
		if got := k.say("wipro"); !strings.Contains(got, again) {
			t.Fatal(got)
		}
		for _, text := range says {
			k.at = k.at.Add(time.Second)
			k.say(text)
		}
		if k.reader.Consent.Given || k.last.Reply.Consent != "refused" {
			t.Errorf("%s: %+v", name, k.reader.Consent)
		}
	}
}

// TestConsentIsAskedForAgainWhenItsTextChanges agrees to one text, and is answered under
// another.
func TestConsentIsAskedForAgainWhenItsTextChanges(t *testing.T) {
	const again = "The text about what is kept of you has changed: May we remember?"
	for says, want := range map[string]string{"yes": "given", "no": "refused", "o:1": "given", "o:0": "refused", "wipro": ""} {
		k := newTalk(t)
		k.channel = "asking"
		k.reader.Consent = who.Consent{Given: true, Text: "another", At: monday}
		if got := k.say("MENU"); strings.Contains(got, again) {
			t.Errorf("not below an answer: %s", got)
		}
		got := k.say("wipro")
		if !strings.Contains(got, again) || !strings.Contains(got, "[YES=") || !strings.Contains(got, "[NO=") {
			t.Fatal(got)
		}
		if strings.HasPrefix(says, "o:") {
			says += ":2"
		}
		if got := k.say(says); strings.Contains(got, again) {
			t.Errorf("asked twice: %s", got)
		}
		if k.last.Reply.Consent != want || k.reader.Consent.Given != (want != "refused") {
			t.Errorf("%s: %q, %+v", says, k.last.Reply.Consent, k.reader.Consent)
		}
		k.reader.Question = nil
		if got := k.say("wipro"); strings.Contains(got, again) {
			t.Errorf("after %s asked again: %s", says, got)
		}
	}
}
