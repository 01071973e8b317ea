package pull

import (
	"context"
	"iter"
	"time"

	"keypull/pull/journal"
	"keypull/pull/who"
)

// Past is what is kept of asks beside the readers' documents. Where there is one, the
// caller erases readers whose document says that they leave.
type Past interface {
	// Settled returns the trace of a settled ask and its reply, nil where nothing was said;
	// false where no more than a count is kept.
	Settled(ctx context.Context, ask uint64) (journal.Trace, *Reply, bool, error)
	// Kept is for how long records of asks are kept.
	Kept() time.Duration
	// FileLink returns where all that is held of an ask's reader can be fetched as a
	// file: once, and until a moment; "" where nothing is served.
	FileLink(a *Ask) (link string, until time.Time)
	// MoveCode returns a new code by which an ask's reader takes over on another channel of
	// the publisher what is kept here: once, and until a moment; "" where nothing is served.
	MoveCode(a *Ask) (code MoveCode, until time.Time)
	// Moved returns of whom a code is that an ask of the same publisher names, and what is
	// held of them; Unknown is one that is good no more, Limited who has tried too often.
	// With take it is used up: it stays good for that ask alone, which may be tried again.
	Moved(ctx context.Context, a *Ask, c MoveCode, take bool) (who.Key, who.Reader, error)
}

// settledBefore yields the reader's asks of before and what was said to them, the latest
// first, no more than so many of those that the document names.
func (w *work) settledBefore(ctx context.Context, most int) iter.Seq2[journal.Trace, *Reply] {
	return func(yield func(journal.Trace, *Reply) bool) {
		if w.past == nil {
			return
		}
		settled := w.reader.Settled
		for i := len(settled) - 1; i >= 0 && most > 0; i-- {
			t, reply, ok, err := w.past.Settled(ctx, settled[i])
			if err != nil {
				w.noteFailure(err)
				return
			}
			if !ok {
				continue
			}
			if most--; !yield(t, reply) {
				return
			}
		}
	}
}
