package main

import (
	"context"
	"os"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"keypull/cmd/keypull/machine"
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
	// readers are documents and kept replies, slots what is remembered of where
	// documents lie, keys those that open them, mailboxes what waits for web chats.
	readers, slots, keys, mailboxes int
	// asks are how many are worked on at a time, the others wait on disk; letters
	// is a number, too.
	asks, letters int
}

// share divides what was configured, or else what the machine has.
func share(configured *settings.Bytes) shares {
	total := usualMemory(memlimit.FromCgroup, memlimit.FromSystem)
	if configured != nil {
		total = int(*configured)
	}
	rest := total - ground
	quarter := rest / 4
	return shares{
		total: total, snapshots: rest / 2, asks: quarter / askBytes, letters: quarter / letterBytes,
		readers: quarter / 2, slots: quarter / 8, keys: quarter / 8, mailboxes: quarter / 4,
	}
}

// usualMemory is a quarter of what the process is allowed, or else of what the
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
// what each ask makes and drops.
const gcPercent = 400

// tuneMemory sets how eagerly memory is collected, unless the operator has: as
// the process comes near its aim, memory is collected as often as it takes.
func tuneMemory(of shares) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(int64(of.total - code))
	}
}

// Giving memory back: how often is looked, how near to the aim the store's
// pages have to go, how much must be idle in the heap for it to be given back,
// and how often that is looked for.
const (
	lookEvery = 200 * time.Millisecond
	nearly    = 48 << 20
	muchIdle  = 32 << 20
	giveEvery = time.Minute
)

// giveBack returns to the machine what is not used any more, until ctx ends: a
// crowd that has gone leaves nothing behind. What of the store's file stands in
// memory goes where it would take the process beyond its aim.
func (s *Server) giveBack(ctx context.Context) {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	looked := time.Now()
	// Opening a store reads all of it.
	s.store.Release()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
		if machine.Resident() > s.shares.total-nearly {
			s.store.Release()
		}
		if time.Since(looked) < giveEvery {
			continue
		}
		looked = time.Now()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		if m.HeapIdle-m.HeapReleased > muchIdle {
			debug.FreeOSMemory()
		}
	}
}
