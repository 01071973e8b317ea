package pipeline_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"keypull/pull/pipeline"
)

// fragile is a courier that breaks down at one reader's replies.
type fragile struct{ *courier }

func (f *fragile) Deliver(ctx context.Context, p pipeline.Parcel) pipeline.Delivery {
	if p.Ask.Address == "ann" {
		panic(errors.New("ann"))
	}
	return f.courier.Deliver(ctx, p)
}

func TestAReplyThatBreaksItsMessengerDownHoldsUpNothing(t *testing.T) {
	w := newWorld(t)
	w.through = func(c pipeline.Courier) pipeline.Courier { return &fragile{w.courier} }
	w.close(5 * time.Second)
	w.open()
	w.take(ask("ann", "1", "say one"), ask("bob", "2", "say two"), ask("ann", "3", "say three"))
	if got := w.courier.await(t, 1); !slices.Equal(got, []string{"bob two"}) {
		t.Errorf("%q", got)
	}
	for w.Unfinished() > 0 {
		time.Sleep(time.Millisecond)
	}
}

// shaky is a ledger that breaks down at the first settlements.
type shaky struct {
	pipeline.Ledger
	left atomic.Int32
}

func (s *shaky) Settle(ctx context.Context, f pipeline.Settlement) (uint64, error) {
	if s.left.Add(-1) >= 0 {
		panic(errors.New("the ledger"))
	}
	return s.Ledger.Settle(ctx, f)
}

func TestASettlementThatBreaksDownIsTriedAgain(t *testing.T) {
	w := newWorld(t)
	w.upon = func(l pipeline.Ledger) pipeline.Ledger {
		s := &shaky{Ledger: l}
		s.left.Store(2)
		return s
	}
	w.close(5 * time.Second)
	w.open()
	w.take(ask("ann", "1", "say one"))
	if got := w.courier.await(t, 1); !slices.Equal(got, []string{"ann one"}) {
		t.Errorf("%q", got)
	}
}
