package alexa_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

const skillID = "amzn1.ask.skill.11111111-2222-3333-4444-555555555555"

// authority issues certificates.
type authority struct {
	cert *x509.Certificate
	key  *rsa.PrivateKey
}

// Keys take a while to make: all certificates of a kind share theirs.
var (
	authorityKey = sync.OnceValue(newKey)
	signerKey    = sync.OnceValue(newKey)
	otherKey     = sync.OnceValue(newKey)
)

func newKey() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
}

func newAuthority(name string) authority {
	a := authority{key: authorityKey()}
	a.cert = a.issue(&x509.Certificate{Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}, a.key)
	return a
}

// between returns an authority below another one.
func (a authority) between() authority {
	b := authority{key: otherKey()}
	b.cert = a.issue(&x509.Certificate{Subject: pkix.Name{CommonName: "between"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}, b.key)
	return b
}

var serial atomic.Int64

// issue signs a certificate, which is good for decades where it does not say.
func (a authority) issue(c *x509.Certificate, key *rsa.PrivateKey) *x509.Certificate {
	c.SerialNumber = big.NewInt(serial.Add(1))
	if c.NotBefore.IsZero() {
		c.NotBefore = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if c.NotAfter.IsZero() {
		c.NotAfter = time.Date(2080, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	parent := a.cert
	if parent == nil {
		parent = c
	}
	raw, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, a.key)
	if err != nil {
		panic(err)
	}
	made, err := x509.ParseCertificate(raw)
	if err != nil {
		panic(err)
	}
	return made
}

// signer returns a certificate for the name that requests are signed by.
func (a authority) signer(names ...string) *x509.Certificate {
	return a.issue(&x509.Certificate{Subject: pkix.Name{CommonName: "echo-api.amazon.com"}, DNSNames: names}, signerKey())
}

func pemOf(certs ...*x509.Certificate) []byte {
	var b bytes.Buffer
	for _, c := range certs {
		_ = pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}) // into memory, it can't fail
	}
	return b.Bytes()
}

// standIn serves chains by https, as Amazon does, at a certificate of its own.
type standIn struct {
	host   string
	caFile string
	root   authority
	mu     sync.Mutex
	chains map[string][]byte
	asked  int
}

func newStandIn(t testing.TB) *standIn {
	t.Helper()
	s := &standIn{root: newAuthority("root"), chains: map[string][]byte{}}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.asked++
		chain, ok := s.chains[r.URL.Path]
		if !ok {
			w.WriteHeader(http.StatusForbidden)
		}
		_, _ = w.Write(chain)
	}))
	own := s.root.issue(&x509.Certificate{IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}, signerKey())
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{own.Raw}, PrivateKey: signerKey()}}, MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	s.host = server.Listener.Addr().String()
	s.caFile = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(s.caFile, pemOf(s.root.cert), 0o600); err != nil {
		t.Fatal(err)
	}
	s.chains["/echo.api/good.pem"] = pemOf(s.root.signer("echo-api.amazon.com"))
	return s
}

func (s *standIn) url(name string) string { return "https://" + s.host + "/echo.api/" + name }

func (s *standIn) times() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

// sign signs a delivery with the key of a certificate at an address.
func sign(d messengers.Delivery, address string, key *rsa.PrivateKey) messengers.Delivery {
	sum := sha256.Sum256(d.Body)
	by, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	if d.Header == nil {
		d.Header = map[string][]string{}
	}
	d.Header["Signature-256"] = []string{base64.StdEncoding.EncodeToString(by)}
	d.Header["Signaturecertchainurl"] = []string{address}
	return d
}

func (s *standIn) signed(d messengers.Delivery) messengers.Delivery {
	return sign(d, s.url("good.pem"), signerKey())
}

// request returns what a skill gets; rest is the request beside its id and moment.
func request(id, session, rest string) messengers.Delivery {
	return messengers.Delivery{Method: http.MethodPost, At: messengertest.Now(), Body: []byte(`{"version":"1.0","session":{"new":` + session +
		`,"sessionId":"s1","application":{"applicationId":"` + skillID + `"},"user":{"userId":"amzn1.ask.account.ANN"}},"context":{"System":{"application":{"applicationId":"` + skillID +
		`"},"user":{"userId":"amzn1.ask.account.ANN"},"device":{"deviceId":"d1","supportedInterfaces":{}},"apiEndpoint":"https://api.eu.amazonalexa.com"}},` +
		`"request":{"requestId":"` + id + `","timestamp":"2026-11-20T09:00:00Z","locale":"de-DE",` + rest + `}}`)}
}

func asks(id, words string) messengers.Delivery {
	return request(id, "true", `"type":"IntentRequest","intent":{"name":"AskIntent","confirmationStatus":"NONE","slots":{"query":{"name":"query","value":"`+words+`","confirmationStatus":"NONE"}}}`)
}
