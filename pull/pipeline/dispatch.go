package pipeline

import (
	"context"
	"time"

	"keypull/pull"
	"keypull/pull/words"
)

// dispatcher chooses the words of messages that leave, and notes what is known of
// those that did.
type dispatcher struct {
	life       *life
	ledger     Ledger
	dispatches Dispatches
	editions   Editions
	resolver   *pull.Resolver
	readers    *readers
}

// promptly is how long after it was settled an answer still tells its age by
// what has passed.
const promptly = 10 * time.Second

// wordsOf returns what a message says. They are chosen before the first request for it
// leaves, written down, and the same from then on, or nil if they are not kept.
func (w *dispatcher) wordsOf(m *message) (*pull.Reply, error) {
	reply := m.reply
	if reply == nil || w.isOverdue(m, reply) {
		record, _, err := w.ledger.Record(w.life.working, m.ask.ID)
		if err != nil || record.Reply == nil {
			return nil, err
		}
		if reply, err = w.currentReply(m, record); err != nil {
			return nil, err
		}
	}
	if gone, err := tellsWithdrawn(w.life.working, w.resolver, m.ask, reply); err != nil {
		return nil, err
	} else if gone {
		if reply, err = w.recallMessage(m, reply); err != nil || reply == nil {
			return nil, err
		}
	}
	if err := w.chooseWords(m); err != nil {
		return nil, err
	}
	if m.dispatch.Late.IsZero() && m.dispatch.Earlier == 0 {
		return reply, nil
	}
	return m.replyAsTold(*reply), nil
}

// currentReply returns the reply of a record. If no request for it has left and it is too
// old to be told, a refusal takes its place for good.
func (w *dispatcher) currentReply(m *message, record Record) (*pull.Reply, error) {
	e := w.editions.Edition(m.ask.Publisher)
	if e == nil || !w.isOverdue(m, record.Reply) {
		return record.Reply, nil
	}
	reply, trace := e.Overdue(*record.Reply, record.Trace, w.life.clock())
	record.Reply, record.Trace, record.Leaves = &reply, trace, false
	return &reply, w.dispatches.Rewrite(w.life.working, m.ask, record)
}

// isOverdue reports whether a reply for which no request has left is too old to be told.
// One that leaves promptly is as old as when it was settled.
func (w *dispatcher) isOverdue(m *message, r *pull.Reply) bool {
	now := w.life.clock()
	return !m.dispatch.Left && now.Sub(m.settled) > promptly && r.TooOld(now)
}

// chooseWords fixes the words of a message, and notes them before a request leaves by
// which they may arrive. Of one that may leave at once, its record says so.
func (w *dispatcher) chooseWords(m *message) error {
	for range settleTries {
		d, of, err := w.chosenWords(m)
		if err != nil {
			return err
		}
		if m.leaves && !m.noted && d.Late.IsZero() && d.Earlier == 0 {
			m.dispatch = d
			return nil
		}
		note := d
		note.Doubtful = true
		err = w.dispatches.PutDispatch(w.life.working, m.ask.ID, note, of)
		if of != nil {
			w.readers.cache.Invalidate(of.Key)
		}
		if err == nil {
			m.dispatch, m.noted = d, true
			return nil
		}
		if pull.KindOf(err) != pull.Conflict {
			return err
		}
	}
	return &pull.Error{Kind: pull.Conflict, Op: "note what leaves", Hint: words.Text{Key: "pipeline.reader_busy"}}
}

// chosenWords returns how a message is told: as before, where a request for it has left;
// else by the time that has passed, with a line on the answers that gave way to
// those behind it, of which the reader's document then speaks no more.
func (w *dispatcher) chosenWords(m *message) (Dispatch, *Document, error) {
	d := m.dispatch
	if d.Left {
		return d, nil, nil
	}
	d.Left, d.Late = true, time.Time{}
	if now := w.life.clock(); now.Sub(m.settled) > promptly {
		d.Late = now
	}
	place, err := w.readers.readerOf(m.ask.Reader)
	if err != nil {
		return d, nil, err
	}
	k := place.Load()
	if k.reader.Earlier == 0 {
		return d, nil, nil
	}
	r := k.reader
	d.Earlier, r.Earlier = d.Earlier+r.Earlier, 0
	return d, &Document{Key: m.ask.Reader, Reader: r, Revision: k.revision}, nil
}

// noteSending notes what a sending came to that did not end the matter, so that
// neither a restart nor a newer answer takes the message for what it is not.
func (w *dispatcher) noteSending(m *message, before Dispatch, of Delivery) {
	d := m.dispatch
	d.Parts = max(before.Parts, of.Parts)
	d.Left = before.Left || of.Left || d.Parts > 0
	d.Doubtful = before.Doubtful || of.Doubtful
	m.dispatch = d
	if !m.noted && !m.leaves && d == (Dispatch{}) {
		return
	}
	m.noted = true
	// The end of the process must not keep it from being known.
	if err := w.dispatches.PutDispatch(context.WithoutCancel(w.life.working), m.ask.ID, d, nil); err != nil {
		w.life.logger.Warn("what became of a sending could not be noted; after a restart it counts as one that may have arrived", "ask", m.ask.ID, "error", err)
	}
}

// recallMessage has a message tell that its answer was withdrawn, and nothing on disk
// the answer any more; nil where its publisher is gone.
func (w *dispatcher) recallMessage(m *message, reply *pull.Reply) (*pull.Reply, error) {
	e := w.editions.Edition(m.ask.Publisher)
	if e == nil {
		return nil, nil
	}
	record, _, err := w.ledger.Record(w.life.working, m.ask.ID)
	if err != nil {
		return nil, err
	}
	told, trace := w.resolver.Recall(e, *reply, record.Trace)
	if record.Reply != nil {
		record.Reply, record.Trace, record.Leaves = &told, trace, false
		if err := w.dispatches.Rewrite(w.life.working, m.ask, record); err != nil {
			return nil, err
		}
	}
	m.reply = &told
	return m.reply, nil
}

// recoverMessage reads what is known of a message that an earlier process settled.
func (w *dispatcher) recoverMessage(m *message, leaves bool) (err error) {
	m.leaves = leaves
	m.dispatch, m.noted, err = w.dispatches.Dispatch(w.life.working, m.ask.ID)
	if m.leaves && !m.noted {
		m.dispatch = Dispatch{Left: true, Doubtful: true}
	}
	return err
}

// tellsWithdrawn reports whether a message tells what has been withdrawn since; false
// where that cannot be known now.
func (w *dispatcher) tellsWithdrawn(m *message, reply *pull.Reply) bool {
	gone, err := tellsWithdrawn(w.life.working, w.resolver, m.ask, reply)
	return gone && err == nil
}

// tellableReply returns the reply to an ask as it may leave now, see Pipeline.Tellable.
func (w *dispatcher) tellableReply(ctx context.Context, a pull.Ask, r *pull.Reply) (*pull.Reply, error) {
	gone, err := tellsWithdrawn(ctx, w.resolver, a, r)
	if err != nil || !gone {
		return r, err
	}
	e := w.editions.Edition(a.Publisher)
	if e == nil {
		return nil, nil
	}
	record, _, err := w.ledger.Record(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	told, _ := w.resolver.Recall(e, *r, record.Trace)
	return &told, nil
}

// tellsWithdrawn reports whether the reply to an ask tells what has been withdrawn since
// it was worded.
func tellsWithdrawn(ctx context.Context, by *pull.Resolver, a pull.Ask, r *pull.Reply) (bool, error) {
	if r == nil || by == nil || by.Cache == nil {
		return false, nil
	}
	return by.Recalled(ctx, a.Publisher, r, a.At)
}
