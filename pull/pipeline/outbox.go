package pipeline

import (
	"slices"
	"time"

	"keypull/pull/who"
)

// outbox brings settled replies to the channels: what can leave at once, and what
// has to wait. The messages of one reader stand in the reader's queue.
type outbox struct {
	life       *life
	keep       time.Duration
	courier    Courier
	ledger     Ledger
	readers    *readers
	loads      *loads
	queues     *queues
	dispatcher *dispatcher
	// channels are those that messages have waited for. queues.mu guards them.
	channels map[[2]string]*channel
	// erase ends an ask of a reader who wanted all to go, and erases the reader with the
	// last of them; nil where nobody can.
	erase func(Finish) error
}

// postMessage puts a message at the end of its reader's queue. With taken, it has a worker
// of its channel already.
func (o *outbox) postMessage(q *queue, m *message, taken bool) {
	o.queues.mu.Lock()
	defer o.queues.mu.Unlock()
	o.postLocked(q, m, taken)
}

func (o *outbox) postLocked(q *queue, m *message, taken bool) {
	c := o.channelOf(m.ask.Publisher, m.ask.Channel)
	o.loads.waitBy(&m.ask, 1, m.bytes)
	q.messages = append(q.messages, m)
	switch {
	case q.sending || q.parked:
		m.reply = nil
		if taken {
			c.freeWorker()
		}
	case taken || o.takeWorker(c):
		o.queues.setSending(q, true)
		q.owed = true
	default:
		m.reply = nil
		o.parkQueue(c, q)
	}
}

// takeOver lets the worker that settled send as well, if its queue has no more to
// settle, which is mostly so. Otherwise another worker sends.
func (o *outbox) takeOver(q *queue) bool {
	o.queues.mu.Lock()
	defer o.queues.mu.Unlock()
	if !q.owed {
		return false
	}
	q.owed = false
	if q.hasWork() {
		o.life.workers.runJob(func() { o.sendAll(q) })
		return false
	}
	o.queues.setWorking(q, false)
	return true
}

// foldOldest picks the message that gives way where a further reply would be more than
// wait in full: the oldest that surely has not arrived; nil if none has to. It is
// not sent until unfold is called.
func (o *outbox) foldOldest(q *queue) *message {
	o.queues.mu.Lock()
	defer o.queues.mu.Unlock()
	certain := slices.DeleteFunc(slices.Clone(q.messages), (*message).mayHaveArrived)
	if len(certain) < who.MaxWaiting {
		return nil
	}
	q.folding = certain[0]
	return q.folding
}

// endFolding lets the message that fold picked wait on, or with gone takes it out of the
// queue.
func (o *outbox) endFolding(q *queue, m *message, gone bool) {
	if m == nil {
		return
	}
	o.queues.mu.Lock()
	defer o.queues.mu.Unlock()
	q.folding = nil
	if i := slices.Index(q.messages, m); gone && i >= 0 {
		q.messages = slices.Delete(q.messages, i, i+1)
		o.loads.waitBy(&m.ask, -1, -m.bytes)
		o.life.noteFinished(&m.ask)
	}
	if len(q.messages) > 0 && !q.sending && !q.parked {
		o.parkQueue(o.channelOf(q.publisher, q.channel), q)
	}
}

// discardWaiting adds the messages that wait to what ends: a STOP holds for them from the
// moment at which it is written down.
func (o *outbox) discardWaiting(q *queue, ends []Finish, gone []uint64) ([]Finish, []uint64) {
	o.queues.mu.Lock()
	defer o.queues.mu.Unlock()
	gone = slices.Clone(gone)
	for _, m := range q.messages {
		if m != q.folding {
			ends, gone = append(ends, Finish{Ask: m.ask, Fate: Discarded, Noted: m.noted}), append(gone, m.ask.ID)
		}
	}
	return ends, gone
}

// reserveWorker has the reply that is being settled leave at once, where the way is
// free.
func (o *outbox) reserveWorker(q *queue) bool {
	o.queues.mu.Lock()
	defer o.queues.mu.Unlock()
	return !q.sending && !q.parked && len(q.messages) == 0 && o.takeWorker(o.channelOf(q.publisher, q.channel))
}

// releaseWorker gives back what was reserved for a reply that was not settled.
func (o *outbox) releaseWorker(publisher, channel string) {
	o.queues.mu.Lock()
	defer o.queues.mu.Unlock()
	o.channelOf(publisher, channel).freeWorker()
}
