package sourcetest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net"
	"testing"
	"time"
)

// proofs are what servers show of who they are: certificates of an authority
// that is trusted, and others.
type proofs struct {
	authority *x509.Certificate
	key       *ecdsa.PrivateKey
	good      tls.Certificate
}

func newProofs(t *testing.T) *proofs {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p := &proofs{key: key, authority: template(func(c *x509.Certificate) {
		c.Subject.CommonName, c.IPAddresses, c.DNSNames, c.ExtKeyUsage = "An authority", nil, nil, nil
		c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
	})}
	der, err := x509.CreateCertificate(rand.Reader, p.authority, p.authority, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	if p.authority, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	p.good = p.shown(func(*x509.Certificate) {})
	return p
}

func template(change func(*x509.Certificate)) *x509.Certificate {
	now := time.Now()
	c := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "127.0.0.1"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"liar.example"},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	change(c)
	return c
}

// shown returns a certificate of the authority; an empty one where none can be made.
func (p *proofs) shown(change func(*x509.Certificate)) tls.Certificate {
	return p.signed(change, p.authority, p.key)
}

func (p *proofs) signed(change func(*x509.Certificate), by *x509.Certificate, key *ecdsa.PrivateKey) tls.Certificate {
	own := template(change)
	if by == nil {
		by = own
	}
	der, err := x509.CreateCertificate(rand.Reader, own, by, p.key.Public(), key)
	if err != nil {
		return tls.Certificate{}
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: p.key}
}

func (p *proofs) roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(p.authority)
	return pool
}

// config returns that of an honest server.
func (p *proofs) config(over layer) *tls.Config {
	c := &tls.Config{Certificates: []tls.Certificate{p.good}, NextProtos: []string{"http/1.1"}, MinVersion: tls.VersionTLS10} //nolint:gosec // it lies
	if over == framed {
		c.NextProtos = []string{"h2"}
	}
	return c
}

// shows returns a lie in the certificate.
func shows(change func(*x509.Certificate)) func(*proofs, *tls.Config) {
	return func(p *proofs, c *tls.Config) { c.Certificates = []tls.Certificate{p.shown(change)} }
}

// greets says something in place of a handshake.
func greets(text string) func(net.Conn) {
	return func(c net.Conn) {
		hello := make([]byte, 512)
		_, _ = c.Read(hello)
		_, _ = io.WriteString(c, text)
	}
}

func tlsLies() []lie {
	lies := []lie{
		{name: "a certificate of last year", proves: shows(func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })},
		{name: "a certificate of next year", proves: shows(func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Hour) })},
		{name: "a certificate of another host", proves: shows(func(c *x509.Certificate) { c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 9)} })},
		{name: "a certificate with the host in its common name alone", proves: shows(func(c *x509.Certificate) { c.IPAddresses = nil })},
		{name: "a certificate of a client", proves: shows(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} })},
		{name: "a certificate that it signed itself", proves: func(p *proofs, c *tls.Config) {
			c.Certificates = []tls.Certificate{p.signed(func(*x509.Certificate) {}, nil, p.key)}
		}},
		{name: "a certificate of an authority that is none", proves: func(p *proofs, c *tls.Config) {
			between, _ := x509.ParseCertificate(p.good.Certificate[0])
			leaf := p.signed(func(*x509.Certificate) {}, between, p.key)
			leaf.Certificate = append(leaf.Certificate, p.good.Certificate[0])
			c.Certificates = []tls.Certificate{leaf}
		}},
		{name: "a certificate with a critical extension of nobody", proves: shows(func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{{Id: []int{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}}}
		})},
		{name: "no certificate", proves: func(_ *proofs, c *tls.Config) {
			c.Certificates, c.GetCertificate = nil, func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, io.EOF }
		}},
		{name: "TLS 1.1", proves: func(_ *proofs, c *tls.Config) { c.MaxVersion = tls.VersionTLS11 }},
		{name: "TLS 1.0", proves: func(_ *proofs, c *tls.Config) { c.MaxVersion = tls.VersionTLS10 }},
		{name: "a certificate wanted of us", proves: func(_ *proofs, c *tls.Config) { c.ClientAuth = tls.RequireAnyClientCert }},
		{name: "an alert", greet: greets("\x15\x03\x03\x00\x02\x02\x28")},
		{name: "an alert that nobody knows", greet: greets("\x15\x03\x03\x00\x02\x02\xee")},
		{name: "a record beyond measure", greet: greets("\x16\x03\x03\xff\xff" + string(make([]byte, 66_000)))},
		{name: "a handshake that is cut", greet: greets("\x16\x03\x03\x00\x7a\x02\x00\x00")},
		{name: "a handshake that is nonsense", greet: greets("\x16\x03\x03\x00\x04\x02\x00\x00\x00")},
		{name: "plain HTTP where TLS is wanted", greet: greets("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")},
		{name: "a handshake that is closed", greet: greets("")},
		{name: "a handshake that is reset", greet: linger},
		{name: "a handshake that stalls", stalls: true, greet: func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }},
		{name: "a body over TLS that is cut without a farewell", tell: func(x *exchange) {
			x.say(ok + "Content-Length: 1000000\n\nBODY")
			if s, ok := x.conn.(*tls.Conn); ok {
				_ = s.NetConn().Close()
			}
		}},
	}
	for i := range lies {
		lies[i].over, lies[i].follows = secured, fails
	}
	return append(lies, lie{name: "TLS 1.2", over: secured, follows: brings, proves: func(_ *proofs, c *tls.Config) { c.MaxVersion = tls.VersionTLS12 }})
}
