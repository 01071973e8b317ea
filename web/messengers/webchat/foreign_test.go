package webchat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/webchat"
)

func TestPagesThatAreNotListedAreCountedAndForgotten(t *testing.T) {
	now := messengertest.Now()
	m, err := (&webchat.Settings{}).Open(messengers.Env{Publisher: "lecker", ID: "web", Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	c := m.(*webchat.Chat)
	for range 3 {
		c.Refuse("https://often.example")
	}
	for _, odd := range []string{"null", "", "https://x.example/path", "javascript:x", "https://" + strings.Repeat("x", 300) + ".example"} {
		c.Refuse(odd)
	}
	for n := range 40 {
		c.Refuse(fmt.Sprintf("https://p%d.example", n))
	}
	got := c.Foreigners()
	if len(got) != 20 || got[0].Origin != "https://often.example" || got[0].Asks != 3 {
		t.Errorf("got %d: %+v", len(got), got)
	}
	now = now.Add(6 * 24 * time.Hour)
	c.Refuse("https://late.example")
	now = now.Add(2 * 24 * time.Hour)
	if got := c.Foreigners(); len(got) != 1 || got[0].Origin != "https://late.example" {
		t.Errorf("after a week %+v", got)
	}
}
