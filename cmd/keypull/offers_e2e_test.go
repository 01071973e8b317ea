package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"keypull/cmd/keypull/cli"
	"keypull/pull"
	"keypull/web/messengers"
)

// twoCakes returns the blocks of two keywords that share a phrase.
func twoCakes() []string {
	var blocks []string
	for _, cake := range []string{"lemon", "cherry"} {
		blocks = append(blocks, sourceBlock(cake, "text", "", fmt.Sprintf("answers = [{ text = \"Bake the %s one.\" }]", cake)),
			fmt.Sprintf("\n[[publisher.keyword]]\nid = %q\nsource = %q\ntie = true\nphrases = { en = [%q, \"cake\"] }\n", cake, cake, cake+" cake"))
	}
	return blocks
}

const (
	whichCake = "Which one do you mean?"
	lemonCake = "Bake the lemon one."
	otherCake = "Bake the cherry one."
)

func TestAnOfferConversesInTheWebChat(t *testing.T) {
	s := serveConfig(t, append(twoCakes(), chatBlock())...)
	session := s.chat(`{"text":"help"}`).Session
	say := func(text string) chatAnswer {
		t.Helper()
		s.clock.advance(time.Second) // nobody is asked to wait
		return s.chat(fmt.Sprintf(`{"text":%q,"session":%q}`, text, session))
	}
	offered := func() []map[string]any {
		t.Helper()
		a := say("cake")
		if len(a.Replies) != 1 || a.text() != whichCake || len(a.Replies[0].Buttons) != 2 || a.Replies[0].Buttons[0]["label"] != "lemon cake" {
			t.Fatalf("got %+v", a)
		}
		return a.Replies[0].Buttons
	}
	for answer, said := range map[string][]string{
		lemonCake: {"1", "１", "1️⃣", "(1)", "no. 1", "the first one", "lemon", "lemon cake", "das erste", "最初"},
		otherCake: {"2", "#2", "second", "le deuxième", "cherry", "cherry cake", "the last"},
	} {
		for _, text := range said {
			session = s.chat(`{"text":"help"}`).Session // who chose it twice is asked no more
			offered()
			if got := say(text).text(); got != answer {
				t.Errorf("%q got %q", text, got)
			}
		}
	}
	tap := offered()[1]["send"]
	s.restart()
	if got := say("2").text(); got != otherCake {
		t.Errorf("after a restart the number got %q", got)
	}
	s.clock.advance(time.Hour)
	if got := uninvited(say(fmt.Sprint(tap)).text()); got != otherCake {
		t.Errorf("the button of a question that is over got %q", got)
	}
	session = s.chat(`{"text":"help"}`).Session
	offered()
	if got := say("no").text(); !strings.HasPrefix(got, "All right.") {
		t.Errorf("no got %q", got)
	}
	if got := say("1").text(); !strings.HasPrefix(got, "I don't know “1”.") {
		t.Errorf("a number with nothing open got %q", got)
	}
}

func TestLettingOneKeywordGoDoesNotStopEverything(t *testing.T) {
	s := serveConfig(t, append(twoCakes(), chatBlock())...)
	session := s.chat(`{"text":"help"}`).Session
	for _, said := range []struct{ text, want string }{
		{"unsubscribe from the lemon cake", "“lemon cake” never comes unasked"},
		{"lemon cake", lemonCake},
		{"subscribe lemon cake", "lemon cake"},
		{"unsubscribe", "Done: "},
	} {
		s.clock.advance(time.Second)
		if got := s.chat(fmt.Sprintf(`{"text":%q,"session":%q}`, said.text, session)).text(); !strings.Contains(got, said.want) {
			t.Errorf("%q got %q", said.text, got)
		}
	}
}

func TestAnOfferConversesOverTelegram(t *testing.T) {
	api := newBotAPI(t)
	s := serveConfig(t, append(twoCakes(), telegramBlock(api.URL))...)
	chat := newChat()
	if got := s.reply(api, chat, "cake"); !strings.HasPrefix(got, whichCake) {
		t.Fatalf("got %q", got)
	}
	calls := api.tries(chat)
	body := calls[len(calls)-1].Body
	_, rest, _ := strings.Cut(body, `"callback_data":"o:2:`)
	token, _, found := strings.Cut(rest, `"`)
	if !found {
		t.Fatalf("there is no second button: %s", body)
	}
	if got := s.reply(api, chat, "2."); got != otherCake {
		t.Errorf("2. got %q", got)
	}
	// The buttons of a question that was answered still say what is on them.
	before := len(api.sent(chat))
	if status := deliver(t, s.URL, tapUpdate(newUpdate(), chat, "o:2:"+token)); status != http.StatusOK {
		t.Fatalf("the tap got %d", status)
	}
	if got := s.replies(api, chat, before+1)[before]; got != otherCake {
		t.Errorf("the tap got %q", got)
	}
	for _, turn := range [][2]string{
		{"cake", whichCake}, {"yes", "Which one? Please send its number or its name."}, {"first", lemonCake},
		{"cake", whichCake}, {"cherry cake", otherCake}, {"cake", whichCake}, {"cancel", "All right, never mind."},
	} {
		if got := uninvited(s.reply(api, chat, turn[0])); got != turn[1] {
			t.Errorf("%q got %q, want %q", turn[0], got, turn[1])
		}
	}
}

// uninvited returns an answer without the line that tells, once, how words are saved.
func uninvited(answer string) string {
	text, _, _ := strings.Cut(answer, "\n\nSAVE keeps this word")
	text, _, _ = strings.Cut(text, "\n\n<i>SAVE keeps this word")
	return text
}

func TestAnOfferFitsOneSMS(t *testing.T) {
	path := writeConfig(t, append(twoCakes(), chatBlock())...)
	code, stdout, stderr := command(context.Background(), "ask", "-c", path, "cake")
	if code != cli.Done || !strings.Contains(stdout, "[lemon cake]\n[cherry cake]\n") {
		t.Fatalf("ask ended with %d and said %q, %q", code, stdout, stderr)
	}
	for _, tt := range []struct {
		name, language, text string
		buttons              []pull.Button
		want                 string
	}{
		{"an offer", "en", whichCake, []pull.Button{{Label: "lemon cake", Send: "o:1:a.lemon"}, {Label: "cherry cake", Send: "o:2:a.cherry.V0lQUk8"}},
			whichCake + "\n\nReply: 1 lemon cake, 2 cherry cake"},
		{"a miss", "de", "„Kuhcen“ kenne ich nicht. Ist eines davon gemeint?",
			[]pull.Button{{Label: "Kuchen", Send: "o:1:a.k"}, {Label: "Kekse", Send: "o:2:a.l"}, {Label: "MENU", Send: "c:menu"}},
			"\"Kuhcen\" kenne ich nicht. Ist eines davon gemeint?\n\nAntworten: 1 Kuchen, 2 Kekse, MENU"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			reply := pull.Reply{Language: tt.language, Blocks: []pull.Block{{Kind: pull.Paragraph, Text: tt.text}}, Buttons: tt.buttons}
			shaped := messengers.Shape(reply, messengers.SMSLimits())
			if len(shaped) != 1 || shaped[0].Text != tt.want || len(shaped[0].Buttons) != 0 {
				t.Fatalf("got %+v", shaped)
			}
			if n, encoding := messengers.Segments(shaped[0].Text); n != 1 || encoding != messengers.GSM7 {
				t.Errorf("it takes %d segments of %s", n, encoding)
			}
		})
	}
}
