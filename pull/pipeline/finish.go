package pipeline

import (
	"keypull/pull/who"
	"keypull/pull/words"
)

// dropMessages ends the messages that still wait: the reader said STOP, or is gone. The
// courier learns of it between its tries.
func (o *outbox) dropMessages(q *queue, fate Fate) {
	o.queues.mu.Lock()
	q.dropped.Store(true)
	dropped := q.messages
	q.messages = nil
	o.queues.mu.Unlock()
	for _, m := range dropped {
		o.endMessage(q, m, fate, words.Text{})
	}
}

// endMessage notes how a message ended.
func (o *outbox) endMessage(q *queue, m *message, fate Fate, why words.Text) {
	o.loads.waitBy(&m.ask, -1, -m.bytes)
	if m.kind.Ordered() && fate == Dead && !m.resent {
		o.noteLapsed(m)
	}
	o.finishAsk(q, Finish{Ask: m.ask, Fate: fate, Why: why, Noted: m.noted, Resent: m.resent})
}

// finishAsk notes the end of an ask's life.
func (o *outbox) finishAsk(q *queue, f Finish) {
	o.queues.noteEnded(q, f.Ask.ID)
	if o.erase != nil {
		if leaving, err := o.readers.isLeaving(f.Ask.Reader); leaving || err != nil {
			o.queues.addChore(f.Ask.Reader, func() error { return o.erase(f) })
			return
		}
	}
	f.Forget = o.readers.isAnonymous(f.Ask)
	o.ledger.Finish(o.life.working, f)
	o.life.noteFinished(&f.Ask)
}

// noteLapsed has a reader told with the next answer that something ordered for a time
// could not be brought.
func (o *outbox) noteLapsed(m *message) {
	record, ok, err := o.ledger.Record(o.life.working, m.ask.ID)
	if err == nil && ok {
		what := record.Trace.What
		err = o.readers.changeReader(o.life.working, m.ask.Reader, func(r who.Reader) who.Reader {
			return r.Lapse(who.Later{Entry: m.ask.ID, Due: m.ask.At, Keyword: what.Keyword, Argument: what.Argument})
		})
	}
	if err != nil {
		o.life.logger.Error("it could not be noted that an order lapsed", "ask", m.ask.ID, "channel", m.ask.Channel, "error", err)
	}
}
