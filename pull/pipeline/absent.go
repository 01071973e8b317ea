package pipeline

import (
	"time"

	"keypull/pull"
	"keypull/pull/words"
)

// lookAgain is how often a publisher or channel that is not there is looked for.
const lookAgain = time.Second

// absent are the queues whose publisher or channel is not there, as they are again
// when what keeps them from being opened is mended.
type absent struct {
	life     *life
	keep     time.Duration
	editions Editions
	courier  Courier
	loads    *loads
	queues   *queues
	outbox   *outbox
	// waiting are those queues. queues.mu guards it.
	waiting []*queue
}

// putBack puts an entry back into its queue, which waits for its publisher or channel.
func (l *absent) putBack(q *queue, e *pull.Entry) {
	l.queues.mu.Lock()
	defer l.queues.mu.Unlock()
	q.entries = append([]*pull.Entry{e}, q.entries...)
	q.absent, q.since = true, l.life.notAfterNow(e.At)
	l.loads.inHandBy(e.Publisher, e.Channel, -len(q.entries))
	l.waiting = append(l.waiting, q)
	if len(l.waiting) == 1 && l.life.working.Err() == nil {
		l.life.logger.Warn("asks wait for a publisher or channel that is not open", "publisher", e.Publisher, "channel", e.Channel)
		l.life.runSteadily("look for what is not there", l.lookForAbsent)
	}
}

// lookForAbsent takes up the queues whose publisher and channel are there again, until none
// waits.
func (l *absent) lookForAbsent() {
	for {
		pull.Sleep(l.life.claiming, lookAgain)
		if l.life.claiming.Err() != nil || l.wakePresent() {
			return
		}
	}
}

// wakePresent looks through the queues that wait once; true if none waits any more.
func (l *absent) wakePresent() bool {
	l.queues.mu.Lock()
	waiting := l.waiting
	l.waiting = nil
	open := map[[2]string]bool{}
	for _, q := range waiting {
		id := [2]string{q.publisher, q.channel}
		if there, looked := open[id]; looked && !there {
			continue
		}
		l.queues.mu.Unlock()
		open[id] = l.editions.Edition(q.publisher) != nil && l.courier.Has(q.publisher, q.channel)
		l.queues.mu.Lock()
	}
	var over []*queue
	for _, q := range waiting {
		switch {
		case len(q.entries) > 0 && l.life.clock().Sub(q.since) > l.keep:
			over = append(over, q)
		case open[[2]string{q.publisher, q.channel}]:
			q.absent = false
			l.loads.inHandBy(q.publisher, q.channel, len(q.entries))
			l.queues.wakeQueue(q)
		case len(q.entries) > 0:
			l.waiting = append(l.waiting, q)
		default:
			q.absent = false
			l.queues.forgetIdle(q)
		}
	}
	none := len(l.waiting) == 0
	l.queues.mu.Unlock()
	for _, q := range over {
		l.expireQueue(q)
	}
	return none
}

// expireQueue ends asks that have waited for longer than answers are kept.
func (l *absent) expireQueue(q *queue) {
	l.queues.mu.Lock()
	q.absent = false
	entries := q.entries
	q.entries = nil
	l.queues.forgetIdle(q)
	l.queues.mu.Unlock()
	for _, e := range entries {
		l.outbox.finishAsk(q, Finish{Ask: e.Ask, Fate: Dead, Why: words.Text{Key: "dead.absent", Args: words.Args{"keep": l.keep.String()}}})
	}
}
