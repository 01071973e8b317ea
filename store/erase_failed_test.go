package store_test

import (
	"crypto/rand"
	"errors"
	"log/slog"
	"testing"
	"time"

	"keypull/pull/who"
	"keypull/store"
	"keypull/store/sealed"
)

// stubborn is a sealer whose disk takes no erasure for a while. As with a disk,
// the key reads as gone at once.
type stubborn struct {
	*sealed.Ring
	failing bool
}

var errSync = errors.New("the disk says no")

func (s *stubborn) EraseReaders(readers ...store.Slot) error {
	return errors.Join(s.Ring.EraseReaders(readers...), s.sync())
}

func (s *stubborn) EraseAgain() error { return errors.Join(s.Ring.EraseAgain(), s.sync()) }

func (s *stubborn) sync() error {
	if s.failing {
		return errSync
	}
	return nil
}

func TestAnErasureThatTheDiskDidNotTakeIsNotReportedAsDone(t *testing.T) {
	r := newErasureRig(t)
	r.asks("p.ann", true, who.Active, "tiramisu")
	s := &stubborn{Ring: r.ring, failing: true}
	erasure := func() store.Erasure {
		clock, logger := func() time.Time { return noon }, slog.New(slog.DiscardHandler)
		return store.Erasure{
			Ledger: store.NewLedger(r.backend, s, clock, logger),
			Demand: store.NewDemand(store.DemandOptions{
				Backend: r.backend, Sealer: s, Name: r.ring.Pseudonym, Clock: clock, Random: rand.Reader, Logger: logger,
			}),
		}
	}
	e := erasure()
	for _, try := range []func() error{
		func() error { return e.Erase(t.Context(), "p", "p.ann") },
		func() error { return e.Erase(t.Context(), "p", "p.ann") },
		func() error { return erasure().Resume(t.Context()) },
	} {
		if err := try(); !errors.Is(err, errSync) {
			t.Errorf("error %v", err)
		}
		if left := keysBelow(r, r.backend, "erasing"); len(left) != 1 {
			t.Errorf("nothing is left to be done: %v", left)
		}
	}
	s.failing = false
	must(t, erasure().Resume(t.Context()))
	r.holds("p.ann")
}
