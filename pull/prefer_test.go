package pull_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/what"
	"keypull/pull/who"
	"keypull/pull/words"
)

// local is a source that has something for each team of a reader's, and nothing without.
type local struct{}

func (local) Wants() []string { return []string{"city", "first_team", "team"} }

func (local) Key(q pull.Query) (string, error) {
	if q.Reader["city"] == "" || q.Reader["first_team"] == "" && q.Argument == "team" {
		return "", &pull.Error{Kind: pull.Invalid, Hint: words.Verbatim("it lacks something")}
	}
	return pull.PrivateKey(q.Reader["city"] + "/" + q.Reader["first_team"]), nil
}

func (local) Fetch(_ context.Context, key string, _ *pull.Snapshot) (pull.Snapshot, error) {
	return pull.Snapshot{Items: []what.Item{{ID: "x", Title: "For " + strings.TrimLeft(key, "~")}}, Fetched: time.Now()}, nil
}

func (local) Select(_ context.Context, s pull.Snapshot, _ pull.Query) (pull.Selection, error) {
	return pull.Selection{Items: s.Items}, nil
}

// newLocalTalk returns a talk with a keyword for places, and one of a source that wants to
// know where its reader is.
func newLocalTalk(t *testing.T) *talk {
	t.Helper()
	k := newTalk(t)
	p := placed("weather")
	p.Keywords = append(p.Keywords, catalogue.Keyword{ID: "local", Source: "local", Phrases: map[string][]string{"en": {"local"}}})
	var err error
	k.edition, err = pull.NewEdition(p, map[string]pull.Opened{"exchange": {Source: k.source}, "local": {Source: local{}}}, map[string]pull.Channel{
		"web": {}, "asking": {Consent: "May we remember?"},
	}, map[string]*what.Vocabulary{"exchange": what.NewVocabulary(k.source.Terms(nil))}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// A turn of a conversation: what the reader says or taps, and how the reply begins.
type turn struct{ said, tap, want string }

func (k *talk) hold(turns ...turn) {
	k.t.Helper()
	for _, turn := range turns {
		got := k.send(pull.Ask{Incoming: pull.Incoming{Text: turn.said, Tap: turn.tap}})
		if !strings.HasPrefix(got, turn.want) {
			k.t.Fatalf("%q%s got\n%s\nwant\n%s", turn.said, turn.tap, got, turn.want)
		}
	}
}

func TestReadersSayWhatIsToBeRemembered(t *testing.T) {
	for name, turns := range map[string][]turn{
		"words that name no place": {
			{said: "weather tomorrow", want: "Which one?"}, {said: "my city is SAP", want: "Remembered: your city: SAP. | SAP"},
			{said: "weather here", want: "SAP | https://example.org/SAP | For SAP, as remembered."}, {said: "weather for me", want: "SAP | https://example.org/SAP | For SAP"},
		},
		"a city, which fills what asks for a place": {
			{said: "my city is SAP", want: "Remembered: your city: SAP."}, {said: "weather", want: "SAP | https://example.org/SAP | For SAP, as remembered."},
			{said: "weather WIPRO", want: "WIPRO | https://example.org/WIPRO"}, {said: "forget my city", want: "Forgotten: your city."}, {said: "weather", want: "Which one?"},
		},
		"a city by a tap below the answer that asked for it": {
			{said: "weather", want: "Which one?"}, {said: "SAP", want: "SAP | https://example.org/SAP | [Remember SAP=m:city:SAP]"},
			{tap: "m:city:SAP", want: "Remembered: your city: SAP."}, {said: "weather", want: "SAP | https://example.org/SAP | For SAP"},
		},
		"a city where it was asked for, which is answered": {
			{said: "weather", want: "Which one?"}, {said: "my city is SAP", want: "Remembered: your city: SAP. | SAP | https://example.org/SAP"},
		},
		"where a reader tells to live, which is asked about": {
			{said: "i live in SAP", want: "Shall I remember your city: SAP? | [YES"}, {said: "weather", want: "Which one?"},
			{said: "i've just moved to SAP", want: "SAP | https://example.org/SAP | [Remember SAP=m:city:SAP]"},
			{said: "we live in SAP", want: "Shall I remember"}, {said: "no", want: "Fine, nothing is kept."},
			{said: "i now live in SAP", want: "Shall I remember"}, {said: "yes", want: "Remembered: your city: SAP."}, {said: "weather", want: "SAP | https://example.org/SAP | For SAP"},
			{said: "i live in hope", want: "I don't know"},
		},
		"a fact that a source can't do without": {
			{said: "local", want: "For that I need to know: your city? | [MENU"}, {said: "Graz", want: "For Graz/ | as of "},
			{said: "local", want: "For that I need to know: your city?"}, {said: "my city is Graz", want: "Remembered: your city: Graz. | For Graz/"}, {said: "local", want: "For Graz/"},
		},
		"a fact of a source by its own name": {
			{said: "my first team is Rapid", want: "Remembered: first team: Rapid."}, {said: "my city Graz", want: "Remembered: your city"}, {said: "local", want: "For Graz/Rapid"},
			{said: "forget my first team", want: "Forgotten: first team."}, {said: "local", want: "For Graz/"},
			{said: "my team is Rapid", want: "Remembered: team: Rapid."}, {said: "forget my team", want: "Forgotten: team."}, {said: "forget my data", want: "What is kept of you is erased if you want it."},
		},
		"a language": {
			{said: "language deutsch", want: "Ab jetzt antworte ich auf Deutsch."}, {said: "zeppelin", want: "„zeppelin“ kenne ich nicht"},
			{said: "speak english", want: "I answer in English from now on."}, {said: "mejor en francés", want: "Je réponds désormais en français."}, {said: "français", want: "Je réponds désormais en français."},
			{said: "langue klingonne", want: "En quelle langue ?"}, {said: "2", want: "Je réponds désormais en français."}, {said: "speak elvish please", want: "En quelle langue ?"}, {said: "speak of the devil", want: "Je ne connais pas"},
		},
		"a time zone": {{said: "my time zone is New York", want: "Remembered: your time zone: America/New_York, 05:00"}},
		"what is no fact of anybody's": {
			{said: "my order is late", want: "I don't know"}, {said: "my city is so beautiful", want: "I don't know"}, {said: "my name is Mia", want: "I don't know"},
		},
	} {
		t.Run(name, func(t *testing.T) { newLocalTalk(t).hold(turns...) })
	}
}

func TestWhatIsKeptNeedsConsentInTheSameBreath(t *testing.T) {
	k := newLocalTalk(t)
	k.channel = "asking"
	k.hold(turn{said: "my city is SAP", want: "For that I have to keep it. May we remember? Is that all right? YES or NO | [YES=o:1:1] | [NO=o:2:1]"},
		turn{said: "no", want: "Fine, nothing is kept."}, turn{said: "weather", want: "Which one?"})
	if len(k.reader.Preferences) > 0 || k.reader.Question != nil || !k.reader.Consent.Refused {
		t.Fatalf("after a no %+v is kept", k.reader)
	}
	k.hold(turn{said: "my city is SAP", want: "For that I have to keep it."}, turn{said: "yes", want: "Remembered: your city: SAP."}, turn{said: "weather", want: "SAP"})
	if !k.reader.Consent.Given || k.reader.Consent.Text == "" || !k.reader.Consent.At.Equal(k.at) {
		t.Errorf("the consent is %+v", k.reader.Consent)
	}
}

// TestWhatWasAskedForGoesOnWithConsent: the fact is kept, and what asked for it is answered.
func TestWhatWasAskedForGoesOnWithConsent(t *testing.T) {
	k := newLocalTalk(t)
	k.channel = "asking"
	k.hold(turn{said: "local", want: "For that I need to know: your city?"}, turn{said: "my city is Graz", want: "For that I have to keep it."},
		turn{said: "yes", want: "Remembered: your city: Graz. | For Graz/"})
	if !k.reader.Consent.Given || k.reader.Preferences["city"] != "Graz" {
		t.Errorf("%+v is kept", k.reader)
	}
}

func TestTheQuestionForConsentTrapsNobody(t *testing.T) {
	k := newLocalTalk(t)
	k.channel = "asking"
	k.hold(turn{said: "my city is SAP", want: "For that I have to keep it."}, turn{said: "wipro now", want: "WIPRO"}, turn{said: "my city is WIPRO", want: "For that I have to keep it."},
		turn{tap: "o:1:1", want: "That question is over"})
	if k.reader.Consent.Given {
		t.Error("an old button gave consent to something else")
	}
	k.at = k.at.Add(11 * time.Minute)
	if k.say("yes"); k.reader.Consent.Given {
		t.Error("a yes to no question gave consent")
	}
}

func TestPreferencesEndAfterAYearUnused(t *testing.T) {
	k := newLocalTalk(t)
	k.hold(turn{said: "my city is SAP", want: "Remembered"})
	k.at = k.at.Add(300 * 24 * time.Hour)
	k.hold(turn{said: "weather", want: "SAP"})
	k.at = k.at.Add(300 * 24 * time.Hour)
	if used := k.reader.Known(k.at); used.Preferences[who.City] != "SAP" {
		t.Error("a city that was used is gone")
	}
	if unused := k.reader.Known(k.at.Add(70 * 24 * time.Hour)); len(unused.Preferences)+len(unused.Heeded) > 0 {
		t.Errorf("%+v is kept after a year", unused.Preferences)
	}
}

func TestAReaderHasRoomForSomePreferences(t *testing.T) {
	r, full := who.Reader{}, false
	for i := range who.MaxPreferences + 1 {
		r, full = r.Prefer(strings.Repeat("x", i+1), "y", monday)
	}
	if !full || len(r.Preferences) != who.MaxPreferences {
		t.Errorf("%d preferences, full: %v", len(r.Preferences), full)
	}
	if r, full = r.Prefer("x", "z", monday); full || r.Preferences["x"] != "z" || !slices.Contains([]int{who.MaxPreferences}, len(r.Heeded)) {
		t.Error("one that is there can't be changed")
	}
}

// single is a source of one item.
type single struct{ item what.Item }

func (single) Key(pull.Query) (string, error) { return "all", nil }

func (s single) Fetch(context.Context, string, *pull.Snapshot) (pull.Snapshot, error) {
	return pull.Snapshot{Items: []what.Item{s.item}, Fetched: time.Now()}, nil
}

func (single) Select(_ context.Context, s pull.Snapshot, _ pull.Query) (pull.Selection, error) {
	return pull.Selection{Items: s.Items}, nil
}

func TestAnswersAreAsLongAsTheReaderWants(t *testing.T) {
	body := "The first sentence tells what happened. " + strings.Repeat("Another one tells more of it. ", 20)
	item := what.Item{ID: "x", Title: "The bridge is open", Summary: body, Body: body + "And the end.", Link: "https://example.org/x"}
	for length, want := range map[string]string{
		"":        body,
		who.Short: "The first sentence tells what happened. Another one tells more of it.",
		who.Long:  "And the end.",
	} {
		k := newTalk(t)
		e, err := pull.NewEdition(catalogue.Publisher{ID: "p", Name: "P", Languages: []string{"en"}, TimeZone: "UTC", Keywords: []catalogue.Keyword{
			{ID: "news", Source: "s", Phrases: map[string][]string{"en": {"news"}}, Stamp: "never", Reply: []catalogue.Part{{Show: "title"}, {Show: "summary"}, {Show: "link"}}},
		}}, map[string]pull.Opened{"s": {Source: single{item}}}, map[string]pull.Channel{"web": {}}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		k.edition = e
		k.reader, _ = k.reader.Prefer(who.Length, length, monday)
		said := k.say("news")
		if !strings.Contains(said, strings.TrimSpace(want)) || (length == who.Short) == (len(said) > 400) {
			t.Errorf("%q: %s", length, said)
		}
		if !strings.Contains(said, item.Link) {
			t.Errorf("%q has no link: %s", length, said)
		}
	}
}

// TestWhatNeedsConsentGoesOnWithTheAnswer says yes and no to what was wanted, in the ways that
// questions are answered.
func TestWhatNeedsConsentGoesOnWithTheAnswer(t *testing.T) {
	t.Parallel()
	const asks, saved, nothing, city = "For that I have to keep it.", "Saved: wipro now.", "Fine, nothing is kept.", "Remembered: your city: SAP."
	for name, c := range map[string]struct {
		turns []turn
		given bool
	}{
		"save after an answer":      {[]turn{{said: "wipro now", want: "WIPRO"}, {said: "save", want: asks}, {said: "yes", want: saved}}, true},
		"and no":                    {[]turn{{said: "wipro now", want: "WIPRO"}, {said: "save", want: asks}, {said: "no", want: nothing}}, false},
		"what was answered between": {[]turn{{said: "wipro now", want: "WIPRO"}, {said: "save", want: asks}, {said: "template", want: "SAP"}, {said: "yes", want: saved}}, true},
		"by the number of yes":      {[]turn{{said: "my city is SAP", want: asks}, {said: "1", want: city}}, true},
		"by that of no":             {[]turn{{said: "my city is SAP", want: asks}, {said: "2", want: nothing}}, false},
		"by a tap on no":            {[]turn{{said: "my city is SAP", want: asks}, {tap: "o:2:1", want: nothing}}, false},
		"after another message":     {[]turn{{said: "my city is SAP", want: asks}, {said: "wipro now", want: "WIPRO"}, {tap: "o:1:1", want: city}}, true},
		"by a button":               {[]turn{{tap: "m:city:SAP", want: asks}, {said: "yes", want: city}}, true},
		"what was asked back":       {[]turn{{said: "weather", want: "Which one?"}, {said: "SAP", want: "SAP | https://example.org/SAP"}}, false},
		"and is remembered":         {[]turn{{said: "weather", want: "Which one?"}, {said: "my city is SAP", want: asks}, {said: "yes", want: city + " | SAP |"}}, true},
		"or once":                   {[]turn{{said: "weather", want: "Which one?"}, {said: "my city is SAP", want: asks}, {said: "no", want: "SAP | https://example.org/SAP"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			k := newLocalTalk(t)
			k.channel = "asking"
			k.hold(c.turns...)
			if k.reader.Consent.Given != c.given {
				t.Errorf("%+v", k.reader.Consent)
			}
			if kept := len(k.reader.Recent)+len(k.reader.Preferences)+len(k.reader.Saved) > 0; kept != c.given || !c.given && k.reader.Question != nil {
				t.Errorf("%+v is kept", k.reader)
			}
		})
	}
}

// TestWhyNamesWhatWasRemembered asks how an answer came about that a city went into which the
// reader had told.
func TestWhyNamesWhatWasRemembered(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ said, want string }{
		{"weather", "You had me remember: your city SAP."}, {"local", "You had me remember: your city SAP."},
		{"weather WIPRO", ""}, {"wipro now", ""},
	} {
		k, past := newLocalTalk(t), remembered{}
		k.sayAndKeep(past, "my city is SAP")
		k.sayAndKeep(past, c.said)
		got := k.sayAndKeep(past, "why")
		if lines := strings.Join(k.last.Reply.Blocks[0].Lines, " "); !strings.Contains(lines, c.want) || c.want == "" && strings.Contains(lines, "remember") {
			t.Errorf("%s: %s %s", c.said, got, lines)
		}
	}
}

// TestMydataTellsWhatWasAskedInVain, as long as that is written down.
func TestMydataTellsWhatWasAskedInVain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		said []string
		want string
	}{
		"a miss":             {[]string{"zeppelin"}, "Asked last and not answered: zeppelin"},
		"one that is nearly": {[]string{"wiprp"}, "Asked last and not answered: wiprp"},
		"what was answered":  {[]string{"zeppelin", "wipro now"}, ""},
	} {
		k, past := newLocalTalk(t), remembered{}
		for _, said := range c.said {
			k.sayAndKeep(past, said)
		}
		k.sayAndKeep(past, "mydata")
		lines := strings.Join(k.last.Reply.Blocks[1].Lines, " | ")
		if !strings.Contains(lines, c.want) || c.want == "" && strings.Contains(lines, "not answered") {
			t.Errorf("%s: %s", name, lines)
		}
	}
}
