package main

import (
	"context"
	"crypto/rand"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/who"
	"keypull/store"
	"keypull/web/console"
	"keypull/web/links"
)

// pastAsks is what is kept of asks, as readers may see it.
type pastAsks struct{ in *installation }

// Settled returns the trace and the reply of a settled ask; false where no more than a count
// is kept.
func (p pastAsks) Settled(ctx context.Context, ask uint64) (journal.Trace, *pull.Reply, bool, error) {
	r, ok, err := p.in.ledger.Record(ctx, ask)
	return r.Trace, r.Reply, ok && !r.Reduced && r.Trace.Ask == ask, err
}

// Kept is for how long records are kept.
func (pastAsks) Kept() time.Duration { return textRetention }

// FileLink returns where all that is held of a reader can be fetched; "" where no server
// runs that would hand it out.
func (p pastAsks) FileLink(a *pull.Ask) (string, time.Time) {
	if p.in.handouts == nil {
		return "", time.Time{}
	}
	return p.in.handouts.Link(a.Publisher, a.Channel, a.Reader)
}

// MoveCode returns a code by which a reader takes over on another channel what is kept; ""
// where no server runs.
func (p pastAsks) MoveCode(a *pull.Ask) (pull.MoveCode, time.Time) {
	if p.in.moves == nil {
		return "", time.Time{}
	}
	return p.in.moves.Code(a)
}

// Moved returns of whom a code is, and what is held of them.
func (p pastAsks) Moved(ctx context.Context, a *pull.Ask, c pull.MoveCode, take bool) (who.Key, who.Reader, error) {
	if p.in.moves == nil {
		return "", who.Reader{}, &pull.Error{Kind: pull.Unknown, Op: "take over"}
	}
	return p.in.moves.Moved(ctx, a, c, take)
}

// newReaderRights returns what carries out what readers have a right to.
func (in *installation) newReaderRights() console.ReaderRights {
	return console.ReaderRights{
		Catalogue: in.room, Channels: in.channels, Held: held{in.ledger, store.NewInbox(in.ledger), in.resources.dead}, Pseudonym: in.readerKey,
		Forget: in.forgetReader, Change: in.changeReader, Said: in.desk.Said, Clock: in.clock,
	}
}

// newHandouts hands readers their files.
func (in *installation) newHandouts() *links.Handouts {
	rights := in.newReaderRights()
	return &links.Handouts{
		PublicURL: in.config.Server.PublicURL, Clock: in.clock, Random: rand.Reader,
		Held: func(ctx context.Context, publisher, channel string, key who.Key) (any, error) {
			return rights.ExportTo(ctx, publisher, channel, key)
		},
	}
}

// newMoves has readers take over what they told to keep.
func (in *installation) newMoves() *links.Moves {
	return links.NewMoves(in.ledger.Reader, in.clock, rand.Reader)
}
