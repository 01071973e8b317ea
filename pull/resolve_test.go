package pull_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/who"
	"keypull/pull/words"
)

// monday is a moment in the opening hours of the test publisher, as fine as clocks tell it.
var monday = time.Date(2026, 3, 2, 10, 0, 0, 123_456, time.UTC)

// exchange is a source with a vocabulary and one price.
type exchange struct {
	down bool
	// clock is that of the conversation; monday where nil.
	clock func() time.Time
}

func (e *exchange) now() time.Time {
	if e.clock == nil {
		return monday
	}
	return e.clock()
}

func (*exchange) TimeOfFact() bool { return true }

func (e *exchange) Key(q pull.Query) (string, error) {
	switch q.Argument {
	case "":
		return "", &pull.Error{Kind: pull.Invalid, Field: "argument", Hint: words.Verbatim("a symbol is missing")}
	case "WIPRO", "SAP":
		return q.Argument, nil
	}
	return "", &pull.Error{Kind: pull.Unknown, Field: "argument", Hint: words.Verbatim("no such symbol")}
}

func (e *exchange) Fetch(_ context.Context, key string, _ *pull.Snapshot) (pull.Snapshot, error) {
	if e.down {
		return pull.Snapshot{}, &pull.Error{Kind: pull.Unavailable, Hint: words.Verbatim("down")}
	}
	return pull.Snapshot{Fetched: e.now(), Requests: 1, Items: []what.Item{{
		ID: key, Title: key, Link: "https://example.org/" + key, AsOf: e.now().Add(-12 * time.Second),
		Facts: what.Facts{{Name: "price", Kind: what.Decimal, Text: "512.35"}},
	}}}, nil
}

func (e *exchange) Select(_ context.Context, s pull.Snapshot, q pull.Query) (pull.Selection, error) {
	return pull.Selection{Items: s.Items[:min(len(s.Items), q.Count)]}, nil
}

func (e *exchange) Terms(*pull.Snapshot) []what.Term {
	return []what.Term{{Value: "WIPRO", Names: []string{"Wipro Limited"}}, {Value: "SAP"}}
}

// publisher answers quotes, and has a tie, a template, hours and an embargo.
func publisher() catalogue.Publisher {
	tomorrow := monday.Add(24 * time.Hour)
	phrases := func(said ...string) map[string][]string {
		return map[string][]string{"en": said, "fr": said, "de": said}
	}
	return catalogue.Publisher{
		ID: "p", Name: "Paper", Languages: []string{"en", "fr", "de"}, TimeZone: "Europe/Paris",
		Keywords: []catalogue.Keyword{
			{ID: "quote", Source: "exchange", Phrases: map[string][]string{"en": {"quote"}, "fr": {"cours"}, "de": {"Kurs"}}, Argument: "optional", Bare: true, Stamp: "stale"},
			{ID: "wipro-now", Source: "exchange", Phrases: phrases("wipro now"), Query: "WIPRO", Stamp: "always"},
			{ID: "tpl", Source: "exchange", Phrases: phrases("template"), Query: "SAP", Template: catalogue.Localised{
				"": "{{ item.title }} {{ item.price }} ({{ stamp }}) {{ publisher.name }}", "fr": "Prix {{ item.facts.price }}"}},
			{ID: "city", Source: "exchange", Phrases: phrases("paris", "capital"), Query: "WIPRO", Tie: true, Stamp: "stale"},
			{ID: "club", Source: "exchange", Phrases: phrases("Paris", "psg"), Query: "SAP", Tie: true, Stamp: "stale"},
			{ID: "open", Source: "exchange", Phrases: phrases("floor"), Query: "SAP", Hours: []string{"mon-fri 09:15-10:30"}, Stamp: "stale"},
			{ID: "soon", Source: "exchange", Phrases: phrases("embargo"), Query: "SAP", From: &tomorrow},
			{ID: "must", Source: "exchange", Phrases: phrases("must"), Argument: "required"},
		},
	}
}

// talk is a conversation of one reader.
type talk struct {
	t        testing.TB
	resolver *pull.Resolver
	edition  *pull.Edition
	source   *exchange
	sourceID string
	reader   who.Reader
	passing  who.Passing
	channel  string
	language string
	at       time.Time
	asked    uint64
	last     pull.Resolved
	// heard, where set, is told that something was answered.
	heard func()
}

func newTalk(tb testing.TB) *talk {
	tb.Helper()
	k := &talk{t: tb, source: &exchange{}, sourceID: "exchange", channel: "web", at: monday, reader: who.Reader{First: monday.Add(-time.Hour)}}
	clock := func() time.Time { return k.at }
	k.source.clock = clock
	cache := pull.NewCache(nil, clock)
	tb.Cleanup(cache.Close)
	k.resolver = &pull.Resolver{Cache: cache, Clock: clock}
	var err error
	if k.edition, err = k.edit(publisher()); err != nil {
		tb.Fatal(err)
	}
	return k
}

// edit makes an edition of a publisher for the talk's source and channels.
func (k *talk) edit(p catalogue.Publisher) (*pull.Edition, error) {
	return pull.NewEdition(p, map[string]pull.Opened{k.sourceID: {Source: k.source}}, map[string]pull.Channel{
		"web": {}, "sms": {SMS: true}, "day": {Window: 24 * time.Hour}, "asking": {Consent: "May we remember?"}, "assistant": {Proxy: true, Data: true, Guests: true},
	}, map[string]*what.Vocabulary{k.sourceID: what.NewVocabulary(k.source.Terms(nil))}, nil)
}

// say sends words and returns the reply as plain lines; "" is silence.
func (k *talk) say(text string) string {
	k.t.Helper()
	return k.send(pull.Ask{Incoming: pull.Incoming{Text: text}})
}

func (k *talk) send(a pull.Ask) string {
	k.t.Helper()
	k.asked++
	a.ID, a.Channel, a.Publisher, a.At, a.Language = k.asked, k.channel, "p", k.at, k.language
	k.last = k.resolver.Resolve(k.t.Context(), pull.Request{Edition: k.edition, Ask: a, Reader: k.reader, Passing: k.passing})
	k.reader, k.passing = k.last.Reader, k.last.Passing
	if k.heard != nil {
		k.heard()
	}
	if k.last.Reply == nil {
		return ""
	}
	var lines []string
	for _, b := range k.last.Reply.Blocks {
		lines = append(lines, strings.TrimSpace(b.Text+b.URL))
	}
	for _, b := range k.last.Reply.Buttons {
		lines = append(lines, "["+b.Label+"="+b.Send+"]")
	}
	return strings.Join(lines, " | ")
}

func TestWordsBecomeAnswers(t *testing.T) {
	for _, c := range []struct {
		name, language, text, want string
		outcome                    journal.Outcome
	}{
		{"a phrase with its argument", "", "quote WIPRO", "WIPRO | https://example.org/WIPRO", journal.Answered},
		{"an entry of the vocabulary alone", "", "wipro", "WIPRO | https://example.org/WIPRO", journal.Answered},
		{"the company's name", "", "Wipro limited!", "WIPRO | https://example.org/WIPRO", journal.Answered},
		{"a stamp where the editor always wants one", "en", "wipro now", "WIPRO | https://example.org/WIPRO | as of 10:59, 12 s ago", journal.Answered},
		{"the stamp in German", "de", "wipro now", "WIPRO | https://example.org/WIPRO | Stand 10:59 Uhr, vor 12 s", journal.Answered},
		{"a template with the stamp in it", "", "template", "SAP 512.35 (as of 10:59, 12 s ago) Paper", journal.Answered},
		{"a template of the reader's language", "fr-CA", "template", "Prix 512.35 | état à 10:59, il y a 12 s", journal.Answered},
		{"an argument that nobody knows", "", "quote ACME", "There is no “ACME” in “quote”. For example: quote Wipro Limited | [Wipro Limited=o:0:.quote.V0lQUk8] | [MENU=c:menu]", journal.Refused},
		{"a required argument that is missing", "", "must", "Which one? For example: Wipro Limited and SAP | [must Wipro Limited=o:1:1.must.V0lQUk8] | [must SAP=o:2:1.must.U0FQ] | [MENU=c:menu]", journal.Refused},
		{"an optional one that the source needs", "fr", "cours", "Lequel ? Par exemple : Wipro Limited et SAP | [Wipro Limited=o:1:1.quote.V0lQUk8] | [SAP=o:2:1.quote.U0FQ] | [MENU=c:menu]", journal.Refused},
		{"a word that nobody knows", "", "zeppelin", "I don't know “zeppelin”. Send MENU to see what I answer. | [MENU=c:menu]", journal.Missed},
		{"a picture without words", "", " ", "Please send a word. MENU shows what I answer.", journal.Missed},
		{"an embargo", "", "embargo", "“embargo” answers from 3 Mar, 11:00 on. | [MENU=c:menu]", journal.Refused},
		{"a language, and none is named", "", "lang", "In which language? | [English=English] | [Français=Français] | [Deutsch=Deutsch]", journal.Ordered},
		{"help", "de", "hilfe", "Paper: Wort senden, Aktuelles bekommen. MENU zeigt die Wörter. STOP beendet. Nichts kommt ungefragt. Zum Beispiel: Wipro Limited | [MENU=c:menu]", journal.Ordered},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := newTalk(t)
			k.language = c.language
			if got := k.say(c.text); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if k.last.Trace.Outcome != c.outcome {
				t.Errorf("outcome %s, want %s", k.last.Trace.Outcome, c.outcome)
			}
		})
	}
}

func TestHoursAreThoseOfThePublisher(t *testing.T) {
	k := newTalk(t)
	k.at = time.Date(2026, 3, 2, 9, 20, 0, 0, time.UTC) // 10:20 in Paris
	if got := k.say("floor"); !strings.HasPrefix(got, "SAP") {
		t.Fatal(got)
	}
	k.at = k.at.Add(time.Hour)
	if got := k.say("floor"); got != "SAP | https://example.org/SAP | closed: as of 11:19, 12 s ago; opens again 3 Mar, 09:15" {
		t.Fatal(got)
	}
}

func TestStopIsConfirmedOnceAndASKAfterItIsToldTheWayBackOnceADay(t *testing.T) {
	k := newTalk(t)
	for _, step := range []struct {
		after time.Duration
		text  string
		want  string
	}{
		{0, "STOP", "Done: Paper sends you nothing more. START brings it back. | [START=c:start]"},
		{time.Minute, "stop", ""},
		{time.Minute, "wipro", "You said STOP to Paper. Send START to get answers again. | [START=c:start]"},
		{time.Hour, "wipro", ""},
		{24 * time.Hour, "wipro", "You said STOP to Paper. Send START to get answers again. | [START=c:start]"},
		{time.Minute, "help", "Paper: send a word, get what is current. MENU lists the words. STOP ends it. Nothing comes unasked. For example: Wipro Limited | [START=c:start]"},
		{time.Minute, "c:start", "This is Paper. Send a word and get what is current, right now. Nothing is sent unless you ask. MENU shows the words. For example: Wipro Limited | [MENU=c:menu]"},
		{time.Minute, "quote wipro", "WIPRO | https://example.org/WIPRO"},
	} {
		k.at = k.at.Add(step.after)
		if got := k.say(step.text); got != step.want {
			t.Fatalf("%s: got %q, want %q", step.text, got, step.want)
		}
	}
}

func TestADeepLinkBringsBackWhoSaidStop(t *testing.T) {
	k := newTalk(t)
	k.say("STOP")
	if got := k.send(pull.Ask{Incoming: pull.Incoming{Text: "wipro", Start: true}}); !strings.HasPrefix(got, "WIPRO") || k.reader.State != who.Active {
		t.Fatalf("%s, %q", got, k.reader.State)
	}
}

func TestAfterStopSMSIsSilentButForStartAndHelp(t *testing.T) {
	k := newTalk(t)
	k.channel = "sms"
	if got := k.say("cancel"); !strings.HasPrefix(got, "Done") {
		t.Fatal(got)
	}
	for range 3 {
		k.at = k.at.Add(48 * time.Hour)
		if got := k.say("wipro"); got != "" {
			t.Fatalf("said %q after STOP", got)
		}
	}
	if k.say("HELP") == "" || k.say("START") == "" || k.say("wipro") == "" {
		t.Fatal("HELP, START and what follows it are answered")
	}
}

func TestMenuReachesEveryKeyword(t *testing.T) {
	k := newTalk(t)
	got := k.say("MENU")
	for _, want := range []string{"[quote=k:quote]", "[must=k:must]"} {
		if !strings.Contains(got, want) {
			t.Fatalf("%s lacks %s", got, want)
		}
	}
	if got := k.send(pull.Ask{Incoming: pull.Incoming{Tap: "k:wipro-now", Text: "wipro now"}}); !strings.HasPrefix(got, "WIPRO") {
		t.Fatal(got)
	}
	if got := k.say("k:wipro-now"); !strings.HasPrefix(got, "WIPRO") {
		t.Fatalf("a payload as text: %s", got)
	}
}

func TestADeadSourceIsAHonestRefusal(t *testing.T) {
	k := newTalk(t)
	k.source.down = true
	if got := k.say("wipro"); got != "There is no answer for “quote WIPRO” right now: its source does not respond. Please ask again in a moment." {
		t.Fatal(got)
	}
	if k.last.Trace.Error == "" || k.last.Trace.When.Asked != pull.AskedFailed {
		t.Fatalf("%+v", k.last.Trace)
	}
}

func TestTheFirstAnswerIntroducesTheService(t *testing.T) {
	k := newTalk(t)
	k.reader = who.Reader{}
	if got := k.say("wipro"); !strings.HasSuffix(got, "You are asking Paper. Nothing is sent unless you ask. HELP, STOP.") {
		t.Fatal(got)
	}
	if got := k.say("wipro"); strings.Contains(got, "You are asking") {
		t.Fatalf("introduced twice: %s", got)
	}
	if k.reader.Recent[0].Keyword != "quote" || k.reader.Recent[0].Argument != "WIPRO" {
		t.Fatalf("%+v", k.reader.Recent)
	}
}

func TestWithoutConsentNothingIsKept(t *testing.T) {
	k := newTalk(t)
	k.channel, k.reader = "asking", who.Reader{}
	if got := k.say("wipro"); !strings.HasPrefix(got, "WIPRO") {
		t.Fatal(got)
	}
	if diff := cmp.Diff(who.Reader{Greeted: true}, k.reader); diff != "" {
		t.Fatal(diff)
	}
	k.send(pull.Ask{Incoming: pull.Incoming{Text: "wipro", Consent: "given"}})
	if !k.reader.Consent.Given || k.reader.Consent.Text == "" || len(k.reader.Recent) != 1 {
		t.Fatalf("%+v", k.reader)
	}
}

func TestTheLanguageHasAReason(t *testing.T) {
	for _, c := range []struct{ chosen, platform, text, language, from string }{
		{"", "", "quote wipro", "en", "phrase"},
		{"", "", "Kurs wipro", "de", "phrase"},
		{"", "fr-FR", "Kurs wipro", "de", "phrase"},
		{"", "fr-FR", "wipro", "fr", "platform"},
		{"de", "fr-FR", "quote wipro", "en", "phrase"},
		{"de", "fr-FR", "wipro", "de", "reader"},
		{"", "fr-FR", "Hilfe!", "de", "phrase"},
		{"", "fr-FR", "help", "fr", "platform"},
		{"", "fr-FR", "mir reicht es langsam mit diesen sms", "de", "message"}, // STOP, in words of its own
		{"", "pt", "zeppelin", "en", "publisher"},
	} {
		k := newTalk(t)
		k.reader.Language, k.language = c.chosen, c.platform
		k.say(c.text)
		if w := k.last.Trace.Who; w.Language != c.language || w.From != c.from {
			t.Errorf("%+v: got %s from %s", c, w.Language, w.From)
		}
	}
}
