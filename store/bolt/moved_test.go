package bolt_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/store"
	"keypull/store/bolt"
	"keypull/store/sealed"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// small is a store of a few readers with everything sealed that there is of
// them, and what is done to its file below everything else.
type small struct {
	*testing.T
	path string
	ring *sealed.Ring
	file []byte
}

// owners returns the readers, each with an ask that was settled and one that waits.
func owners() []who.Key { return []who.Key{"p.ann", "p.bob", "p.cid"} }

func newSmall(t *testing.T) *small {
	t.Helper()
	s := &small{T: t, path: filepath.Join(t.TempDir(), "keypull.db")}
	var err error
	s.ring, err = sealed.Open(sealed.Options{Path: filepath.Join(t.TempDir(), "keypull.key"), Fresh: true})
	s.must(err)
	t.Cleanup(func() { _ = s.ring.Close() })
	db, err := bolt.Open(s.path, store.Options{HashKey: s.ring.HashKey()})
	s.must(err)
	ledger := s.ledger(db)
	inbox := store.NewInbox(ledger)
	for i, key := range owners() {
		ask := pull.Ask{Publisher: "p", Channel: "c", Reader: key, At: noon, Incoming: pull.Incoming{Text: string(key), ID: fmt.Sprint("first", i)}}
		accepted, err := inbox.Accept(t.Context(), []pull.Entry{{Ask: ask}})
		s.must(err)
		ask.ID = accepted[0].Seq
		_, err = ledger.Settle(t.Context(), pipeline.Settlement{
			Ask: ask, Reader: who.Reader{Language: string(key)}.Settle(ask.ID, true), Finished: true,
			Record: pipeline.Record{Reader: key, Reply: &pull.Reply{Language: string(key)}},
		})
		s.must(err)
		ask.Incoming.ID = fmt.Sprint("second", i)
		_, err = inbox.Accept(t.Context(), []pull.Entry{{Ask: ask}})
		s.must(err)
	}
	s.must(db.Close())
	s.file, err = os.ReadFile(s.path)
	s.must(err)
	return s
}

func (s *small) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *small) ledger(db *bolt.DB) *store.Ledger {
	return store.NewLedger(db, s.ring, func() time.Time { return noon }, slog.New(slog.DiscardHandler))
}

// spoil writes the file anew and changes it as somebody would who has nothing
// but that.
func (s *small) spoil(f func(tx *bbolt.Tx) error) {
	s.Helper()
	s.must(os.WriteFile(s.path, s.file, 0o600))
	db, err := bbolt.Open(s.path, 0o600, &bbolt.Options{NoSync: true})
	s.must(err)
	s.must(db.Update(f))
	s.must(db.Close())
}

// values lists where the values of all buckets stand, but for what the store says
// of itself.
func (s *small) values() map[string][][]byte {
	s.Helper()
	all := map[string][][]byte{}
	s.spoil(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			if string(name) == "meta" {
				return nil
			}
			return b.ForEach(func(k, v []byte) error {
				if v != nil {
					all[string(name)] = append(all[string(name)], append([]byte(nil), k...))
				}
				return nil
			})
		})
	})
	return all
}

// own opens the store and looks for what is another's. An error is nil where
// the rest is left alone; silence where nothing can be read either. It returns
// how many things are where they belong.
func (s *small) own(what string) (own int) {
	s.Helper()
	db, err := bolt.Open(s.path, store.Options{HashKey: s.ring.HashKey()})
	if err != nil {
		return 0
	}
	defer func() { s.must(db.Close()) }()
	ledger := s.ledger(db)
	for i, key := range owners() {
		if r, _, err := ledger.Reader(s.Context(), key); err == nil && r.Language != "" {
			own++
			if r.Language != string(key) {
				s.Errorf("%s: %s has the document of %s", what, key, r.Language)
			}
		}
		ask := uint64(2*i + 1)
		if r, ok, err := ledger.Record(s.Context(), ask); err == nil && ok && r.Reply != nil {
			own++
			if r.Reply.Language != string(key) {
				s.Errorf("%s: ask %d of %s has the reply of %s", what, ask, key, r.Reply.Language)
			}
		}
	}
	return own + s.claimed(what, db)
}

// claimed checks the asks that wait.
func (s *small) claimed(what string, db *bolt.DB) int {
	s.Helper()
	ctx, end := context.WithCancel(s.Context())
	inbox := store.NewInbox(s.ledger(db))
	// One more, so that there is something to claim whatever was damaged.
	_, err := inbox.Accept(ctx, []pull.Entry{{Ask: pull.Ask{Publisher: "p", Reader: "p.last", At: noon, Incoming: pull.Incoming{Text: "p.last"}}}})
	defer end()
	if err != nil {
		return 0
	}
	asks, err := inbox.Claim(ctx, 10)
	if err != nil {
		return 0
	}
	for _, a := range asks {
		if a.Text != string(a.Reader) {
			s.Errorf("%s: the ask of %s is in the queue of %s", what, a.Text, a.Reader)
		}
		if i := (a.ID - 2) / 2; a.ID <= 6 && (a.ID%2 != 0 || owners()[i] != a.Reader) {
			s.Errorf("%s: %s asked as %d", what, a.Reader, a.ID)
		}
	}
	return len(asks)
}

func TestNoValueIsAnothersWhereverItIsMoved(t *testing.T) {
	s := newSmall(t)
	if n := s.own("nothing moved"); n != 3*len(owners())+1 {
		t.Fatalf("%d things are where they belong", n)
	}
	moves := 0
	for bucket, keys := range s.values() {
		for i, from := range keys {
			for j, to := range keys {
				if i == j {
					continue
				}
				what := fmt.Sprintf("%s: %q to %q, swapped: %v", bucket, from, to, i < j)
				s.spoil(func(tx *bbolt.Tx) error {
					b := tx.Bucket([]byte(bucket))
					moved, other := append([]byte(nil), b.Get(from)...), append([]byte(nil), b.Get(to)...)
					if i < j {
						if err := b.Put(from, other); err != nil {
							return err
						}
					}
					return b.Put(to, moved)
				})
				s.own(what)
				moves++
			}
		}
	}
	t.Logf("%d moves", moves)
}

func TestNoValueIsAnothersWhicheverBitIsFlipped(t *testing.T) {
	s := newSmall(t)
	flips := 0
	for bucket, keys := range s.values() {
		for _, key := range keys {
			size := 0
			for at := 0; at == 0 || at < size; at += 23 {
				s.spoil(func(tx *bbolt.Tx) error {
					b := tx.Bucket([]byte(bucket))
					v := append([]byte(nil), b.Get(key)...)
					if size = len(v); size == 0 {
						return nil
					}
					v[at] ^= 1 << (at % 8)
					return b.Put(key, v)
				})
				s.own(fmt.Sprintf("%s: %q, byte %d", bucket, key, at))
				flips++
			}
		}
	}
	t.Logf("%d flips", flips)
}

func TestAnErasureErasesNobodyElse(t *testing.T) {
	s := newSmall(t)
	s.spoil(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte("kv"))
		bob := append([]byte(nil), b.Get([]byte("reader.p.bob"))...)
		if err := b.Put([]byte("reader.p.ann"), bob); err != nil {
			return err
		}
		return b.Put([]byte("erasing.p.ann"), append(make([]byte, 8), `{"publisher":"p","key":"p.bob","slot":1}`...))
	})
	db, err := bolt.Open(s.path, store.Options{HashKey: s.ring.HashKey()})
	s.must(err)
	defer func() { s.must(db.Close()) }()
	logger := slog.New(slog.DiscardHandler)
	erasure := store.Erasure{Ledger: s.ledger(db), Demand: store.NewDemand(store.DemandOptions{
		Backend: db, Sealer: s.ring, Name: s.ring.Pseudonym, Clock: func() time.Time { return noon }, Random: zeros{}, Logger: logger,
	})}
	s.must(erasure.Resume(t.Context()))
	if err := erasure.Erase(t.Context(), "p", "p.ann"); err != nil && pull.KindOf(err) != pull.Unknown {
		t.Fatal(err)
	}
	if r, _, err := s.ledger(db).Reader(t.Context(), "p.bob"); err != nil || r.Language != "p.bob" {
		t.Errorf("bob went with ann: %+v, %v", r, err)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}
