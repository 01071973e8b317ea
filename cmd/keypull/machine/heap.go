package machine

import (
	"context"
	"math"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
	"time"
)

// Heap has what the program makes and drops take no more than it needs beside
// what it keeps: little while that is little, and it all goes back to the machine
// once nothing is asked for a while.
type Heap struct {
	// Most is what the program may take in bytes, all that it keeps among it;
	// 0 leaves the limit as it is.
	Most int64

	heap  heap
	rest  Rest
	limit int64
	begun atomic.Bool

	cycles    uint64 // of the collector, up to the last look
	collected bool   // there was one between the last two looks
	stood     int64  // what the heap stood in at the last look
	settled   int64  // the least that it has stood in since a collection

	before uint64    // had been allocated at the last look
	busy   time.Time // since when very much is; zero while it is not
	calm   time.Time // until when that counts
}

// heap is what is asked of the runtime, which tests stand in for.
type heap interface {
	read() reading
	setLimit(bytes int64)
	giveBack()
}

// reading is what the runtime says of its heap, in bytes.
type reading struct {
	// standing is what the parts of the heap take that have anything in them, the
	// holes between what lives among it: the runtime's limit counts them, and where it
	// leaves no room beside them a collection follows the other. beside is what the
	// runtime takes beside the heap.
	standing, beside int64
	// allocated is all that ever was; cycles are the collections so far, a number.
	allocated, cycles uint64
}

const (
	lookEvery = 200 * time.Millisecond
	// leastRoom is what may be dropped between two collections, and partOfRoom
	// what part of the rest where that is more; all of it while very much is
	// dropped for a while, since each collection costs what is kept.
	leastRoom, partOfRoom = 64 << 20, 4
	// mostRoom is the most of that part, so that a start has no peak.
	mostRoom = 108 << 20
	// Very much is dropped where so much is allocated between two looks, and
	// what it takes to last: longer than a start while there is one.
	veryMuch              = 8 << 20
	lasting, longestStart = 600 * time.Millisecond, 3 * time.Second
	// calmTime is how long the room stays: crowds come back.
	calmTime = 5 * time.Second
	// nearEnough is by how much a limit may be off.
	nearEnough = 4 << 20
	// Hardly anything is asked where less is allocated between two looks; what
	// it takes to be quiet, and how much must have been allocated by then.
	hardly    = 256 << 10
	longQuiet = 10 * time.Second
	worthIt   = 16 << 20
)

// Keep looks after the heap until ctx ends.
func (h *Heap) Keep(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		h.Look(time.Now())
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Begun says that the start is done: what it left behind goes back to the machine.
func (h *Heap) Begun() {
	h.begun.Store(true)
	GiveBack()
}

// Look sets the limit by what is kept, and gives back what was taken where
// nothing has been asked for a while.
func (h *Heap) Look(now time.Time) {
	if h.heap == nil {
		h.heap = &goHeap{}
	}
	r := h.heap.read()
	// What is dead is swept little by little: a look right after a collection tells too much.
	if low := min(r.standing, h.stood); low < h.settled || h.collected {
		h.settled = low
	}
	h.stood, h.collected, h.cycles = r.standing, r.cycles != h.cycles, r.cycles
	if h.Most > 0 {
		kept := h.settled + r.beside
		limit := min(h.Most, kept+max(leastRoom, h.room(now, r.allocated, h.Most-kept)))
		if max(limit-h.limit, h.limit-limit) > nearEnough {
			h.limit = limit
			h.heap.setLimit(limit)
		}
	}
	if h.rest.Reached(now, r.allocated) {
		h.heap.giveBack()
	}
}

// room returns how much may be dropped of what is free between two collections.
func (h *Heap) room(now time.Time, allocated uint64, free int64) int64 {
	much := allocated-h.before >= veryMuch
	h.before = allocated
	long := lasting
	if !h.begun.Load() {
		long = longestStart
	}
	switch {
	case !much:
		h.busy = time.Time{}
	case h.busy.IsZero():
		h.busy = now
	case now.Sub(h.busy) >= long:
		h.calm = now.Add(calmTime)
	}
	if now.Before(h.calm) {
		return free
	}
	return min(free/partOfRoom, mostRoom)
}

// Rest tells when a program has come to rest after it did something: the time to
// give back what it took for it. The zero value is ready.
type Rest struct {
	// before is what had been allocated at the last look, told what at the last
	// rest; since when hardly anything is.
	before, told uint64
	since        time.Time
}

// Reached reports once that the program rests, of which all is told that it has
// allocated so far: see Allocated. It is asked every 200 ms.
func (r *Rest) Reached(now time.Time, allocated uint64) bool {
	busy := r.since.IsZero() || allocated-r.before > hardly
	if r.before = allocated; busy {
		r.since = now
	}
	if now.Sub(r.since) < longQuiet || allocated-r.told < worthIt {
		return false
	}
	r.told = allocated
	return true
}

// Allocated returns all that this process has allocated so far, in bytes.
func Allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// goHeap is this process's own.
type goHeap struct{ samples []metrics.Sample }

func (g *goHeap) read() reading {
	if g.samples == nil {
		for _, name := range []string{
			"/gc/heap/allocs:bytes", "/gc/cycles/total:gc-cycles", "/memory/classes/total:bytes",
			"/memory/classes/heap/objects:bytes", "/memory/classes/heap/unused:bytes",
			"/memory/classes/heap/free:bytes", "/memory/classes/heap/released:bytes",
		} {
			g.samples = append(g.samples, metrics.Sample{Name: name})
		}
	}
	metrics.Read(g.samples)
	value := func(i int) uint64 {
		if g.samples[i].Value.Kind() != metrics.KindUint64 {
			return 0
		}
		return g.samples[i].Value.Uint64()
	}
	standing := value(3) + value(4)
	return reading{
		standing: whole(standing), beside: whole(value(2)) - whole(standing+value(5)+value(6)),
		allocated: value(0), cycles: value(1),
	}
}

func whole(n uint64) int64 { return int64(min(n, math.MaxInt64)) }

func (*goHeap) setLimit(bytes int64) { debug.SetMemoryLimit(bytes) }

func (*goHeap) giveBack() { GiveBack() }
