package main

import (
	"encoding/base64"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// mailbox is one on an IMAP server in memory.
type mailbox struct {
	*imapmemserver.User
	address string
}

func newMailbox(t *testing.T, login, password string) *mailbox {
	t.Helper()
	m := &mailbox{User: imapmemserver.NewUser(login, password)}
	if err := m.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	users := imapmemserver.New()
	users.AddUser(m.User)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m.address = l.Addr().String()
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return users.NewSession(), nil, nil
		},
		Caps: imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIMAP4rev2: {}}, InsecureAuth: true,
	})
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(l) }()
	t.Cleanup(func() { _ = l.Close(); _ = server.Close(); <-done })
	return m
}

type sized struct{ *strings.Reader }

func (s sized) Size() int64 { return s.Reader.Size() }

func (m *mailbox) deliver(t *testing.T, raw string, at time.Time) {
	t.Helper()
	if _, err := m.Append("INBOX", sized{strings.NewReader(raw)}, &imap.AppendOptions{Time: at}); err != nil {
		t.Fatal(err)
	}
}

// The publisher's people sit in a mailbox that is read over IMAP: what they answer while the
// service is down is read once it is back, once; what nobody vouches for is not passed on.
func TestPeopleAnswerFromAMailboxThatIsRead(t *testing.T) {
	box, p := newMailbox(t, "news@lecker.example", "word"), newPostRoom(t)
	d := openPersonDesk(t, "[publisher.person.bridge]\nkind = \"channel\"\n[publisher.person.bridge.settings]\nchannel = \"email\"\nto = \"desk@outlet.example\"\nfrom = [\"outlet.example\"]\n",
		kindBlock("email", "", quoted("address", "news@lecker.example"), quoted("imap", box.address), quoted("username", "news@lecker.example"), quoted("password", "word"),
			quoted("smtp", p.address), quoted("smtp_login", "none"), quoted("tls", "none"), quoted("verifier", "mx.lecker.example")))
	editor, chat := d.program("lecker", "editor"), newChat()
	d.takeOver(editor, chat, "my paper is wet")
	eventually(t, "a letter", func() bool { all, _ := p.all(t); return len(all) >= 1 })
	all, _ := p.all(t)
	answer := func(id, by, text string) string {
		return "Authentication-Results: " + by + "; dmarc=pass header.from=outlet.example\r\nFrom: Ann <ann@outlet.example>\r\nTo: news@lecker.example\r\nSubject: Re: " +
			all[0].Header.Get("Subject") + "\r\nIn-Reply-To: " + all[0].Header.Get("Message-Id") + "\r\nMessage-ID: <" + id + "@outlet.example>\r\n\r\n" + text
	}
	before := len(d.api.sent(chat))
	d.stop()
	box.deliver(t, answer("forged", "mx.elsewhere.example", "forged"), d.clock.Now())
	box.deliver(t, answer("one", "mx.lecker.example", "A dry one is on its way.\r\n\r\nOn Wed, Nov 25, 2026 at 10:00 AM Lecker wrote:\r\n> my paper is wet\r\n"), d.clock.Now())
	d.start()
	if got := d.replies(d.api, chat, before+1)[before]; !strings.HasPrefix(got, "A dry one is on its way.") {
		t.Errorf("%q", got)
	}
	d.restart()
	box.deliver(t, answer("two", "mx.lecker.example", "And a new one tomorrow."), d.clock.Now())
	if got := d.replies(d.api, chat, before+2)[before+1]; got != "And a new one tomorrow." {
		t.Errorf("%q", got)
	}
	if d.settled(); len(d.api.sent(chat)) != before+2 {
		t.Errorf("%q", d.api.sent(chat)[before:])
	}
}

// A letter of 14 MB, which carries a file of the 10 MB that a file may have, is posted and passed on.
func TestALetterWithTheLargestFileIsPassedOn(t *testing.T) {
	d, mails := openMailBridge(t)
	editor, chat := d.program("lecker", "editor"), newChat()
	d.takeOver(editor, chat, "have you a map?")
	eventually(t, "a letter", func() bool { all, _ := mails.all(t); return len(all) >= 1 })
	all, _ := mails.all(t)
	token := tokenInSubject.FindStringSubmatch(all[0].Header.Get("Subject"))
	file := base64.StdEncoding.EncodeToString([]byte(pixels + strings.Repeat("x", 10<<20-len(pixels))))
	var lines strings.Builder
	for len(file) > 76 {
		lines.WriteString(file[:76] + "\r\n")
		file = file[76:]
	}
	raw := "Authentication-Results: mx.lecker.example; dmarc=pass header.from=outlet.example\r\nFrom: ann@outlet.example\r\nTo: news@lecker.example\r\nSubject: Re: [" + token[1] + "]\r\n" +
		"Message-ID: <largest@outlet.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nThe largest map:\r\n" +
		"--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=map.png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + lines.String() + file + "\r\n--b--\r\n"
	before := len(d.api.sent(chat))
	got := request(t, http.MethodPost, d.URL+"/hook/lecker/email", raw, map[string]string{"Authorization": "Bearer " + mailSecret, "Content-Type": "message/rfc822"})
	if got.status != http.StatusOK {
		t.Fatalf("%+v", got)
	}
	if got := d.replies(d.api, chat, before+1)[before]; !strings.HasPrefix(got, "The largest map:") {
		t.Errorf("%q", got)
	}
	calls := d.api.tries(chat)
	_, link, _ := strings.Cut(calls[len(calls)-1].Body, `"photo":"`)
	link, _, _ = strings.Cut(link, `"`)
	if got := request(t, http.MethodGet, d.URL+link[max(strings.Index(link, "/file/"), 0):], "", nil); got.status != http.StatusOK || len(got.body) != 10<<20 {
		t.Errorf("%d, %d bytes", got.status, len(got.body))
	}
}
