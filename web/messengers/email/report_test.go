package email_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

// sealed returns the id of a letter of ours.
func sealed(key, to string) string {
	mac := hmac.New(sha256.New, messengertest.Key("message-id"))
	mac.Write([]byte(key + "\x00" + to))
	return "<" + key + "." + hex.EncodeToString(mac.Sum(nil)[:10]) + "@lecker.example>"
}

// report returns what a mail server writes of a letter of ours.
func report(key, to, action, status string) string {
	return reportOf(sealed(key, to), to, action, status)
}

func reportOf(id, to, action, status string) string {
	return "Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example.org>\nTo: " + own + "\nSubject: Delivery report\n" +
		"Auto-Submitted: auto-replied\nMessage-ID: <dsn@mx>\nMIME-Version: 1.0\n" +
		"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n" +
		"--b\nContent-Type: text/plain\n\nThis is the mail system.\n" +
		"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\nArrival-Date: Fri, 20 Nov 2026 09:00:00 +0000\n\n" +
		"Final-Recipient: rfc822; " + to + "\nAction: " + action + "\nStatus: " + status + "\nDiagnostic-Code: smtp; 550 " + status + " no\n" +
		"--b\nContent-Type: text/rfc822-headers\n\nFrom: " + own + "\nTo: <" + to + ">\nSubject: Re: news\nMessage-ID: " + id + "\n--b--\n"
}

// back is word of a letter that came back.
func back(status string, f messengers.Fault) messengers.Event {
	return messengers.Event{Kind: messengers.Undelivered, Reader: "ann@example.org", Address: "ann@example.org", Message: "41-1", Fault: f, Code: status}
}

func TestReportsAreBelievedOfLettersOfOursAlone(t *testing.T) {
	m := suite().Open(t, "http://127.0.0.1:9", nil)
	for name, tt := range map[string]struct {
		letter string
		want   []messengers.Event
	}{
		"nobody there":                 {report("41-1", "ann@example.org", "failed", "5.1.1"), []messengers.Event{back("5.1.1", messengers.Blocked)}},
		"closed":                       {report("41-1", "ann@example.org", "failed", "5.2.1"), []messengers.Event{back("5.2.1", messengers.Blocked)}},
		"full":                         {report("41-1", "ann@example.org", "failed", "5.2.2"), []messengers.Event{back("5.2.2", messengers.Permanent)}},
		"policy":                       {report("41-1", "ann@example.org", "failed", "5.7.1"), []messengers.Event{back("5.7.1", messengers.Permanent)}},
		"late":                         {report("41-1", "ann@example.org", "delayed", "4.4.1"), nil},
		"arrived":                      {report("41-1", "ann@example.org", "delivered", "2.1.5"), []messengers.Event{{Kind: messengers.Delivered, Message: "41-1"}}},
		"of a letter that is not ours": {reportOf("<41-1.00112233445566778899@lecker.example>", "ann@example.org", "failed", "5.1.1"), nil},
		"of a letter to another":       {reportOf(sealed("41-1", "bob@example.org"), "ann@example.org", "failed", "5.1.1"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := m.Receive(t.Context(), pushed(tt.letter))
			if err != nil || len(r.Asks) > 0 {
				t.Fatalf("%+v, %v", r, err)
			}
			if diff := cmp.Diff(tt.want, r.Events); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAReadReceiptTellsThatALetterWasSeen(t *testing.T) {
	m := suite().Open(t, "http://127.0.0.1:9", nil)
	r, err := m.Receive(t.Context(), pushed("From: ann@example.org\nTo: "+own+"\nSubject: Read: news\nMIME-Version: 1.0\n"+
		"Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\nContent-Type: text/plain\n\nRead.\n"+
		"--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;ann@example.org\nOriginal-Message-ID: "+sealed("7-1", "ann@example.org")+
		"\nDisposition: manual-action/MDN-sent-manually; displayed\n--b--\n"))
	if diff := cmp.Diff([]messengers.Event{{Kind: messengers.Read, Message: "7-1"}}, r.Events); err != nil || diff != "" {
		t.Error(err, diff)
	}
}
