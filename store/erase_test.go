package store_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/store"
	"keypull/store/bolt"
	"keypull/store/sealed"
)

// erasureRig is a store with keys in files, as the service has it.
type erasureRig struct {
	*testing.T
	backend *cutShort
	ring    *sealed.Ring
	slots   string
	next    uint64
}

// cutShort is a back end that fails from some change on, as if the process had
// ended there.
type cutShort struct {
	*bolt.DB
	mu   sync.Mutex
	left int
}

var errCut = errors.New("cut short")

func (c *cutShort) spend() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left == 0 {
		return errCut
	}
	c.left--
	return nil
}

func (c *cutShort) Put(ctx context.Context, key string, value []byte, when store.Revision) (store.Revision, error) {
	if err := c.spend(); err != nil {
		return 0, err
	}
	return c.DB.Put(ctx, key, value, when)
}

func (c *cutShort) Delete(ctx context.Context, key string, when store.Revision) error {
	if err := c.spend(); err != nil {
		return err
	}
	return c.DB.Delete(ctx, key, when)
}

func (c *cutShort) Commit(ctx context.Context, b store.Batch) ([]store.Revision, error) {
	if err := c.spend(); err != nil {
		return nil, err
	}
	return c.DB.Commit(ctx, b)
}

func newErasureRig(t *testing.T) *erasureRig {
	t.Helper()
	folder := t.TempDir()
	ring, err := sealed.Open(sealed.Options{Path: filepath.Join(folder, "keypull.key"), Fresh: true})
	must(t, err)
	db, err := bolt.Open(filepath.Join(folder, "keypull.db"), store.Options{HashKey: ring.HashKey()})
	must(t, err)
	t.Cleanup(func() { _, _ = db.Close(), ring.Close() })
	return &erasureRig{T: t, backend: &cutShort{DB: db, left: -1}, ring: ring, slots: filepath.Join(folder, "keypull.key.slots")}
}

// erasure returns that of a process that has just begun.
func (r *erasureRig) erasure() store.Erasure {
	clock, logger := func() time.Time { return noon }, slog.New(slog.DiscardHandler)
	return store.Erasure{
		Ledger: store.NewLedger(r.backend, r.ring, clock, logger),
		Demand: store.NewDemand(store.DemandOptions{
			Backend: r.backend, Sealer: r.ring, Name: r.ring.Pseudonym, Clock: clock, Random: rand.Reader, Logger: logger,
		}),
	}
}

// asks settles asks of a reader, who agreed or not.
func (r *erasureRig) asks(key who.Key, agreed bool, state who.State, texts ...string) {
	r.Helper()
	e := r.erasure()
	ledger := e.Demand.Counting(e.Ledger, func(pipeline.Settlement) bool { return !agreed })
	for _, text := range texts {
		reader, revision, err := e.Ledger.Reader(r.Context(), key)
		must(r, err)
		r.next++
		trace := missed(text)
		trace.Ask, trace.At = r.next, noon
		reader = reader.Settle(r.next, true)
		reader.State, reader.Language = state, "fr"
		_, err = ledger.Settle(r.Context(), pipeline.Settlement{
			Ask: pull.Ask{ID: r.next, Publisher: "p", Channel: "c", Reader: key, At: noon}, Reader: reader, Revision: revision,
			Record: pipeline.Record{Reply: &pull.Reply{Blocks: []pull.Block{{Text: "told " + text}}}, Trace: trace},
		})
		must(r, err)
	}
}

func (r *erasureRig) records(key who.Key) (texts []string) {
	r.Helper()
	must(r, r.erasure().Ledger.Records(r.Context(), key, func(of pipeline.Record, _ pipeline.Fate) error {
		texts = append(texts, of.Trace.What.Core)
		return nil
	}))
	return texts
}

func (r *erasureRig) demand() journal.Demand {
	r.Helper()
	d, err := r.erasure().Demand.Of(r.Context(), "p", journal.Listing{From: noon.AddDate(0, 0, -1), Until: noon})
	must(r, err)
	return d
}

// holds looks for what is left of a reader.
func (r *erasureRig) holds(key who.Key) {
	r.Helper()
	reader, revision, err := r.erasure().Ledger.Reader(r.Context(), key)
	must(r, err)
	if revision != 0 || len(reader.Settled) > 0 || reader.Language != "" {
		r.Errorf("%s: the document is there: %d, %+v", key, revision, reader)
	}
	if left := keysBelow(r, r.backend, "erasing"); len(left) > 0 {
		r.Errorf("the erasure has not ended: %v", left)
	}
	for from := uint64(0); ; from++ {
		page, err := r.backend.Log("asks").Read(r.Context(), from, 1)
		must(r, err)
		if len(page) == 0 {
			return
		}
		from = page[0].Position
		plain, err := store.OpenRecord(r.ring, "log/asks/"+page[0].ID, page[0].Data)
		if len(page[0].Data) > 0 && (err != nil || bytes.Contains(plain, []byte(key))) {
			r.Errorf("record %s names %s: %s, %v", page[0].ID, key, plain, err)
		}
	}
}

func TestAnErasedReaderIsGoneAndCountsStay(t *testing.T) {
	r := newErasureRig(t)
	r.asks("p.ann", true, who.Active, "tiramisu", "panettone")
	r.asks("p.shy", false, who.Active, "secret")
	r.asks("p.bob", true, who.Active, "tiramisu")
	before := r.demand()
	if got := r.records("p.ann"); len(got) != 2 || len(r.records("p.shy")) != 1 {
		t.Fatalf("held of ann: %v, of shy: %v", got, r.records("p.shy"))
	}
	pair, err := r.backend.Get(t.Context(), "reader.p.ann")
	must(t, err)
	slots, err := os.ReadFile(r.slots)
	must(t, err)
	for _, key := range []who.Key{"p.ann", "p.shy"} {
		must(t, r.erasure().Erase(t.Context(), "p", key))
		r.holds(key)
		wantKind(t, "twice", r.erasure().Erase(t.Context(), "p", key), pull.Unknown)
	}
	if _, _, err := r.ring.OpenReader(fmt.Sprintf("reader.p.ann/%d", pair.Revision), pair.Value); !errors.Is(err, sealed.ErrErased) {
		t.Errorf("an old copy of the document can be read: %v", err)
	}
	now, err := os.ReadFile(r.slots)
	must(t, err)
	if bytes.Equal(slots, now) {
		t.Error("the key is on the disk")
	}
	if got := r.records("p.bob"); len(got) != 1 {
		t.Errorf("another reader lost: %v", got)
	}
	after := r.demand()
	if after.Asks != before.Asks || after.Missed != 4 || after.Bare != 1 || len(after.Unmet) != 2 {
		t.Errorf("before %+v\nafter %+v", before, after)
	}
}

func TestAnErasureThatWasCutShortIsCarriedOut(t *testing.T) {
	for changes := range 8 {
		t.Run(fmt.Sprintf("after %d changes", changes), func(t *testing.T) {
			r := newErasureRig(t)
			r.asks("p.ann", true, who.Stopped, "tiramisu", "panettone")
			r.backend.left = changes
			err := r.erasure().Erase(t.Context(), "p", "p.ann")
			if r.backend.left = -1; err != nil && !errors.Is(err, errCut) {
				t.Fatal(err)
			}
			e := r.erasure()
			must(t, e.Resume(t.Context()))
			if _, err := r.backend.Get(t.Context(), "reader.p.ann"); err == nil {
				if changes > 0 {
					t.Fatal("the document is there after it was said that it goes")
				}
				must(t, e.Erase(t.Context(), "p", "p.ann"))
			}
			r.holds("p.ann")
			if reader, _, err := e.Ledger.Reader(t.Context(), "p.ann"); err != nil || reader.State != who.Stopped {
				t.Errorf("STOP is lost: %+v, %v", reader, err)
			}
			if d := r.demand(); d.Asks != 2 {
				t.Errorf("counted %d", d.Asks)
			}
		})
	}
}

func TestWhoComesBackGetsAKeyOfTheirOwn(t *testing.T) {
	r := newErasureRig(t)
	r.asks("p.ann", true, who.Active, "tiramisu")
	e := r.erasure()
	if _, _, err := e.Ledger.Reader(t.Context(), "p.ann"); err != nil {
		t.Fatal(err)
	}
	must(t, e.Erase(t.Context(), "p", "p.ann"))
	if _, err := e.Ledger.Put(t.Context(), "p.ann", who.Reader{Language: "de"}, 0); err != nil {
		t.Fatal(err)
	}
	must(t, e.Resume(t.Context()))
	if reader, revision, err := r.erasure().Ledger.Reader(t.Context(), "p.ann"); err != nil || revision == 0 || reader.Language != "de" {
		t.Errorf("%+v, %d, %v", reader, revision, err)
	}
}
