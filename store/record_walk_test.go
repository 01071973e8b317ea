package store_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/store"
)

// heldLog is a back end whose log of asks counts the walks that begin, and holds the first of
// them until it is let go.
type heldLog struct {
	*cutShort
	mu    sync.Mutex
	walks int
	begun chan struct{}
	held  chan struct{}
}

func (h *heldLog) Log(name string) store.Log { return &walkedLog{h.cutShort.Log(name), h} }

type walkedLog struct {
	store.Log
	of *heldLog
}

func (l *walkedLog) Read(ctx context.Context, from uint64, limit int) ([]store.Record, error) {
	if from == 0 {
		l.of.mu.Lock()
		l.of.walks++
		first := l.of.walks == 1
		l.of.mu.Unlock()
		if first {
			close(l.of.begun)
			<-l.of.held
		}
	}
	return l.Log.Read(ctx, from, limit)
}

// Those who look for their records while a walk is under way share the next one, and find
// what each would alone; what one does with a record that goes wrong is told to that one, and
// whoever has given up holds nobody up.
func TestWhoLookForRecordsAtOnceShareAWalk(t *testing.T) {
	const readers = 40
	r := newErasureRig(t)
	key := func(n int) who.Key { return who.Key(fmt.Sprintf("p.reader%02d", n)) }
	for n := range readers {
		r.asks(key(n), n%2 == 0, who.Active, fmt.Sprintf("first%d", n), fmt.Sprintf("second%d", n))
	}
	held := &heldLog{cutShort: r.backend, begun: make(chan struct{}), held: make(chan struct{})}
	ledger := store.NewLedger(held, r.ring, func() time.Time { return noon }, slog.New(slog.DiscardHandler))
	errBroken, gaveUp := errors.New("no room"), context.Canceled
	look := func(ctx context.Context, n int) (texts []string, err error) {
		err = ledger.Records(ctx, key(n), func(of pipeline.Record, _ pipeline.Fate) error {
			if n == 1 {
				return errBroken
			}
			texts = append(texts, of.Trace.What.Core)
			return nil
		})
		return texts, err
	}
	var all sync.WaitGroup
	ended, giveUp := context.WithCancel(t.Context())
	found, failed := make([][]string, readers), make([]error, readers)
	for n := range readers {
		all.Go(func() {
			ctx := t.Context()
			if n == 2 {
				ctx = ended
			}
			found[n], failed[n] = look(ctx, n)
		})
		if n == 0 {
			<-held.begun // all others wait for this one
		}
	}
	for ledger.Searching() < readers-1 {
		runtime.Gosched()
	}
	giveUp()
	close(held.held)
	all.Wait()
	if held.walks != 2 {
		t.Errorf("%d walks", held.walks)
	}
	for n := range readers {
		want, wantErr := []string{fmt.Sprintf("first%d", n), fmt.Sprintf("second%d", n)}, error(nil)
		switch n {
		case 1:
			want, wantErr = nil, errBroken
		case 2:
			want, wantErr = nil, gaveUp
		}
		if !slices.Equal(found[n], want) || !errors.Is(failed[n], wantErr) {
			t.Errorf("reader %d: %q, %v", n, found[n], failed[n])
		}
	}
}

// Readers who want all erased at the same time are gone, each with what was told to them.
func TestManyAreErasedAtOnce(t *testing.T) {
	const readers = 30
	r := newErasureRig(t)
	for n := range readers {
		r.asks(who.Key(fmt.Sprintf("p.reader%02d", n)), n%3 > 0, who.Active, "tiramisu", fmt.Sprintf("own%d", n))
	}
	e := r.erasure()
	var all sync.WaitGroup
	for n := range readers - 1 {
		all.Go(func() { must(t, e.Erase(t.Context(), "p", who.Key(fmt.Sprintf("p.reader%02d", n)))) })
	}
	all.Wait()
	for n := range readers - 1 {
		r.holds(who.Key(fmt.Sprintf("p.reader%02d", n)))
	}
	if got := r.records("p.reader29"); len(got) != 2 {
		t.Errorf("another reader lost: %q", got)
	}
}
