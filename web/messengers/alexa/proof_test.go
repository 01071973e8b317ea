package alexa_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/web/messengers"
	"keypull/web/messengers/alexa"
	"keypull/web/messengers/messengertest"
)

func at(d messengers.Delivery, later time.Duration) messengers.Delivery {
	d.At = d.At.Add(later)
	return d
}

func changed(d messengers.Delivery, old, now string) messengers.Delivery {
	d.Body = bytes.Replace(d.Body, []byte(old), []byte(now), 1)
	return d
}

func without(d messengers.Delivery, header string) messengers.Delivery {
	delete(d.Header, header)
	return d
}

// withChains is Amazon with good and bad chains of certificates.
func withChains(t *testing.T) *standIn {
	t.Helper()
	s := newStandIn(t)
	root, name := s.root, "echo-api.amazon.com"
	below := root.between()
	day := 24 * time.Hour
	dated := func(begins, ends time.Duration) []byte {
		return pemOf(root.issue(&x509.Certificate{DNSNames: []string{name}, NotBefore: messengertest.Now().Add(begins), NotAfter: messengertest.Now().Add(ends)}, signerKey()))
	}
	s.chains["/echo.api/long.pem"] = pemOf(below.signer(name), below.cert)
	s.chains["/echo.api/torn.pem"] = pemOf(below.signer(name))
	s.chains["/echo.api/other.pem"] = pemOf(root.signer("evil.example.org"))
	s.chains["/echo.api/wild.pem"] = pemOf(root.signer("*.amazon.com.example.org"))
	s.chains["/echo.api/named.pem"] = pemOf(root.signer())
	s.chains["/echo.api/over.pem"] = dated(-2*day, -time.Second)
	s.chains["/echo.api/early.pem"] = dated(time.Second, day)
	s.chains["/echo.api/now.pem"] = dated(-day, day)
	s.chains["/echo.api/foreign.pem"] = pemOf(newAuthority("foreign").signer(name))
	s.chains["/echo.api/self.pem"] = pemOf(authority{key: signerKey()}.signer(name))
	s.chains["/echo.api/garbage.pem"] = []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
	s.chains["/else/good.pem"] = s.chains["/echo.api/good.pem"]
	return s
}

func TestOnlyAmazonIsBelieved(t *testing.T) {
	s := withChains(t)
	by := func(address string) messengers.Delivery { return sign(asks("1", "news"), address, signerKey()) }
	good := func() messengers.Delivery { return s.signed(asks("1", "news")) }
	sha1 := good()
	sha1.Header["Signature"] = sha1.Header["Signature-256"]
	tests := map[string]struct {
		delivery messengers.Delivery
		believed bool
	}{
		"a signed request":                     {good(), true},
		"one 150 seconds old":                  {at(good(), 150*time.Second), true},
		"one that is older":                    {at(good(), 151*time.Second), false},
		"one from the future":                  {at(good(), -151*time.Second), false},
		"no moment":                            {s.signed(changed(asks("1", "news"), `"timestamp"`, `"time"`)), false},
		"another skill":                        {s.signed(changed(asks("1", "news"), skillID, "amzn1.ask.skill.other")), false},
		"a changed word":                       {changed(good(), "news", "nevs"), false},
		"a key of somebody else":               {sign(asks("1", "news"), s.url("good.pem"), otherKey()), false},
		"no signature":                         {without(good(), "Signature-256"), false},
		"a signature with SHA-1 alone":         {without(sha1, "Signature-256"), false},
		"no chain":                             {without(good(), "Signaturecertchainurl"), false},
		"a chain with one between":             {by(s.url("long.pem")), true},
		"a chain that lacks the one between":   {by(s.url("torn.pem")), false},
		"a certificate for another name":       {by(s.url("other.pem")), false},
		"one for a name that ends alike":       {by(s.url("wild.pem")), false},
		"one whose name stands in the subject": {by(s.url("named.pem")), false},
		"one that has ended":                   {by(s.url("over.pem")), false},
		"one that has not begun":               {by(s.url("early.pem")), false},
		"one that is good for a day":           {by(s.url("now.pem")), true},
		"one of a foreign authority":           {by(s.url("foreign.pem")), false},
		"one that vouches for itself":          {by(s.url("self.pem")), false},
		"garbage":                              {by(s.url("garbage.pem")), false},
		"nothing there":                        {by(s.url("nothing.pem")), false},
		"an address by a detour":               {by("https://" + s.host + "/echo.api/../echo.api/good.pem"), true},
		"a detour out of the folder":           {by("https://" + s.host + "/echo.api/../else/good.pem"), false},
		"a hidden detour out of the folder":    {by("https://" + s.host + "/echo.api/%2e%2e/else/good.pem"), false},
		"a folder in capitals":                 {by("https://" + s.host + "/EcHo.aPi/good.pem"), false},
		"a folder that begins alike":           {by("https://" + s.host + "/echo.apix/good.pem"), false},
		"no encryption":                        {by("http://" + s.host + "/echo.api/good.pem"), false},
		"another host":                         {by("https://s3.amazonaws.com/echo.api/good.pem"), false},
		"the host as a user's name":            {by("https://" + s.host + "@evil.example.org/echo.api/good.pem"), false},
		"an address that is none":              {by("://"), false},
	}
	m := suite(s).Open(t, "", nil)
	for test, tt := range tests {
		t.Run(test, func(t *testing.T) {
			r, err := m.Receive(t.Context(), tt.delivery)
			want := http.StatusBadRequest
			if tt.believed {
				want = 0
			}
			if err != nil || r.Status != want || len(r.Asks) > 0 != tt.believed {
				t.Errorf("got status %d and %d asks, %v; believed should be %v", r.Status, len(r.Asks), err, tt.believed)
			}
		})
	}
}

func TestAmazonsOwnAddressesAreRead(t *testing.T) {
	s := newStandIn(t)
	for address, good := range map[string]bool{
		"https://s3.amazonaws.com/echo.api/echo-api-cert.pem":             true,
		"https://s3.amazonaws.com:443/echo.api/echo-api-cert.pem":         true,
		"HTTPS://S3.AmazonAWS.com/echo.api/../echo.api/echo-api-cert.pem": true,
		"http://s3.amazonaws.com/echo.api/echo-api-cert.pem":              false,
		"https://notamazon.com/echo.api/echo-api-cert.pem":                false,
		"https://s3.amazonaws.com/EcHo.aPi/echo-api-cert.pem":             false,
		"https://s3.amazonaws.com/invalid.path/echo-api-cert.pem":         false,
		"https://s3.amazonaws.com:563/echo.api/echo-api-cert.pem":         false,
	} {
		asked := ""
		m := open(t, s, func(r outside.Request) (outside.Response, error) {
			asked = r.URL
			return outside.Response{Status: http.StatusOK, Body: s.chains["/echo.api/good.pem"]}, nil
		})
		r, err := m.Receive(t.Context(), sign(asks("1", "news"), address, signerKey()))
		if err != nil || len(r.Asks) > 0 != good || good && asked != "https://s3.amazonaws.com/echo.api/echo-api-cert.pem" || !good && asked != "" {
			t.Errorf("%s: %d asks after asking %q, %v", address, len(r.Asks), asked, err)
		}
	}
}

// open returns a skill whose certificates are at Amazon's address, answered by
// serve, and go back to the stand-in's authority.
func open(t testing.TB, s *standIn, serve func(outside.Request) (outside.Response, error)) messengers.Messenger {
	t.Helper()
	opener := alexa.Kind.New()
	if err := settings.Fill(opener, map[string]any{"skill_id": skillID, "ca_file": s.caFile}); err != nil {
		t.Fatal(err)
	}
	client := outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) { return serve(r) }})
	m, err := opener.Open(messengers.Env{Client: client, Clock: time.Now, Name: func() string { return "Lecker" }})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAChainIsKeptAndAForgerHasFewFetched(t *testing.T) {
	s := newStandIn(t)
	m := suite(s).Open(t, "", nil)
	receive := func(d messengers.Delivery) bool {
		r, err := m.Receive(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		return len(r.Asks) > 0
	}
	for range 3 {
		if !receive(s.signed(asks("1", "news"))) {
			t.Fatal("a signed request brings nothing")
		}
	}
	if s.times() != 1 {
		t.Errorf("a chain was fetched %d times", s.times())
	}
	for i := range 100 {
		if receive(sign(asks("1", "news"), s.url("made-up-"+strings.Repeat("x", i)), otherKey())) {
			t.Fatal("a forger is believed")
		}
	}
	if s.times() > 20 {
		t.Errorf("a forger had %d addresses asked", s.times())
	}
	if !receive(s.signed(asks("1", "news"))) {
		t.Error("after the forger, nobody is believed")
	}
}

func TestAChainThatCannotBeFetchedRefusesNobody(t *testing.T) {
	s := newStandIn(t)
	away := true
	m := open(t, s, func(outside.Request) (outside.Response, error) {
		if away {
			return outside.Response{}, errors.New("no network")
		}
		return outside.Response{Status: http.StatusOK, Body: s.chains["/echo.api/good.pem"]}, nil
	})
	d := sign(asks("1", "news"), "https://s3.amazonaws.com/echo.api/a.pem", signerKey())
	if r, err := m.Receive(t.Context(), d); err == nil || len(r.Asks) > 0 {
		t.Errorf("got %+v, %v", r, err)
	}
	away = false
	if r, err := m.Receive(t.Context(), d); err != nil || len(r.Asks) != 1 {
		t.Errorf("got %+v, %v", r, err)
	}
}

func TestAFileWithoutAuthoritiesIsRefused(t *testing.T) {
	opener := alexa.Kind.New()
	if err := settings.Fill(opener, map[string]any{"skill_id": skillID, "ca_file": "rig_test.go"}); err != nil {
		t.Fatal(err)
	}
	if _, err := opener.Open(messengers.Env{}); err == nil {
		t.Error("a file of Go is taken for authorities")
	}
}

func FuzzReceive(f *testing.F) {
	s := newStandIn(f)
	m := suite(s).Open(f, "", nil)
	f.Add([]byte(`{"request":{"type":"IntentRequest"}}`), "AAAA", s.url("good.pem"))
	f.Add(asks("1", `\ud800\u0000`).Body, "", "")
	f.Add([]byte(strings.Repeat(`{"request":[`, 10_000)), "", s.url("good.pem"))
	f.Fuzz(func(t *testing.T, body []byte, signature, address string) {
		d := messengers.Delivery{Method: http.MethodPost, Body: body, At: messengertest.Now(),
			Header: map[string][]string{"Signature-256": {base64.StdEncoding.EncodeToString([]byte(signature))}, "Signaturecertchainurl": {address}}}
		if r, err := m.Receive(t.Context(), d); err != nil || r.Status != http.StatusBadRequest || len(r.Asks)+len(r.Events) > 0 {
			t.Fatalf("a forger gets %+v, %v", r, err)
		}
		d = s.signed(d)
		if r, err := m.Receive(t.Context(), d); err != nil || r.Status >= http.StatusInternalServerError {
			t.Fatalf("signed, it gets %+v, %v", r, err)
		}
	})
}

func TestAStandInOfThisMachineMayHaveAnyPort(t *testing.T) {
	s := newStandIn(t)
	for host, good := range map[string]bool{"127.0.0.1": true, "https://" + s.host + "/": true, "127.0.0.1:1": false, "http://127.0.0.1": false, "localhost": false} {
		m := suite(s).Open(t, "", map[string]any{"cert_hosts": []any{host}})
		r, err := m.Receive(t.Context(), s.signed(asks("1", "news")))
		if err != nil || len(r.Asks) > 0 != good {
			t.Errorf("cert_hosts %s: %d asks, %v", host, len(r.Asks), err)
		}
	}
}
