package email_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/email"
	"keypull/web/messengers/messengertest"
)

// suiteT lets the stand-ins of the suite serve a plain test.
type suiteT struct{ *testing.T }

func (suiteT) Run(string, func(messengertest.T)) {}

func office(t *testing.T, say func(command, argument string) error) (*postOffice, messengers.Messenger) {
	t.Helper()
	p := &postOffice{say: say}
	return p, suite().Open(t, "tcp://"+serveSMTP(suiteT{t}, p), nil)
}

func answer(key string) messengers.Sending {
	return messengers.Sending{
		Message: messengers.Message{
			Subject: "Tiramisù", Text: "<b>Tiramisù &amp; co</b>\n<a href=\"https://example.org/?a=1&amp;b=2\">The story</a>\n1 &lt; 2",
			Media:   []what.Media{{Type: what.Image, URL: "https://example.org/a.jpg", Alt: `A "bowl"`}},
			Buttons: []pull.Button{{Label: "More & more", Send: "c:more"}, {Label: "Site", URL: "https://example.org/x"}},
		},
		Address: "ann@example.org", Key: key, Why: messengers.Answer, Asked: messengertest.Now(), Language: "it",
		Quote: "<a1@x> <a2@x>", Thread: "Re: ricetta: tiramisù",
	}
}

func TestAnAnswerStandsInTheThreadOfItsQuestionInTwoForms(t *testing.T) {
	p, m := office(t, nil)
	if id, err := m.Send(t.Context(), answer("41-1")); err != nil || id != "41-1" {
		t.Fatal(id, err)
	}
	l := p.taken()[0]
	for name, want := range map[string]string{
		"From": `"Lecker & Co" <` + own + ">", "To": "<ann@example.org>", "Subject": "Re: ricetta: tiramisù", "In-Reply-To": "<a2@x>",
		"References": "<a1@x> <a2@x>", "Message-Id": sealed("41-1", "ann@example.org"), "Auto-Submitted": "auto-replied", "Content-Language": "it",
		"List-Unsubscribe": "<mailto:" + own + "?subject=STOP>",
	} {
		if l.Header[name] != want {
			t.Errorf("%s is %q, want %q", name, l.Header[name], want)
		}
	}
	plain := "Tiramisù & co\nThe story <https://example.org/?a=1&b=2>\n1 < 2\n\nA \"bowl\" https://example.org/a.jpg\n\n" +
		"• More & more <mailto:" + own + "?subject=More%20&%20more%20%5Bc:more%5D>\n• Site <https://example.org/x>\n"
	if l.Plain != plain {
		t.Errorf("plain text is\n%s\nwant\n%s", l.Plain, plain)
	}
	for _, want := range []string{`alt="A &#34;bowl&#34;"`, `<a href="mailto:` + own + `?subject=More%20&amp;%20more%20%5Bc:more%5D">More &amp; more</a>`} {
		if !strings.Contains(l.Page, want) {
			t.Errorf("the page has no %s:\n%s", want, l.Page)
		}
	}
	if l.From != own || l.To != "ann@example.org" {
		t.Errorf("the envelope is of %s to %s", l.From, l.To)
	}
}

func TestAnAddressInTheTextIsALinkOnce(t *testing.T) {
	p, m := office(t, nil)
	s := answer("41-1")
	s.Text = messengers.Shape(pull.Reply{Blocks: []pull.Block{
		{Text: "See https://example.org/?a=1&b=2."}, {Kind: pull.Link, Text: "https://example.org/x", URL: "https://example.org/x", Tight: true},
	}}, m.Limits())[0].Text
	if _, err := m.Send(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	raw := strings.ReplaceAll(strings.ReplaceAll(p.taken()[0].raw, "=\r\n", ""), "=3D", "=")
	want := `See <a href="https://example.org/?a=1&amp;b=2">https://example.org/?a=1&amp;b=2</a>.<br>` + "\r\n" + `<a href="https://example.org/x">https://example.org/x</a></div>`
	if !strings.Contains(raw, want) {
		t.Errorf("no %s in\n%s", want, raw)
	}
}

func TestAHeaderTakesNoLinesOfOthers(t *testing.T) {
	p, m := office(t, nil)
	s := answer("41-1\r\nBcc: x@example.org")
	s.Thread, s.Subject, s.Language = "", "News\r\nBcc: eve@example.org\r\n\r\n"+strings.Repeat("ü", 90), "it\r\nX-Evil: 1"
	s.Quote = "<a1@x>\r\nX-Evil: 1\r\n<a2@x>"
	if _, err := m.Send(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Bcc", "X-Evil"} {
		if got, there := p.taken()[0].Header[name]; there {
			t.Errorf("%s: %s", name, got)
		}
	}
	for _, address := range []string{"", "ann", "ann@example.org\r\nRCPT TO:<eve@example.org>", "ann@example.org, eve@example.org", "<>"} {
		s := answer("42-1")
		s.Address = address
		_, err := m.Send(t.Context(), s)
		var send *messengers.SendError
		if !errors.As(err, &send) || send.Fault != messengers.Permanent {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestWhatAServerSaysHasItsFault(t *testing.T) {
	type no struct {
		command string
		code    int
		detail  smtp.EnhancedCode
	}
	bare := smtp.NoEnhancedCode
	for _, tt := range []struct {
		no
		want messengers.Fault
	}{
		{no{"AUTH", 535, smtp.EnhancedCode{5, 7, 8}}, messengers.TokenInvalid},
		{no{"AUTH", 454, smtp.EnhancedCode{4, 7, 0}}, messengers.Temporary},
		{no{"MAIL", 550, smtp.EnhancedCode{5, 7, 60}}, messengers.TokenInvalid},
		{no{"MAIL", 552, smtp.EnhancedCode{5, 3, 4}}, messengers.Permanent},
		{no{"MAIL", 451, bare}, messengers.Temporary},
		{no{"RCPT", 550, smtp.EnhancedCode{5, 1, 1}}, messengers.Blocked},
		{no{"RCPT", 550, bare}, messengers.Blocked},
		{no{"RCPT", 550, smtp.EnhancedCode{5, 2, 1}}, messengers.Blocked},
		{no{"RCPT", 550, smtp.EnhancedCode{5, 7, 1}}, messengers.Permanent},
		{no{"RCPT", 554, smtp.EnhancedCode{5, 7, 1}}, messengers.Permanent},
		{no{"RCPT", 450, smtp.EnhancedCode{4, 2, 0}}, messengers.Temporary},
		{no{"RCPT", 452, smtp.EnhancedCode{4, 5, 3}}, messengers.LimitedUntil},
		{no{"RCPT", 556, smtp.EnhancedCode{5, 1, 10}}, messengers.Blocked},
		{no{"DATA", 550, smtp.EnhancedCode{5, 7, 26}}, messengers.Permanent},
		{no{"DATA", 552, smtp.EnhancedCode{5, 2, 2}}, messengers.Permanent},
		{no{"DATA", 421, smtp.EnhancedCode{4, 7, 28}}, messengers.LimitedUntil},
		{no{"DATA", 421, smtp.EnhancedCode{4, 3, 2}}, messengers.Temporary},
		{no{"DATA", 550, bare}, messengers.Permanent},
	} {
		_, m := office(t, func(command, _ string) error {
			if command != tt.command {
				return nil
			}
			return &smtp.SMTPError{Code: tt.code, EnhancedCode: tt.detail, Message: "no, " + password}
		})
		_, err := m.Send(t.Context(), answer("1-1"))
		var send *messengers.SendError
		if !errors.As(err, &send) || send.Fault != tt.want || tt.command == "AUTH" && strings.Contains(err.Error(), password) {
			t.Errorf("%s answered %d %v: %v, want %s", tt.command, tt.code, tt.detail, err, tt.want)
		}
	}
}

func TestAConnectionIsKeptAndReplacedWhenItIsDead(t *testing.T) {
	p, m := office(t, nil)
	for _, key := range []string{"1-1", "2-1", "3-1"} {
		if _, err := m.Send(t.Context(), answer(key)); err != nil {
			t.Fatal(err)
		}
	}
	if p.visits != 1 || len(p.taken()) != 3 {
		t.Errorf("%d connections for %d letters", p.visits, len(p.taken()))
	}
	p.mu.Lock()
	p.cut()
	p.mu.Unlock()
	if _, err := m.Send(t.Context(), answer("4-1")); err != nil || len(p.taken()) != 4 {
		t.Errorf("%d letters, %v", len(p.taken()), err)
	}
}

func TestTheAccountIsTried(t *testing.T) {
	_, m := office(t, nil)
	if err := m.(messengers.Trier).Try(t.Context()); err != nil || m.(messengers.Accountable).Whose().IsZero() {
		t.Errorf("%v, %s", err, m.(messengers.Accountable).Whose())
	}
	p := &postOffice{}
	m = suite().Open(t, "tcp://"+serveSMTP(suiteT{t}, p), map[string]any{"password": "wrong"})
	err := m.(messengers.Trier).Try(t.Context())
	var denied *pull.Error
	if !errors.As(err, &denied) || denied.Kind != pull.Denied || denied.Field != "password" {
		t.Errorf("got %v", err)
	}
	if err := m.(messengers.Answering).Answers(t.Context()); err != nil {
		t.Errorf("a refusal is an answer: %v", err)
	}
}

func TestInClearNoPublicServerIsSpokenTo(t *testing.T) {
	m := suite().Open(t, "tcp://1.1.1.1:99", nil)
	_, err := m.Send(t.Context(), answer("1-1"))
	var send *messengers.SendError
	if !errors.As(err, &send) || send.Fault != messengers.Permanent {
		t.Errorf("port 99 of a public address gives %v", err)
	}
}

func TestALinkBeginsALetterAndAReaderHasOneSpelling(t *testing.T) {
	m := suite().Open(t, "http://127.0.0.1:9", nil)
	if got := m.(messengers.Linker).Link("gâteau & co?"); got != "mailto:"+own+"?subject=g%C3%A2teau%20&%20co%3F" {
		t.Error(got)
	}
	for typed, want := range map[string]string{
		"Ann@Example.ORG": "ann@example.org", "mailto:ann@example.org?subject=x": "ann@example.org", "Ann <ann@Bücher.example>": "ann@xn--bcher-kva.example",
		"ann": "", "ann@": "", "@example.org": "", "a@b@c": "", "a b@example.org": "",
	} {
		if got, ok := m.(messengers.Identifier).Identify(typed); got != want || ok != (want != "") {
			t.Errorf("%q is %q, %v; want %q", typed, got, ok, want)
		}
	}
}

func TestAMadeUpReaderIsShownALetterAsWell(t *testing.T) {
	raw, err := email.Kind.Preview().(messengers.Presenter).Wire(messengers.Sending{Message: messengers.Message{Text: "Hello"}, Address: "1", Key: "1-1"})
	var l got
	if err != nil || l.read(string(raw)) != nil || l.Plain != "Hello\n" {
		t.Errorf("%q, %v", raw, err)
	}
}
