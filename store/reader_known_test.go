package store_test

import (
	"context"
	"crypto/rand"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/who"
	"keypull/store"
	"keypull/store/bolt"
)

// reading is a store that counts how often a document is read.
type reading struct {
	*bolt.DB
	documents atomic.Int64
}

func (c *reading) Get(ctx context.Context, key string) (store.Pair, error) {
	if strings.HasPrefix(key, "reader.") {
		c.documents.Add(1)
	}
	return c.DB.Get(ctx, key) //nolint:wrapcheck // it stands in
}

func (r *damageRig) counted() (*store.Ledger, *reading) {
	c := &reading{DB: r.db}
	return store.NewLedger(c, r.ring, func() time.Time { return noon }, slog.New(slog.DiscardHandler)), c
}

func TestADocumentIsReadOnceAndThenKnown(t *testing.T) {
	r := newDamageRig(t)
	r.asks("p.ann", speaks("fr"))
	ledger, reads := r.counted()
	r.ledger = ledger
	for range 5 {
		r.asks("p.ann", nil)
		r.asks("p.bob", speaks("de"))
	}
	if n := reads.documents.Load(); n > 2+1 { // bob's is looked for when he gets a key as well
		t.Errorf("documents were read %d times", n)
	}
	ledger.DropCachedReaders()
	before := reads.documents.Load()
	for key, language := range map[who.Key]string{"p.ann": "fr", "p.bob": "de"} {
		if reader := r.asks(key, nil); reader.Language != language || len(reader.Settled) < 5 {
			t.Errorf("%s: %+v", key, reader)
		}
	}
	if reads.documents.Load() == before {
		t.Error("what was to be forgotten is known")
	}
	r.close()
}

func TestWhoLosesToAnotherWriteIsToldWhatItWrote(t *testing.T) {
	r := newDamageRig(t)
	r.asks("p.ann", speaks("fr"))
	other, _ := r.counted()
	ann, at, err := other.Reader(t.Context(), "p.ann")
	must(t, err)
	_, err = other.Put(t.Context(), "p.ann", speaks("de")(ann), at)
	must(t, err)
	ann, at, err = r.ledger.Reader(t.Context(), "p.ann")
	must(t, err)
	if _, err = r.ledger.Put(t.Context(), "p.ann", ann, at); pull.KindOf(err) != pull.Conflict {
		t.Errorf("the older of two: %v", err)
	}
	if ann, _, err = r.ledger.Reader(t.Context(), "p.ann"); err != nil || ann.Language != "de" {
		t.Errorf("after the conflict: %+v, %v", ann, err)
	}
	r.close()
}

func TestNothingIsKnownOfWhoWasErased(t *testing.T) {
	r := newDamageRig(t)
	r.asks("p.ann", speaks("fr"))
	r.asks("p.ann", nil)
	demand := store.NewDemand(store.DemandOptions{
		Backend: r.db, Sealer: r.ring, Name: r.ring.Pseudonym, Clock: func() time.Time { return noon }, Random: rand.Reader,
		Logger: slog.New(slog.DiscardHandler),
	})
	must(t, store.Erasure{Ledger: r.ledger, Demand: demand}.Erase(t.Context(), "p", "p.ann"))
	if ann, at, err := r.ledger.Reader(t.Context(), "p.ann"); err != nil || at != 0 || ann.Language != "" {
		t.Errorf("%+v at %d, %v", ann, at, err)
	}
	if ann := r.asks("p.ann", nil); len(ann.Settled) != 0 {
		t.Errorf("who comes anew: %+v", ann)
	}
	r.close()
}

func TestReadersAreFoundByHowTheirKeysBegin(t *testing.T) {
	r := newDamageRig(t)
	for _, key := range []who.Key{"p.abcd", "p.abce", "p.b", "q.abcd", "p-q.abcd"} {
		r.asks(key, speaks("fr"))
	}
	for begins, want := range map[string][]who.Key{
		"abcd": nil, "abc": {"p.abcd", "p.abce"}, "ab": {"p.abcd", "p.abce"}, "a": {"p.abcd", "p.abce"}, "abb": nil, "c": nil,
	} {
		if got, err := r.ledger.ReadersNamed(t.Context(), "p", begins, 2); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v, %v; want %v", begins, got, err, want)
		}
	}
	if got, err := r.ledger.ReadersNamed(t.Context(), "p", "abc", 1); err != nil || !slices.Equal(got, []who.Key{"p.abcd"}) {
		t.Errorf("of two one is %v, %v", got, err)
	}
	r.close()
}
