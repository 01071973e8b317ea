package machine

import (
	"runtime"
	"testing"
	"testing/synctest"
	"time"
)

// standIn is a runtime that holds what a test says.
type standIn struct {
	reading
	limits []int64
	given  int
}

func (s *standIn) read() reading        { return s.reading }
func (s *standIn) setLimit(bytes int64) { s.limits = append(s.limits, bytes) }
func (s *standIn) giveBack()            { s.given++ }

const mib = 1 << 20

func TestTheHeapMayTakeMoreAsMoreIsKept(t *testing.T) {
	for _, c := range []struct {
		name                   string
		most, standing, beside int64
		want                   int64
	}{
		{"a part of what is free where little is kept", 400 * mib, 30 * mib, 10 * mib, 130 * mib},
		{"never less than what collecting needs", 400 * mib, 290 * mib, 10 * mib, 364 * mib},
		{"never beyond the most", 400 * mib, 390 * mib, 30 * mib, 400 * mib},
		{"no larger a part of a large machine", 4000 * mib, 0, 0, 108 * mib},
	} {
		s := &standIn{reading: reading{standing: c.standing, beside: c.beside, cycles: 1}}
		h := Heap{Most: c.most, heap: s}
		h.Look(time.Now())
		h.Look(time.Now())
		if got := s.limits[len(s.limits)-1]; got != c.want {
			t.Errorf("%s: %d MiB may be taken, want %d", c.name, got/mib, c.want/mib)
		}
		looks := len(s.limits)
		s.cycles++
		s.standing += nearEnough / 2
		h.Look(time.Now())
		h.Look(time.Now())
		if len(s.limits) > looks {
			t.Errorf("%s: the limit moved for next to nothing", c.name)
		}
	}
	s := &standIn{reading: reading{standing: 30 * mib}}
	h := Heap{heap: s}
	if h.Look(time.Now()); len(s.limits) > 0 {
		t.Error("a limit was set where the operator has set one")
	}
}

func TestTheHeapMayTakeMoreWhileVeryMuchIsAsked(t *testing.T) {
	s := &standIn{reading: reading{standing: 40 * mib, cycles: 1}}
	h := Heap{Most: 400 * mib, heap: s}
	now := time.Now()
	look := func(looks int, each uint64) int64 {
		for range looks {
			now = now.Add(lookEvery)
			s.allocated += each
			h.Look(now)
		}
		return s.limits[len(s.limits)-1] / mib
	}
	for _, c := range []struct {
		name  string
		looks int
		each  uint64
		want  int64
	}{
		{"at a start", 15, 100 * mib, 130},
		{"while it lasts", 2, 100 * mib, 400},
		{"when it is just over", 20, mib, 400},
		{"once it is over", 5, mib, 130},
		{"while little is asked", 100, mib, 130},
	} {
		if got := look(c.looks, c.each); got != c.want {
			t.Errorf("%s: %d MiB may be taken, want %d", c.name, got, c.want)
		}
	}
	// Once the start is done, less of it is enough.
	h.begun.Store(true)
	if soon, then := look(3, 100*mib), look(1, 100*mib); soon != 130 || then != 400 {
		t.Errorf("%d MiB and then %d may be taken, want 130 and 400", soon, then)
	}
}

func TestWhatIsDroppedBetweenTwoCollectionsGivesTheHeapNoMoreRoom(t *testing.T) {
	s := &standIn{}
	h := Heap{Most: 1000 * mib, heap: s}
	for _, c := range []struct {
		name     string
		cycles   uint64
		standing int64
		want     int64
	}{
		{"at a start", 0, 20 * mib, 108 * mib},
		{"after a collection that is not swept yet", 1, 220 * mib, 108 * mib},
		{"after it", 1, 160 * mib, 268 * mib},
		{"while more is made", 1, 300 * mib, 268 * mib},
		{"where the next has just ended", 2, 280 * mib, 268 * mib},
		{"where it leaves holes between what lives", 2, 240 * mib, 348 * mib},
		{"where one follows the other", 3, 280 * mib, 348 * mib},
		{"still", 5, 280 * mib, 388 * mib},
		{"where the holes have gone", 5, 100 * mib, 208 * mib},
	} {
		s.cycles, s.standing = c.cycles, c.standing
		if h.Look(time.Now()); s.limits[len(s.limits)-1] != c.want {
			t.Errorf("%s: %d MiB may be taken, want %d", c.name, s.limits[len(s.limits)-1]/mib, c.want/mib)
		}
	}
}

func TestMemoryIsGivenBackOnceNothingIsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &standIn{}
		h := Heap{heap: s}
		keep := func(d time.Duration, each uint64) {
			for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(lookEvery) {
				s.allocated += each
				h.Look(time.Now())
			}
		}
		for _, c := range []struct {
			name string
			d    time.Duration
			each uint64
			want int
		}{
			{"while many ask", time.Minute, 2 * mib, 0},
			{"a moment after", longQuiet / 2, 0, 0},
			{"a while after", longQuiet, 0, 1},
			{"as long as nothing is asked", time.Hour, 0, 1},
			{"where a single ask comes now and then", time.Minute, mib / 100, 1},
			{"once they have come to something", 6 * time.Minute, mib / 100, 2},
		} {
			if keep(c.d, c.each); s.given != c.want {
				t.Errorf("%s memory was given back %d times, want %d", c.name, s.given, c.want)
			}
		}
	})
}

func TestTheRuntimeSaysWhatItKeeps(t *testing.T) {
	r := (&goHeap{}).read()
	runtime.GC()
	after := (&goHeap{}).read()
	if r.standing <= 0 || r.beside <= 0 || r.allocated == 0 || Allocated() < r.allocated || after.cycles <= r.cycles {
		t.Errorf("%+v, and %+v after a collection", r, after)
	}
}
