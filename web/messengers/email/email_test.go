package email_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"keypull/web/messengers"
	"keypull/web/messengers/email"
	"keypull/web/messengers/messengertest"
)

const (
	password = "password-0123456789"
	secret   = "hook-secret-0123456789"
	own      = "news@lecker.example"
)

func suite() messengertest.Case {
	thing := func(id, kind string) messengers.Delivery {
		return pushed("From: ann@example.org\nMessage-ID: <t" + id + "@x>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n" +
			"--b\nContent-Type: text/plain\n\n\n--b\nContent-Type: " + kind + "; name=a\nContent-Disposition: attachment; filename=a\n\nx\n--b--\n")
	}
	return messengertest.Case{
		Lacks: map[string]string{messengertest.Stickers: "a sticker is a picture in letters", messengertest.Places: "a place is a link in letters"},
		Brings: map[string]messengers.Delivery{
			messengertest.Pictures: thing("1", "image/png"), messengertest.Recordings: thing("2", "audio/ogg"), messengertest.Videos: thing("3", "video/mp4"),
			messengertest.Files: thing("4", "application/pdf"), messengertest.Contacts: thing("5", "text/vcard"),
		},
		Kind: email.Kind,
		Settings: map[string]any{
			"address": own, "username": own, "password": password, "hook_secret": secret, "tls": "none",
		},
		Base: "smtp", Bridge: func(t messengertest.T, platform http.Handler) string {
			return serveSMTP(t, &postOffice{platform: platform})
		},
		Folder: "testdata",
		Forge: func(d messengers.Delivery) messengers.Delivery {
			d.Header["Authorization"] = []string{"Bearer " + secret + "x"}
			return d
		},
		Unasked: unasked(),
		Press: func(sends string) messengers.Delivery {
			return pushed("From: ann@example.org\nMessage-ID: <" + messengertest.Fresh() + "@x>\nSubject: News [" + sends + "]\n\n")
		},
		Foreign: func(_, label string) []messengers.Delivery {
			return []messengers.Delivery{pushed("From: ann@example.org\nMessage-ID: <q@x>\nSubject: " + label + "\n\n")}
		},
		Tells: messengers.Delivered,
		Told: func(id string) messengers.Delivery {
			return pushed(report(id, "ann@example.org", "delivered", "2.0.0"))
		},
		Address: "ann@example.org", Other: "bob@example.com",
		ID:      "{key}",
		Faults:  map[int]messengers.Fault{429: messengers.Temporary},
		Revoked: []messengertest.Revoked{{Status: 401, Sending: true}},
	}
}

func pushed(letter string) messengers.Delivery {
	return messengers.Delivery{
		Method: http.MethodPost, At: messengertest.Now(), Body: []byte(letter),
		Header: map[string][]string{"Authorization": {"Bearer " + secret}, "Content-Type": {"message/rfc822"}},
	}
}

func TestEmailKeepsThePromisesOfAMessenger(t *testing.T) {
	messengertest.Run(t, suite())
}

// got is a letter as a post office got it.
type got struct {
	From, To string
	Header   map[string]string
	Plain    string
	Page     string
	// Text is what stands in the page's first division, lines broken.
	Text string
	raw  string
}

// postOffice is an SMTP server that reads letters with the standard library.
type postOffice struct {
	platform http.Handler
	ctx      context.Context
	// users are who may sign in, by name; nil is the mailbox alone. open: nobody
	// need.
	users map[string]string
	open  bool
	// say answers a command; nil is a yes.
	say func(command, argument string) error

	mu      sync.Mutex
	letters []got
	// visits counts connections, the last of which is open.
	visits int
	last   *smtp.Conn
}

func serveSMTP(t messengertest.T, p *postOffice) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	p.ctx = ctx
	server := smtp.NewServer(p)
	server.Domain, server.AllowInsecureAuth = "localhost", true
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("%v", err)
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(l) }()
	t.Cleanup(func() { cancel(); _ = l.Close(); _ = server.Close(); <-done })
	return l.Addr().String()
}

func (p *postOffice) NewSession(c *smtp.Conn) (smtp.Session, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.visits, p.last = p.visits+1, c
	return &counter{office: p, conn: c}, nil
}

// cut ends the last connection.
func (p *postOffice) cut() { _ = p.last.Conn().Close() }

// taken returns the letters so far.
func (p *postOffice) taken() []got {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]got(nil), p.letters...)
}

type counter struct {
	office *postOffice
	conn   *smtp.Conn
	in     bool
	letter got
}

func (c *counter) AuthMechanisms() []string { return []string{sasl.Plain} }

func (c *counter) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, word string) error {
		if err := c.said("AUTH", user); err != nil {
			return err
		}
		users := c.office.users
		if users == nil {
			users = map[string]string{own: password}
		}
		if known, ok := users[user]; !ok || word != known {
			return smtp.ErrAuthFailed
		}
		c.in = true
		return nil
	}), nil
}

func (c *counter) said(command, argument string) error {
	if c.office.say == nil {
		return nil
	}
	return c.office.say(command, argument)
}

func (c *counter) Mail(from string, _ *smtp.MailOptions) error {
	if !c.in && !c.office.open {
		return smtp.ErrAuthRequired
	}
	c.letter = got{From: from}
	return c.said("MAIL", from)
}

func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.letter.To = to
	return c.said("RCPT", to)
}

func (c *counter) Data(r io.Reader) (err error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := c.said("DATA", ""); err != nil {
		return err
	}
	if err := c.letter.read(string(raw)); err != nil {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: err.Error()}
	}
	c.office.mu.Lock()
	c.office.letters = append(c.office.letters, c.letter)
	c.office.mu.Unlock()
	if c.office.platform == nil {
		return nil
	}
	body, _ := json.Marshal(map[string]any{
		"to": c.letter.To, "header": c.letter.Header, "lines": strings.Split(c.letter.Plain, "\n"), "text": c.letter.Text, "page": c.letter.Page,
	})
	w := httptest.NewRecorder()
	defer func() {
		if p := recover(); p != nil {
			_ = c.conn.Conn().Close()
			err = errors.New("the connection was cut")
		}
	}()
	c.office.platform.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(string(body))).WithContext(c.office.ctx))
	return replied(w.Code)
}

// replied returns how SMTP says what a status of HTTP means.
func replied(status int) error {
	no := func(code int, detail smtp.EnhancedCode) error {
		return &smtp.SMTPError{Code: code, EnhancedCode: detail, Message: "no"}
	}
	switch {
	case status < 300:
		return nil
	case status == http.StatusUnauthorized:
		return no(535, smtp.EnhancedCode{5, 7, 8})
	case status == http.StatusForbidden:
		return no(550, smtp.EnhancedCode{5, 1, 1})
	case status == http.StatusTooManyRequests:
		return no(450, smtp.EnhancedCode{4, 2, 1})
	case status >= 500:
		return no(451, smtp.EnhancedCode{4, 3, 0})
	}
	return no(554, smtp.EnhancedCode{5, 6, 0})
}

func (c *counter) Reset()        { c.letter = got{} }
func (c *counter) Logout() error { return nil }

// bareLink is a link that shows where it leads.
var bareLink = regexp.MustCompile(`<a href="(https?://[^"]+)">https?://[^"<]+</a>`)

// read takes a letter apart, and fails where a program of mail would stumble.
func (g *got) read(raw string) error {
	g.raw = raw
	for line := range strings.SplitSeq(strings.TrimSuffix(raw, "\r\n"), "\r\n") {
		if len(line) > 998 || strings.ContainsAny(line, "\r\n\x00") {
			return errors.New("a line that mail can't carry")
		}
	}
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		return err
	}
	g.Header = map[string]string{}
	decoder := &mime.WordDecoder{}
	for name, values := range m.Header {
		if len(values) != 1 {
			return errors.New(name + " stands there twice")
		}
		if g.Header[name], err = decoder.DecodeHeader(values[0]); err != nil {
			return err
		}
	}
	if _, err := m.Header.Date(); err != nil {
		return err
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		return errors.Join(err, errors.New("not two forms of one text"))
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for _, to := range []*string{&g.Plain, &g.Page} {
		p, err := parts.NextRawPart()
		if err != nil {
			return err
		}
		text, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			return err
		}
		*to = strings.ReplaceAll(string(text), "\r\n", "\n")
	}
	_, rest, _ := strings.Cut(g.Page, `<div dir="auto">`)
	text, rest, _ := strings.Cut(rest, "</div>\n")
	g.Text = strings.ReplaceAll(bareLink.ReplaceAllString(text, "$1"), "<br>\n", "\n")
	g.Page = rest
	return nil
}
