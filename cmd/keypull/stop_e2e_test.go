package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestStopIsConfirmedOnceAndThenThereIsSilence(t *testing.T) {
	s, api := openingHours(t)
	chat := newChat()
	if got := s.reply(api, chat, "hours"); !strings.Contains(got, "Open from 9") {
		t.Fatalf("got %q", got)
	}
	if got := s.reply(api, chat, "  Stop! "); !strings.Contains(got, "sends you nothing more") {
		t.Errorf("STOP was answered %q", got)
	}
	s.tell(chat, "STOP")
	s.settled()
	s.replies(api, chat, 2)

	// Who asks all the same is told the way back, once a day.
	if got := s.reply(api, chat, "hours"); !strings.Contains(got, "Send START") || strings.Contains(got, "Open from 9") {
		t.Errorf("an ask after STOP was answered %q", got)
	}
	calls := api.tries(chat)
	if last := calls[len(calls)-1].Body; !strings.Contains(last, `"callback_data":"c:start"`) {
		t.Errorf("the way back has no START button: %s", last)
	}
	for range 3 {
		s.tell(chat, "hours")
	}
	s.settled()
	s.restart()
	s.clock.advance(23 * time.Hour)
	s.tell(chat, "hours")
	s.settled()
	s.replies(api, chat, 3)
	s.clock.advance(2 * time.Hour)
	if got := s.reply(api, chat, "hours"); !strings.Contains(got, "Send START") {
		t.Errorf("a day later an ask was answered %q", got)
	}

	if status := deliver(t, s.URL, tapUpdate(newUpdate(), chat, "c:start")); status != http.StatusOK {
		t.Fatalf("the tap was answered %d", status)
	}
	if got := s.replies(api, chat, 5)[4]; !strings.Contains(got, "This is Lecker") {
		t.Errorf("START was answered %q", got)
	}
	if got := s.reply(api, chat, "hours"); !strings.Contains(got, "Open from 9") {
		t.Errorf("after START an ask was answered %q", got)
	}
}

func TestStopDiscardsWhatStillWaitsToBeSent(t *testing.T) {
	s, api := openingHours(t)
	chat := newChat()
	s.reply(api, chat, "hours")
	hold := make(chan struct{})
	api.answer(func(c botCall, w http.ResponseWriter) bool { <-hold; return false })
	for range 3 {
		s.tell(chat, "hours")
	}
	s.tell(chat, "STOP")
	s.tell(chat, "hours")
	eventually(t, "all is settled", func() bool { r, _ := s.document(chat); return len(r.Settled) == 6 })
	close(hold)
	// The first of the three was on its way already.
	got := s.replies(api, chat, 4)
	if !strings.Contains(got[2], "sends you nothing more") || !strings.Contains(got[3], "Send START") {
		t.Errorf("got %q, want nothing but two words about STOP after the second", got)
	}
}

func TestStopDropsAReplyThatTelegramPutOff(t *testing.T) {
	s, api := openingHours(t)
	chat := newChat()
	api.answer(func(c botCall, w http.ResponseWriter) bool {
		if c.Try == 1 {
			botRefusal(w, http.StatusTooManyRequests, "Too Many Requests: retry after 1", `{"retry_after":1}`)
		}
		return c.Try == 1
	})
	s.tell(chat, "hours")
	eventually(t, "the first try", func() bool { return len(api.tries(chat)) == 1 })
	s.tell(chat, "STOP")
	if got := s.replies(api, chat, 1); !strings.Contains(got[0], "sends you nothing more") {
		t.Errorf("got %q, want the confirmation alone", got)
	}
}

// stopped is what a page shows to the caller on after STOP.
const stopped = "You said STOP to Lecker. Send START to get answers again."

func TestAfterStopAPageIsToldEachTimeHowToComeBack(t *testing.T) {
	for name, consent := range map[string]string{"without consent": "", "where none was given": `consent = "May we remember?"`} {
		t.Run(name, func(t *testing.T) {
			s, _ := changingChat(t, consent)
			session := s.chat(`{"text":"news"}`).Session
			say := func(text string) chatAnswer {
				return s.chat(fmt.Sprintf(`{"text":%q,"session":%q}`, text, session))
			}
			if got := say("STOP").text(); !strings.Contains(got, "sends you nothing more") {
				t.Errorf("STOP got %q", got)
			}
			for i, text := range []string{"news", "news", "zeppelin", "STOP", "k:news", "menu", "news"} {
				if i == 3 {
					s.restart()
				}
				got := say(text)
				if got.text() != stopped || len(got.Replies[0].Buttons) != 1 || got.Replies[0].Buttons[0]["send"] != "c:start" {
					t.Errorf("%q got %+v", text, got)
				}
			}
			if got := say("c:start").text(); !strings.Contains(got, "This is Lecker") {
				t.Errorf("START got %q", got)
			}
			if got := say("news").text(); !strings.Contains(got, "Edition") || strings.Contains(got, "You are asking") {
				t.Errorf("after START an ask got %q", got)
			}
		})
	}
}

func TestThePageOfAChatLivesOnAfterStop(t *testing.T) {
	s, _ := changingChat(t)
	b := newBrowser(t, 390, 844)
	b.open(s.URL + "/chat/lecker/web/")
	b.wants(`root.querySelector("#title").textContent`, "Lecker")
	b.ask("news")
	for _, turn := range []struct{ says, hears string }{
		{"STOP", "sends you nothing more"}, {"news", stopped}, {"zeppelin", stopped}, {"stop", stopped},
	} {
		if got := b.ask(turn.says); !strings.Contains(got, turn.hears) {
			t.Errorf("%q shows %q", turn.says, got)
		}
	}
	// A page that is opened anew goes on where it was.
	b.open(s.URL + "/chat/lecker/web/")
	if got := b.ask("news"); !strings.Contains(got, stopped) {
		t.Errorf("the page opened anew shows %q", got)
	}
	before := b.eval(`heard().length`)
	b.eval(`[...root.querySelectorAll(".log .choice")].at(-1).click()`)
	b.until(`heard().length > ` + before)
	b.wants(`heard().at(-1)`, "This is Lecker")
	if got := b.ask("news"); !strings.Contains(got, "Edition") {
		t.Errorf("after START the page shows %q", got)
	}
}
