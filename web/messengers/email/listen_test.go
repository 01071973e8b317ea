package email_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-smtp"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/web/messengers"
	"keypull/web/messengers/email"
)

// mailServer is a mailbox on an IMAP server in memory.
type mailServer struct {
	*imapmemserver.User
	address string
	roots   *x509.CertPool
}

func serveIMAP(t *testing.T, caps imap.CapSet, way string) *mailServer {
	t.Helper()
	user := imapmemserver.NewUser(own, password)
	if err := user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	store := imapmemserver.New()
	store.AddUser(user)
	m := &mailServer{User: user}
	options := &imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return store.NewSession(), nil, nil
		},
		Caps: caps, InsecureAuth: way == "none",
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if way != "none" {
		lender := httptest.NewTLSServer(nil)
		m.roots = x509.NewCertPool()
		m.roots.AddCert(lender.Certificate())
		config := &tls.Config{Certificates: lender.TLS.Certificates, MinVersion: tls.VersionTLS12}
		lender.Close()
		if options.TLSConfig = config; way == "implicit" {
			l = tls.NewListener(l, config)
		}
	}
	m.address = l.Addr().String()
	server := imapserver.New(options)
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(l) }()
	t.Cleanup(func() { _ = l.Close(); _ = server.Close(); <-done })
	return m
}

type literal struct{ *strings.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

func (m *mailServer) deliver(t *testing.T, subject string, at time.Time) {
	t.Helper()
	m.append(t, fmt.Sprintf("Message-ID: <%s@x>\r\nSubject: %s\r\n\r\n", subject, subject), at)
}

// append delivers a letter of a sender.
func (m *mailServer) append(t *testing.T, rest string, at time.Time) {
	t.Helper()
	raw := "From: ann@example.org\r\nTo: " + own + "\r\n" + rest
	if _, err := m.Append("INBOX", literal{strings.NewReader(raw)}, &imap.AppendOptions{Time: at}); err != nil {
		t.Fatal(err)
	}
}

// shelf is a place that outlives a messenger.
type shelf struct {
	mu   sync.Mutex
	kept []byte
}

func (s *shelf) Load(context.Context) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept, nil
}

func (s *shelf) Keep(_ context.Context, value []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = value
	return nil
}

// listening is a mailbox that is read; what it brings comes by asks, and what
// marks it by marks.
type listening struct {
	messengers.Messenger
	asks  chan string
	marks chan string
	done  chan error
	close func()
}

func listen(t *testing.T, m *mailServer, place messengers.Place, way string, fails int) listening {
	t.Helper()
	return listenWith(t, m, place, fails, map[string]any{"smtp": "127.0.0.1:9", "tls": way})
}

// listenWith is listen with settings of its own.
func listenWith(t *testing.T, m *mailServer, place messengers.Place, fails int, set map[string]any) listening {
	t.Helper()
	opener := email.Kind.New()
	values := map[string]any{"address": own, "username": own, "password": password, "imap": m.address}
	maps.Copy(values, set)
	if err := settings.Fill(opener, values); err != nil {
		t.Fatal(err)
	}
	client := outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, Roots: m.roots})
	t.Cleanup(client.Close)
	messenger, err := opener.Open(messengers.Env{Client: client, Clock: time.Now, Place: place, Rand: rand.New(rand.NewPCG(1, 2)), Logger: slog.New(slog.DiscardHandler)}) //nolint:gosec // a test repeats itself
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	l := listening{Messenger: messenger, asks: make(chan string, 64), marks: make(chan string, 64), done: make(chan error, 1), close: cancel}
	go func() {
		l.done <- messenger.(messengers.Listener).Listen(ctx, func(_ context.Context, r messengers.Receipt) error {
			if fails--; fails >= 0 {
				return errors.New("the disk is full")
			}
			for _, in := range r.Asks {
				l.asks <- in.Text
				l.marks <- in.Mark
			}
			return nil
		})
	}()
	t.Cleanup(cancel)
	return l
}

func (l listening) want(t *testing.T, texts ...string) {
	t.Helper()
	for _, want := range texts {
		select {
		case got := <-l.asks:
			if got != want {
				t.Fatalf("%q is asked, want %q", got, want)
			}
		case <-time.After(2 * time.Minute):
			t.Fatalf("%q never comes", want)
		}
	}
}

func (l listening) end(t *testing.T) {
	t.Helper()
	l.close()
	if err := <-l.done; !errors.Is(err, context.Canceled) {
		t.Errorf("Listen ended with %v", err)
	}
	if len(l.asks) > 0 {
		t.Errorf("%q is asked as well", <-l.asks)
	}
}

func TestAMailboxIsReadOnceFromWhereItWasLeft(t *testing.T) {
	for name, caps := range map[string]imap.CapSet{
		"IMAP4rev2": {imap.CapIMAP4rev2: {}, imap.CapIMAP4rev1: {}}, "IMAP4rev1 with IDLE": {imap.CapIMAP4rev1: {}, imap.CapIdle: {}},
	} {
		t.Run(name, func(t *testing.T) {
			m, place := serveIMAP(t, caps, "none"), &shelf{}
			m.deliver(t, "old", time.Now().Add(-3*time.Hour))
			m.deliver(t, "young", time.Now())
			l := listen(t, m, place, "none", 1)
			l.want(t, "young")
			for i := range 25 {
				m.deliver(t, fmt.Sprintf("n%d", i), time.Now())
			}
			for i := range 25 {
				l.want(t, fmt.Sprintf("n%d", i))
			}
			l.end(t)
			m.deliver(t, "meanwhile", time.Now())
			l = listen(t, m, place, "none", 0)
			l.want(t, "meanwhile")
			m.deliver(t, "last", time.Now())
			l.want(t, "last")
			l.end(t)
		})
	}
}

func TestTheFolderOfTheNameIsRead(t *testing.T) {
	m := serveIMAP(t, imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIdle: {}}, "none")
	m.deliver(t, "before", time.Now())
	l := listen(t, m, &shelf{}, "none", 0)
	l.want(t, "before")
	if err := m.Rename("INBOX", "Former", nil); err != nil {
		t.Fatal(err)
	}
	if err := m.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	m.deliver(t, "after", time.Now())
	l.Messenger.(messengers.Marker).Done("nonsense") // wakes whoever waits for letters
	l.want(t, "after")
	l.end(t)
}

// What a letter says of its characters is wrong now and then, and it is read nevertheless.
func TestLettersOfWrongCharacterSetsAreRead(t *testing.T) {
	m := serveIMAP(t, imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIdle: {}}, "none")
	l := listen(t, m, &shelf{}, "none", 0)
	for rest, want := range map[string]string{
		"Subject: \r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\xe9t\xe9 \x96 99 \x80": "\u00e9t\u00e9 \u2013 99 \u20ac",
		"Subject: \r\nContent-Type: text/plain; charset=x-nonsense\r\n\r\ncaf\xe9":           "caf\u00e9",
		"Subject: \r\n\r\ncaf\xe9":                                                                  "caf\u00e9",
		"Subject: =?x-nonsense?Q?caf=E9?=\r\n\r\n":                                                  "caf\u00e9",
		"Subject: caf\xe9\r\n\r\n":                                                                  "caf\u00e9",
		"Subject: \r\nContent-Type: text/plain; charset=utf-8\r\n\r\ncaf\u00e9 \xff":                "caf\u00e9",
		"Subject: \r\nContent-Type: text/plain; charset=koi8-r\r\n\r\n\xcb\xd5\xd2\xd3":             "\u043a\u0443\u0440\u0441",
		"Subject: \r\nContent-Type: text/plain; charset=x-nonsense\r\n\r\n\u043a\u0443\u0440\u0441": "\u043a\u0443\u0440\u0441",
	} {
		m.append(t, rest, time.Now())
		l.want(t, want)
	}
	l.end(t)
}

func TestAMailboxIsReadByEachWayOfEncryption(t *testing.T) {
	for _, way := range []string{"implicit", "starttls"} {
		m := serveIMAP(t, imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIdle: {}}, way)
		m.deliver(t, way, time.Now())
		l := listen(t, m, &shelf{}, way, 0)
		l.want(t, way)
		l.end(t)
	}
}

func TestReadingEndsWhereTheMailboxRefusesUs(t *testing.T) {
	m := serveIMAP(t, imap.CapSet{imap.CapIMAP4rev1: {}}, "none")
	opener := email.Kind.New()
	if err := settings.Fill(opener, map[string]any{"address": own, "username": own, "password": "wrong-0123456789", "imap": m.address, "smtp": "127.0.0.1:9", "tls": "none"}); err != nil {
		t.Fatal(err)
	}
	client := outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	defer client.Close()
	messenger, err := opener.Open(messengers.Env{Client: client, Clock: time.Now, Rand: rand.New(rand.NewPCG(1, 2)), Logger: slog.New(slog.DiscardHandler)}) //nolint:gosec // a test repeats itself
	if err != nil {
		t.Fatal(err)
	}
	err = messenger.(messengers.Listener).Listen(t.Context(), func(context.Context, messengers.Receipt) error { return nil })
	if err == nil || strings.Contains(err.Error(), "wrong-0123456789") {
		t.Errorf("got %v", err)
	}
}

// unread returns how many letters of the mailbox nobody has read.
func (m *mailServer) unread(t *testing.T) uint32 {
	t.Helper()
	status, err := m.Status("INBOX", &imap.StatusOptions{NumUnseen: true})
	if err != nil {
		t.Fatal(err)
	}
	return *status.NumUnseen
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(what)
		}
	}
}

func TestALetterIsReadOnceItIsDealtWith(t *testing.T) {
	m, place := serveIMAP(t, imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIdle: {}}, "none"), &shelf{}
	m.deliver(t, "one", time.Now())
	m.deliver(t, "two", time.Now())
	raw := "From: ann@example.org\r\nTo: " + own + "\r\nMessage-ID: <auto@x>\r\nAuto-Submitted: auto-replied\r\nSubject: away\r\n\r\n"
	if _, err := m.Append("INBOX", literal{strings.NewReader(raw)}, &imap.AppendOptions{Time: time.Now()}); err != nil {
		t.Fatal(err)
	}
	l := listen(t, m, place, "none", 0)
	l.want(t, "one", "two")
	first, second := <-l.marks, <-l.marks
	eventually(t, "what no answer is due to stays unread", func() bool { return m.unread(t) == 2 })
	l.Messenger.(messengers.Marker).Done(second)
	eventually(t, "what is answered stays unread", func() bool { return m.unread(t) == 1 })
	l.end(t)
	// What ended while nobody read the mailbox is marked when somebody does.
	l = listen(t, m, place, "none", 0)
	l.Messenger.(messengers.Marker).Done(first)
	l.Messenger.(messengers.Marker).Done("1:999999")
	l.Messenger.(messengers.Marker).Done("nonsense")
	eventually(t, "what is answered stays unread", func() bool { return m.unread(t) == 0 })
	l.end(t)
}

func TestNothingIsFetchedWhileAnswersCantBeHandedIn(t *testing.T) {
	for name, refuse := range map[string]string{"the password is refused": "AUTH", "the sender is refused": "MAIL"} {
		t.Run(name, func(t *testing.T) {
			var refused atomic.Bool
			refused.Store(true)
			office := serveSMTP(suiteT{t}, &postOffice{say: func(command, _ string) error {
				if refused.Load() && command == refuse {
					return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "no"}
				}
				return nil
			}})
			m, place := serveIMAP(t, imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIdle: {}}, "none"), &shelf{}
			m.deliver(t, "news", time.Now())
			l := listenWith(t, m, place, 0, map[string]any{"smtp": office, "tls": "none"})
			if err := <-l.done; pull.KindOf(err) != pull.Denied {
				t.Fatalf("it listens: %v", err)
			}
			if len(l.asks) > 0 || m.unread(t) != 1 {
				t.Errorf("%d letters were fetched, and %d are unread", len(l.asks), m.unread(t))
			}
			if err := l.Messenger.(messengers.Trier).Try(t.Context()); pull.KindOf(err) != pull.Denied {
				t.Errorf("the account is good: %v", err)
			}
			refused.Store(false)
			l = listenWith(t, m, place, 0, map[string]any{"smtp": office, "tls": "none"})
			l.want(t, "news")
			l.end(t)
		})
	}
}

func TestBothServersMayHaveLoginsOfTheirOwn(t *testing.T) {
	for name, c := range map[string]struct {
		set  map[string]any
		user string
	}{
		"the same":     {map[string]any{}, own},
		"its own":      {map[string]any{"smtp_login": "own", "smtp_username": "relay", "smtp_password": "relay-password-01"}, "relay"},
		"none":         {map[string]any{"smtp_login": "none"}, ""},
		"none at IMAP": {map[string]any{"username": "", "password": "", "smtp_login": "own", "smtp_username": "relay", "smtp_password": "relay-password-01"}, "relay"},
	} {
		t.Run(name, func(t *testing.T) {
			office := &postOffice{users: map[string]string{own: password, "relay": "relay-password-01"}, open: c.user == ""}
			var user atomic.Value
			user.Store("")
			office.say = func(command, argument string) error {
				if command == "AUTH" {
					user.Store(argument)
				}
				return nil
			}
			address := serveSMTP(suiteT{t}, office)
			values := map[string]any{"address": own, "username": own, "password": password, "smtp": address, "hook_secret": secret, "tls": "none"}
			maps.Copy(values, c.set)
			opener := email.Kind.New()
			if err := settings.Fill(opener, values); err != nil {
				t.Fatal(err)
			}
			client := outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
			defer client.Close()
			m, err := opener.Open(messengers.Env{Client: client, Clock: time.Now})
			if err != nil {
				t.Fatal(err)
			}
			_, err = m.Send(t.Context(), messengers.Sending{Message: messengers.Message{Text: "Hello"}, Address: "ann@example.org", Key: "1.0"})
			if err != nil || user.Load() != c.user || len(office.taken()) != 1 {
				t.Errorf("%v, signed in as %q, want %q; %d letters", err, user.Load(), c.user, len(office.taken()))
			}
		})
	}
	opener := email.Kind.New()
	if settings.Fill(opener, map[string]any{"address": own, "smtp": "smtp.example.org", "hook_secret": secret, "smtp_login": "own"}) == nil {
		t.Error("a sign-in of its own without a name is taken")
	}
}
