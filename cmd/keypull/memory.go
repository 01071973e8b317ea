package main

import (
	"context"
	"log/slog"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"keypull/cmd/keypull/machine"
	"keypull/pull"
	"keypull/pull/settings"
)

// Bounds of what the process may take.
const (
	leastMemory   = 128 << 20
	defaultMemory = 512 << 20
	// code is what the program takes beside its heap, pages of the store's file
	// among it; ground what is not shared out, that and the catalogue.
	code   = 80 << 20
	ground = 64 << 20
	// askBytes is about what an ask that is worked on takes, letterBytes an answer that
	// waits for its platform: the one becomes the other.
	askBytes    = 16 << 10
	letterBytes = 512
)

// shares divide the memory of a process in bytes: snapshots a half of what the
// program itself leaves, readers with their mailboxes a quarter, asks under way
// a quarter. What is beyond a share leaves memory, or is not let in.
type shares struct {
	total, snapshots int
	// readers are documents of those who come often and kept replies, known documents
	// as they are written, keys those that open them, mailboxes what waits for web chats.
	readers, known, keys, mailboxes int
	// asks are how many are worked on at a time, the others wait on disk; letters
	// is a number, too.
	asks, letters int
}

// divideMemory divides what was configured, or else what the runtime is told to stay
// within, or else what the machine has.
func divideMemory(configured *settings.Bytes) shares {
	total := usualMemory(memlimit.FromCgroup, memlimit.FromSystem)
	if limit, err := settings.ParseBytes(os.Getenv("GOMEMLIMIT")); err == nil {
		total = max(int(limit)+code, leastMemory)
	}
	if configured != nil {
		total = int(*configured)
	}
	rest := total - ground
	quarter := rest / 4
	return shares{
		total: total, snapshots: rest / 2, asks: quarter / askBytes, letters: quarter / letterBytes,
		readers: quarter * 5 / 16, known: quarter * 5 / 16, keys: quarter / 8, mailboxes: quarter / 4,
	}
}

// usualMemory returns a quarter of what the process is allowed, or else of what the
// machine has, within bounds.
func usualMemory(from ...memlimit.Provider) int {
	for _, limit := range from {
		if bytes, err := limit(); err == nil && bytes > 0 {
			return int(min(max(bytes/4, leastMemory), defaultMemory))
		}
	}
	return defaultMemory
}

// gcPercent trades memory for processor time: what lives long is small beside
// what each ask makes and drops. Where it is not, the limit of the heap counts.
const gcPercent = 400

// keepMemory has the process stay within its aim until end is called; begun says
// that its start is done. What the operator has set of the runtime's own settings
// stays.
func keepMemory(ctx context.Context, of shares, logger *slog.Logger) (begun, end func()) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	heap := new(machine.Heap)
	if os.Getenv("GOMEMLIMIT") == "" {
		heap.Most = int64(of.total - code)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var wait sync.WaitGroup
	wait.Go(func() { pull.KeepRunning(ctx, logger, "keep to the memory", heap.Keep) })
	return heap.Begun, func() {
		cancel()
		wait.Wait()
	}
}

// Giving the pages of the store's file back: how often is looked, and how near to
// the aim they have to go.
const (
	lookEvery = 200 * time.Millisecond
	nearly    = 48 << 20
)

// relaxEvery is how long readers' documents stand in memory at most.
const relaxEvery = 30 * time.Minute

// releaseMemory lets go, until ctx ends, of what of the store's file stands in memory
// where it would take the process beyond its aim, and of that and of readers'
// documents where nobody asks any more.
func (s *Server) releaseMemory(ctx context.Context) {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	var rest machine.Rest
	relaxed := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
		now := time.Now()
		rested := rest.Reached(now, machine.Allocated())
		if rested || now.Sub(relaxed) >= relaxEvery {
			s.ledger.DropCachedReaders()
			relaxed = now
		}
		if rested || machine.Resident() > s.shares.total-nearly {
			s.store.Release()
		}
	}
}
