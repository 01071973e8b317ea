package pull

import (
	"context"
	"time"

	"keypull/pull/journal"
	"keypull/pull/who"
)

// Past is what is kept of asks beside the readers' documents. Where there is one, the
// caller erases readers whose document says that they leave.
type Past interface {
	// Trace returns the trace of a settled ask; false where none is kept.
	Trace(ctx context.Context, ask uint64) (journal.Trace, bool, error)
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

// pastOf returns the traces of a reader's asks, the latest first, no more than so many of
// those that the document names.
func (w *work) pastOf(ctx context.Context, most int) (traces []journal.Trace) {
	if w.past == nil {
		return nil
	}
	settled := w.reader.Settled
	for i := len(settled) - 1; i >= 0 && len(traces) < most; i-- {
		t, ok, err := w.past.Trace(ctx, settled[i])
		if err != nil {
			w.noteFailure(err)
			return traces
		}
		if ok {
			traces = append(traces, t)
		}
	}
	return traces
}
