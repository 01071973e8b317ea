package main

import (
	"fmt"
	"net/mail"
	"strings"
	"testing"
)

// Where nobody has answered yet, a message is left at the bridge; who answers the first one has
// readers be handed over from then on.
func TestABridgeBeginsWithTheFirstMessageThatIsLeft(t *testing.T) {
	d, mails := openMailBridge(t)
	chat := newChat()
	for _, said := range []string{"hello", "MENU", "k:hours", "zorkmid", "quuxly"} {
		d.reply(d.api, chat, said)
	}
	d.restart() // misses are counted beyond it
	if got := d.reply(d.api, chat, "frobnicate"); !strings.Contains(got, "Leave your message") || strings.Contains(got, "No person") {
		t.Fatalf("the third miss got %q", got)
	}
	d.restart()
	if got := d.reply(d.api, chat, "my newspaper got wet on Friday"); !strings.HasPrefix(got, "Kept for the people of") {
		t.Fatalf("what is left got %q", got)
	}
	eventually(t, "it is carried", func() bool { all, _ := mails.all(t); return len(all) > 0 })
	all, texts := mails.all(t)
	for _, want := range []string{"• zorkmid", "• quuxly", "• frobnicate", "• [a greeting]", "• MENU", "• hours", "my newspaper got wet on Friday", "Left a message"} {
		if !strings.Contains(texts[0], want) {
			t.Errorf("%q is missing in %s", want, texts[0])
		}
	}
	shown := d.program("lecker", "editor").want(200, "GET", d.at(chat), nil).body
	for _, want := range []string{`"asked":"frobnicate"`, `"asked":"[a greeting]"`, `"asked":"hours"`} {
		if !strings.Contains(shown, want) {
			t.Errorf("%s is missing in %s", want, shown)
		}
	}
	head := func(m *mail.Message, name string) string { return m.Header.Get(name) }
	before := len(d.api.sent(chat))
	d.post(letter{from: "ann@outlet.example", subject: "Re: " + head(all[0], "Subject"), inReplyTo: head(all[0], "Message-Id"), by: "mx.lecker.example", text: "A dry one is on its way."})
	if got := d.replies(d.api, chat, before+1)[before]; !strings.HasPrefix(got, "A dry one is on its way.") {
		t.Errorf("the reader is told %q", got)
	}
	other := newChat()
	if got := d.reply(d.api, other, "HUMAN"); !strings.HasPrefix(got, "A person of ") || d.mode(other) != "waiting" {
		t.Errorf("the next one got %q", fmt.Sprint(got, d.mode(other)))
	}
}
