package pipeline

import (
	"context"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"keypull/pull"
	"keypull/pull/who"
)

// queue is one reader's entries and messages in their order. queues.mu guards it.
type queue struct {
	key                who.Key
	publisher, channel string

	entries []*pull.Entry
	chores  []chore
	// inHand is the entry that is being settled; reworded are the corrections of
	// entries that are not settled, by their ids: nil where one was taken back.
	inHand   *pull.Entry
	reworded map[uint64]*pull.Incoming
	// working: somebody settles its asks. absent: its publisher or channel is not
	// there, and its asks wait for that since the first of them came.
	working, absent bool
	since           time.Time
	// ended are asks that the document may still name as unsent.
	ended []uint64

	// messages wait to be sent. sending: somebody delivers them, of which one is
	// onWay; parked: they wait for the channel.
	messages        []*message
	sending, parked bool
	onWay           *message
	// folding is the message that gives way to newer ones.
	folding *message
	// owed says that sending is to begin, by the worker itself or by another.
	owed bool
	// dropped says that the one on its way need not leave any more.
	dropped atomic.Bool
}

// hasWork says that there is something to settle.
func (q *queue) hasWork() bool { return len(q.entries)+len(q.chores) > 0 }

// isActive says that somebody is at it.
func (q *queue) isActive() bool { return q.working || q.sending }

// queues are those of all readers for whom anything is under way.
type queues struct {
	life  *life
	loads *loads

	mu sync.Mutex
	of map[who.Key]*queue
	// settle settles what stands in a queue until nothing is left.
	settle func(*queue)
	// active counts the queues at which somebody is; idle is told when there is
	// none.
	active int
	idle   *sync.Cond
}

func newQueues(l *life, loads *loads) *queues {
	qs := &queues{life: l, loads: loads, of: map[who.Key]*queue{}}
	qs.idle = sync.NewCond(&qs.mu)
	return qs
}

// enqueueEntry puts an entry at the end of its reader's queue.
func (qs *queues) enqueueEntry(e *pull.Entry) {
	qs.mu.Lock()
	defer qs.mu.Unlock()
	q := qs.queueOf(e.Reader)
	q.publisher, q.channel = e.Publisher, e.Channel
	q.entries = append(q.entries, e)
	if q.absent {
		qs.loads.inHandBy(q.publisher, q.channel, -1)
	}
	qs.wakeQueue(q)
}

// queueOf returns a reader's queue, made where there is none.
func (qs *queues) queueOf(key who.Key) *queue {
	q := qs.of[key]
	if q == nil {
		q = &queue{key: key}
		qs.of[key] = q
	}
	return q
}

// wakeQueue has a worker settle the queue, unless one does.
func (qs *queues) wakeQueue(q *queue) {
	if !q.working && (!q.absent || len(q.chores) > 0) {
		qs.setWorking(q, true)
		qs.life.workers.runJob(func() { qs.settle(q) })
	}
}

func (qs *queues) setWorking(q *queue, working bool) {
	before := q.isActive()
	q.working = working
	qs.noteActivity(q, before)
}

func (qs *queues) setSending(q *queue, sending bool) {
	before := q.isActive()
	q.sending = sending
	qs.noteActivity(q, before)
}

// noteActivity counts the queues at which somebody is, and forgets a queue in which
// nothing happens any more.
func (qs *queues) noteActivity(q *queue, before bool) {
	switch {
	case !before && q.isActive():
		qs.active++
		return
	case !before || q.isActive():
		return
	}
	qs.active--
	if qs.life.working.Err() != nil {
		for _, c := range q.chores {
			c.done <- errEnding()
		}
		q.entries, q.chores = nil, nil
	}
	qs.forgetIdle(q)
	if qs.active == 0 {
		qs.idle.Broadcast()
	}
}

// forgetIdle forgets a queue in which nothing happens any more.
func (qs *queues) forgetIdle(q *queue) {
	if !q.isActive() && !q.hasWork() && len(q.messages) == 0 && qs.of[q.key] == q {
		delete(qs.of, q.key)
	}
}

// awaitIdle waits until nobody is at a queue, or until ctx ends; then the work does.
func (qs *queues) awaitIdle(ctx context.Context) {
	stop := context.AfterFunc(ctx, func() {
		qs.life.endWorking()
		qs.mu.Lock()
		defer qs.mu.Unlock()
		qs.idle.Broadcast()
	})
	defer stop()
	qs.mu.Lock()
	defer qs.mu.Unlock()
	for qs.active > 0 && qs.life.working.Err() == nil {
		qs.idle.Wait()
	}
	qs.life.endWorking()
}

// nextEntry takes the next entry out of a queue: nil where a chore comes first, false
// where nothing waits.
func (qs *queues) nextEntry(q *queue) (*pull.Entry, bool) {
	qs.mu.Lock()
	defer qs.mu.Unlock()
	if !q.hasWork() || q.absent && len(q.chores) == 0 || qs.life.working.Err() != nil {
		qs.setWorking(q, false)
		return nil, false
	}
	if len(q.chores) > 0 {
		return nil, true
	}
	e := q.entries[0]
	q.entries, q.inHand = q.entries[1:], e
	return e, true
}

// noteSettled notes that the entry in hand is: nobody corrects it any more.
func (qs *queues) noteSettled(q *queue) {
	qs.mu.Lock()
	defer qs.mu.Unlock()
	delete(q.reworded, q.inHand.ID)
	q.inHand = nil
}

// rewordEntry notes a correction of an entry that is not settled, see Pipeline.Reword.
func (qs *queues) rewordEntry(key who.Key, id string, now *pull.Incoming) bool {
	qs.mu.Lock()
	defer qs.mu.Unlock()
	q := qs.of[key]
	if q == nil || id == "" {
		return false
	}
	ask := q.askOfMessage(id)
	if ask == 0 {
		return false
	}
	if q.reworded == nil {
		q.reworded = map[uint64]*pull.Incoming{}
	}
	q.reworded[ask] = now
	return true
}

// askOfMessage returns the ask of a message that is not settled yet, 0 if there is none.
func (q *queue) askOfMessage(id string) uint64 {
	if q.inHand != nil && q.inHand.Incoming.ID == id {
		return q.inHand.ID
	}
	for _, e := range q.entries {
		if e.Incoming.ID == id {
			return e.ID
		}
	}
	return 0
}

// currentWording returns an entry as its reader last put it, or false if they have taken it
// back.
func (qs *queues) currentWording(q *queue, e *pull.Entry) (*pull.Entry, bool) {
	qs.mu.Lock()
	defer qs.mu.Unlock()
	now, reworded := q.reworded[e.ID]
	if !reworded {
		return e, true
	}
	if now == nil {
		return e, false
	}
	put := *e
	put.Text, put.Tap, put.Attachments, put.Location = now.Text, now.Tap, now.Attachments, now.Location
	return &put, true
}

// isUnchanged says that nobody has corrected an entry since it was resolved.
func (qs *queues) isUnchanged(q *queue, original, resolved *pull.Entry) bool {
	now, there := qs.currentWording(q, original)
	return there && (now == resolved || reflect.DeepEqual(now.Incoming, resolved.Incoming))
}

// noteEnded notes that an ask has ended.
func (qs *queues) noteEnded(q *queue, ask uint64) {
	qs.mu.Lock()
	defer qs.mu.Unlock()
	q.ended = append(q.ended, ask)
	if most := 2 * who.MaxUnsent; len(q.ended) > most {
		q.ended = slices.Delete(q.ended, 0, len(q.ended)-most)
	}
}

// endedOf returns the asks that have ended and that the document may still name.
func (qs *queues) endedOf(q *queue) []uint64 {
	qs.mu.Lock()
	defer qs.mu.Unlock()
	return slices.Clone(q.ended)
}

func (qs *queues) forgetEnded(q *queue, ended []uint64) {
	qs.mu.Lock()
	defer qs.mu.Unlock()
	q.ended = slices.DeleteFunc(q.ended, func(id uint64) bool { return slices.Contains(ended, id) })
}
