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
	if err := settings.Fill(opener, map[string]any{"address": own, "username": own, "password": password, "smtp": serveSMTP(suiteT{t}, &postOffice{}), "hook_secret": secret, "tls": "none"}); err != nil {
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

// remarks tells whether the channel's page tells of a loop.
func (c *clocked) remarks() bool { return !c.Messenger.(messengers.Remarking).Remark().IsZero() }

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
	for i, want := range []bool{true, true, true, false, false} {
		if got := c.writes(t, "bot@example.org", "Re: your ticket 4711", 5*time.Second); got != want || c.remarks() != (i >= 2) {
			t.Errorf("letter %d is answered: %v, and told: %v", i, got, c.remarks())
		}
	}
	if !c.writes(t, "bot@example.org", "tiramisu", time.Second) || !c.writes(t, "ann@example.org", "Re: your ticket 4711", time.Second) {
		t.Error("other words, or another's, are not answered")
	}
	if c.writes(t, "bot@example.org", "Re: your ticket 4711", 50*time.Minute) || !c.writes(t, "bot@example.org", "Re: your ticket 4711", 15*time.Minute) {
		t.Error("it is not an hour")
	}
	if c.remarks() {
		t.Error("it is over, and told")
	}
}

// What was refused is told again: it is no other letter.
func TestALetterThatComesTwiceIsOneOfALoopOnce(t *testing.T) {
	c := clockedMailbox(t)
	for range 3 {
		c.writes(t, "bot@example.org", "news", time.Second)
		c.n--
		if !c.writes(t, "bot@example.org", "news", time.Second) {
			t.Errorf("letter %d is not answered where it comes again", c.n)
		}
	}
	if c.writes(t, "bot@example.org", "news", time.Second) {
		t.Error("the next one is answered")
	}
}

func TestAPersonIsNoLoop(t *testing.T) {
	for name, write := range map[string]func(c *clocked, i int) bool{
		"slowly":            func(c *clocked, _ int) bool { return c.writes(t, "ann@example.org", "news", 61*time.Second) },
		"all day, the same": func(c *clocked, _ int) bool { return c.writes(t, "ann@example.org", "news", 5*time.Minute) },
		"fast, other words": func(c *clocked, i int) bool {
			return c.writes(t, "ann@example.org", fmt.Sprint("news ", i), time.Second)
		},
		"in turns": func(c *clocked, i int) bool {
			return c.writes(t, "ann@example.org", []string{"news", "goals"}[i%2], time.Second)
		},
	} {
		c := clockedMailbox(t)
		for i := range 80 {
			if !write(c, i) {
				t.Errorf("%s: letter %d is not answered", name, i)
			}
		}
	}
}

func TestAutomaticRepliesAreKnownByTheirSubjectsAndAnsweredOnce(t *testing.T) {
	c := clockedMailbox(t)
	for _, subject := range []string{
		"Automatic reply: news", "Auto-Reply: Re: news", "Out of Office: news", "Automatische Antwort: news", "Abwesenheitsnotiz: news", "Réponse automatique : news", "Respuesta automática: news",
		"Risposta automatica: news", "Resposta automática: news", "Automatisch antwoord: news", "Autosvar: news", "Odpowiedź automatyczna: news", "Otomatik yanıt: news", "Автоматический ответ: news",
		"自動応答: news", "自动回复: news", "자동 회신: news", "رد تلقائي: news",
	} {
		if !c.writes(t, "bob@example.org", subject, time.Hour) || !c.remarks() {
			t.Errorf("%q, which a person may have written, has no answer, or is not told", subject)
		}
		for range 3 {
			if c.writes(t, "bob@example.org", subject+fmt.Sprint(c.n), 10*time.Minute) {
				t.Errorf("%q is answered again", subject)
			}
		}
		if !c.writes(t, "bob@example.org", "news", 10*time.Minute) {
			t.Errorf("after %q what is not automatic has no answer", subject)
		}
	}
	for _, subject := range []string{"office hours", "automatic coffee machines", "auto", "reply", "Antwort", "Abwesenheit von Lehrern", "respuestas", "out of the woods"} {
		if !c.writes(t, "bob@example.org", subject, time.Hour) {
			t.Errorf("%q is not answered", subject)
		}
	}
}

// The one answer is that which the letter follows.
func TestAnAutomaticReplyByItsHeaderIsNeverAnswered(t *testing.T) {
	for _, header := range []string{"Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated (vacation)", "X-Auto-Response-Suppress: All", "Precedence: auto_reply", "X-Autoreply: yes"} {
		c := clockedMailbox(t)
		if c.writes(t, "bob@example.org", "away\n"+header, time.Second) || c.remarks() {
			t.Errorf("%s: answered, or told of as a loop that is none", header)
		}
		if !c.writes(t, "bob@example.org", "news", time.Second) || c.writes(t, "bob@example.org", "away\n"+header, time.Second) || !c.remarks() {
			t.Errorf("%s: answered, or nothing is told", header)
		}
		if !c.writes(t, "bob@example.org", "news", time.Second) {
			t.Errorf("%s: a person is not answered any more", header)
		}
		if c.now = c.now.Add(61 * time.Minute); c.remarks() {
			t.Errorf("%s: it is told for ever", header)
		}
	}
}
