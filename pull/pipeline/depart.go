package pipeline

import (
	"context"
	"time"

	"keypull/pull"
	"keypull/pull/words"
)

// departing chooses the words of replies that leave, and notes what is known of
// those that did.
type departing struct{ *readers }

// promptly is how long after it was settled an answer still tells its age by
// what has passed.
const promptly = 10 * time.Second

// deliverLetter chooses the words of a letter, notes them, and has it brought. What
// is withdrawn before a request has left is brought in other words.
func (l *mailroom) deliverLetter(n *line, t *letter, trial bool) Delivery {
	for {
		d := l.bringLetter(n, t, trial)
		if d.Fate != Discarded || n.dropped.Load() || d.Parts > 0 || l.working.Err() != nil {
			return d
		}
	}
}

func (l *mailroom) bringLetter(n *line, t *letter, trial bool) Delivery {
	before := t.departure
	reply, err := l.wordsOf(t)
	if err != nil {
		if l.working.Err() == nil {
			l.Logger.Error("a waiting answer could not be read or noted; trying again", "ask", t.ask.ID, "channel", t.ask.Channel, "error", err)
		}
		pause(l.working, storePause)
		return Delivery{Fate: Waits}
	}
	if reply == nil {
		return Delivery{Fate: Dead, Why: words.Text{Key: "pipeline.nothing_kept"}}
	}
	d := l.handOver(Parcel{
		Ask: t.ask, Kind: t.kind, Reply: *reply, Parts: before.Parts, Doubtful: before.Doubtful, Trial: trial, line: n,
		recalled: func() bool {
			gone, err := l.recalled(l.working, t.ask, reply)
			return gone && err == nil
		},
	})
	if d.Fate == Waits || d.Fate == Open {
		l.noteSending(t, before, d)
	}
	return d
}

// wordsOf are what a letter says. They are chosen before the first request for it
// leaves, written down, and the same from then on; nil where they are not kept.
func (l *departing) wordsOf(t *letter) (*pull.Reply, error) {
	reply := t.reply
	if reply == nil || l.overdue(t, reply) {
		record, _, err := l.Ledger.Record(l.working, t.ask.ID)
		if err != nil || record.Reply == nil {
			return nil, err
		}
		if reply, err = l.currentReply(t, record); err != nil {
			return nil, err
		}
	}
	if gone, err := l.recalled(l.working, t.ask, reply); err != nil {
		return nil, err
	} else if gone {
		if reply, err = l.recallLetter(t, reply); err != nil || reply == nil {
			return nil, err
		}
	}
	if err := l.chooseWords(t); err != nil {
		return nil, err
	}
	if t.departure.Late.IsZero() && t.departure.Earlier == 0 {
		return reply, nil
	}
	return t.told(*reply), nil
}

// told is a reply as a letter tells it: by the clock where it is late, and with a
// line on the answers that gave way to it.
func (t *letter) told(r pull.Reply) *pull.Reply {
	if at := t.departure.Late; !at.IsZero() {
		r = r.Late(at)
	}
	r = r.Earlier(t.departure.Earlier)
	return &r
}

// currentReply is what a record has to tell by now: where no request for it has left,
// and it is too old to be told, a refusal takes its place for good.
func (l *departing) currentReply(t *letter, record Record) (*pull.Reply, error) {
	e := l.Editions.Edition(t.ask.Publisher)
	if e == nil || !l.overdue(t, record.Reply) {
		return record.Reply, nil
	}
	reply, trace := e.Overdue(*record.Reply, record.Trace, l.Clock())
	record.Reply, record.Trace, record.Leaves = &reply, trace, false
	return &reply, l.Departures.Rewrite(l.working, t.ask, record)
}

// overdue says that a reply for which no request has left is too old to be told.
// What leaves promptly is as old as it was when it was settled.
func (l *departing) overdue(t *letter, r *pull.Reply) bool {
	now := l.Clock()
	return !t.departure.Left && now.Sub(t.settled) > promptly && r.TooOld(now)
}

// chooseWords fixes the words of a letter, and notes them before a request leaves by
// which they may arrive. Of one that may leave at once, its record says so.
func (l *departing) chooseWords(t *letter) error {
	for range settleTries {
		d, of, err := l.chosenWords(t)
		if err != nil {
			return err
		}
		if t.leaves && !t.noted && d.Late.IsZero() && d.Earlier == 0 {
			t.departure = d
			return nil
		}
		note := d
		note.Doubtful = true
		err = l.Departures.Depart(l.working, t.ask.ID, note, of)
		if of != nil {
			l.cache.Invalidate(of.Key)
		}
		if err == nil {
			t.departure, t.noted = d, true
			return nil
		}
		if pull.KindOf(err) != pull.Conflict {
			return err
		}
	}
	return &pull.Error{Kind: pull.Conflict, Op: "note what leaves", Hint: words.Text{Key: "pipeline.reader_busy"}}
}

// chosenWords is how a letter is told: as before, where a request for it has left;
// else by the time that has passed, with a line on the answers that gave way to
// those behind it, of which the reader's document then speaks no more.
func (l *departing) chosenWords(t *letter) (Departure, *Document, error) {
	d := t.departure
	if d.Left {
		return d, nil, nil
	}
	d.Left, d.Late = true, time.Time{}
	if now := l.Clock(); now.Sub(t.settled) > promptly {
		d.Late = now
	}
	m, err := l.readerOf(t.ask.Reader)
	if err != nil {
		return d, nil, err
	}
	k := m.Load()
	if k.reader.Earlier == 0 {
		return d, nil, nil
	}
	r := k.reader
	d.Earlier, r.Earlier = d.Earlier+r.Earlier, 0
	return d, &Document{Key: t.ask.Reader, Reader: r, Revision: k.revision}, nil
}

// noteSending notes what a sending came to that did not end the matter, so that
// neither a restart nor a newer answer takes the letter for what it is not.
func (l *departing) noteSending(t *letter, before Departure, of Delivery) {
	d := t.departure
	d.Parts = max(before.Parts, of.Parts)
	d.Left = before.Left || of.Left || d.Parts > 0
	d.Doubtful = before.Doubtful || of.Doubtful
	t.departure = d
	if !t.noted && !t.leaves && d == (Departure{}) {
		return
	}
	t.noted = true
	// The end of the process must not keep it from being known.
	if err := l.Departures.Depart(context.WithoutCancel(l.working), t.ask.ID, d, nil); err != nil {
		l.Logger.Warn("what became of a sending could not be noted; after a restart it counts as one that may have arrived", "ask", t.ask.ID, "error", err)
	}
}
