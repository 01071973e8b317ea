package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"keypull/cmd/keypull/cli"
	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/pull/words"
	"keypull/web/console"
)

// dies makes dead letters of a reader of the web chat of lecker.
func (s *service) dies(session string, asks ...uint64) {
	s.t.Helper()
	s.diesOf("lecker", "web", session, asks...)
}

func (s *service) diesOf(publisher, channel, reader string, asks ...uint64) {
	s.t.Helper()
	at := s.clock.Now()
	for _, id := range asks {
		a := pull.Ask{ID: id, Publisher: publisher, Channel: channel, Reader: s.readerKey(publisher, channel, reader), At: at, Incoming: pull.Incoming{Address: reader, Text: "tiramisu"}}
		if err := s.ledger.Bury(s.t.Context(), pipeline.Finish{Ask: a, Fate: pipeline.Dead, Why: words.Verbatim("The platform was away.")}); err != nil {
			s.t.Fatal(err)
		}
	}
}

// letters returns what "channel dead" prints.
func (s *service) letters(t *testing.T, more string) (all []publishedLetter) {
	t.Helper()
	for line := range strings.Lines(s.printed(t, "channel dead --json"+more)) {
		var l publishedLetter
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		all = append(all, l)
	}
	return all
}

func TestDeadLettersAreListedAndSentAgainWithAServerAndWithout(t *testing.T) {
	for _, running := range []bool{true, false} {
		t.Run(map[bool]string{true: "beside a server", false: "without a server"}[running], func(t *testing.T) {
			s := askedHouse(t)
			// The first ask of this reader has a record, by which the answer is told.
			first := s.lastOf(askingSession)
			s.dies(askingSession, first, 9001, 9002)
			s.dies("session-of-another", 9003)
			var handed []uint64
			if running {
				s.resend = func(_ context.Context, publisher string, ask uint64) error {
					handed = append(handed, ask)
					return nil
				}
			} else {
				s.stop()
			}
			all := s.letters(t, "")
			if len(all) != 4 || all[0].Ask != first || all[0].Publisher != "lecker" || all[0].Channel != "web" || all[0].Why != "The platform was away." ||
				!strings.Contains(all[0].Text, "Open from 9 to 17.") || all[0].Reader == "" || all[0].Since.IsZero() || all[1].Text != "" {
				t.Fatalf("listed: %+v", all)
			}
			s.runs(t, []commandLine{{"of another channel", "channel dead --publisher lecker --channel tg", cli.Findings, "", "known are web"}})
			s.runs(t, []commandLine{
				{"in words", "channel dead", cli.Done, `9001  lecker/web  lecker\.`, ""},
				{"one", "channel resend 9001", cli.Done, "9001 is queued", ""},
				{"one again", "channel resend --publisher lecker 9001", cli.Done, "9001 is queued", ""},
				{"one that is not there", "channel resend 9999", cli.Findings, "", "ask 9999: "},
				{"no number", "channel resend tiramisu", cli.Usage, "", "write the number of an ask"},
				{"nothing named", "channel resend", cli.Usage, "", "name the asks"},
				{"all of nothing", "channel resend --all", cli.Usage, "", "name the channel"},
				{"a channel and not all", "channel resend --channel web", cli.Usage, "", "say --all"},
				{"all of a channel that is not there", "channel resend --channel nothing --all", cli.Findings, "", "nothing"},
				{"all of a publisher that is not there", "channel resend --publisher kiosk --channel web --all", cli.Findings, "", "kiosk"},
				{"all", "channel resend --channel web --all", cli.Done, "4 queued, 0 left", ""},
			})
			if code, stdout, stderr := s.run("channel resend 9999 9002"); code != cli.Findings || !strings.Contains(stdout, "9002 is queued") || !strings.Contains(stderr, "ask 9999") {
				t.Errorf("some of them: %d, %q, %q", code, stdout, stderr)
			}
			for _, l := range s.letters(t, "") {
				if !l.Queued {
					t.Errorf("%d is not queued", l.Ask)
				}
			}
			if want := []uint64{9001, first, 9002, 9003}; running && !slices.Equal(handed, want) {
				t.Errorf("handed over: %v, want %v", handed, want)
			}
		})
	}
}

// lastOf returns the number of a reader's last ask.
func (s *service) lastOf(session string) uint64 {
	s.t.Helper()
	r, _, err := s.ledger.Reader(s.t.Context(), s.readerKey("lecker", "web", session))
	if err != nil || len(r.Settled) == 0 {
		s.t.Fatal(r, err)
	}
	return r.Settled[0]
}

func TestNothingIsSentAgainToAReaderWhoSaidStop(t *testing.T) {
	s := askedHouse(t)
	s.dies(askingSession, 9001)
	s.says(askingSession, "stop")
	s.settled()
	s.runs(t, []commandLine{
		{"one", "channel resend 9001", cli.Findings, "", "has said STOP"},
		{"all", "channel resend --channel web --all", cli.Done, "0 queued, 1 left", ""},
	})
	if l := s.letters(t, ""); len(l) != 1 || l[0].Queued {
		t.Errorf("listed: %+v", l)
	}
}

func TestDeadLettersStandInTheAPIAndGoWithTheirReader(t *testing.T) {
	s := askedHouse(t)
	s.dies(askingSession, 9001, 9002)
	s.dies("session-of-another", 9003)
	s.resend = func(context.Context, string, uint64) error { return nil }
	c := s.admin()
	if listed := c.get("/publishers/lecker/dead?channel=web&limit=2"); len(listed.entries("dead")) != 2 || listed.text("next") == "" {
		t.Fatalf("listed: %v", listed)
	}
	if got := c.want(http.StatusOK, http.MethodPost, "/publishers/lecker/dead/9001/resend", nil); got.object["queued"] != 1.0 {
		t.Errorf("sent again: %v", got)
	}
	if got := c.get("/publishers/lecker/channels/web"); got.object["dead_letters"] != 3.0 {
		t.Errorf("the channel tells %v", got)
	}
	atSocket[console.ReaderOf, console.None](s, "reader.forget", console.ReaderOf{Of: console.Of{Publisher: "lecker"}, Channel: "web", ID: askingSession})
	if l := s.letters(t, ""); len(l) != 1 || l[0].Ask != 9003 {
		t.Errorf("left are %+v", l)
	}
	if err := s.resources.dead.Remove(t.Context(), "lecker", 9003); err != nil {
		t.Fatal(err)
	}
	// Of somebody who was never answered there is nothing but the letter.
	s.dies("session-of-nobody", 9004)
	atSocket[console.ReaderOf, console.None](s, "reader.forget", console.ReaderOf{Of: console.Of{Publisher: "lecker"}, Channel: "web", ID: "session-of-nobody"})
	if l := s.letters(t, ""); len(l) != 0 {
		t.Errorf("left are %+v", l)
	}
	for _, a := range c.acts() {
		if text := asJSON(t, a); strings.Contains(text, askingSession) || strings.Contains(text, string(s.readerKey("lecker", "web", askingSession))) {
			t.Errorf("the audit log names the reader: %s", text)
		}
	}
}

func TestWhatAPlatformRefusedIsSentAgainByHand(t *testing.T) {
	for _, running := range []bool{true, false} {
		t.Run(map[bool]string{true: "by the running server", false: "by the next start"}[running], func(t *testing.T) {
			api := newBotAPI(t)
			s := newService(t, sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`), keywordBlock("hours", "hours"), telegramBlock(api.URL))
			s.start()
			t.Cleanup(s.stop)
			api.answer(func(_ botCall, w http.ResponseWriter) bool {
				botRefusal(w, http.StatusBadRequest, "Bad Request: the chat is full", "")
				return true
			})
			ann, bob := newChat(), newChat()
			s.tell(ann, "hours")
			s.tell(bob, "hours")
			eventually(t, "both are dead letters", func() bool {
				counts, err := s.resources.dead.Counts(t.Context(), "lecker")
				return err == nil && counts["tg"] == 2
			})
			for _, l := range s.letters(t, " --channel tg") {
				if !strings.Contains(l.Text, "Open from 9 to 17.") || l.Why == "" || l.Lost || l.Queued || l.Trace == nil || l.Trace.What.Keyword != "hours" {
					t.Errorf("listed: %+v", l)
				}
			}
			// Refused once more, it is a dead letter once more.
			first := s.letters(t, "")[0].Ask
			before := len(api.tries(ann)) + len(api.tries(bob))
			s.printed(t, fmt.Sprintf("channel resend %d", first))
			eventually(t, "it was tried", func() bool { return len(api.tries(ann))+len(api.tries(bob)) > before })
			eventually(t, "it is a dead letter again", func() bool {
				l, _, err := s.resources.dead.Get(t.Context(), "lecker", first)
				return err == nil && !l.Queued
			})
			api.answer(nil)
			if !running {
				s.stop()
			}
			s.printed(t, "channel resend --channel tg --all")
			if !running {
				s.start()
			}
			for _, chat := range []int64{ann, bob} {
				if got := s.replies(api, chat, 1); !strings.Contains(got[0], "Open from 9 to 17.") {
					t.Errorf("told: %q", got)
				}
			}
			eventually(t, "none is left", func() bool {
				counts, err := s.resources.dead.Counts(t.Context(), "lecker")
				return err == nil && len(counts) == 0
			})
		})
	}
}

func TestAnAskThatNeverGotAnAnswerIsAskedAnewOnce(t *testing.T) {
	api := newBotAPI(t)
	s := newService(t, sourceBlock("hours", "text", "", `answers = [{ text = "Open from 9 to 17." }]`), keywordBlock("hours", "hours"), telegramBlock(api.URL))
	s.start()
	t.Cleanup(s.stop)
	chat := newChat()
	reader := strconv.FormatInt(chat, 10)
	at := s.clock.Now().Add(-time.Hour)
	a := pull.Ask{ID: 9001, Publisher: "lecker", Channel: "tg", Reader: s.readerKey("lecker", "tg", reader), At: at, Incoming: pull.Incoming{ID: "1", Address: reader, Text: "hours"}}
	for _, ended := range []bool{true, false} {
		if err := s.ledger.Bury(t.Context(), pipeline.Finish{Ask: a, Fate: pipeline.Dead, Why: words.Verbatim("Its channel was not there."), Ended: ended}); err != nil {
			t.Fatal(err)
		}
		if ended {
			s.runs(t, []commandLine{{"what ended the process", "channel resend 9001", cli.Findings, "", "the reader can ask anew"}})
			continue
		}
		s.runs(t, []commandLine{
			{"what was never answered", "channel resend 9001", cli.Done, "queued", ""},
			{"twice", "channel resend 9001", cli.Findings, "", "no such dead letter"},
		})
	}
	if got := s.replies(api, chat, 1); !strings.Contains(got[0], "Open from 9 to 17.") {
		t.Errorf("told: %q", got)
	}
	if l := s.letters(t, ""); len(l) != 0 {
		t.Errorf("left are %+v", l)
	}
}
