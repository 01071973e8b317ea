package email_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

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
	raw := fmt.Sprintf("From: ann@example.org\r\nTo: %s\r\nMessage-ID: <%s@x>\r\nSubject: %s\r\n\r\n", own, subject, subject)
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

// listening is a mailbox that is read; what it brings comes by asks.
type listening struct {
	asks  chan string
	done  chan error
	close func()
}

func listen(t *testing.T, m *mailServer, place messengers.Place, way string, fails int) listening {
	t.Helper()
	opener := email.Kind.New()
	err := settings.Fill(opener, map[string]any{
		"address": own, "username": own, "password": password, "imap": m.address, "smtp": "127.0.0.1:9", "tls": way,
	})
	if err != nil {
		t.Fatal(err)
	}
	client := outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, Roots: m.roots})
	t.Cleanup(client.Close)
	messenger, err := opener.Open(messengers.Env{Client: client, Clock: time.Now, Place: place})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	l := listening{asks: make(chan string, 64), done: make(chan error, 1), close: cancel}
	go func() {
		l.done <- messenger.(messengers.Listener).Listen(ctx, func(_ context.Context, r messengers.Receipt) error {
			if fails--; fails >= 0 {
				return errors.New("the disk is full")
			}
			for _, in := range r.Asks {
				l.asks <- in.Text
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
	messenger, err := opener.Open(messengers.Env{Client: client, Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	err = messenger.(messengers.Listener).Listen(t.Context(), func(context.Context, messengers.Receipt) error { return nil })
	if err == nil || strings.Contains(err.Error(), "wrong-0123456789") {
		t.Errorf("got %v", err)
	}
}
