package pipeline

import (
	"slices"

	"keypull/pull"
	"keypull/pull/words"
)

// sendAll delivers the messages of one queue until none is left, or the channel
// takes no more.
func (o *outbox) sendAll(q *queue) {
	for o.sendNext(q, false) {
	}
}

// sendNext delivers the first message of a queue, and says whether to go on. A trial is
// of one message only: another queue has the next.
func (o *outbox) sendNext(q *queue, trial bool) bool {
	m := o.nextMessage(q)
	if m == nil {
		return false
	}
	d := o.deliverMessage(q, m, trial)
	switch d.Fate {
	case Open:
		o.life.pending.Add(-1)
	case Waits:
		o.keepBack(q, m)
		return false
	case Gone:
		o.endMessage(q, m, Gone, words.Text{})
		o.dropMessages(q, Gone)
		o.readers.markGone(m.ask)
	default:
		o.endMessage(q, m, d.Fate, d.Why)
	}
	if !trial {
		return true
	}
	o.restQueue(q)
	return false
}

// nextMessage takes the first message of a queue for delivery; nil if there is
// none, and then nobody sends.
func (o *outbox) nextMessage(q *queue) *message {
	o.queues.mu.Lock()
	defer o.queues.mu.Unlock()
	q.onWay = nil
	// The settler that writes down that this one gives way has the rest sent.
	if len(q.messages) == 0 || o.life.working.Err() != nil || q.messages[0] == q.folding {
		o.channelOf(q.publisher, q.channel).freeWorker()
		o.queues.setSending(q, false)
		return nil
	}
	q.onWay = q.messages[0]
	q.messages = q.messages[1:]
	q.dropped.Store(false)
	return q.onWay
}

// deliverMessage chooses the words of a message, notes them, and has it brought. What is
// withdrawn before a request has left is brought in other words.
func (o *outbox) deliverMessage(q *queue, m *message, trial bool) Delivery {
	for {
		d := o.deliverOnce(q, m, trial)
		if d.Fate != Discarded || q.dropped.Load() || d.Parts > 0 || o.life.working.Err() != nil {
			return d
		}
	}
}

func (o *outbox) deliverOnce(q *queue, m *message, trial bool) Delivery {
	before := m.dispatch
	reply, err := o.dispatcher.wordsOf(m)
	if err != nil {
		if o.life.working.Err() == nil {
			o.life.logger.Error("a waiting answer could not be read or noted; trying again", "ask", m.ask.ID, "channel", m.ask.Channel, "error", err)
		}
		pull.Sleep(o.life.working, storePause)
		return Delivery{Fate: Waits}
	}
	if reply == nil {
		return Delivery{Fate: Dead, Why: words.Text{Key: "pipeline.nothing_kept"}}
	}
	d := o.handOver(Parcel{
		Ask: m.ask, Kind: m.kind, Reply: *reply, Parts: before.Parts, Doubtful: before.Doubtful, Trial: trial,
		dropped: func() bool { return q.dropped.Load() || o.dispatcher.tellsWithdrawn(m, reply) },
	})
	if d.Fate == Waits || d.Fate == Open {
		o.dispatcher.noteSending(m, before, d)
	}
	return d
}

// handOver has the courier bring a parcel. A reply that breaks it down is a dead
// letter, and nothing else is.
func (o *outbox) handOver(p Parcel) (d Delivery) {
	var err error
	defer func() {
		if err != nil {
			d = Delivery{Fate: Dead, Why: words.Said(err)}
			o.life.logger.Error("a reply could not be sent", "publisher", p.Ask.Publisher, "channel", p.Ask.Channel, "ask", p.Ask.ID, "error", err)
		}
	}()
	defer pull.Caught("send", &err)
	return o.courier.Deliver(o.life.working, p)
}

// keepBack puts a message back that the channel did not take, with its text on disk
// alone. It ends if the reader has said STOP meanwhile.
func (o *outbox) keepBack(q *queue, m *message) {
	if q.dropped.Load() {
		o.endMessage(q, m, Discarded, words.Text{})
		o.restQueue(q)
		return
	}
	o.queues.mu.Lock()
	m.reply = nil
	q.messages = slices.Insert(q.messages, 0, m)
	o.queues.mu.Unlock()
	o.restQueue(q)
}

// restQueue has a queue wait for its channel, with what is left in it.
func (o *outbox) restQueue(q *queue) {
	o.queues.mu.Lock()
	defer o.queues.mu.Unlock()
	q.onWay = nil
	c := o.channelOf(q.publisher, q.channel)
	c.freeWorker()
	if len(q.messages) > 0 {
		o.parkQueue(c, q)
	}
	o.queues.setSending(q, false)
}
