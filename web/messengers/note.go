package messengers

import (
	"context"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/who"
)

// Note writes what happened to readers into their documents. One that can't be
// written is logged and passed over, so that it does not keep the asks beside it
// from being taken, again and again; only while nothing can be written at all is
// that an error.
func (h *Hook) Note(ctx context.Context, c *Channel, events []Event, at time.Time) error {
	for _, e := range events {
		if err := h.passOver(ctx, c, e.Reader, h.happened(ctx, c, e, at)); err != nil {
			return err
		}
	}
	return nil
}

func (h *Hook) happened(ctx context.Context, c *Channel, e Event, at time.Time) error {
	key := h.Pseudonym(c.Publisher, c.ID, e.Reader)
	switch e.Kind {
	case Gone:
		return h.Pipeline.Change(ctx, key, func(r who.Reader) who.Reader { return r.Leave(at) })
	case Back:
		return h.Pipeline.Change(ctx, key, func(r who.Reader) who.Reader { return r.Return(at) })
	case Moved:
		return h.move(ctx, c, key, e)
	case Delivered, Read, Clicked:
		c.hear(e, at)
	case Reacted:
		return h.rated(ctx, c, e, at)
	case Undelivered:
		return h.undelivered(ctx, c, key, e, at)
	case Revoked:
		c.refuse(h.Logger, at, late(TokenInvalid, e.Code))
	case Suspended:
		c.suspend(h.Logger, at, late(TokenInvalid, e.Code))
	case Restored:
		c.take(at)
	case Deleted:
		// What was answered already is kept no longer than asks are.
		h.Pipeline.Reword(key, e.Message, nil)
	}
	return nil
}

// rated puts what a reader thinks of an answer into the reader's line, where it is noted: of
// the answer that the platform names. A sign on a message that nobody knows counts for nothing.
func (h *Hook) rated(ctx context.Context, c *Channel, e Event, at time.Time) error {
	of, fresh := c.hear(e, at)
	if e.Thumb == 0 || !of.left || !fresh {
		return nil
	}
	a := pull.Ask{Publisher: c.Publisher, Channel: c.ID, Reader: of.reader, At: at, Thumb: e.Thumb, About: of.id, Incoming: pull.Incoming{ID: "thumb/" + e.Message}}
	known, err := true, error(nil)
	if h.Known != nil {
		known, err = h.Known(ctx, a.Reader) // nobody is remembered, or remembered again, for a sign
	}
	if known && err == nil {
		_, err = h.Pipeline.Take(ctx, []pull.Ask{a})
	}
	if err != nil {
		c.unhear(e) // the platform tells it once more
	}
	return err
}

// move carries over what is kept of who is called, or reached, by another name.
func (h *Hook) move(ctx context.Context, c *Channel, key who.Key, e Event) error {
	if e.To != "" && e.To != e.Reader {
		to := h.Pseudonym(c.Publisher, c.ID, e.To)
		if err := h.Pipeline.Move(ctx, key, to); err != nil {
			return err
		}
		key = to
	}
	if e.Address == "" {
		return nil
	}
	return h.Pipeline.Change(ctx, key, func(r who.Reader) who.Reader {
		if r.Address != "" {
			r.Address = e.Address
		}
		return r
	})
}

// passOver logs what went wrong with one reader, and returns what goes wrong
// with all.
func (h *Hook) passOver(ctx context.Context, c *Channel, reader string, err error) error {
	if err == nil || ctx.Err() != nil || pull.KindOf(err) == pull.Unavailable {
		return err
	}
	h.Logger.Error("an event could not be kept; what came with it is taken", "publisher", c.Publisher, "channel", c.ID,
		"reader", h.Pseudonym(c.Publisher, c.ID, reader), "error", err)
	return nil
}

// maxNames is how many readers with several names are remembered to have been
// carried over.
const maxNames = 20_000

// names are the readers whose other names were looked for.
type names struct {
	mu    sync.Mutex
	known map[[2]who.Key]bool
}

// add reports whether a pair of names is a new one.
func (n *names) add(pair [2]who.Key) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.known[pair] {
		return false
	}
	if n.known == nil || len(n.known) >= maxNames {
		n.known = map[[2]who.Key]bool{}
	}
	n.known[pair] = true
	return true
}

// recognise carries over what is kept of a reader under other names. It is kept
// under one only, so that who is forgotten is forgotten.
func (h *Hook) recognise(ctx context.Context, c *Channel, in *Incoming) error {
	if len(in.Also) == 0 {
		return nil
	}
	to := h.Pseudonym(c.Publisher, c.ID, in.Reader)
	for _, also := range in.Also {
		from := h.Pseudonym(c.Publisher, c.ID, also)
		if from == to || !h.names.add([2]who.Key{from, to}) {
			continue
		}
		err := h.Pipeline.Move(ctx, from, to)
		if err == nil {
			err = h.Pipeline.Change(ctx, from, emptied)
		}
		if err := h.passOver(ctx, c, also, err); err != nil {
			return err
		}
	}
	return nil
}

// emptied returns what remains under a name whose reader has another one now: the
// asks that are under way, and which one.
func emptied(r who.Reader) who.Reader {
	return who.Reader{State: r.State, Since: r.Since, Settled: r.Settled, Unsent: r.Unsent, Names: r.Names}
}
