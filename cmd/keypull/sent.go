package main

import (
	"context"
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/web/messengers"
)

// sentTo returns what a channel sent to a reader since a moment, the oldest first, of the asks
// that the reader's document knows: what was withdrawn since tells that, and ages are told by
// the clock.
func (in *installation) sentTo(ctx context.Context, publisher, channel, reader string, since time.Time) (all []messengers.Past, err error) {
	c, e := in.channels.Find(publisher, channel), in.room.Edition(publisher)
	r, _, err := in.ledger.Reader(ctx, in.readerKey(publisher, channel, reader))
	if err != nil || c == nil || e == nil {
		return nil, err
	}
	for _, ask := range slices.Backward(r.Settled) {
		record, ok, err := in.ledger.Record(ctx, ask)
		if err != nil {
			return nil, err
		}
		if !ok || record.Reply == nil || record.Trace.Channel != channel {
			continue
		}
		at := record.Settled()
		if at.Before(since) {
			break
		}
		fate, err := in.ledger.Fate(ctx, ask, record)
		if err != nil {
			return nil, err
		}
		if fate != pipeline.Sent {
			continue
		}
		a := pull.Ask{ID: ask, Publisher: publisher, Channel: channel, At: record.Trace.At, Incoming: pull.Incoming{Address: reader}}
		told := *record.Reply
		if gone, err := in.resolver.Recalled(ctx, publisher, &told, a.At); err != nil {
			return nil, err
		} else if gone {
			told, _ = in.resolver.Recall(e, told, record.Trace)
		}
		all = append(in.channels.SentBefore(ctx, c, a, told.Late(in.clock()), at), all...)
	}
	return all, nil
}
