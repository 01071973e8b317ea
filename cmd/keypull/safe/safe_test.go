package safe_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keypull/cmd/keypull/safe"
	"keypull/pull/who"
	"keypull/store"
	"keypull/store/bolt"
	"keypull/store/sealed"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func clock() time.Time { return noon }

// place is where store and keys of a test lie.
type place struct {
	*testing.T
	folder string
}

func newPlace(t *testing.T) place {
	t.Helper()
	return place{t, t.TempDir()}
}

func (p place) path(name string) string { return filepath.Join(p.folder, name) }

func (p place) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

func (p place) try(anew bool) (*safe.Safe, error) {
	return safe.Open(context.Background(), safe.Options{
		Store: p.path("keypull.db"), Keys: p.path("keypull.key"), Anew: anew, Clock: clock, Logger: slog.New(slog.DiscardHandler),
	})
}

// open opens what must open.
func (p place) open(anew bool) *safe.Safe {
	p.Helper()
	s, err := p.try(anew)
	p.must(err)
	p.Cleanup(func() { _ = s.Close() })
	return s
}

func ledger(db store.Backend, ring *sealed.Ring) *store.Ledger {
	return store.NewLedger(db, ring, clock, slog.New(slog.DiscardHandler))
}

// lived returns a place where a reader was written down and a thing kept open.
func lived(t *testing.T) place {
	p := newPlace(t)
	s := p.open(false)
	p.live(s.Store, s.Ring)
	p.must(s.Close())
	return p
}

func (p place) live(db store.Backend, ring *sealed.Ring) {
	p.Helper()
	_, err := ledger(db, ring).Put(context.Background(), "p.ann", who.Reader{Language: "fr"}, 0)
	p.must(err)
	_, err = db.Put(context.Background(), "open", []byte("kept"), store.Any)
	p.must(err)
}

// holds says what is left: whether the open thing is there, and the reader's
// language.
func (p place) holds(s *safe.Safe) (kept bool, language string) {
	p.Helper()
	_, err := s.Store.Get(context.Background(), "open")
	r, _, unread := ledger(s.Store, s.Ring).Reader(context.Background(), "p.ann")
	p.must(unread)
	return err == nil, r.Language
}

func (p place) copy(from place, names ...string) {
	p.Helper()
	for _, name := range names {
		b, err := os.ReadFile(from.path(name))
		p.must(err)
		p.must(os.WriteFile(p.path(name), b, 0o600))
	}
}

const (
	storeFile = "keypull.db"
	keyFile   = "keypull.key"
	slotsFile = "keypull.key.slots"
)

func TestStoreAndKeysOpenAgain(t *testing.T) {
	p := lived(t)
	for range 2 {
		s := p.open(false)
		if kept, language := p.holds(s); !kept || language != "fr" {
			t.Errorf("left: %v, %q", kept, language)
		}
		p.must(s.Close())
	}
}

// loss is what can become of files, and what is left after a start anew.
type loss struct {
	name  string
	spoil func(p place) error
	kept  bool
	reads string
	moved int
}

func losses(t *testing.T) []loss {
	other := lived(t)
	remove := func(names ...string) func(place) error {
		return func(p place) (all error) {
			for _, name := range names {
				all = errors.Join(all, os.Remove(p.path(name)))
			}
			return all
		}
	}
	empty := func(name string) func(place) error {
		return func(p place) error { return os.Truncate(p.path(name), 0) }
	}
	take := func(names ...string) func(place) error {
		return func(p place) error { p.copy(other, names...); return nil }
	}
	write := func(name, text string) func(place) error {
		return func(p place) error { return os.WriteFile(p.path(name), []byte(text), 0o600) }
	}
	return []loss{
		{"the store is missing", remove(storeFile), false, "", 0},
		{"the store is empty", empty(storeFile), false, "", 0},
		{"the store is no store", write(storeFile, strings.Repeat("nothing of a store ", 5000)), false, "", 1},
		{"the store is another's", take(storeFile), true, "", 0},
		{"the key file is missing", remove(keyFile), true, "", 1},
		{"the key file is empty", empty(keyFile), true, "", 2},
		{"the key file is cut short", func(p place) error { return os.Truncate(p.path(keyFile), 30) }, true, "", 2},
		{"the key file is another's", take(keyFile), true, "", 1},
		{"the slots are missing", remove(slotsFile), true, "", 0},
		{"the slots are empty", empty(slotsFile), true, "", 0},
		{"the slots are cut short", func(p place) error { return os.Truncate(p.path(slotsFile), 40) }, true, "", 1},
		{"the slots are another's", take(slotsFile), true, "", 1},
		{"both key files are missing", remove(keyFile, slotsFile), true, "", 0},
		{"both key files are another's", take(keyFile, slotsFile), true, "", 0},
		{"the slots are alone", remove(storeFile, keyFile), false, "", 1},
	}
}

func TestWhatIsNotEachOthersIsRefusedAndTakenByAStartAnew(t *testing.T) {
	for _, c := range losses(t) {
		t.Run(c.name, func(t *testing.T) {
			p := lived(t)
			p.must(c.spoil(p))
			_, err := p.try(false)
			if !errors.Is(err, safe.ErrUnpaired) && !errors.Is(err, sealed.ErrLost) && !errors.Is(err, store.ErrDamaged) {
				t.Fatalf("error %v", err)
			}
			if !errors.Is(err, store.ErrDamaged) && !strings.Contains(err.Error(), "--start-anew") {
				t.Errorf("the sentence does not tell what to do: %v", err)
			}
			s := p.open(true)
			if kept, language := p.holds(s); kept != c.kept || language != c.reads {
				t.Errorf("left after a start anew: %v, %q", kept, language)
			}
			if len(s.Moved) != c.moved {
				t.Errorf("moved %q, want %d", s.Moved, c.moved)
			}
			for _, moved := range s.Moved {
				if _, err := os.Stat(moved); err != nil || !strings.Contains(moved, ".before-20261120T120000Z") {
					t.Errorf("%s: %v", moved, err)
				}
			}
			p.must(s.Close())
			p.must(p.open(false).Close())
		})
	}
}

func TestAStartAnewWithNothingAmissKeepsEverything(t *testing.T) {
	p := lived(t)
	s := p.open(true)
	if kept, language := p.holds(s); !kept || language != "fr" || len(s.Moved) > 0 || s.Strange {
		t.Errorf("left: %v, %q, moved %q", kept, language, s.Moved)
	}
}

func TestAnOlderStoreIsOneOfThePair(t *testing.T) {
	p, older := lived(t), newPlace(t)
	older.copy(p, storeFile)
	s := p.open(false)
	_, err := ledger(s.Store, s.Ring).Put(t.Context(), "p.bob", who.Reader{Language: "de"}, 0)
	p.must(errors.Join(err, s.Close()))
	p.copy(older, storeFile)
	if kept, language := p.holds(p.open(false)); !kept || language != "fr" {
		t.Errorf("left: %v, %q", kept, language)
	}
}

// unmarked returns a place as earlier versions left it.
func unmarked(t *testing.T, live bool) place {
	t.Helper()
	p := newPlace(t)
	ring, err := sealed.Open(sealed.Options{Path: p.path(keyFile), Fresh: true})
	p.must(err)
	db, err := bolt.Open(p.path(storeFile), store.Options{HashKey: ring.HashKey()})
	p.must(err)
	if live {
		p.live(db, ring)
	} else {
		_, err = db.Put(context.Background(), "open", []byte("kept"), store.Any)
		p.must(err)
	}
	p.must(errors.Join(db.Close(), ring.Close()))
	return p
}

func TestAPairOfAnEarlierVersionIsMarked(t *testing.T) {
	for name, live := range map[string]bool{"with readers": true, "with nothing sealed": false} {
		t.Run(name, func(t *testing.T) {
			p := unmarked(t, live)
			p.must(p.open(false).Close())
			p.must(os.Remove(p.path(storeFile)))
			if _, err := p.try(false); !errors.Is(err, safe.ErrUnpaired) {
				t.Errorf("the pair was not marked: %v", err)
			}
		})
	}
}

func TestTwoHalvesOfEarlierVersionsAreRefused(t *testing.T) {
	p, other := unmarked(t, true), unmarked(t, true)
	p.copy(other, storeFile)
	if _, err := p.try(false); !errors.Is(err, safe.ErrUnpaired) {
		t.Errorf("error %v", err)
	}
}

func TestNothingIsReadBeforeTheStoreIsHad(t *testing.T) {
	p := lived(t)
	s := p.open(false)
	before, err := os.ReadFile(p.path(slotsFile))
	p.must(err)
	if _, err := p.try(false); !errors.Is(err, store.ErrInUse) {
		t.Fatalf("a second one: %v", err)
	}
	after, err := os.ReadFile(p.path(slotsFile))
	p.must(err)
	if !bytes.Equal(before, after) {
		t.Error("the second one wrote into the slots")
	}
	p.must(s.Close())
}

func TestTwoStoresDoNotShareAKeyFile(t *testing.T) {
	p := lived(t)
	s := p.open(false)
	_, err := safe.Open(t.Context(), safe.Options{Store: p.path("other.db"), Keys: p.path(keyFile), Clock: clock})
	if !errors.Is(err, store.ErrInUse) || !strings.Contains(err.Error(), slotsFile) {
		t.Errorf("error %v", err)
	}
	p.must(s.Close())
}

// Every key that one owner makes while it ends is seen by the next, however they
// overlap.
func TestKeysMadeAtTheEndAreSeenByTheNext(t *testing.T) {
	p := newPlace(t)
	want := map[string]string{}
	for i := range 100 {
		s, err := p.try(false)
		if errors.Is(err, store.ErrInUse) {
			t.Fatalf("round %d: the last owner did not let go: %v", i, err)
		}
		p.must(err)
		l := ledger(s.Store, s.Ring)
		for key, language := range want {
			if r, _, err := l.Reader(t.Context(), who.Key(key)); err != nil || r.Language != language {
				t.Fatalf("round %d: %s has %q, %v", i, key, r.Language, err)
			}
		}
		ended, next := make(chan error), make(chan error)
		go func() {
			// The next one waits for the locks from now on.
			n, err := p.try(false)
			if err == nil {
				err = n.Close()
			}
			if errors.Is(err, store.ErrInUse) {
				err = nil // it waited for a second, on a machine that is busy
			}
			next <- err
		}()
		key := "p." + strings.Repeat("x", i%7) + string(rune('a'+i%26))
		go func() {
			_, err := l.Put(context.Background(), who.Key(key), who.Reader{Language: "de"}, revisionOf(l, key))
			ended <- errors.Join(err, s.Close())
		}()
		p.must(<-ended)
		p.must(<-next)
		want[key] = "de"
	}
}

func revisionOf(l *store.Ledger, key string) uint64 {
	_, revision, _ := l.Reader(context.Background(), who.Key(key))
	return revision
}
