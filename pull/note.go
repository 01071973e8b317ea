package pull

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/who"
)

// noting writes down what the next ask may use, and tells the reader what is said
// once.
type noting struct{ *work }

// noteReply writes down what a reply leaves to the next ask; nil is no reply.
func (w noting) noteReply(ctx context.Context, reply *Reply) {
	w.tellCrisis(reply)
	w.learnAlias()
	w.noteSaid()
	w.addReplyData(reply)
	w.addProof(ctx, reply)
	questions(w).keepAsked()
	w.renewConsent(reply)
	w.rememberReader(reply)
	if w.wordless {
		w.dropWords()
		w.trace.What.Unknown, w.reader.Miss = "", nil
	}
	if !w.reader.Leaves.IsZero() {
		w.cache.ForgetReader(w.ask.Reader)
	}
}

// rememberReader writes into the reader's document what the next ask may use, and
// greets a reader who comes for the first time below the answer. A group is
// nobody who could be greeted.
func (w noting) rememberReader(reply *Reply) {
	if !w.reader.Leaves.IsZero() || w.reader.State != who.Active {
		w.passing = who.Passing{}
	}
	if !w.reader.Leaves.IsZero() {
		w.reader = w.reader.Tombstone()
		w.dropWords()
		return
	}
	if w.ask.Group {
		w.reader = w.reader.Shared()
		w.dropUnconsentedWords()
		return
	}
	w.reader.Guest = w.channel.Guests && !w.reader.Consent.Given
	told := reply != nil && w.reader.State == who.Active
	if told {
		w.introducePublisher(reply)
		w.inviteSaving(reply)
	}
	switch {
	case w.edition.UnderAge:
		w.reader = w.reader.Unkept()
		w.dropWords()
		return
	case !told:
		return
	case !w.keeps():
		w.leavePassing(reply)
		w.reader = w.reader.Bare()
		w.dropWords()
		return
	}
	w.passing = who.Passing{}
	w.noteVisit()
	if w.reader.First.IsZero() {
		w.reader.First = w.ask.At
	}
	w.reader.Address = w.ask.Address
	w.keepCut(reply)
}

// leavePassing leaves to the next ask what the reader's document may not have: what was asked
// back, and what was answered or asked in vain.
func (w noting) leavePassing(reply *Reply) {
	w.passing.Question, w.passing.Taps = w.reader.Question, nil
	for _, b := range reply.Buttons {
		w.passing.Taps = append(w.passing.Taps, who.Tap{Label: b.Label, Send: b.Send})
	}
	if len(w.reader.Recent) > 0 {
		w.passing.Last = w.reader.Recent[0].Named()
	}
	switch {
	case w.reader.Miss != nil:
		w.passing.Miss = w.reader.Miss
	case w.trace.Outcome == journal.Answered:
		w.passing.Miss = nil
	}
}

// noteVisit notes whether it is the reader's first ask of a day, and of a month, and that
// the reader was there that day.
func (w noting) noteVisit() {
	if w.later != nil {
		return // nobody has just written
	}
	now := w.ask.At.In(w.edition.Zone)
	today, before := journal.DemandDay(now), w.reader.Asked
	if first := w.reader.First; before == 0 && !first.IsZero() {
		before = journal.DemandDay(first.In(w.edition.Zone))
		if before >= today { // it was not noted then, and the day has counted without
			w.reader.Asked = today
			return
		}
	}
	if before >= today {
		return
	}
	w.reader.Asked = today
	visit := journal.FirstOfDay
	if before > 0 {
		visit |= journal.BackOnDay
	}
	if before < today-now.Day()+1 {
		visit |= journal.FirstOfMonth
		if before > 0 {
			visit |= journal.BackInMonth
		}
	}
	w.trace.Who.Visit = visit
}

// dropUnconsentedWords takes the reader's words out of the trace if the reader has not
// agreed that they are kept.
func (w noting) dropUnconsentedWords() {
	if !w.keeps() {
		w.dropWords()
	}
}

// dropWords takes the reader's words out of the trace.
func (w noting) dropWords() {
	w.trace.What.Core, w.trace.What.Accepted, w.trace.What.AcceptedArgument, w.trace.What.Said = "", "", "", ""
}

// introducePublisher says once who answers, below the first reply that does not say so
// itself.
func (w noting) introducePublisher(reply *Reply) {
	if w.reader.Greeted || !w.reader.First.IsZero() {
		return
	}
	w.trace.Who.First, w.reader.Greeted = true, true
	if w.ask.Greeted {
		return
	}
	switch command.Command(w.trace.What.Command) {
	case command.Start, command.Help:
		return
	}
	text := w.local.textOf(wordFirst, "publisher", w.edition.Name)
	if w.edition.StaffOnly {
		text += " " + w.local.textOf(wordStaffOnly)
	}
	reply.Blocks = append(reply.Blocks, Block{Kind: Note, Own: true, Text: text})
}

// learnAlias notes what an ask tells of the one before: a reader who was not
// understood and is answered within a minute says what was meant. It is
// proposed to editors, never adopted.
func (w noting) learnAlias() {
	if w.later != nil {
		return // nobody has just written
	}
	former := w.reader.Miss
	if former != nil && w.ask.At.Sub(former.At) > missOpen {
		former = nil
	}
	w.reader.Miss = former
	t := &w.trace
	switch {
	case t.What.Accepted != "", w.item != "":
		// Who asked for one item has said no other name of its keyword.
		w.reader.Miss = nil
	case len(t.Wishes) > 0:
		// Nobody knows which of them was meant before.
		w.reader.Miss = nil
	case t.Outcome == journal.Answered && former != nil:
		t.What.Accepted, w.reader.Miss = former.Core, nil
	case t.Outcome == journal.Refused:
		// Its keyword was understood: what that has nothing of is no name of another.
	case t.What.Core != "" && utf8.RuneCountInString(t.What.Core) <= aliasRunes:
		w.reader.Miss = &who.Miss{Core: t.What.Core, At: w.ask.At}
	}
	w.noteAliasArgument()
}

// noteAliasArgument notes what an alias has to ask its keyword for, beside the keyword's
// own query. What the reader wrote, and may be private, makes no alias.
func (w noting) noteAliasArgument() {
	t := &w.trace.What
	k := w.edition.keywordByID(t.Keyword)
	if t.Accepted == "" || k == nil || t.Argument == "" || t.Argument == k.Query || slices.Contains(k.Names(), t.Argument) {
		return
	}
	text, known := journal.Masked(t.Argument)
	if known = known && !strings.Contains(text, journal.Hidden); !known {
		known = slices.ContainsFunc(w.local.knownTerms(k), func(term what.Term) bool { return term.Value == t.Argument })
	}
	if t.AcceptedArgument = t.Argument; !known {
		t.Accepted, t.AcceptedArgument = "", ""
	}
}

// addReplyData gives a reply its data, where the channel wants any.
func (w noting) addReplyData(reply *Reply) {
	if !w.channel.Data || reply == nil {
		return
	}
	if reply.Data == nil {
		reply.Data = &Data{}
	}
	d := reply.Data
	d.Status = StatusRefused
	switch {
	case w.trace.Outcome == journal.Answered, len(d.Pieces) > 0:
		d.Status = StatusFound
	case w.failure != nil:
		d.Status, d.RetryAt = w.failureStatus()
	case w.trace.Outcome == journal.Offered, w.trace.Outcome == journal.Ordered && len(reply.Buttons) > 1:
		d.Status = StatusChoice
	case w.trace.Outcome == journal.Ordered && !hearing(w).wantsPersonal():
		d.Status = StatusFound
	}
}

// failureStatus returns the status of an ask that could not be answered.
func (w noting) failureStatus() (s Status, again time.Time) {
	var e *Error
	if errors.As(w.failure, &e) {
		again = e.RetryAt
	}
	switch KindOf(w.failure) {
	case Invalid, Unknown, Several:
		return StatusRefused, time.Time{}
	case Crowded, Spent, Limited:
		return StatusLimited, again
	}
	return StatusUnavailable, again
}
