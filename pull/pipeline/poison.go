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

// InFlight is where it stands what is being computed at this moment, in a way that
// outlives the process. It costs a sound ask no write to the store.
type InFlight interface {
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

// PoisonRecord is what is known of an ask in whose resolving the process ended.
type PoisonRecord struct {
	// Ends is how often, At when last.
	Ends int       `json:"ends"`
	At   time.Time `json:"at"`
	// Why is there once it ended the process alone: it is not resolved again.
	Why words.Text `json:"why,omitzero"`
	// Asked tells what was asked from anything else, of an ask that was given up.
	Asked uint64 `json:"asked,omitempty"`
}

// PoisonRecords hold what is known of poison messages, by ask.
type PoisonRecords interface {
	PoisonRecords(ctx context.Context) (map[uint64]PoisonRecord, error)
	PutPoisonRecords(ctx context.Context, all map[uint64]PoisonRecord) error
}

// Rules for poison messages.
const (
	// endsOfPoison is from how many ends on an ask is resolved alone.
	endsOfPoison = 2
	// recordKept is how long an end is remembered, maxRecords of how many
	// asks; and for shunned what ended the process alone is not tried again.
	recordKept = 7 * 24 * time.Hour
	maxRecords = 1000
	shunned    = time.Hour
	// patience is how long an ask waits to be computed among few. What is beyond
	// is no question of fairness: somebody computes without end.
	patience = 250 * time.Millisecond
	// alonePatience is how long all others wait for a poison message that is computed: it may take
	// a moment until the process has ended, and who computes by then is suspected as well.
	alonePatience = 2 * time.Second
	// longestPause is up to how long a poison message waits before its turn, so that no
	// two ends meet it at the same moment after a start.
	longestPause = 2 * time.Second
	// manyWaiting is at how many that wait a pause is half as long, at twice as many a third, so that a crowd waits seconds, not minutes.
	manyWaiting = 8
)

// poison knows which asks ended the process, and notes which are being computed. An
// ask that may end it is a poison message: it is resolved while no other is, and is
// given up if it ends the process then.
type poison struct {
	life     *life
	inFlight InFlight
	records  PoisonRecords
	pause    func() time.Duration

	mu sync.Mutex
	// slots are how many compute at a time: few, so that few are suspected.
	slots chan struct{}
	// lane is held by the poison message whose turn it is; waiting counts those that
	// have not had theirs.
	lane    chan struct{}
	waiting int
	// aloneUntil is until when all others wait while the one in the lane is computed.
	aloneUntil time.Time
	// known is written at the start, and where an ask is given up.
	known map[uint64]PoisonRecord
	// given are texts that were given up, until when.
	given map[uint64]time.Time
}

func newPoison(l *life, o *Options) *poison {
	return &poison{
		life: l, inFlight: o.InFlight, records: o.Poison, pause: o.Pause,
		slots: make(chan struct{}, 2*runtime.GOMAXPROCS(0)), lane: make(chan struct{}, 1),
		known: map[uint64]PoisonRecord{}, given: map[uint64]time.Time{},
	}
}

// judgeEnd learns from the end of the last process, before anything is resolved
// by this one.
func (p *poison) judgeEnd() {
	if p.inFlight == nil {
		return
	}
	all, err := p.records.PoisonRecords(p.life.working)
	if err != nil {
		p.life.logger.Error("what earlier ends left could not be read", "error", err)
		all = map[uint64]PoisonRecord{}
	}
	if former := p.inFlight.Former(); len(former.Asks) > 0 {
		all = p.countEnd(all, former)
		if err := p.records.PutPoisonRecords(p.life.working, all); err != nil {
			p.life.logger.Error("what the last end left could not be written down", "error", err)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known = all
	for _, s := range all {
		if s.Asked != 0 {
			p.given[s.Asked] = s.At.Add(shunned)
		}
	}
}

// countEnd counts an end. Who alone was being computed, while it was resolved
// alone, is to blame.
func (p *poison) countEnd(all map[uint64]PoisonRecord, former Ending) map[uint64]PoisonRecord {
	now := p.life.clock()
	all = maps.Clone(all)
	maps.DeleteFunc(all, func(_ uint64, s PoisonRecord) bool { return now.Sub(s.At) > recordKept })
	for _, ask := range former.Asks {
		s := all[ask]
		alone := len(former.Asks) == 1 && former.Alone == ask
		s.Ends, s.At = s.Ends+1, now
		if alone {
			s.Why = reasonGivenUp(former.Words)
		}
		all[ask] = s
	}
	for _, ask := range slices.Sorted(maps.Keys(all))[:max(0, len(all)-maxRecords)] {
		delete(all, ask)
	}
	p.life.logger.Warn("the last process ended while it was answering; which of these asks ended it is found out by resolving them alone",
		"asks", former.Asks, "alone", former.Alone, "report", former.Words)
	return all
}

// reasonGivenUp returns why an ask is given up.
func reasonGivenUp(report string) words.Text {
	if report == "" {
		return words.Text{Key: "dead.ended"}
	}
	return words.Text{Key: "dead.ended_report", Args: words.Args{"report": report}}
}

// startComputing has what is computed for an ask noted. A poison message is computed when
// nobody else is, in its turn; done ends that.
func (p *poison) startComputing(a pull.Ask) (c *outside.Computation, done func()) {
	if p.inFlight == nil {
		return nil, func() {}
	}
	id := a.ID
	behind := func() func() { return p.inFlight.Note(id) }
	if !p.isSuspected(a) {
		c = outside.Compute(func() func() { return p.noteAmong(id) }, behind)
		return c, c.End
	}
	leave := p.takeLane()
	c = outside.Compute(func() func() { return p.noteAlone(id) }, behind)
	return c, func() {
		c.End()
		leave()
	}
}

// isSuspected says that an ask is to be resolved alone: it was being computed at
// two ends, or asks what was given up before.
func (p *poison) isSuspected(a pull.Ask) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known[a.ID].Ends >= endsOfPoison {
		return true
	}
	if len(p.given) == 0 {
		return false
	}
	_, given := p.given[askedHash(a)]
	return given
}

// takeLane waits for the turn of a poison message: the shorter, the more wait behind it.
func (p *poison) takeLane() (leave func()) {
	p.countWaiting(1)
	defer p.countWaiting(-1)
	select {
	case p.lane <- struct{}{}:
	case <-p.life.working.Done():
		return func() {}
	}
	pull.Sleep(p.life.working, p.pause()*manyWaiting/time.Duration(manyWaiting+p.countWaiting(0)))
	return func() { <-p.lane }
}

// countWaiting counts poison messages that wait for their turn, and returns how many do.
func (p *poison) countWaiting(more int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting += more
	return p.waiting
}

// noteAmong notes that an ask is being computed as one of few.
func (p *poison) noteAmong(ask uint64) (over func()) {
	give := p.takeSlots(1)
	wipe := p.inFlight.Note(ask)
	return func() {
		wipe()
		give()
	}
}

// noteAlone notes that an ask is being computed while no other is.
func (p *poison) noteAlone(ask uint64) (over func()) {
	p.holdOthers(time.Now().Add(alonePatience))
	give := p.takeSlots(cap(p.slots))
	p.holdOthers(time.Now().Add(alonePatience))
	p.inFlight.Alone(ask)
	wipe := p.inFlight.Note(ask)
	return func() {
		wipe()
		p.inFlight.Alone(0)
		p.holdOthers(time.Time{})
		give()
	}
}

// holdOthers has all others wait until then for what is computed alone.
func (p *poison) holdOthers(until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.aloneUntil = until
}

// untilOthers returns how long others still wait for what is computed alone.
func (p *poison) untilOthers() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return time.Until(p.aloneUntil)
}

// takeSlots waits for so many slots, within patience, and as long as others are held.
func (p *poison) takeSlots(n int) (give func()) {
	got := 0
	give = func() {
		for range got {
			<-p.slots
		}
	}
	for got < n {
		select {
		case p.slots <- struct{}{}:
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
	for got < n {
		select {
		case p.slots <- struct{}{}:
			got++
		case <-p.life.working.Done():
			return give
		case <-over.C:
			wait := p.untilOthers()
			if wait <= 0 {
				return give
			}
			over.Reset(wait)
		}
	}
	return give
}

// verdictOn returns why an ask is not resolved any more, or false.
func (p *poison) verdictOn(ask uint64) (why words.Text, given bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	why = p.known[ask].Why
	return why, !why.IsZero()
}

// isShunned reports whether the same was asked when the process ended lately: it is
// refused for a while.
func (p *poison) isShunned(a pull.Ask) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.given) == 0 {
		return false
	}
	until, given := p.given[askedHash(a)]
	return given && p.life.clock().Before(until)
}

// rememberAsked notes what was asked, so that it is refused for a while whoever asks.
func (p *poison) rememberAsked(a pull.Ask) {
	p.mu.Lock()
	all := maps.Clone(p.known)
	s := all[a.ID]
	s.Asked = askedHash(a)
	all[a.ID] = s
	p.known, p.given[s.Asked] = all, s.At.Add(shunned)
	p.mu.Unlock()
	if err := p.records.PutPoisonRecords(p.life.working, all); err != nil {
		p.life.logger.Error("what was given up could not be written down", "error", err)
	}
}

// askedHash tells what is asked of a publisher from anything else, by its hash.
func askedHash(a pull.Ask) uint64 {
	sum := sha256.Sum256([]byte(a.Publisher + "\x00" + a.Tap + "\x00" + textform.Fold(a.Text)))
	return max(1, binary.LittleEndian.Uint64(sum[:]))
}

// anyPause returns a random time before the turn of a poison message.
func anyPause() time.Duration { return rand.N(longestPause) } //nolint:gosec // it spreads, and hides nothing
