package pull

import (
	"cmp"
	"context"
	"strings"
	"sync"
	"time"

	"keypull/pull/journal"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/pull/who"
)

// Resolver turns an ask into an outcome. It holds no state of its own but the
// Cache's snapshots, so that one of them serves all publishers. It is not copied.
type Resolver struct {
	Cache *Cache
	// Clock measures what passes from the moment of the ask on.
	Clock func() time.Time
	// Items, where set, is asked by what is meant that no keyword knows.
	Items ItemIndex
	// LookTime is how long looking inside for one ask may take, beyond which it is the miss that it was; 0 is 50 ms.
	LookTime time.Duration
	// Past, where set, is what is kept of asks of before: readers may see it.
	Past Past
	// Proofs, where set, give answers their codes, and tell what a code is of.
	Proofs Proofs
	// Owing, where set, has readers told later what could not be answered.
	Owing Owing
	// Alarms, where set, have people of publishers told what fails.
	Alarms Alarms
	// Desk, where set, knows of people who answer readers.
	Desk Desk
	// Requests, where set, are what readers asked publishers to see to.
	Requests Requests
	// Counted, where set, knows what was asked of late: readers are told who ask.
	Counted Counted

	// works are those of asks that are answered, empty.
	works sync.Pool
}

// Resolved is what an ask came to. Nothing of it has happened yet: the caller
// settles the reader and the trace first and sends the reply then.
type Resolved struct {
	// Reply is nil where nothing may be said.
	Reply  *Reply
	Reader who.Reader
	Trace  journal.Trace
	// Orders are what the reader ordered for a time: the Laters of the Reader that have no
	// entry yet, in the same order. They are accepted before the Reader is written.
	Orders []Entry
	// Handed is what of the ask a person of the publisher is told; nil where that is nothing. It
	// is kept before the Reader is written.
	Handed *Handed
	// Certainty is how sure it was what was asked, where words stood around it.
	Certainty what.Certainty
	// Passing is what the next ask may be about of a reader of whom nothing may be kept.
	Passing who.Passing
	// Failed is what went wrong, for an editor; nil if nothing did. The trace
	// has it in English.
	Failed error
}

// Request is an ask to resolve.
type Request struct {
	Edition *Edition
	Ask     Ask
	// Reader is the document in whose context it is answered.
	Reader who.Reader
	// Passing is what the ask before left to this one, where the Reader may not have it.
	Passing who.Passing
	// Waited is how long the ask has stood in its queue.
	Waited time.Duration
	// Like is the keyword that is taken to be for who asks, as where an editor tries it; ""
	// is none.
	Like string
	// Tried: somebody else asks in the reader's place, and is told nothing of the past.
	Tried bool
	// Later is the order that is carried out, where the Ask is one; Reader names it no
	// more.
	Later *who.Later
	// Computing notes that it is being computed; nil if nothing does.
	Computing *outside.Computation
}

// Resolve answers an ask in the context of its reader. Failures become sentences for
// the reader: there is always an outcome.
func (r *Resolver) Resolve(ctx context.Context, q Request) (o Resolved) {
	if q.Ask.Thumb != 0 {
		o = r.noteThumb(ctx, q)
		o.Passing = q.Passing
		return o
	}
	w := r.newWork(q)
	before := w.reader
	defer w.recoverWork(before, &o)
	reply := r.decideReply(ctx, w, &q)
	if len(w.unsure) > 0 {
		reply = r.decideKnown(ctx, w, &q)
	}
	noting{w}.tellCorrections(ctx, reply, before)
	noting{w}.tellLapsed(reply)
	desking{w}.finishTalk(ctx, reply)
	noting{w}.noteReply(ctx, reply)
	if w.ask.isShared(w.trace.What.Argument) {
		w.trace.What.Argument = ""
	}
	w.trace.Took.Total = journal.Since(r.Clock().Sub(w.began) + w.waited)
	o = Resolved{Reply: reply, Reader: w.reader, Trace: w.trace, Failed: w.failure, Certainty: w.match.Certainty, Orders: w.orders, Handed: w.handed, Passing: w.passing}
	*w = work{}
	r.works.Put(w)
	return o
}

// decideReply has the work of an ask decide what is replied.
func (r *Resolver) decideReply(ctx context.Context, w *work, q *Request) *Reply {
	w.viewFor(q)
	hearing{w}.hearMessage(ctx)
	w.trace.Took.What = journal.Since(r.Clock().Sub(w.began))
	if orders := (hearing{w}).splitOrders(); len(orders) > 0 {
		return w.followOrders(ctx, orders)
	}
	return w.decideReply(ctx)
}

// newWork returns the work on an ask before anything is known of it.
func (r *Resolver) newWork(q Request) *work {
	w, _ := r.works.Get().(*work)
	if w == nil {
		w = new(work)
	}
	r.beginWork(w, q)
	return w
}

// beginWork sets down what is known of an ask before it is heard.
func (r *Resolver) beginWork(w *work, q Request) {
	a := q.Ask
	w.lookTime = cmp.Or(r.LookTime, insideTime)
	if w.items = r.Items; !q.Tried {
		w.past, w.proofs, w.owing, w.alarms, w.desk, w.requests = r.Past, r.Proofs, r.Owing, r.Alarms, r.Desk, r.Requests
	}
	w.cache, w.clock, w.edition, w.channel, w.ask, w.reader = r.Cache, r.Clock, q.Edition, q.Edition.Channels[a.Channel], a, q.Reader
	w.began, w.waited, w.zone, w.computing, w.later = r.Clock(), q.Waited, q.Edition.Zone, q.Computing, q.Later
	w.counted = r.Counted
	if a.Group {
		w.ask.Language, w.ask.Consent, w.reader = "", "", q.Reader.Shared()
	}
	if q.Edition.UnderAge {
		w.ask.Consent, w.reader = "", w.reader.Unkept()
	}
	if !w.reader.Leaves.IsZero() {
		w.reader = w.reader.Tombstone()
	}
	if !w.ask.Group && !w.channel.Proxy && !w.edition.UnderAge && !w.keeps() && w.reader.Leaves.IsZero() {
		w.passing = q.Passing
		if last := w.passing.Last; last != nil && a.At.Sub(last.At) > questionOpen {
			w.passing.Last = nil
		}
	}
	desking{w}.lapse()
	w.trace = journal.Trace{Ask: a.ID, At: a.At, Channel: a.Channel, Took: journal.Took{Queue: journal.Since(q.Waited)}}
}

// decideReply walks the rules in the order of their rank: a wish to stop, a reader who
// stopped, an option of a question, commands, keywords by a button, and then what
// the words say.
func (w *work) decideReply(ctx context.Context) *Reply {
	w.trace.Who.State, w.trace.Who.Via = string(w.reader.State), w.ask.Via
	wanted := hearing{w}.wantedCommand()
	if reply, done := (ordering{w}).checkStopped(wanted); done {
		return reply
	}
	desking{w}.takeUpLapsed(wanted)
	if (desking{w}).passOn(wanted) {
		return nil
	}
	switch {
	case w.later == nil:
	case w.edition.UnderAge: // of a time when something was kept
		w.trace.Outcome = journal.Silent
		return nil
	case w.reader.Mode == who.Human:
		return planning{w}.holdLater()
	case w.later.IsOwed():
		return planning{w}.answerOwed(ctx)
	case w.later.Keyword != "":
		return planning{w}.answerDue(ctx)
	}
	question := questions{w}.openQuestion()
	w.asked, w.reader.Question, w.passing.Question = question, nil, nil
	if reply := (planning{w}).answerOrder(ctx, wanted); reply != nil {
		return reply
	}
	switch {
	case strings.HasPrefix(w.ask.Tap, tapOption):
		return conversation{w}.answerOptionTap(ctx, question)
	case strings.HasPrefix(w.ask.Tap, tapRemember):
		return preferring{w}.rememberTapped(ctx)
	case wanted != "" && !(conversation{w}).isNameMisread(question):
		return ordering{w}.runCommand(ctx, wanted)
	case strings.HasPrefix(w.ask.Tap, tapKeyword):
		return conversation{w}.answerKeywordTap(ctx)
	}
	return conversation{w}.answerMessage(ctx, question)
}

// Anonymous reports whether nothing of the ask may be kept but its id.
func (o Resolved) Anonymous(e *Edition, c Channel) bool { return !e.Keeps(c, o.Reader.Consent) }
