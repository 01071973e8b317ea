package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what/textform"
	"keypull/pull/words"
)

// Slate is where it stands what is being computed at this moment, in a way that
// outlives the process. It costs a sound ask no write to the store.
type Slate interface {
	// Former is what the last process was computing when it ended.
	Former() Ending
	// Note writes down that an ask is being computed, until over is called.
	Note(ask uint64) (over func())
	// Alone writes down which ask is being resolved alone; 0 is none.
	Alone(ask uint64)
}

// Ending is what a process was computing when it ended. One that ended as it
// should was computing nothing.
type Ending struct {
	Asks []uint64
	// Alone is the ask that was being resolved alone, 0 where none was.
	Alone uint64
	// Words are what the runtime reported, if it did: no reader's.
	Words string
}

// Suspicion is what is known of an ask in whose resolving the process ended.
type Suspicion struct {
	// Ends is how often, At when last.
	Ends int       `json:"ends"`
	At   time.Time `json:"at"`
	// Why is there once it ended the process alone: it is not resolved again.
	Why words.Text `json:"why,omitzero"`
	// Asked tells what was asked from anything else, of an ask that was given up.
	Asked uint64 `json:"asked,omitempty"`
}

// Suspicions hold what is known of suspects, by ask.
type Suspicions interface {
	Suspicions(ctx context.Context) (map[uint64]Suspicion, error)
	PutSuspicions(ctx context.Context, all map[uint64]Suspicion) error
}

// Rules for suspects.
const (
	// endsOfSuspect is from how many ends on an ask is resolved alone.
	endsOfSuspect = 2
	// suspicionKept is how long an end is remembered, maxSuspicions of how many
	// asks; and for shunned what ended the process alone is not tried again.
	suspicionKept = 7 * 24 * time.Hour
	maxSuspicions = 1000
	shunned       = time.Hour
	// patience is how long an ask waits to be computed among few. What is beyond
	// is no question of fairness: somebody computes without end.
	patience = 250 * time.Millisecond
	// longestPause is up to how long a suspect waits before its turn, so that no
	// two ends meet it at the same moment after a start.
	longestPause = 2 * time.Second
)

// suspects know which asks ended the process, and note which are being computed.
type suspects struct {
	*base

	mu sync.Mutex
	// hands are how many compute at a time: few, so that few are suspected.
	hands chan struct{}
	// lane is held by the suspect whose turn it is.
	lane chan struct{}
	// known is written at the start, and where an ask is given up.
	known map[uint64]Suspicion
	// given are texts that were given up, until when.
	given map[uint64]time.Time
}

func newSuspects(b *base) *suspects {
	return &suspects{
		base:  b,
		hands: make(chan struct{}, 2*runtime.GOMAXPROCS(0)), lane: make(chan struct{}, 1),
		known: map[uint64]Suspicion{}, given: map[uint64]time.Time{},
	}
}

// judgeEnd learns from the end of the last process, before anything is resolved
// by this one.
func (l *suspects) judgeEnd() {
	if l.Slate == nil {
		return
	}
	all, err := l.Suspicions.Suspicions(l.working)
	if err != nil {
		l.Logger.Error("what earlier ends left could not be read", "error", err)
		all = map[uint64]Suspicion{}
	}
	if former := l.Slate.Former(); len(former.Asks) > 0 {
		all = l.suspectAsks(all, former)
		if err := l.Suspicions.PutSuspicions(l.working, all); err != nil {
			l.Logger.Error("what the last end left could not be written down", "error", err)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.known = all
	for _, s := range all {
		if s.Asked != 0 {
			l.given[s.Asked] = s.At.Add(shunned)
		}
	}
}

// suspectAsks counts an end. Who alone was being computed, while it was resolved
// alone, is to blame.
func (l *suspects) suspectAsks(all map[uint64]Suspicion, former Ending) map[uint64]Suspicion {
	now := l.Clock()
	all = maps.Clone(all)
	maps.DeleteFunc(all, func(_ uint64, s Suspicion) bool { return now.Sub(s.At) > suspicionKept })
	for _, ask := range former.Asks {
		s := all[ask]
		alone := len(former.Asks) == 1 && former.Alone == ask
		s.Ends, s.At = s.Ends+1, now
		if alone {
			s.Why = blame(former.Words)
		}
		all[ask] = s
	}
	for _, ask := range slices.Sorted(maps.Keys(all))[:max(0, len(all)-maxSuspicions)] {
		delete(all, ask)
	}
	l.Logger.Warn("the last process ended while it was answering; which of these asks ended it is found out by resolving them alone",
		"asks", former.Asks, "alone", former.Alone, "report", former.Words)
	return all
}

// blame is why an ask is given up.
func blame(report string) words.Text {
	if report == "" {
		return words.Text{Key: "dead.ended"}
	}
	return words.Text{Key: "dead.ended_report", Args: words.Args{"report": report}}
}

// computing has what is computed for an ask noted. A suspect is computed when
// nobody else is, in its turn; done ends that.
func (l *suspects) computing(a pull.Ask) (ctx context.Context, done func()) {
	if l.Slate == nil {
		return l.working, func() {}
	}
	id := a.ID
	behind := func() func() { return l.Slate.Note(id) }
	if !l.isSuspect(a) {
		return outside.Computing(l.working, func() func() { return l.noteAmong(id) }, behind)
	}
	leave := l.takeLane()
	ctx, end := outside.Computing(l.working, func() func() { return l.noteAlone(id) }, behind)
	return ctx, func() {
		end()
		leave()
	}
}

// isSuspect says that an ask is to be resolved alone: it was being computed at
// two ends, or asks what was given up before.
func (l *suspects) isSuspect(a pull.Ask) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known[a.ID].Ends >= endsOfSuspect {
		return true
	}
	if len(l.given) == 0 {
		return false
	}
	_, given := l.given[asked(a)]
	return given
}

// takeLane waits for the turn of a suspect.
func (l *suspects) takeLane() (leave func()) {
	select {
	case l.lane <- struct{}{}:
	case <-l.working.Done():
		return func() {}
	}
	pause(l.working, l.Pause())
	return func() { <-l.lane }
}

// noteAmong notes that an ask is being computed as one of few.
func (l *suspects) noteAmong(ask uint64) (over func()) {
	give := l.takeHands(1)
	wipe := l.Slate.Note(ask)
	return func() {
		wipe()
		give()
	}
}

// noteAlone notes that an ask is being computed while no other is.
func (l *suspects) noteAlone(ask uint64) (over func()) {
	give := l.takeHands(cap(l.hands))
	l.Slate.Alone(ask)
	wipe := l.Slate.Note(ask)
	return func() {
		wipe()
		l.Slate.Alone(0)
		give()
	}
}

// takeHands waits for so many hands, within patience.
func (l *suspects) takeHands(n int) (give func()) {
	got := 0
	give = func() {
		for range got {
			<-l.hands
		}
	}
	for got < n {
		select {
		case l.hands <- struct{}{}:
			got++
			continue
		default:
		}
		break
	}
	if got == n {
		return give
	}
	over := time.NewTimer(patience)
	defer over.Stop()
	for ; got < n; got++ {
		select {
		case l.hands <- struct{}{}:
		case <-over.C:
			return give
		}
	}
	return give
}

// asked tells what is asked of a publisher from anything else, by its hash.
func asked(a pull.Ask) uint64 {
	sum := sha256.Sum256([]byte(a.Publisher + "\x00" + a.Tap + "\x00" + textform.Fold(a.Text)))
	return max(1, binary.LittleEndian.Uint64(sum[:]))
}

// anyPause is a random time before the turn of a suspect.
func anyPause() time.Duration { return rand.N(longestPause) } //nolint:gosec // it spreads, and hides nothing
