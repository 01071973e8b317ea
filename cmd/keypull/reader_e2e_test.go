package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"keypull/cmd/keypull/cli"
	"keypull/pull"
	"keypull/store"
	"keypull/web/console"
)

// The reader of these tests, as a web chat knows one.
const askingSession = "session-of-somebody-who-asks"

// askedHouse returns a publisher that somebody has asked.
func askedHouse(t *testing.T) *service {
	t.Helper()
	s := serveConsole(t)
	s.t = t
	c := s.admin()
	c.outlet("lecker")
	c.add("lecker", "source", textDoc("hours", "Open from 9 to 17."))
	c.add("lecker", "keyword", wordDoc("hours", "hours"))
	s.log.keepOut(askingSession)
	for _, text := range []string{"hours", "gazpacho"} {
		s.says(askingSession, text)
	}
	s.says("session-of-another", "hours")
	s.settled()
	return s
}

// says has a reader of the web chat write something.
func (s *service) says(session, text string) string { return s.saysOn("web", session, text) }

func (s *service) saysOn(channel, session, text string) string {
	s.t.Helper()
	s.knownReader(channel, session)
	got := request(s.t, http.MethodPost, s.URL+"/chat/lecker/"+channel+"/messages", asJSON(s.t, object{"text": text, "session": session}), jsonHeader)
	if got.status != http.StatusOK {
		s.t.Fatalf("%s was answered %d %s", text, got.status, got.body)
	}
	return got.body
}

const rightsOf = " --publisher lecker --channel web --id "

func TestAnOwnerCarriesOutReadersRightsWithAServerAndWithout(t *testing.T) {
	for _, running := range []bool{true, false} {
		t.Run(map[bool]string{true: "beside a server", false: "without a server"}[running], func(t *testing.T) {
			s := askedHouse(t)
			if !running {
				s.stop()
			}
			s.showsAndExports(t)
			for _, l := range []commandLine{
				{"nobody", "reader show" + rightsOf + "session-of-nobody", cli.Findings, "", "Nothing is held"},
				{"what is no session", "reader export" + rightsOf + "+49_170_1234567", cli.Findings, "", "Nothing is held"},
				{"no id", "reader forget --publisher lecker --channel web", cli.Usage, "", "more options: --id;"},
				{"without a yes", "reader forget" + rightsOf + askingSession, cli.Findings, "", "nothing was erased"},
				{"still there", "reader show" + rightsOf + askingSession, cli.Done, "pulled +hours, ", ""},
				{"with a yes", "reader forget --yes" + rightsOf + askingSession, cli.Done, "forgotten", ""},
				{"gone", "reader show" + rightsOf + askingSession, cli.Findings, "", "Nothing is held"},
				{"twice", "reader forget --yes" + rightsOf + askingSession, cli.Findings, "", "Nothing is held"},
				{"another", "reader show" + rightsOf + "session-of-another", cli.Done, "records +1, since", ""},
			} {
				s.runs(t, []commandLine{l})
			}
			s.serving(running, func() { s.afterForgetting(t) })
		})
	}
}

func (s *service) showsAndExports(t *testing.T) {
	t.Helper()
	var shown console.ReaderShown
	if err := json.Unmarshal([]byte(s.printed(t, "reader show --json"+rightsOf+askingSession)), &shown); err != nil {
		t.Fatal(err)
	}
	if h := shown.Held; len(h.Recent) != 1 || h.State != "active" || h.Address != askingSession || h.First.IsZero() || shown.Records != 2 || shown.Since.IsZero() {
		t.Errorf("shown: %+v", shown)
	}
	var all console.ReaderExport
	if err := json.Unmarshal([]byte(s.printed(t, "reader export"+rightsOf+askingSession)), &all); err != nil {
		t.Fatal(err)
	}
	if len(all.Records) != 2 || all.Records[0].Reply == nil || all.Records[1].Trace.What.Unknown != "gazpacho" || all.Records[0].Fate != "handed" {
		t.Errorf("exported: %+v", all)
	}
}

// afterForgetting looks at what is left: counts, the audit log, and nothing of
// the reader.
func (s *service) afterForgetting(t *testing.T) {
	t.Helper()
	if d := s.demandOf("lecker").Demand; d.Asks != 3 || d.Missed != 1 || len(d.Unmet) != 1 {
		t.Errorf("counts: %+v", d)
	}
	acts := s.admin().acts()
	forgotten := 0
	for _, a := range acts {
		if strings.Contains(asJSON(t, a), askingSession) {
			t.Errorf("the audit log names the reader: %v", a)
		}
		if textOf(a, "operation") == "reader.forget" && textOf(a, "outcome") == "done" {
			forgotten++
			if !strings.HasPrefix(textOf(a, "target"), "reader ") || len(textOf(a, "target")) < 20 {
				t.Errorf("the act is %v", a)
			}
		}
	}
	if forgotten != 1 {
		t.Errorf("%d erasures in %v", forgotten, acts)
	}
	if got := s.says(askingSession, "hours"); !strings.Contains(got, "Open from 9 to 17.") {
		t.Errorf("who comes back is answered %s", got)
	}
}

func TestForgettingAsksFirst(t *testing.T) {
	s := askedHouse(t)
	root := newRoot()
	var out, asked bytes.Buffer
	root.SetIn(strings.NewReader("yes\n"))
	root.SetOut(&out)
	root.SetErr(&asked)
	root.SetArgs([]string{"reader", "forget", "-c", s.path, "--publisher", "lecker", "--channel", "web", "--id", " " + askingSession + "\n"})
	if err := root.ExecuteContext(t.Context()); err != nil || !strings.Contains(asked.String(), "can't be undone") || !strings.Contains(out.String(), "forgotten") {
		t.Fatalf("%v, %q, %q", err, asked.String(), out.String())
	}
}

func TestAReadersRightsAreCarriedOutByTheAPI(t *testing.T) {
	s := askedHouse(t)
	owner := s.program("lecker", "owner")
	const at = "/publishers/lecker/channels/web/readers/" + askingSession
	s.program("lecker", "editor").want(http.StatusForbidden, http.MethodGet, at, nil)
	shown := owner.get(at)
	if tableOf(shown.object, "held")["address"] != askingSession {
		t.Errorf("shown: %s", shown.body)
	}
	if all := owner.get(at + "/export"); len(all.entries("records")) != 2 {
		t.Errorf("exported: %s", all.body)
	}
	owner.want(http.StatusNoContent, http.MethodDelete, at, nil)
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		if got := owner.want(http.StatusNotFound, method, at, nil); strings.Contains(got.body, askingSession) {
			t.Errorf("the refusal repeats the id: %s", got.body)
		}
	}
	owner.want(http.StatusNotFound, http.MethodGet, "/publishers/lecker/channels/nowhere/readers/4711", nil)
	owner.want(http.StatusUnprocessableEntity, http.MethodGet, "/publishers/lecker/channels/web/readers/"+strings.Repeat("x", 201), nil)
}

func TestWhoIsForgottenAfterStopIsLeftAloneAcrossARestart(t *testing.T) {
	s := askedHouse(t)
	s.says(askingSession, "stop")
	s.settled()
	s.printed(t, "reader forget --yes"+rightsOf+askingSession)
	s.restart()
	if got := s.says(askingSession, "hours"); strings.Contains(got, "Open from 9 to 17.") {
		t.Errorf("who said STOP was answered %s", got)
	}
	s.says(askingSession, "start")
	if got := s.says(askingSession, "hours"); !strings.Contains(got, "Open from 9 to 17.") {
		t.Errorf("who came back was answered %s", got)
	}
}

func TestNothingOfAForgottenReaderIsInTheFilesOfKeys(t *testing.T) {
	s := askedHouse(t)
	key := s.readerKey("lecker", "web", askingSession)
	pair, err := s.store.Get(t.Context(), "reader."+string(key))
	if err != nil {
		t.Fatal(err)
	}
	place := fmt.Sprintf("%s/%d", pair.Key, pair.Revision)
	if _, _, err := s.ring.OpenReader(place, pair.Value); err != nil {
		t.Fatal(err)
	}
	s.printed(t, "reader forget --yes"+rightsOf+askingSession)
	if _, _, err := s.ring.OpenReader(place, pair.Value); err == nil {
		t.Error("an old copy of the document can still be read")
	}
}

func TestAsksThatAServerLeftAreExportedAndGoWithTheirReader(t *testing.T) {
	s := askedHouse(t)
	s.stop()
	h, err := openInstallation(t.Context(), s.config, s.logger, true)
	if err != nil {
		t.Fatal(err)
	}
	left := pull.Ask{
		Publisher: "lecker", Channel: "web", Reader: h.readerKey("lecker", "web", askingSession), At: s.clock.Now(),
		Incoming: pull.Incoming{ID: "left", Address: askingSession, Text: "hours"},
	}
	if _, err := store.NewInbox(h.ledger).Accept(t.Context(), []pull.Entry{{Ask: left}}); err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	var all console.ReaderExport
	if err := json.Unmarshal([]byte(s.printed(t, "reader export"+rightsOf+askingSession)), &all); err != nil || len(all.Waiting) != 1 || all.Waiting[0].Text != "hours" {
		t.Fatalf("%+v, %v", all.Waiting, err)
	}
	s.printed(t, "reader forget --yes"+rightsOf+askingSession)
	s.start()
	s.settled()
	if code, _, stderr := s.run("reader show" + rightsOf + askingSession); code != cli.Findings {
		t.Errorf("what a server had left brought the reader back: %d, %s", code, stderr)
	}
}

// TestAReaderIsErasedByTheirOwnWord says FORGET ME in the web chat: asked once, done,
// confirmed in the same breath, and nothing is left but counts.
func TestAReaderIsErasedByTheirOwnWord(t *testing.T) {
	s := askedHouse(t)
	key := s.readerKey("lecker", "web", askingSession)
	if got := s.says(askingSession, "forget me"); !strings.Contains(got, "can't be undone") {
		t.Fatal(got)
	}
	if got := s.says(askingSession, "no"); !strings.Contains(got, "stays as it is") {
		t.Fatal(got)
	}
	if code, _, stderr := s.run("reader show" + rightsOf + askingSession); code != cli.Done {
		t.Fatalf("no is not heard: %d %s", code, stderr)
	}
	s.says(askingSession, "FORGET ME")
	pair, err := s.store.Get(t.Context(), "reader."+string(key))
	if err != nil {
		t.Fatal(err)
	}
	if got := s.says(askingSession, "yes"); !strings.Contains(got, "has erased all") {
		t.Fatal(got)
	}
	s.settled()
	if _, _, err := s.ring.OpenReader(fmt.Sprintf("%s/%d", pair.Key, pair.Revision), pair.Value); err == nil {
		t.Error("an old copy of the document can still be read")
	}
	s.runs(t, []commandLine{
		{"gone", "reader show" + rightsOf + askingSession, cli.Findings, "", "Nothing is held"},
		{"another", "reader show" + rightsOf + "session-of-another", cli.Done, "records +1, since", ""},
	})
	if d := s.demandOf("lecker").Demand; d.Wanted != 3 || d.Missed != 1 || d.Commands != 4 {
		t.Errorf("counts: %+v", d)
	}
	if got := s.says(askingSession, "why"); !strings.Contains(got, "Nothing is kept of your last answer") {
		t.Error(got)
	}
	s.restart()
	if got := s.says(askingSession, "hours"); !strings.Contains(got, "Open from 9 to 17.") {
		t.Errorf("who comes back is answered %s", got)
	}
}

// TestAReaderIsToldWhy asks WHY after answers of several kinds.
func TestAReaderIsToldWhy(t *testing.T) {
	s := askedHouse(t)
	for _, c := range []struct{ text, want string }{
		{"hours", "that is “hours”"},
		{"hourss", "You wrote “hourss”"},
		{"gazpacho", "You wrote “gazpacho”: I know no answer"},
	} {
		s.says(askingSession, c.text)
		for range 2 {
			if got := s.says(askingSession, "why"); !strings.Contains(got, c.want) || !strings.Contains(got, "is kept until") {
				t.Errorf("after %q: %s", c.text, got)
			}
		}
	}
	if got := s.says("session-of-another", "why"); strings.Contains(got, "gazpacho") {
		t.Errorf("another reader is told %s", got)
	}
}

// TestAReaderSeesAllThatIsHeld asks MYDATA: a text in plain words, and a file that can be
// fetched once, with nothing of others.
func TestAReaderSeesAllThatIsHeld(t *testing.T) {
	s := askedHouse(t)
	told := s.says(askingSession, "mydata")
	for _, want := range []string{"keeps this of you", "Asked lately: hours", "Your code here: ", "Your asks with their answers", "FORGET ME"} {
		if !strings.Contains(told, want) {
			t.Errorf("%q is missing in %s", want, told)
		}
	}
	fetch := func(text, agent string) posted {
		at := s.URL + regexp.MustCompile(`/mydata\?t=[\w-]+`).FindString(text)
		return request(t, http.MethodGet, at, "", map[string]string{"User-Agent": agent})
	}
	if got := fetch(told, "TelegramBot (like TwitterBot)"); got.status != http.StatusNoContent || got.body != "" {
		t.Errorf("who looks ahead gets %d %s", got.status, got.body)
	}
	got := fetch(told, "")
	var all console.ReaderExport
	if err := json.Unmarshal([]byte(got.body), &all); err != nil || len(all.Records) != 3 || all.Held.Recent[0].Keyword != "hours" {
		t.Fatalf("%d, %v: %s", got.status, err, got.body)
	}
	if strings.Contains(got.body, "session-of-another") {
		t.Error("the file tells of another")
	}
	for range 2 {
		if got := fetch(told, ""); got.status != http.StatusNotFound {
			t.Errorf("the second time it is %d %s", got.status, got.body)
		}
	}
	late := s.says(askingSession, "mydata")
	s.clock.advance(16 * time.Minute)
	if got := fetch(late, ""); got.status != http.StatusNotFound {
		t.Errorf("after 16 minutes it is %d", got.status)
	}
	code := regexp.MustCompile(`Your code here: ([0-9A-Z]{5}-[0-9A-Z]{5})`).FindStringSubmatch(told)
	if code == nil {
		t.Fatal(told)
	}
	for name, id := range map[string]string{
		"by the code": code[1], "by the code in small letters": strings.ToLower(strings.ReplaceAll(code[1], "-", "")),
		"by the code of before": strings.TrimPrefix(string(s.readerKey("lecker", "web", askingSession)), "lecker."),
	} {
		s.runs(t, []commandLine{{name, "reader show" + rightsOf + id, cli.Done, "pulled +hours, ", ""}})
	}
	if shown := s.program("lecker", "owner").get("/publishers/lecker/channels/web/readers/" + code[1]); shown.object["code"] != code[1] {
		t.Errorf("by the API: %s", shown.body)
	}
}

// TestWhatIsKeptGoesAlongToAnotherChannel saves a word in one web chat, and takes it over
// in another by the code that MYDATA tells.
func TestWhatIsKeptGoesAlongToAnotherChannel(t *testing.T) {
	s := askedHouse(t)
	const there = "session-in-the-other-chat"
	codes := regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}`)
	s.says(askingSession, "save hours")
	if told := s.says(askingSession, "mydata"); codes.MatchString(told) {
		t.Errorf("with one channel alone a code is told: %s", told)
	}
	s.admin().add("lecker", "channel", object{"id": "other", "kind": "webchat"})
	code := codes.FindString(s.says(askingSession, "mydata"))
	if got := s.says(askingSession, code); !strings.Contains(got, "for another channel") {
		t.Errorf("where it comes from: %s", got)
	}
	if got := s.saysOn("other", there, code); !strings.Contains(got, "Saved: hours") || !strings.Contains(got, "taken over here") {
		t.Fatal(got)
	}
	if got := s.saysOn("other", there, "yes"); !strings.Contains(got, "kept here now") {
		t.Fatal(got)
	}
	if got := s.saysOn("other", there, "my"); !strings.Contains(got, "Open from 9 to 17.") {
		t.Errorf("the saved word is not there: %s", got)
	}
	if got := s.saysOn("other", "session-of-a-third", code); !strings.Contains(got, "not good") {
		t.Errorf("a second time: %s", got)
	}
	code = codes.FindString(s.says(askingSession, "mydata"))
	s.says(askingSession, "forget me")
	s.says(askingSession, "yes")
	s.settled()
	if got := s.saysOn("other", there, code); !strings.Contains(got, "not good") {
		t.Errorf("of who is forgotten: %s", got)
	}
}

// TestATraceShowsHowAnAskWasAnsweredAndNotWhoAsked looks at single asks, with a server and
// without.
func TestATraceShowsHowAnAskWasAnsweredAndNotWhoAsked(t *testing.T) {
	s := askedHouse(t)
	var all console.ReaderExport
	if err := json.Unmarshal([]byte(s.printed(t, "reader export"+rightsOf+askingSession)), &all); err != nil {
		t.Fatal(err)
	}
	ask := fmt.Sprint(all.Records[1].Trace.Ask)
	for _, running := range []bool{true, false} {
		if !running {
			s.stop()
		}
		printed := s.printed(t, "trace "+ask+" --json")
		var shown console.TraceShown
		if err := json.Unmarshal([]byte(printed), &shown); err != nil || shown.Outcome != "missed" || shown.Sent.Fate != "handed" || shown.Publisher != "lecker" {
			t.Fatalf("%v: %s", err, printed)
		}
		if shown.What.Unknown+shown.What.Core != "" || strings.Contains(printed, "gazpacho") || strings.Contains(printed, askingSession) {
			t.Errorf("the trace tells the reader, or the words: %s", printed)
		}
		s.runs(t, []commandLine{
			{"in words", "trace " + ask, cli.Done, "lecker web", ""},
			{"no such ask", "trace 17 --json", cli.Findings, "", "Nothing is kept"},
			{"no number", "trace x", cli.Findings, "", "Nothing is kept"},
			{"none", "trace", cli.Usage, "", ""},
		})
	}
}

// TestAnAskOfBeforeIsAnsweredOnceMore replays an answer: it comes again, until what is told has
// changed or the keyword is gone.
func TestAnAskOfBeforeIsAnsweredOnceMore(t *testing.T) {
	s := askedHouse(t)
	s.says(askingSession, "mydata")
	s.settled()
	var all console.ReaderExport
	if err := json.Unmarshal([]byte(s.printed(t, "reader export"+rightsOf+askingSession)), &all); err != nil {
		t.Fatal(err)
	}
	replay := func(record int) (r console.TraceReplay) {
		t.Helper()
		if err := json.Unmarshal([]byte(s.printed(t, fmt.Sprintf("trace %d --replay --json", all.Records[record].Trace.Ask))), &r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := replay(0); !r.Same || r.Why != "" || !strings.Contains(r.Recorded, "Open from 9 to 17.") || !r.Then.Equal(r.Now) {
		t.Errorf("at once: %+v", r)
	}
	for record := 1; record <= 2; record++ {
		if r := replay(record); r.Same || r.Why != console.ReplayOwn {
			t.Errorf("what is no keyword: %+v", r)
		}
	}
	ask := fmt.Sprint(all.Records[0].Trace.Ask)
	s.runs(t, []commandLine{{"in words", "trace --replay " + ask, cli.Done, `^The recorded reply comes again\.

Open from 9 to 17\.
`, ""}})
	s.program("lecker", "editor").want(http.StatusForbidden, http.MethodGet, "/publishers/lecker/traces/"+ask+"/replay", nil)
	c := s.admin()
	c.put("/publishers/lecker/sources/hours", "source", func(doc object) { doc["settings"] = textDoc("hours", "Open from 10 to 18.")["settings"] })
	if r := replay(0); r.Same || r.Why != console.ReplayFacts && r.Why != console.ReplayWords || !strings.Contains(r.Replayed, "Open from 10 to 18.") {
		t.Errorf("after a change: %+v", r)
	}
	s.runs(t, []commandLine{{"what differs", "trace --replay " + ask, cli.Done, `
- Open from 9 to 17\.
\+ Open from 10 to 18\.
`, ""}})
	c.want(http.StatusNoContent, http.MethodDelete, "/publishers/lecker/keywords/hours", nil, "If-Match", c.get("/publishers/lecker/keywords/hours").header.Get("Etag"))
	if r := replay(0); r.Same || r.Why != console.ReplayGone {
		t.Errorf("without the keyword: %+v", r)
	}
}

// TestAChannelOfAnyKindMayAskForConsent keeps nothing of who has not agreed to the channel's
// own text.
func TestAChannelOfAnyKindMayAskForConsent(t *testing.T) {
	s := askedHouse(t)
	s.admin().add("lecker", "channel", object{"id": "shy", "kind": "webchat", "consent": "May we remember?"})
	s.saysOn("shy", askingSession, "hours")
	s.settled()
	shown := s.printed(t, "reader show --json --publisher lecker --channel shy --id "+askingSession)
	var held console.ReaderShown
	if err := json.Unmarshal([]byte(shown), &held); err != nil || len(held.Held.Recent) > 0 || !held.Held.First.IsZero() || held.Held.Address != "" {
		t.Errorf("%v: %s", err, shown)
	}
}
