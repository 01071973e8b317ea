package standby_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

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
	// misdirected is how many questions come to a node that may not pass them on.
	misdirected int
	// asked is what came last, and spoil, where set, is done to each answer.
	asked []byte
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
	giver := &standby.Giver{Ring: g.ring, Version: "1.2.3", Secret: secret, Clock: time.Now, Answer: func(_ context.Context, asked []byte) []byte {
		return append([]byte("done: "), asked...)
	}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g.misdirected--; g.misdirected >= 0 {
			w.WriteHeader(http.StatusMisdirectedRequest)
			return
		}
		g.asked, _ = io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(g.asked))
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
	g.taker = &standby.Taker{Of: server.URL, Secret: secret, Version: "1.2.3", KeyPath: g.keys, Client: client, Clock: time.Now}
	return g
}

func (g *giving) placeKey(key []byte) {
	g.Helper()
	_ = os.Remove(g.keys)
	if err := sealed.PlaceKey(g.keys, key); err != nil {
		g.Fatal(err)
	}
}

// again asks what was asked last, as somebody on the way might, and returns the status.
func (g *giving) again() int {
	g.Helper()
	r, err := http.NewRequestWithContext(g.Context(), http.MethodPost, g.taker.Of+standby.Root, bytes.NewReader(g.asked))
	if err != nil {
		g.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+secret)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		g.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}

func (g *giving) refused(when, says string) {
	g.Helper()
	if keys, err := g.taker.WrappingKeys(g.Context()); err == nil || keys != nil || !strings.Contains(err.Error(), says) {
		g.Errorf("%s: error %v, want %q", when, err, says)
	}
}

// Commands are carried out for who has the secret and the key file, now, and nobody on the way
// reads them.
func TestCommandsAreCarriedOutForWhoHasTheKeyFile(t *testing.T) {
	g := newGiving(t, nil)
	const asked = `{"op":"me.tell"}`
	refused := func(when, says string) {
		t.Helper()
		if answer, err := g.taker.Command(t.Context(), []byte(asked)); err == nil || answer != nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: error %v, want %q", when, err, says)
		}
	}
	refused("without a key file", "put the key file of the primary there")
	g.placeKey(newGiving(t, nil).key())
	refused("with another key file", "is another key file")
	g.placeKey(g.key())
	answer, err := g.taker.Command(t.Context(), []byte(asked))
	if err != nil || string(answer) != "done: "+asked {
		t.Errorf("%q, error %v", answer, err)
	}
	if bytes.Contains(g.asked, []byte("me.tell")) {
		t.Errorf("who terminates TLS reads %s", g.asked)
	}
	var earlier []byte
	g.spoil = func(b []byte) []byte { earlier = b; return b }
	if _, err := g.taker.Command(t.Context(), []byte(asked)); err != nil {
		t.Error(err)
	}
	g.spoil = func([]byte) []byte { return earlier }
	refused("with the answer to another command", "damaged")
	g.spoil = nil
	if got := g.again(); got != http.StatusConflict {
		t.Errorf("a command that is sent again is answered with %d", got)
	}
	g.misdirected = 2
	if answer, err := g.taker.Command(t.Context(), []byte(asked)); err != nil || string(answer) != "done: "+asked {
		t.Errorf("past nodes that may not pass it on: %q, error %v", answer, err)
	}
	for _, by := range []time.Duration{-3 * time.Minute, 3 * time.Minute} {
		g.taker.Clock = func() time.Time { return time.Now().Add(by) }
		refused("with another clock", "more than two minutes apart")
	}
	g.taker.Clock, g.taker.Secret = time.Now, "another"
	refused("with another secret", "has another secret")
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
