package pipeline

import (
	"context"
	"fmt"
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/who"
)

// maxLaters is how many pulls a reader may have ordered at a time, longestLater
// for how long ahead.
const (
	maxLaters    = 5
	longestLater = 14 * 24 * time.Hour
)

// Put accepts what an ask caused, durably; it has one place in the queue however
// often it is put. nth tells apart what one ask causes several times. An Error of
// kind Invalid says what the entry lacks, of kind Limited that the reader has
// ordered enough.
//
// A Later stands in the queue first and in its reader's document next: what no
// document names is dropped when it is due. What waits for its time takes no
// room among what is under way.
func (l *Pipeline) Put(ctx context.Context, e pull.Entry, nth int) (Accepted, error) {
	if err := e.Check(); err != nil {
		return Accepted{}, err
	}
	e.ID, e.InBand = 0, false
	e.Incoming.ID = fmt.Sprintf("%s:%d:%d", e.Kind, e.Cause, nth)
	if e.Kind != pull.Later {
		all, err := l.accept(ctx, []pull.Entry{e})
		if err != nil {
			return Accepted{}, err
		}
		return all[0], nil
	}
	if e.Due.After(l.Clock().Add(longestLater)) {
		return Accepted{}, &pull.Error{Kind: pull.Invalid, Op: "put entry", Field: "due", Err: fmt.Errorf("entry: more than %s ahead", longestLater)}
	}
	l.ordering.RLock()
	defer l.ordering.RUnlock()
	all, err := l.Inbox.Accept(ctx, []pull.Entry{e})
	if err != nil {
		return Accepted{}, fmt.Errorf("accept: %w", err)
	}
	return all[0], l.nameLater(ctx, e, all[0].Seq)
}

// nameLater has the reader's document name a pull that was ordered.
func (l *Pipeline) nameLater(ctx context.Context, e pull.Entry, id uint64) error {
	full := false
	err := l.Change(ctx, e.Reader, func(r who.Reader) who.Reader {
		same := func(o who.Later) bool { return o.Entry == id }
		full = len(r.Laters) >= maxLaters && !slices.ContainsFunc(r.Laters, same)
		if full || r.HasSettled(id) {
			return r
		}
		r.Laters = append(slices.DeleteFunc(slices.Clone(r.Laters), same), who.Later{Entry: id, Due: e.Due})
		return r
	})
	if err == nil && full {
		err = &pull.Error{Kind: pull.Limited, Op: "put entry", Err: fmt.Errorf("entry: %d pulls are ordered already", maxLaters)}
	}
	return err
}

// awaitNaming returns when no Later that was accepted waits to be named.
func (l *Pipeline) awaitNaming() {
	l.ordering.Lock()
	l.ordering.Unlock() //nolint:staticcheck,gocritic // To have had the lock is all that is wanted.
}

// fulfilled takes a Later out of its reader's document; false where it is not
// named there, or the reader has said STOP since it was ordered.
func fulfilled(r who.Reader, e *pull.Entry) (who.Reader, bool) {
	named := len(r.Laters)
	r.Laters = slices.DeleteFunc(slices.Clone(r.Laters), func(o who.Later) bool { return o.Entry == e.ID })
	return r, len(r.Laters) < named && r.State == who.Active
}

// outcomeOf is what comes of an entry, in the context of its reader.
func (l *Pipeline) outcomeOf(edition *pull.Edition, e *pull.Entry, r who.Reader) pull.Resolved {
	if e.Told() {
		return l.Resolver.Tell(*e, r, l.waited(e.Ask))
	}
	o := l.resolveAsk(edition, e.Ask, r)
	o.Trace.Kind, o.Trace.Cause = string(e.Kind), e.Cause
	return o
}
