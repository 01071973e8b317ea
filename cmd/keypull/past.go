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

// Trace returns the trace of a settled ask; false where no more than a count is kept.
func (p pastAsks) Trace(ctx context.Context, ask uint64) (journal.Trace, bool, error) {
	r, ok, err := p.in.ledger.Record(ctx, ask)
	return r.Trace, ok && !r.Reduced && r.Trace.Ask == ask, err
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

// newReaderRights returns what carries out what readers have a right to.
func (in *installation) newReaderRights() console.ReaderRights {
	return console.ReaderRights{
		Catalogue: in.room, Channels: in.channels, Held: held{in.ledger, store.NewInbox(in.ledger), in.resources.dead}, Pseudonym: in.readerKey, Forget: in.forgetReader, Clock: in.clock,
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
