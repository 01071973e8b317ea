package pull

import (
	"fmt"
	"time"

	"keypull/pull/journal"
	"keypull/pull/who"
)

// EntryKind says what an entry of the queue is.
type EntryKind string

// The kinds of entries. All walk the same steps, in their reader's line.
const (
	// Asked is what a reader has just written.
	Asked EntryKind = ""
	// FormStep is what a reader wrote while a form was open.
	FormStep EntryKind = "form"
	// Later is a pull that the reader ordered for a time: it is resolved when it
	// is due, if the reader's document still names it.
	Later EntryKind = "later"
	// Owed is what could not be answered when it was asked, as Later: its reader is told
	// once it can, and at its end no more.
	Owed EntryKind = "owed"
	// LateAnswer is what follows a reply that said so.
	LateAnswer EntryKind = "late"
	// Human is what somebody of the publisher wrote to the reader.
	Human EntryKind = "human"
	// Alarm tells somebody of the publisher what fails, who asked to be told.
	Alarm EntryKind = "alarm"
)

// Entry is what the queue holds: an ask, or something that an ask caused.
// Nothing leaves that names no ask.
type Entry struct {
	// Ask is whose it is, over which channel, and in what words; its ID is the
	// entry's. A Later's At is the moment for which it was ordered.
	Ask

	Kind EntryKind `json:"kind,omitempty"`
	// Cause is the id of the ask that caused it; 0 for an ask alone.
	Cause uint64 `json:"cause,omitempty"`
	// Due is when it is taken up; zero is at once.
	Due time.Time `json:"due,omitzero"`
	// Reply is what is told, of a LateAnswer, Human or Alarm; all others are resolved.
	Reply *Reply `json:"reply,omitempty"`
}

// Ordered reports whether entries of a kind wait for a time, and count while their readers'
// documents name them.
func (k EntryKind) Ordered() bool { return k == Later || k == Owed }

// Told reports whether the entry brings its reply along.
func (e *Entry) Told() bool { return e.Kind == LateAnswer || e.Kind == Human || e.Kind == Alarm }

// Check says what an entry lacks that is no ask of its own.
func (e *Entry) Check() error {
	wrong := ""
	switch told := e.Told(); {
	case !e.Kind.Ordered() && e.Kind != FormStep && !told:
		wrong = fmt.Sprintf("%q is no kind of entry that an ask causes", e.Kind)
	case e.Cause == 0:
		wrong = "it names no ask that caused it"
	case told != (e.Reply != nil):
		wrong = "a reply is told by a late answer, a human or an alarm, and by nothing else"
	case e.Kind.Ordered() == e.Due.IsZero():
		wrong = "a time is given to what is told later, and to nothing else"
	}
	if wrong == "" {
		return nil
	}
	return &Error{Kind: Invalid, Op: "put entry", Err: fmt.Errorf("entry: %s", wrong)}
}

// Tell returns the outcome of an entry that brings its reply along. A reader who has
// said STOP, or is gone, is told nothing; nor is one without a conversation what a person
// wrote.
func (r *Resolver) Tell(of *Edition, e Entry, reader who.Reader, waited time.Duration) Resolved {
	took := journal.Since(waited)
	t := journal.Trace{
		Ask: e.ID, At: e.At, Channel: e.Channel, Outcome: journal.Told, Cause: e.Cause, Kind: string(e.Kind),
		Who: journal.Who{State: string(reader.State)}, Took: journal.Took{Queue: took, Total: took},
	}
	reply, told := e.Reply, reader.State == who.Active
	if told && e.Kind == Human {
		reader, reply, told = hearPerson(of, &e, reader)
	}
	if !told {
		t.Outcome = journal.Silent
		return Resolved{Reader: reader, Trace: t}
	}
	return Resolved{Reply: reply, Reader: reader, Trace: t}
}

// GiveUp returns the outcome of an ask that is not resolved any more, since each time
// it was, the process ended; why goes into its trace. Its reader stays who he
// was.
func (r *Resolver) GiveUp(e *Edition, a Ask, reader who.Reader, waited time.Duration, why string) Resolved {
	o := r.refuseBroken(e, a, reader, waited, why)
	o.Trace.Outcome = journal.Ended
	return o
}

// RefuseAfterCrash refuses an ask like the one at which the process lately ended.
func (r *Resolver) RefuseAfterCrash(e *Edition, a Ask, reader who.Reader, waited time.Duration) Resolved {
	return r.refuseBroken(e, a, reader, waited, "the process ended lately when it resolved the same, so that it is not tried for an hour")
}

func (r *Resolver) refuseBroken(e *Edition, a Ask, reader who.Reader, waited time.Duration, why string) Resolved {
	w := r.newWork(Request{Edition: e, Ask: a, Reader: reader, Waited: waited})
	w.trace.Error, w.trace.Took.Total = why, w.trace.Took.Queue
	hearing{w}.settleLanguage()
	reply := w.refuseWith(wordBroken)
	if (desking{w}).staysSilent() {
		reply, w.trace.Outcome = nil, journal.Silent
	}
	return Resolved{Reply: reply, Reader: w.reader, Trace: w.trace, Handed: w.handed}
}
