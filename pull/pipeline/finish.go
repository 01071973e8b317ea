package pipeline

import "keypull/pull/words"

// drop ends the messages that still wait: the reader said STOP, or is gone. The
// courier learns of it between its tries.
func (o *outbox) drop(q *queue, fate Fate) {
	o.queues.mu.Lock()
	q.dropped.Store(true)
	dropped := q.messages
	q.messages = nil
	o.queues.mu.Unlock()
	for _, m := range dropped {
		o.end(q, m, fate, words.Text{})
	}
}

// end notes how a message ended.
func (o *outbox) end(q *queue, m *message, fate Fate, why words.Text) {
	o.loads.waitBy(&m.ask, -1, -m.bytes)
	o.finish(q, Finish{Ask: m.ask, Fate: fate, Why: why, Noted: m.noted, Resent: m.resent})
}

// finish notes the end of an ask's life.
func (o *outbox) finish(q *queue, f Finish) {
	o.queues.noteEnded(q, f.Ask.ID)
	f.Forget = o.readers.anonymous(f.Ask)
	o.ledger.Finish(o.life.working, f)
	o.life.over(&f.Ask)
}
