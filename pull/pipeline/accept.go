package pipeline

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"keypull/pull"
	"keypull/pull/who"
)

// acceptor makes entries durable, and claims them for their readers' queues.
type acceptor struct {
	life    *life
	inbox   Inbox
	readers *readers
	loads   *loads
	queues  *queues
	// rooms are for asks that are being accepted, empty.
	rooms sync.Pool
}

// takeAsks accepts asks, see Pipeline.Take.
func (a *acceptor) takeAsks(ctx context.Context, asks []pull.Ask) ([]Accepted, error) {
	if len(asks) == 0 {
		return nil, nil
	}
	r, _ := a.rooms.Get().(*room)
	if r == nil {
		r = new(room)
	}
	for i := range asks {
		r.entries = append(r.entries, pull.Entry{Ask: a.readers.withAliases(asks[i])})
	}
	accepted, err := a.acceptEntries(ctx, r.entries)
	clear(r.entries)
	r.entries = r.entries[:0]
	a.rooms.Put(r)
	return accepted, err
}

type room struct{ entries []pull.Entry }

// acceptEntries makes entries durable that are to be worked on at once.
func (a *acceptor) acceptEntries(ctx context.Context, entries []pull.Entry) ([]Accepted, error) {
	if err := a.loads.admitEntries(entries); err != nil {
		return nil, err
	}
	accepted, err := a.inbox.Accept(ctx, entries)
	if err != nil {
		a.loads.uncountRefused(entries, nil)
		return nil, fmt.Errorf("accept: %w", err)
	}
	a.loads.uncountRefused(entries, accepted)
	return accepted, nil
}

// putEntry accepts what an ask caused, see Pipeline.Put.
func (a *acceptor) putEntry(ctx context.Context, e pull.Entry, nth int) (Accepted, error) {
	if err := e.Check(); err != nil {
		return Accepted{}, err
	}
	nameEntry(&e, nth)
	if !e.Kind.Ordered() {
		all, err := a.acceptEntries(ctx, []pull.Entry{e})
		if err != nil {
			return Accepted{}, err
		}
		return all[0], nil
	}
	if e.Due.After(a.life.clock().Add(pull.LongestLater)) {
		return Accepted{}, &pull.Error{Kind: pull.Invalid, Op: "put entry", Field: "due", Err: fmt.Errorf("entry: more than %s ahead", pull.LongestLater)}
	}
	a.readers.naming.RLock()
	defer a.readers.naming.RUnlock()
	all, err := a.inbox.Accept(ctx, []pull.Entry{e})
	if err != nil {
		return Accepted{}, fmt.Errorf("accept: %w", err)
	}
	return all[0], a.nameLater(ctx, e, all[0].Seq)
}

// nameLater has the reader's document name a pull that was ordered.
func (a *acceptor) nameLater(ctx context.Context, e pull.Entry, id uint64) error {
	full := false
	err := a.readers.changeReader(ctx, e.Reader, func(r who.Reader) who.Reader {
		same := func(o who.Later) bool { return o.Entry == id }
		full = len(r.Laters) >= pull.MaxLaters && !slices.ContainsFunc(r.Laters, same)
		if full || r.HasSettled(id) {
			return r
		}
		r.Laters = append(slices.DeleteFunc(slices.Clone(r.Laters), same), who.Later{Entry: id, Due: e.Due})
		return r
	})
	if err == nil && full {
		err = &pull.Error{Kind: pull.Limited, Op: "put entry", Err: fmt.Errorf("entry: %d pulls are ordered already", pull.MaxLaters)}
	}
	return err
}

// claimEntries hands what the inbox gives to the readers' queues, until no more is claimed.
func (a *acceptor) claimEntries() {
	for a.life.claiming.Err() == nil {
		most := a.loads.mayClaim()
		if most == 0 {
			return
		}
		entries, err := a.inbox.Claim(a.life.claiming, most)
		if err != nil {
			if a.life.claiming.Err() == nil {
				a.life.logger.Error("the inbox cannot be read; trying again", "error", err)
				pull.Sleep(a.life.claiming, storePause)
			}
			continue
		}
		a.loads.noteClaimed(entries, a.inbox.Earlier())
		for _, e := range entries {
			a.life.logStep("an ask is taken up", &e.Ask)
			a.queues.enqueueEntry(e)
		}
	}
}
