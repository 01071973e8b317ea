package email_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/emersion/go-smtp"

	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/web/messengers"
	"keypull/web/messengers/email"
	"keypull/web/messengers/messengertest"
)

func TestLettersLeaveByEachWayOfEncryption(t *testing.T) {
	lender := httptest.NewTLSServer(nil)
	roots := x509.NewCertPool()
	roots.AddCert(lender.Certificate())
	config := &tls.Config{Certificates: lender.TLS.Certificates, MinVersion: tls.VersionTLS12}
	lender.Close()
	for _, way := range []string{"implicit", "starttls"} {
		p := &postOffice{}
		server := smtp.NewServer(p)
		server.Domain, server.TLSConfig = "localhost", config
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		address := l.Addr().String()
		if way == "implicit" {
			l = tls.NewListener(l, config)
		}
		done := make(chan struct{})
		go func() { defer close(done); _ = server.Serve(l) }()
		for trusted, pool := range map[bool]*x509.CertPool{true: roots, false: x509.NewCertPool()} {
			client := outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, Roots: pool})
			opener := email.Kind.New()
			if err := settings.Fill(opener, map[string]any{
				"address": own, "username": own, "password": password, "smtp": address, "tls": way, "hook_secret": secret,
			}); err != nil {
				t.Fatal(err)
			}
			m, err := opener.Open(messengers.Env{Client: client, Clock: messengertest.Now})
			if err != nil {
				t.Fatal(err)
			}
			_, err = m.Send(t.Context(), answer("1-1"))
			var send *messengers.SendError
			if trusted && err != nil || !trusted && (!errors.As(err, &send) || send.Fault != messengers.Temporary) {
				t.Errorf("%s, trusted %v: %v", way, trusted, err)
			}
			_ = m.(messengers.Closer).Close()
			client.Close()
		}
		if n := len(p.taken()); n != 1 {
			t.Errorf("%s: %d letters arrived", way, n)
		}
		_, _ = l.Close(), server.Close()
		<-done
	}
}
