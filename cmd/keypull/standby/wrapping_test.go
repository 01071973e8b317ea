package standby_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"testing"

	"keypull/cmd/keypull/standby"
	"keypull/pull/outside"
	"keypull/store/sealed"
	"keypull/store/storetest"
)

// giving is a ring whose wrapping keys are given, and who asks for them.
type giving struct {
	machine
	ring  *sealed.Ring
	path  string // of its key file
	taker *standby.Taker
	// spoil, where set, is done to each answer.
	spoil func([]byte) []byte
}

func newGiving(t *testing.T, pages sealed.Pages) *giving {
	t.Helper()
	g := &giving{machine: newMachine(t), path: newMachine(t).keys}
	var err error
	if g.ring, err = sealed.Open(sealed.Options{Path: g.path, Fresh: true, Pages: pages}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.ring.Close() })
	giver := &standby.Giver{Ring: g.ring, Version: "1.2.3", Secret: secret}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		giver.ServeHTTP(answer, r)
		body := answer.Body.Bytes()
		if g.spoil != nil {
			body = g.spoil(body)
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(body)
	}))
	t.Cleanup(server.Close)
	client := outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	t.Cleanup(client.Close)
	g.taker = &standby.Taker{Of: server.URL, Secret: secret, Version: "1.2.3", KeyPath: g.keys, Client: client}
	return g
}

func (g *giving) placeKey(key []byte) {
	g.Helper()
	_ = os.Remove(g.keys)
	if err := sealed.PlaceKey(g.keys, key); err != nil {
		g.Fatal(err)
	}
}

func (g *giving) refused(when, says string) {
	g.Helper()
	if keys, err := g.taker.WrappingKeys(g.Context()); err == nil || keys != nil || !strings.Contains(err.Error(), says) {
		g.Errorf("%s: error %v, want %q", when, err, says)
	}
}

// Wrapping keys are given to who has the secret and the key file, and to nobody else.
func TestWrappingKeysAreGivenToWhoMayTakeOver(t *testing.T) {
	g := newGiving(t, &storetest.KeptPages{})
	g.refused("without a key file", "put the key file of the primary there")
	other := newGiving(t, nil)
	g.placeKey(other.key())
	g.refused("with another key file", "is another key file")
	own := g.key()
	g.placeKey(own)
	keys, err := g.taker.WrappingKeys(t.Context())
	if err != nil || !bytes.Equal(keys, g.ring.WrappingKeys()) || g.taker.Usable() != nil {
		t.Errorf("%d bytes, errors %v, %v", len(keys), err, g.taker.Usable())
	}
	for when, spoil := range map[string]func([]byte) []byte{
		"cut short": func(b []byte) []byte { return b[:len(b)-1] },
		"bent":      func(b []byte) []byte { b = bytes.Clone(b); b[len(b)-9] ^= 1; return b },
		"empty":     func([]byte) []byte { return nil },
		"a page":    func([]byte) []byte { return []byte("<html>") },
	} {
		g.spoil = spoil
		g.refused(when, "")
	}
	g.spoil = nil
	g.placeKey(sealed.NextKey(own)) // as if this one were renewed, and the giver's not
	if _, err := g.taker.WrappingKeys(t.Context()); err != nil {
		t.Error(err)
	}
	if err := g.taker.Usable(); err == nil || !strings.Contains(err.Error(), "is of before") {
		t.Errorf("with a key file of another time: %v", err)
	}
	g.placeKey(own)
	if err := g.taker.Usable(); err != nil {
		t.Error(err)
	}
	g.taker.Secret = "another secret of both machines"
	g.refused("with another secret", "has another secret")

	other.placeKey(other.key())
	other.refused("of keys in a folder", "tells a standby nothing")
	q := standby.Question{Pair: g.ring.Pair(), Name: "a standby"}
	if _, err := standby.Ask(t.Context(), g.taker.Client, g.taker.Of, secret, &q); err == nil || !strings.Contains(err.Error(), "tells a standby nothing") {
		t.Errorf("who copies a file: %v", err)
	}
}

// key returns the key file of the ring.
func (g *giving) key() []byte {
	g.Helper()
	key, err := sealed.ReadKey(g.path)
	if err != nil {
		g.Fatal(err)
	}
	return key
}
