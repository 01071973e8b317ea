package store_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/store"
	"keypull/store/bolt"
	"keypull/store/sealed"
)

// ownRig is a store with keys that are made ahead, as a process has it.
type ownRig struct {
	*testing.T
	folder string
	db     *bolt.DB
	ring   *sealed.Ring
	ledger *store.Ledger
	inbox  *store.Inbox
}

func newOwnRig(t *testing.T, folder string) *ownRig {
	t.Helper()
	r := &ownRig{T: t, folder: folder}
	var err error
	r.ring, err = sealed.Open(sealed.Options{Path: filepath.Join(folder, "keypull.key"), Fresh: true, Ahead: 4})
	must(t, err)
	r.db, err = bolt.Open(filepath.Join(folder, "keypull.db"), store.Options{HashKey: r.ring.HashKey(), MinFree: -1})
	must(t, err)
	r.ledger = ledger(r.db, r.ring)
	r.inbox = store.NewInbox(r.ledger)
	t.Cleanup(func() { _, _ = r.db.Close(), r.ring.Close() })
	return r
}

// crashed returns what the next process finds where this one ended now.
func (r *ownRig) crashed() *ownRig {
	r.Helper()
	folder := r.TempDir()
	files, err := os.ReadDir(r.folder)
	must(r, err)
	for _, f := range files {
		content, err := os.ReadFile(filepath.Join(r.folder, f.Name()))
		must(r, err)
		must(r, os.WriteFile(filepath.Join(folder, f.Name()), content, 0o600))
	}
	return newOwnRig(r.T, folder)
}

func (r *ownRig) accept(key who.Key, id, text string) {
	r.Helper()
	_, err := r.inbox.Accept(r.Context(), []pull.Entry{{Ask: pull.Ask{Publisher: "p", Channel: "c", Reader: key, At: noon,
		Incoming: pull.Incoming{ID: id, Text: text, Address: "address of " + string(key)}}}})
	must(r, err)
}

// claim takes so many asks.
func (r *ownRig) claim(n int) (asks []pull.Ask) {
	r.Helper()
	for len(asks) < n {
		entries, err := r.inbox.Claim(r.Context(), n)
		must(r, err)
		for _, e := range entries {
			asks = append(asks, e.Ask)
		}
	}
	return asks
}

// settle answers an ask by saying it again.
func (r *ownRig) settle(a pull.Ask) {
	r.Helper()
	reader, revision, err := r.ledger.Reader(r.Context(), a.Reader)
	must(r, err)
	_, err = r.ledger.Settle(r.Context(), pipeline.Settlement{Ask: a, Reader: reader.Settle(a.ID, true), Revision: revision,
		Record: pipeline.Record{Reader: a.Reader, Reply: &pull.Reply{Blocks: []pull.Block{{Text: "told " + a.Text}}}}})
	must(r, err)
}

// owners returns the keys that a reader's entries and document name.
func (r *ownRig) owners(key who.Key) map[store.Slot]bool {
	r.Helper()
	slots := map[store.Slot]bool{}
	entries, err := r.db.Queue("asks").(store.Searcher).Of(r.Context(), string(key))
	must(r, err)
	for _, e := range entries {
		if slot, ok := r.ring.Owner(e.Payload); ok {
			slots[slot] = true
		}
	}
	if pair, err := r.db.Get(r.Context(), "reader."+string(key)); err == nil {
		if slot, ok := r.ring.Owner(pair.Value); ok {
			slots[slot] = true
		}
	}
	return slots
}

func (r *ownRig) oneOwner(what string, key who.Key) (slot store.Slot) {
	r.Helper()
	slots := r.owners(key)
	if len(slots) != 1 {
		r.Errorf("%s: %s has %d keys: %v", what, key, len(slots), slots)
	}
	for only := range slots {
		slot = only
	}
	return slot
}

func TestAReadersFirstAsksHaveTheKeyOfTheirDocument(t *testing.T) {
	steps := []struct {
		name string
		do   func(r *ownRig)
	}{
		{"the first ask", func(r *ownRig) { r.accept("p.ann", "1", "weather") }},
		{"the same once more", func(r *ownRig) { r.accept("p.ann", "1", "weather") }},
		{"a second one", func(r *ownRig) { r.accept("p.ann", "2", "tiramisu") }},
		{"the answer", func(r *ownRig) { r.settle(r.claim(1)[0]) }},
		{"a third one", func(r *ownRig) { r.accept("p.ann", "3", "news") }},
	}
	for crash := range len(steps) + 1 {
		r := newOwnRig(t, t.TempDir())
		for at, step := range steps {
			if at == crash {
				r = r.crashed()
			}
			step.do(r)
			r.oneOwner(step.name, "p.ann")
		}
		r = r.crashed()
		must(t, r.ledger.Survey(t.Context()))
		for _, a := range r.claim(3) {
			r.settle(a)
		}
		r.oneOwner("at last", "p.ann")
		if reader, _, err := r.ledger.Reader(t.Context(), "p.ann"); err != nil || len(reader.Settled) == 0 || r.ledger.ReadersAnew() != 0 {
			t.Errorf("crash before step %d: %+v, %v", crash, reader, err)
		}
	}
}

func TestNothingOfAReaderOpensOnceTheKeyIsGone(t *testing.T) {
	for name, begin := range map[string]func(r *ownRig){
		"accepted and not answered": func(r *ownRig) { r.accept("p.ann", "1", "marzipan please") },
		"accepted and answered":     func(r *ownRig) { r.accept("p.ann", "1", "marzipan please"); r.settle(r.claim(1)[0]) },
	} {
		t.Run(name, func(t *testing.T) {
			r := newOwnRig(t, t.TempDir())
			begin(r)
			copied := map[string][]byte{}
			entries, err := r.db.Queue("asks").(store.Searcher).Of(t.Context(), "p.ann")
			must(t, err)
			for _, e := range entries {
				copied["entry"] = e.Payload
			}
			if found, err := r.db.Log("asks").Find(t.Context(), strings.Repeat("0", 15)+"1"); err == nil {
				copied["record"] = found.Data
			}
			if len(copied) == 0 {
				t.Fatal("nothing was written")
			}
			r.accept("p.bob", "2", "other")
			must(t, store.Erasure{Ledger: r.ledger, Demand: demandOf(r)}.Erase(t.Context(), "p", "p.ann"))
			files, err := os.ReadDir(r.folder)
			must(t, err)
			for _, f := range files {
				content, err := os.ReadFile(filepath.Join(r.folder, f.Name()))
				must(t, err)
				for _, clear := range []string{"marzipan", "address of p.ann"} {
					if bytes.Contains(content, []byte(clear)) {
						t.Errorf("%s has %q in the clear", f.Name(), clear)
					}
				}
			}
			// Every key that is left, those of the days among them, is in this ring.
			for what, b := range copied {
				if plain, _, err := r.crashed().ring.OpenBoth("queue/asks/1", b); !errors.Is(err, store.ErrErased) {
					t.Errorf("the %s: %q, %v", what, plain, err)
				}
				if _, err := r.ring.OpenDay("queue/asks/1", b); err == nil {
					t.Errorf("the %s opens with a day's key alone", what)
				}
			}
			if asks := r.claim(1); asks[0].Reader != "p.bob" {
				t.Errorf("%+v", asks)
			}
		})
	}
}

func demandOf(r *ownRig) *store.Demand {
	return store.NewDemand(store.DemandOptions{Backend: r.db, Sealer: r.ring, Name: r.ring.Pseudonym,
		Clock: func() time.Time { return noon }, Random: rand.Reader, Logger: slog.New(slog.DiscardHandler)})
}

func TestAKeyGoesWhenNothingCameOfIt(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(r *ownRig, a pull.Ask)
		gone bool
	}{
		"the ask was dropped": {func(r *ownRig, a pull.Ask) {
			r.ledger.Finish(t.Context(), pipeline.Finish{Ask: a, Fate: pipeline.Discarded})
		}, true},
		"one of two was dropped": {func(r *ownRig, a pull.Ask) {
			r.accept("p.ann", "2", "more")
			r.ledger.Finish(t.Context(), pipeline.Finish{Ask: a, Fate: pipeline.Discarded})
		}, false},
		"it was answered, and ended": {func(r *ownRig, a pull.Ask) {
			r.settle(a)
			r.ledger.Finish(t.Context(), pipeline.Finish{Ask: a, Fate: pipeline.Sent})
		}, false},
		"the reader was forgotten": {func(r *ownRig, _ pull.Ask) {
			must(t, store.Erasure{Ledger: r.ledger, Demand: demandOf(r)}.Erase(t.Context(), "p", "p.ann"))
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			r := newOwnRig(t, t.TempDir())
			r.accept("p.ann", "1", "weather")
			slot := r.oneOwner(name, "p.ann")
			c.do(r, r.claim(1)[0])
			must(t, r.ring.EraseReaders()) // those that were released as well
			for what, ring := range map[string]*sealed.Ring{"here": r.ring, "after a crash": r.crashed().ring} {
				if _, err := ring.SealReader(slot); errors.Is(err, sealed.ErrErased) != c.gone {
					t.Errorf("%s: %v, want it gone: %v", what, err, c.gone)
				}
			}
		})
	}
}

func TestAfterACrashKeysAreTheirReadersOrNobodys(t *testing.T) {
	r := newOwnRig(t, t.TempDir())
	r.accept("p.ann", "1", "weather")
	r.settle(r.claim(1)[0])
	r.accept("p.bob", "2", "news")
	orphan, err := r.ring.NewReader()
	must(t, err)
	ann, bob := r.oneOwner("with a document", "p.ann"), r.oneOwner("with an ask", "p.bob")
	r = r.crashed()
	must(t, r.ledger.Survey(t.Context()))
	for slot, want := range map[store.Slot]error{ann: nil, bob: nil, orphan: sealed.ErrErased} {
		if _, err := r.ring.SealReader(slot); !errors.Is(err, want) {
			t.Errorf("slot %x: %v, want %v", slot, err, want)
		}
	}
	must(t, errors.Join(r.db.Close(), r.ring.Close()))
	r = newOwnRig(t, r.folder)
	if adrift := r.ring.Adrift(); len(adrift) != 1 || adrift[0] != bob {
		t.Errorf("after a clean end %x are adrift, want %x", adrift, bob)
	}
	for _, a := range r.claim(2) {
		r.settle(a)
	}
	if got := r.oneOwner("at last", "p.bob"); got != bob {
		t.Errorf("bob has %x, and had %x", got, bob)
	}
}

func TestWhoAsksDoesNotGoByAge(t *testing.T) {
	r := newOwnRig(t, t.TempDir())
	r.accept("p.ann", "1", "weather")
	ask := r.claim(1)[0]
	r.settle(ask)
	must(t, r.db.Queue("asks").Ack(t.Context(), ask.ID))
	erasure := store.Erasure{Ledger: r.ledger, Demand: demandOf(r)}
	all := store.Idle{Guests: store.Any - 1, Others: store.Any - 1, There: func(string) bool { return true }}
	r.accept("p.ann", "2", "still here")
	_, err := erasure.Retire(t.Context(), all)
	must(t, err)
	r = r.crashed()
	if asks := r.claim(1); asks[0].Text != "still here" {
		t.Errorf("%+v", asks)
	}
	must(t, r.db.Queue("asks").Ack(t.Context(), 2))
	_, err = store.Erasure{Ledger: r.ledger, Demand: demandOf(r)}.Retire(t.Context(), all)
	must(t, err)
	if reader, revision, err := r.ledger.Reader(t.Context(), "p.ann"); revision != 0 || err != nil {
		t.Errorf("%+v is there: %v", reader, err)
	}
}
