package email_test

import (
	"fmt"
	"testing"
	"time"

	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/web/messengers"
	"keypull/web/messengers/email"

	"net/netip"
)

// clocked is a mailbox that is written to, by a clock.
type clocked struct {
	messengers.Messenger
	now time.Time
	n   int
}

func clockedMailbox(t *testing.T) *clocked {
	t.Helper()
	c := &clocked{now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	opener := email.Kind.New()
	if err := settings.Fill(opener, map[string]any{"address": own, "username": own, "password": password, "smtp": serveSMTP(suiteT{t}, &postOffice{}), "hook_secret": secret, "tls": "none", "hourly": 1000}); err != nil {
		t.Fatal(err)
	}
	client := outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	t.Cleanup(client.Close)
	var err error
	c.Messenger, err = opener.Open(messengers.Env{Client: client, Clock: func() time.Time { return c.now }})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// writes has somebody write after a while, and answers where that is asked for.
func (c *clocked) writes(t *testing.T, from, subject string, after time.Duration) bool {
	t.Helper()
	c.now = c.now.Add(after)
	c.n++
	r, err := c.Receive(t.Context(), pushed(fmt.Sprintf("From: %s\nTo: %s\nMessage-ID: <%d@x>\nSubject: %s\n\n", from, own, c.n, subject)))
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range r.Asks {
		if _, err := c.Send(t.Context(), messengers.Sending{Message: messengers.Message{Text: "Hello"}, Address: in.Address, Key: fmt.Sprint(c.n, ".0")}); err != nil {
			t.Fatal(err)
		}
	}
	return len(r.Asks) > 0
}

func TestMachinesThatAnswerOurAnswersAreLeftAlone(t *testing.T) {
	c := clockedMailbox(t)
	remark := func() bool { return !c.Messenger.(messengers.Remarking).Remark().IsZero() }
	for i, want := range []bool{true, true, true, false, false} {
		if got := c.writes(t, "bot@example.org", "Re: your ticket 4711", 5*time.Second); got != want || i < 3 && remark() {
			t.Errorf("letter %d is answered: %v", i, got)
		}
	}
	if !remark() {
		t.Error("nothing is told of it")
	}
	if !c.writes(t, "bot@example.org", "tiramisu", time.Second) || !c.writes(t, "ann@example.org", "Re: your ticket 4711", time.Second) {
		t.Error("other words, or another's, are not answered")
	}
	if c.writes(t, "bot@example.org", "Re: your ticket 4711", 50*time.Minute) || !c.writes(t, "bot@example.org", "Re: your ticket 4711", 15*time.Minute) {
		t.Error("it is not an hour")
	}
	if remark() {
		t.Error("it is over, and told")
	}
}

func TestAPersonIsNoLoop(t *testing.T) {
	for name, write := range map[string]func(c *clocked, i int) bool{
		"slowly": func(c *clocked, _ int) bool { return c.writes(t, "ann@example.org", "news", 61*time.Second) },
		"fast, other words": func(c *clocked, i int) bool {
			return c.writes(t, "ann@example.org", fmt.Sprint("news ", i), time.Second)
		},
		"in turns": func(c *clocked, i int) bool {
			return c.writes(t, "ann@example.org", []string{"news", "goals"}[i%2], time.Second)
		},
	} {
		c := clockedMailbox(t)
		for i := range 12 {
			if !write(c, i) {
				t.Errorf("%s: letter %d is not answered", name, i)
			}
		}
	}
}

func TestAutomaticRepliesAreKnownByTheirSubjects(t *testing.T) {
	c := clockedMailbox(t)
	for _, subject := range []string{
		"Automatic reply: news", "Auto-Reply: Re: news", "Out of Office: news", "Automatische Antwort: news", "Abwesenheitsnotiz: news", "Réponse automatique : news", "Respuesta automática: news",
		"Risposta automatica: news", "Resposta automática: news", "Automatisch antwoord: news", "Autosvar: news", "Odpowiedź automatyczna: news", "Otomatik yanıt: news", "Автоматический ответ: news",
		"自動応答: news", "自动回复: news", "자동 회신: news", "رد تلقائي: news",
	} {
		if c.writes(t, "bob@example.org", subject, time.Hour) {
			t.Errorf("%q is answered", subject)
		}
	}
	for _, subject := range []string{"office hours", "automatic coffee machines", "auto", "reply", "Antwort", "Abwesenheit von Lehrern", "respuestas", "out of the woods"} {
		if !c.writes(t, "bob@example.org", subject, time.Hour) {
			t.Errorf("%q is not answered", subject)
		}
	}
}
