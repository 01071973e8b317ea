package standby_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"keypull/cmd/keypull/safe"
	"keypull/cmd/keypull/standby"
	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/store"
	"keypull/store/withdrawn"
)

const secret = "a secret of both machines"

// machine is one of the two.
type machine struct {
	*testing.T
	store, keys string
}

func newMachine(t *testing.T) machine {
	folder := t.TempDir()
	return machine{t, filepath.Join(folder, "keypull.db"), filepath.Join(folder, "keypull.key")}
}

// primary is an open store that a standby may follow.
type primary struct {
	machine
	*safe.Safe
	tells      *standby.Primary
	log        standby.Origin
	server     *httptest.Server
	superseded atomic.Uint64
	// spoil, where set, is done to each answer.
	spoil func([]byte) []byte
}

func newPrimary(t *testing.T, version string, wait time.Duration) *primary {
	t.Helper()
	p := &primary{machine: newMachine(t)}
	var err error
	if p.Safe, err = safe.Open(t.Context(), safe.Options{Store: p.store, Keys: p.keys, MinFree: -1, Keep: 64 << 20, Logger: slog.New(slog.DiscardHandler)}); err != nil {
		t.Fatal(err)
	}
	w, err := withdrawn.Open(withdrawn.NameOf(p.store), time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	var ok bool
	if p.log, ok = p.Store.(standby.Origin); !ok {
		t.Fatal("the store has no log that may be followed")
	}
	p.tells = standby.NewPrimary(standby.PrimaryOptions{Store: p.log, Ring: p.Ring, Withdrawn: w, Epoch: standby.Epoch{Number: 3}, Version: version, Secret: secret,
		Wait: wait, Superseded: p.superseded.Store, Clock: time.Now, Logger: slog.New(slog.DiscardHandler)})
	p.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		p.tells.ServeHTTP(answer, r)
		body := answer.Body.Bytes()
		if p.spoil != nil && answer.Code == http.StatusOK {
			body = p.spoil(body)
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(body)
	}))
	t.Cleanup(func() {
		p.tells.End()
		p.server.Close()
		_ = w.Close()
		_ = p.Close()
	})
	return p
}

func (p *primary) put(key, value string) {
	p.Helper()
	if _, err := p.Store.Put(p.Context(), key, []byte(value), store.Any); err != nil {
		p.Fatal(err)
	}
}

// standbyOf returns a machine with the primary's key file.
func standbyOf(t *testing.T, p *primary) machine {
	t.Helper()
	m := newMachine(t)
	key, err := os.ReadFile(p.keys)
	if err == nil {
		err = os.WriteFile(m.keys, key, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func (m machine) open(of, version string) (*standby.Follower, error) {
	return standby.OpenFollower(standby.FollowerOptions{Of: of, Secret: secret, Version: version, StorePath: m.store, KeyPath: m.keys,
		Client: loopback(m.T), Clock: time.Now, Logger: slog.New(slog.DiscardHandler)})
}

func loopback(t *testing.T) *outside.Client {
	c := outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	t.Cleanup(c.Close)
	return c
}

// follows runs a standby until holds says so, or it ends by itself; it returns why.
func (m machine) follows(of, version string, holds func(standby.Progress) bool) error {
	m.Helper()
	f, err := m.open(of, version)
	if err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(m.Context(), time.Minute)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- f.Run(ctx) }()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			_ = f.Close()
			return err
		case <-tick.C:
		}
		if holds != nil && holds(f.Progress()) {
			stop()
			err := <-done
			if closing := f.Close(); err == nil {
				err = closing
			}
			return err
		}
	}
}

// has says that a standby has all that a primary has.
func (p *primary) has(s standby.Progress) bool {
	upTo, _ := p.log.Flushed()
	return s.Whole && !s.Behind && s.Sequence >= upTo
}

// get returns a value of the copy, which nobody may have open.
func (m machine) get(key string) string {
	m.Helper()
	s, err := safe.Open(m.Context(), safe.Options{Store: m.store, Keys: m.keys, MinFree: -1, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		m.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	pair, err := s.Store.Get(m.Context(), key)
	if err != nil {
		m.Fatal(err)
	}
	return string(pair.Value)
}

func TestAStandbyHasWhatThePrimaryHas(t *testing.T) {
	p := newPrimary(t, "0.4.0", 0)
	p.put("k", "before")
	m := standbyOf(t, p)
	for _, value := range []string{"first", "second", "third"} {
		p.put("k", value)
		if err := m.follows(p.server.URL, "0.5.1", p.has); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := standby.Promote(t.Context(), standby.PromoteOptions{StorePath: m.store, KeyPath: m.keys, Logger: slog.New(slog.DiscardHandler)}); err != nil {
		t.Fatal(err)
	}
	if got := m.get("k"); got != "third" {
		t.Errorf("the copy has %q", got)
	}
	if got := m.get("epoch"); !strings.Contains(got, `"number":4`) || !strings.Contains(got, p.server.URL) {
		t.Errorf("the copy is of the epoch %s", got)
	}
}

// TestADamagedAnswerIsNotTaken: whatever is done to answers on the way, nothing of it counts, and what comes later does.
func TestADamagedAnswerIsNotTaken(t *testing.T) {
	for name, spoil := range map[string]func([]byte) []byte{
		"cut":      func(b []byte) []byte { return b[:len(b)-1] },
		"halved":   func(b []byte) []byte { return b[:len(b)/2] },
		"empty":    func([]byte) []byte { return nil },
		"flipped":  func(b []byte) []byte { b[len(b)/2] ^= 4; return b },
		"repeated": func(b []byte) []byte { return b[len(b)-9:] },
	} {
		t.Run(name, func(t *testing.T) {
			p := newPrimary(t, "0.4.0", 0)
			m := standbyOf(t, p)
			var n atomic.Int64
			p.spoil = func(b []byte) []byte {
				if now := n.Add(1); now%3 == 0 && now < 8 {
					return spoil(b)
				}
				return b
			}
			p.put("k", "v")
			if err := m.follows(p.server.URL, "0.4.0", func(s standby.Progress) bool { return p.has(s) && n.Load() >= 6 }); err != nil {
				t.Fatal(err)
			}
			if s, _, err := standby.ReadState(m.store); err != nil || !s.Whole {
				t.Errorf("%+v, %v", s, err)
			}
		})
	}
}

func TestWhoDoesNotFitIsRefused(t *testing.T) {
	for _, c := range []struct {
		name, primary, standby string
		spoil                  func(p *primary, m machine) error
		says                   string
	}{
		{"an older minor version", "0.5.0", "0.4.9", nil, "minor version"},
		{"a minor version too new", "0.4.0", "0.6.0", nil, "minor version"},
		{"another major version", "0.4.0", "1.4.0", nil, "minor version"},
		{"another key file", "0.4.0", "0.4.0", func(_ *primary, m machine) error {
			return os.WriteFile(m.keys, []byte(strings.Repeat("ab", 32)+"\n"), 0o600)
		}, "another key file"},
		{"no key file", "0.4.0", "0.4.0", func(_ *primary, m machine) error { return os.Remove(m.keys) }, "recovery sheet"},
		{"a store of its own", "0.4.0", "0.4.0", func(_ *primary, m machine) error { return os.WriteFile(m.store, []byte("x"), 0o600) }, "no copy of a standby"},
		{"a later epoch", "0.4.0", "0.4.0", func(_ *primary, m machine) error {
			return standby.State{Name: "n", Epoch: 9}.Write(m.store)
		}, "later epoch"},
		{"one that has taken over", "0.4.0", "0.4.0", func(_ *primary, m machine) error {
			return standby.State{Name: "n", Epoch: 3, Promoted: true}.Write(m.store)
		}, "taken over already"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPrimary(t, c.primary, 0)
			m := standbyOf(t, p)
			if c.spoil != nil {
				if err := c.spoil(p, m); err != nil {
					t.Fatal(err)
				}
			}
			if err := m.follows(p.server.URL, c.standby, nil); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v", err)
			}
			if c.name == "a later epoch" && p.superseded.Load() != 9 {
				t.Error("the primary does not hear of a later epoch")
			}
		})
	}
}

func TestAnAskWaitsForTheStandbyThenGoesAlone(t *testing.T) {
	p := newPrimary(t, "0.4.0", time.Millisecond)
	p.put("k", "v")
	for range 3 {
		p.tells.AwaitTaken(t.Context(), 2)
	}
	if h := p.tells.Health(); !h.Away || h.Alone != 6 || h.Whole {
		t.Errorf("%+v", h)
	}
	m := standbyOf(t, p)
	if err := m.follows(p.server.URL, "0.4.0", func(standby.Progress) bool { return !p.tells.Health().Away }); err != nil {
		t.Fatal(err)
	}
	if h := p.tells.Health(); h.Alone != 6 || h.Taken == 0 {
		t.Errorf("%+v", h)
	}
}

func TestAnUnfinishedCopyTakesOverFromNobody(t *testing.T) {
	p := newPrimary(t, "0.4.0", 0)
	m := standbyOf(t, p)
	promote := func(force bool) string {
		_, err := standby.Promote(t.Context(), standby.PromoteOptions{StorePath: m.store, KeyPath: m.keys, Force: force, Logger: slog.New(slog.DiscardHandler)})
		if err == nil {
			return ""
		}
		return err.Error()
	}
	if said := promote(true); !strings.Contains(said, "no copy of a standby") {
		t.Error(said)
	}
	if err := (standby.State{Name: "n", Behind: true}).Write(m.store); err != nil {
		t.Fatal(err)
	}
	if said := promote(true); !strings.Contains(said, "not whole") {
		t.Error(said)
	}
	if err := m.follows(p.server.URL, "0.4.0", p.has); err != nil {
		t.Fatal(err)
	}
	state, _, err := standby.ReadState(m.store)
	if state.Behind = true; err != nil || state.Write(m.store) != nil {
		t.Fatal(err)
	}
	if said := promote(false); !strings.Contains(said, "--force") {
		t.Error(said)
	}
	if said := promote(true); said != "" {
		t.Error(said)
	}
}

// FuzzReadAnswer: no answer, however damaged, breaks a standby down or is read as another one.
func FuzzReadAnswer(f *testing.F) {
	f.Add([]byte{'h', 0, 0, 0, 0, 0, 0, 0, 0})
	f.Add([]byte("rsomething"))
	f.Fuzz(func(t *testing.T, b []byte) {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(b) }))
		defer server.Close()
		frames, err := standby.Ask(t.Context(), loopback(t), server.URL, secret, &standby.Question{})
		if err == nil && len(frames) == 0 {
			t.Error("an answer without a head is taken")
		}
	})
}

// TestASecondStandbyWaitsForTheFirst: it says whom it waits for, copies nothing, and the first goes on.
func TestASecondStandbyWaitsForTheFirst(t *testing.T) {
	p := newPrimary(t, "0.4.0", 0)
	p.put("k", "v")
	first, second := standbyOf(t, p), standbyOf(t, p)
	if err := first.follows(p.server.URL, "0.4.0", p.has); err != nil {
		t.Fatal(err)
	}
	refused := words.Text{Key: "standby.another", Args: words.Args{"of": p.server.URL}}.String()
	if err := second.follows(p.server.URL, "0.4.0", func(s standby.Progress) bool { return s.Why.String() == refused }); err != nil {
		t.Fatal(err)
	}
	if s, _, err := standby.ReadState(second.store); err != nil || s.Whole {
		t.Errorf("the second has %+v, %v", s, err)
	}
	p.put("k", "since")
	if err := first.follows(p.server.URL, "0.4.0", p.has); err != nil {
		t.Fatal(err)
	}
}
