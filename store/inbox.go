package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/pull/who"
)

// asksQueue and asksLog hold asks until they are finished and the records of
// what became of them; sendsLog holds the marks of sending.
const (
	asksQueue = "asks"
	asksLog   = "asks"
	sendsLog  = "sends"
)

// Inbox is the queue of asks, sealed with the key of their day.
type Inbox struct {
	queue   Queue
	sealer  Sealer
	earlier uint64
	logger  *slog.Logger
	kept    keptBack
}

var _ pipeline.Inbox = (*Inbox)(nil)

// NewInbox returns the inbox of a back end.
func NewInbox(b Backend, s Sealer, logger *slog.Logger) *Inbox {
	queue := b.Queue(asksQueue)
	return &Inbox{queue: queue, sealer: s, logger: logger, earlier: queue.Last()}
}

// Earlier is the id of the last ask that was accepted before the inbox was
// opened.
func (i *Inbox) Earlier() uint64 { return i.earlier }

// Accept writes asks durably, each platform id of a channel once.
func (i *Inbox) Accept(ctx context.Context, asks []pull.Ask) ([]pipeline.Accepted, error) {
	entries := make([]Entry, 0, len(asks))
	for _, a := range asks {
		plain, bind, err := i.seal(a)
		if err != nil {
			return nil, err
		}
		entries = append(entries, Entry{
			ID: platformID(a), Partition: string(a.Reader), At: a.At, Payload: plain, Bind: bind,
		})
	}
	accepted, err := i.queue.Accept(ctx, entries)
	if err != nil {
		return nil, understood("accept", err)
	}
	out := make([]pipeline.Accepted, 0, len(accepted))
	for _, a := range accepted {
		out = append(out, pipeline.Accepted{Ask: a.Seq, Duplicate: a.Duplicate})
	}
	return out, nil
}

// platformID is the platform's id made unique over all channels; an ask
// without one is never a duplicate.
func platformID(a pull.Ask) string {
	if a.Platform == "" {
		return ""
	}
	return a.Publisher + "/" + a.Channel + "/" + a.Platform
}

// seal gives what binds an ask to the sequence that it gets.
func (i *Inbox) seal(a pull.Ask) ([]byte, func([]byte, uint64) []byte, error) {
	plain, err := json.Marshal(a)
	if err != nil {
		return nil, nil, fmt.Errorf("encode ask: %w", err)
	}
	seal, err := i.sealer.SealDay(a.At)
	if err != nil {
		return nil, nil, fmt.Errorf("seal ask: %w", err)
	}
	return plain, func(plain []byte, seq uint64) []byte { return seal(queuePlace(asksQueue, seq), plain) }, nil
}

func (i *Inbox) open(e Entry) (pull.Ask, error) {
	var a pull.Ask
	plain, err := i.sealer.OpenDay(queuePlace(asksQueue, e.Seq), e.Payload)
	if err != nil {
		return a, fmt.Errorf("open ask: %w", err)
	}
	if err := json.Unmarshal(plain, &a); err != nil {
		return a, fmt.Errorf("decode ask: %w: %w", errUndecodable, err)
	}
	// What was sealed before places were bound tells its reader all the same.
	if string(a.Reader) != e.Partition {
		return pull.Ask{}, fmt.Errorf("open ask %d: it is another reader's: %w", e.Seq, ErrUnreadable)
	}
	a.ID = e.Seq
	return a, nil
}

// Waiting returns the asks of a reader that nobody has finished yet, the oldest
// first.
func (i *Inbox) Waiting(ctx context.Context, reader who.Key) ([]pull.Ask, error) {
	entries, err := i.of(ctx, reader)
	if err != nil {
		return nil, err
	}
	asks := make([]pull.Ask, 0, len(entries))
	for _, e := range entries {
		// What can't be opened any more is not held.
		if a, err := i.open(e); err == nil {
			asks = append(asks, a)
		}
	}
	return asks, nil
}

// Drop removes the asks of a reader that nobody has finished, where no server
// runs that would, and returns how many there were.
func (i *Inbox) Drop(ctx context.Context, reader who.Key) (int, error) {
	entries, err := i.of(ctx, reader)
	if err != nil || len(entries) == 0 {
		return 0, err
	}
	seqs := make([]uint64, 0, len(entries))
	for _, e := range entries {
		seqs = append(seqs, e.Seq)
	}
	return len(seqs), understoodIf("drop asks", i.queue.Ack(ctx, seqs...))
}

// of looks for a reader's entries, where the queue can be looked through.
func (i *Inbox) of(ctx context.Context, reader who.Key) ([]Entry, error) {
	queue, ok := i.queue.(Searcher)
	if !ok {
		return nil, nil
	}
	entries, err := queue.Of(ctx, string(reader))
	return entries, understoodIf("look for asks", err)
}

// understood turns what a back end says into what callers act on.
func understood(op string, err error) error {
	switch {
	case errors.Is(err, ErrConflict):
		return &pull.Error{Kind: pull.Conflict, Op: op, Err: err}
	case errors.Is(err, ErrFull):
		return &pull.Error{Kind: pull.Unavailable, Op: op, Hint: "the store is full; make room on its disk", Err: err}
	case errors.Is(err, ErrClosed):
		return &pull.Error{Kind: pull.Unavailable, Op: op, Hint: "the store is closed", Err: err}
	}
	return fmt.Errorf("%s: %w", op, err)
}
