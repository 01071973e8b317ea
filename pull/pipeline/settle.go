package pipeline

import (
	"context"
	"fmt"
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/who"
	"keypull/pull/words"
)

// settler has entries answered, and makes the answers count.
type settler struct {
	life     *life
	inbox    Inbox
	ledger   Ledger
	editions Editions
	courier  Courier
	resolver *pull.Resolver
	watch    Watcher
	talks    Talks
	readers  *readers
	loads    *loads
	queues   *queues
	absent   *absent
	poison   *poison
	tickets  *tickets
	outbox   *outbox
	owed     *owed
	erase    func(ctx context.Context, a pull.Ask) error
}

// settleQueue settles the entries of one queue until none is left, and sends the answer
// to the last.
func (s *settler) settleQueue(q *queue) {
	for {
		s.queues.doChores(q)
		e, ok := s.queues.nextEntry(q)
		if !ok {
			return
		}
		if e == nil {
			continue
		}
		s.settleEntry(q, e)
		s.queues.noteSettled(q)
		if s.outbox.takeOver(q) {
			s.outbox.sendAll(q)
			return
		}
	}
}

// settleEntry resolves an entry and makes its answer count, whatever it takes: only the
// end of the process leaves it to the next one.
func (s *settler) settleEntry(q *queue, e *pull.Entry) {
	for tries := 1; s.life.working.Err() == nil; tries++ {
		done, err := s.tryEntry(q, e, tries)
		if done {
			return
		}
		if err != nil {
			s.life.logger.Error("an ask could not be settled; trying again", "ask", e.ID, "channel", e.Channel, "error", err)
			pull.Sleep(s.life.working, min(storePause<<min(tries-1, 4), longestStorePause))
		}
	}
	s.life.pending.Add(-1)
}

// attempt is one try to settle an entry.
type attempt struct {
	queue *queue
	// original is the entry as it was accepted, entry as its reader last put it;
	// tries counts the attempts, this one included.
	original, entry *pull.Entry
	tries           int
	edition         *pull.Edition
	// place is where the reader's document is held, known what stood there at the
	// beginning, reader what the entry is answered by.
	place  *memory
	known  *known
	reader who.Reader
	// later is the order that the entry carries out, nil for any other.
	later *who.Later
}

// tryEntry makes one attempt; an attempt that breaks down is an error like any other. It
// is not done, without an error, where it is to be made again at once.
func (s *settler) tryEntry(q *queue, e *pull.Entry, tries int) (done bool, err error) {
	defer pull.Caught("settle", &err)
	t := attempt{queue: q, original: e, tries: tries}
	if done, err := s.prepareAttempt(&t); done || err != nil {
		return done, err
	}
	o := s.resolveAttempt(&t)
	if again, err := s.isOvertaken(&t, &o); again || err != nil {
		return false, err
	}
	d, again, err := s.settleOutcome(&t, &o)
	if again || err != nil {
		return false, err
	}
	s.handOnReply(&t, d, o)
	return true, nil
}

// settleOutcome makes an outcome count, with what it orders for a time: the orders
// first, and then the document that names them.
func (s *settler) settleOutcome(t *attempt, o *pull.Resolved) (d decision, again bool, err error) {
	done, err := s.acceptOrders(o)
	if err != nil {
		return d, false, err
	}
	defer done()
	if err := s.keepHanded(t.entry.Ask, o); err != nil {
		return d, false, err
	}
	d = s.decideOutcome(t, *o)
	again, err = s.commitDecision(t, d)
	if !again && err == nil {
		s.readers.keepPassing(t.entry.Reader, o.Passing)
		s.owed.followLaters(t.entry.Publisher, t.known.reader.Laters, d.Reader.Laters, o.Orders)
	}
	return d, again, err
}

// keepHanded keeps what a person is told of an ask.
func (s *settler) keepHanded(a pull.Ask, o *pull.Resolved) error {
	if o.Handed == nil || s.talks == nil {
		return nil
	}
	if err := s.talks.Keep(s.life.working, a, o); err != nil {
		return fmt.Errorf("hand over: %w", err)
	}
	return nil
}

// prepareAttempt reads what an entry is answered by. Where nothing is to be resolved it does
// what takes the place of that, and is done.
func (s *settler) prepareAttempt(t *attempt) (done bool, err error) {
	var stands bool
	t.entry, stands = s.queues.currentWording(t.queue, t.original)
	e, a := t.entry, t.entry.Ask
	if e.Kind.Ordered() {
		s.readers.awaitNaming()
	}
	if t.place, err = s.readers.readerOf(a.Reader); err != nil {
		return false, err
	}
	t.known = t.place.Load()
	t.reader = t.known.reader
	if t.reader.HasSettled(a.ID) {
		return s.resumeSettled(t)
	}
	if !stands {
		s.discardAsk(t.queue, a)
		return true, nil
	}
	if t.edition = s.editions.Edition(a.Publisher); t.edition == nil || !s.courier.Has(a.Publisher, a.Channel) {
		s.absent.putBack(t.queue, e)
		return true, nil
	}
	if why, given := s.poison.verdictOn(a.ID); given {
		return s.giveUpAsk(t, why)
	}
	if e.Kind.Ordered() {
		if t.reader, t.later = takeLater(t.reader, e); t.later == nil {
			s.endAsk(t.queue, a, Discarded)
			return true, nil
		}
	}
	return false, nil
}

// takeLater takes a Later out of its reader's document; nil if it is not
// named there, or the reader has said STOP since it was ordered.
func takeLater(r who.Reader, e *pull.Entry) (who.Reader, *who.Later) {
	i := slices.IndexFunc(r.Laters, func(o who.Later) bool { return o.Entry == e.ID })
	if i < 0 || r.State != who.Active || !r.Leaves.IsZero() {
		return r, nil
	}
	later := r.Laters[i]
	r.Laters = slices.Delete(slices.Clone(r.Laters), i, i+1)
	return r, &later
}

// resolveAttempt returns what comes of an entry, in the context of its reader.
func (s *settler) resolveAttempt(t *attempt) pull.Resolved {
	e := t.entry
	if e.Told() {
		return s.resolver.Tell(t.edition, *e, t.reader, s.life.timeQueued(e.Ask))
	}
	o := s.answerAsk(t.edition, e.Ask, t.reader, t.later)
	if e.Kind != pull.Asked {
		o.Trace.Kind, o.Trace.Cause = string(e.Kind), e.Cause
	}
	return o
}

// answerAsk has an ask answered in the context of its reader, or what was ordered for now.
func (s *settler) answerAsk(e *pull.Edition, a pull.Ask, r who.Reader, later *who.Later) pull.Resolved {
	if s.poison.isShunned(a) {
		o := s.resolver.RefuseAfterCrash(e, a, r, s.life.timeQueued(a))
		if o.Reply == nil && later != nil {
			o.Reader = o.Reader.Lapse(*later)
		}
		return o
	}
	computing, done := s.poison.startComputing(a)
	defer done()
	return s.resolver.Resolve(s.life.working, pull.Request{
		Edition: e, Ask: a, Reader: r, Passing: s.readers.passingOf(a.Reader), Waited: s.life.timeQueued(a), Computing: computing, Later: later,
	})
}

// isOvertaken reports whether an outcome is out of date: the process ends, the reader has
// corrected the ask, or what it tells was withdrawn meanwhile. It is resolved again
// then; one that still tells what is withdrawn at the second attempt is refused.
func (s *settler) isOvertaken(t *attempt, o *pull.Resolved) (again bool, err error) {
	if s.life.working.Err() != nil || t.tries < settleTries && !s.queues.isUnchanged(t.queue, t.original, t.entry) {
		return true, nil //nolint:nilerr // the end of the process is no failure of the ask
	}
	gone, err := tellsWithdrawn(s.life.working, s.resolver, t.entry.Ask, o.Reply)
	if err != nil || !gone {
		return false, err
	}
	if t.tries == 1 && !t.entry.Told() {
		return true, nil
	}
	reply, trace := s.resolver.Recall(t.edition, *o.Reply, o.Trace)
	o.Reply, o.Trace = &reply, trace
	return false, nil
}

// decision is a settlement, and what goes with it in memory.
type decision struct {
	Settlement
	// folds is the message that gives way; taken says that the reply has a worker of
	// its channel.
	folds *message
	taken bool
}

// decideOutcome returns what is written of an outcome. If too many answers would wait,
// the oldest that surely has not arrived gives way.
func (s *settler) decideOutcome(t *attempt, o pull.Resolved) decision {
	a := t.entry.Ask
	d := decision{Settlement: Settlement{Ask: a, Revision: t.known.revision, Finished: o.Reply == nil && !a.InBand}}
	d.Record = Record{Reply: o.Reply, Trace: o.Trace}
	d.Ended = s.queues.endedOf(t.queue)
	gone := d.Ended
	if o.Reply != nil {
		if d.folds = s.outbox.foldOldest(t.queue); d.folds != nil {
			gone = append(slices.Clone(gone), d.folds.ask.ID)
			o.Reader.Earlier += 1 + d.folds.dispatch.Earlier
			d.Folded = []Finish{{Ask: d.folds.ask, Fate: Folded, Noted: d.folds.noted, Forget: s.readers.isAnonymous(d.folds.ask)}}
		}
		if wantsSilence(t.reader, o.Reader) {
			d.Folded, gone = s.outbox.discardWaiting(t.queue, d.Folded, gone)
		}
		d.taken = !a.InBand && s.outbox.reserveWorker(t.queue)
		d.Record.Leaves = d.taken
	}
	d.Reader = o.Reader.Settle(a.ID, o.Reply != nil, gone...).Known(a.At)
	return d
}

// wantsSilence says that a reader has said STOP, or FORGET ME, by what was settled: what
// waits is not told any more.
func wantsSilence(before, after who.Reader) bool {
	return after.State == who.Stopped && before.State != who.Stopped || before.Leaves.IsZero() && !after.Leaves.IsZero()
}

// commitDecision writes a decision down. A lost compare-and-set is tried again at once from
// the new context, other failures of the store after a pause.
func (s *settler) commitDecision(t *attempt, d decision) (again bool, err error) {
	revision, err := s.ledger.Settle(s.life.working, d.Settlement)
	s.outbox.endFolding(t.queue, d.folds, err == nil)
	if err == nil {
		s.readers.keepDocument(d.Ask.Reader, t.place, &known{d.Reader, revision})
		s.queues.forgetEnded(t.queue, d.Ended)
		return false, nil
	}
	if d.taken {
		s.outbox.releaseWorker(d.Ask.Publisher, d.Ask.Channel)
	}
	s.readers.cache.Invalidate(d.Ask.Reader)
	if pull.KindOf(err) == pull.Conflict && t.tries < settleTries {
		return true, nil
	}
	return false, err
}

// handOnReply hands the reply to the request that waits for it, or to the outbox.
func (s *settler) handOnReply(t *attempt, d decision, o pull.Resolved) {
	a := t.entry.Ask
	s.life.logStep("an ask is settled", &a, "outcome", o.Trace.Outcome, "tries", t.tries)
	if s.watch != nil {
		s.watch(a, o)
	}
	s.loads.noteAnswered(a)
	if wantsSilence(t.known.reader, o.Reader) {
		s.outbox.dropMessages(t.queue, Discarded)
	}
	switch {
	// The request that brought an ask to an earlier process is gone; its
	// repetition may wait.
	case a.InBand && s.tickets.settleTicket(a, o.Reply, a.ID > s.inbox.Earlier()):
		s.outbox.finishAsk(t.queue, Finish{Ask: a, Fate: Handed})
	case a.InBand && a.Fleeting:
		s.outbox.finishAsk(t.queue, Finish{Ask: a, Fate: Discarded})
	case o.Reply != nil:
		m := newMessage(t.entry, o.Reply, s.life.clock())
		m.leaves = d.Record.Leaves
		s.outbox.postMessage(t.queue, m, d.taken)
	case a.InBand:
		s.outbox.finishAsk(t.queue, Finish{Ask: a, Fate: Handed})
	default:
		s.life.noteFinished(&a)
	}
}

// resumeSettled goes on with an ask that was settled by an earlier process: its recorded
// reply is sent with the same keys.
func (s *settler) resumeSettled(t *attempt) (done bool, err error) {
	a, r := t.entry.Ask, t.known.reader
	if !slices.Contains(r.Unsent, a.ID) {
		s.endAsk(t.queue, a, Sent)
		return true, nil
	}
	record, ok, err := s.ledger.Record(s.life.working, a.ID)
	if err != nil {
		return false, err
	}
	// A STOP that was settled later stands, although the process that settled
	// it had no time to drop what waited.
	switch stopped := r.State == who.Stopped && a.At.Before(r.Since); {
	case !ok:
		s.loads.noteAnswered(a)
		s.outbox.finishAsk(t.queue, Finish{Ask: a, Fate: Dead, Why: words.Text{Key: "dead.unreadable"}})
	case record.Reply == nil:
		s.endAsk(t.queue, a, Sent)
	case stopped, a.InBand && a.Fleeting:
		s.endAsk(t.queue, a, Discarded)
	default:
		m := newMessage(t.entry, record.Reply, s.life.notAfterNow(record.Settled()))
		if err := s.outbox.dispatcher.recoverMessage(m, record.Leaves); err != nil {
			return false, err
		}
		s.loads.noteAnswered(a)
		s.outbox.proveChannel(a.Publisher, a.Channel)
		s.outbox.postMessage(t.queue, m, false)
	}
	return true, nil
}

// Settled returns when the reply of a record was.
func (r *Record) Settled() time.Time {
	return r.Trace.At.Add(time.Duration(float64(r.Trace.Took.Total) * float64(time.Millisecond)))
}

// giveUpAsk settles an ask that ended the process, and makes it a dead letter.
func (s *settler) giveUpAsk(t *attempt, why words.Text) (done bool, err error) {
	a := t.entry.Ask
	o := s.resolver.GiveUp(t.edition, a, t.reader, s.life.timeQueued(a), why.String())
	if err := s.keepHanded(a, &o); err != nil {
		return false, err
	}
	d := decision{Settlement: Settlement{Ask: a, Revision: t.known.revision, Ended: s.queues.endedOf(t.queue), Record: Record{Trace: o.Trace}}}
	if a.InBand {
		d.Record.Reply = o.Reply // for a request that is repeated
	}
	d.Reader = o.Reader.Settle(a.ID, false, d.Ended...)
	if again, err := s.commitDecision(t, d); again || err != nil {
		return false, err
	}
	s.poison.rememberAsked(a)
	if s.watch != nil {
		s.watch(a, o)
	}
	s.loads.noteAnswered(a)
	if a.InBand {
		s.tickets.settleTicket(a, o.Reply, false)
	}
	s.life.logger.Error("an ask is given up, since it ended the process", "publisher", a.Publisher, "channel", a.Channel, "ask", a.ID, "why", why.String())
	s.outbox.finishAsk(t.queue, Finish{Ask: a, Fate: Dead, Why: why, Ended: true, Trace: &o.Trace})
	return true, nil
}

// discardAsk ends an ask that nobody answers any more.
func (s *settler) discardAsk(q *queue, a pull.Ask) {
	if a.InBand {
		s.tickets.settleTicket(a, nil, false)
	}
	s.endAsk(q, a, Discarded)
}

// endAsk ends an ask that has nothing left to be sent.
func (s *settler) endAsk(q *queue, a pull.Ask, fate Fate) {
	s.loads.noteAnswered(a)
	s.outbox.finishAsk(q, Finish{Ask: a, Fate: fate})
}
