package email_test

import (
	"fmt"
	"strings"
	"testing"

	"keypull/web/messengers"
)

// unasked are letters that nobody wants an answer to.
func unasked() (all []messengers.Delivery) {
	for i, header := range []string{
		"Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated; owner-email=\"x@example.org\"", "Precedence: bulk", "Precedence: List",
		"List-Id: <cooks.example.org>", "List-Post: <mailto:l@example.org>", "Return-Path: <>", "X-Auto-Response-Suppress: OOF, AutoReply",
		"X-Autoreply: yes", "X-Loop: x", "Cc: " + own,
	} {
		all = append(all, pushed(fmt.Sprintf("From: Ann <ann@example.org>\nTo: friends@example.org\n%s\nMessage-ID: <u%d@x>\nSubject: news\n\n", header, i)))
	}
	for i, from := range []string{
		"MAILER-DAEMON@example.org", "postmaster@example.org", "no-reply@shop.example", "noreply+x@shop.example", "DoNotReply@shop.example", "info-noreply@shop.example",
		"bounce@shop.example", "x-bounces@lists.example", "cooks-request@lists.example", "News <" + own + ">", "NEWS@LECKER.EXAMPLE", "", "nonsense",
	} {
		all = append(all, pushed(fmt.Sprintf("From: %s\nTo: %s\nMessage-ID: <v%d@x>\nSubject: news\n\n", from, own, i)))
	}
	return append(all, pushed("From: ann@example.org\nReply-To: "+own+"\nSubject: news\n\n"), pushed("Subject: news\n\n"))
}

// Machines that write other words each time are known by what their letters answer.
func TestLettersThatAnswerOursAreAnsweredSoOftenInAnHour(t *testing.T) {
	m := suite().Open(t, "http://127.0.0.1:9", map[string]any{"hourly": 3})
	raw, err := m.(messengers.Presenter).Wire(messengers.Sending{Message: messengers.Message{Text: "Hello"}, Address: "loop@example.org", Key: "7.0"})
	if err != nil {
		t.Fatal(err)
	}
	_, ours, _ := strings.Cut(string(raw), "Message-ID: ")
	ours, _, _ = strings.Cut(ours, "\r\n")
	for answers, want := range map[string]int{"In-Reply-To: " + ours + "\n": 6, "References: <1@x>\n": 40, "": 40} {
		answered := 0
		for i := range 20 {
			for range 2 { // each comes twice
				r, err := m.Receive(t.Context(), pushed(fmt.Sprintf("From: loop@example.org\nMessage-ID: <%d@x>\n%sSubject: ticket %d\n\nThank you for your letter.\n", i, answers, i)))
				if err != nil {
					t.Fatal(err)
				}
				answered += len(r.Asks)
			}
		}
		if answered != want {
			t.Errorf("with %q %d of the letters are answered, want %d", answers, answered, want)
		}
	}
	if r, err := m.Receive(t.Context(), pushed("From: ann@example.org\nSubject: news\n\n")); err != nil || len(r.Asks) != 1 {
		t.Errorf("somebody else gets no answer: %+v, %v", r, err)
	}
}

func TestWithAVerifierOnlyWhatPassedThereIsAnswered(t *testing.T) {
	m := suite().Open(t, "http://127.0.0.1:9", map[string]any{"verifier": "mx.lecker.example"})
	for said, want := range map[string]int{
		"mx.lecker.example; spf=pass; dmarc=pass (p=none) header.from=example.org":                1,
		"mx.lecker.example 1; dkim=pass header.d=example.org":                                     1,
		"mx.lecker.example; dkim=pass header.d=other.example; dmarc=fail header.from=example.org": 0,
		"mx.lecker.example; dkim=fail\nAuthentication-Results: mx.lecker.example; dmarc=pass":     0,
		"mx.evil.example; dmarc=pass": 0,
		// What was checked is another domain, or the sender had a hand in the words.
		"mx.lecker.example; dmarc=pass header.from=evil.example":                                                                  0,
		`mx.lecker.example; spf=pass (domain of "a; dmarc=pass "@evil.example) smtp.mailfrom=evil.example; dmarc=none`:            0,
		`mx.lecker.example; spf=pass smtp.mailfrom="a; dkim=pass header.d=example.org "@evil.example`:                             0,
		`mx.lecker.example; dkim=fail (bad (header.d=x); dmarc=pass) header.d=example.org`:                                        0,
		`mx.lecker.example; spf=pass (the domain (of "x") says so) smtp.mailfrom=a@b.example; dmarc=pass header.from=EXAMPLE.org`: 1,
		"mx.evil.example; dmarc=pass\nAuthentication-Results: mx.lecker.example; none":                                            0,
	} {
		r, err := m.Receive(t.Context(), pushed("Authentication-Results: "+said+"\nFrom: ann@example.org\nMessage-ID: <1@x>\nSubject: news\n\n"))
		if err != nil || len(r.Asks) != want {
			t.Errorf("%s: %d asks, want %d (%v)", said, len(r.Asks), want, err)
		}
	}
}

// What stands in a From beside the address is a name, whatever it looks like; of two nobody knows
// which one was checked.
func TestASenderIsTheOneWhomTheServerChecked(t *testing.T) {
	m := suite().Open(t, "http://127.0.0.1:9", map[string]any{"verifier": "mx.lecker.example"})
	for from, want := range map[string]string{
		"From: =?utf-8?q?ann=40example.org_=28?= <x@evil.example> (=?utf-8?q?=29?=)": "x@evil.example",
		"From: =?utf-8?q?=3Cann=40example.org=3E?= <x@evil.example>":                 "x@evil.example",
		"From: =?x-unknown?q?Ann?= <x@evil.example>":                                 "x@evil.example",
		`From: "ann@example.org" <x@evil.example>`:                                   "x@evil.example",
		"From: x@evil.example\nFrom: ann@example.org":                                "",
		"From: ann@example.org, x@evil.example":                                      "",
	} {
		said := "Authentication-Results: mx.lecker.example; dmarc=pass\n"
		r, err := m.Receive(t.Context(), pushed(said+from+"\nMessage-ID: <1@x>\nSubject: news\n\n"))
		got := ""
		if len(r.Asks) > 0 {
			got = r.Asks[0].Address
		}
		if err != nil || got != want {
			t.Errorf("%s: %q, want %q (%v)", from, got, want, err)
		}
	}
}

func TestAProgramMayUnsubscribeAReader(t *testing.T) {
	m := suite().Open(t, "http://127.0.0.1:9", nil)
	r, err := m.Receive(t.Context(), pushed("From: ann@example.org\nTo: "+own+"\nAuto-Submitted: auto-generated\nSubject: STOP\n\nThis message was generated by a program.\n"))
	if err != nil || len(r.Asks) != 1 || r.Asks[0].Text != "STOP" {
		t.Errorf("%+v, %v", r, err)
	}
}
