package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"keypull/pull/who"
)

// stopMark is kept under the pseudonym of a reader who said STOP: it stands
// when the document, or the key that opens it, is gone.
type stopMark struct {
	Since time.Time `json:"since,omitzero"`
	// Stored: the mark goes when the reader comes back, so that as long as it is
	// there it is true. Those of earlier versions were left behind.
	Kept bool `json:"kept,omitempty"`
	// there is false where no mark is.
	there bool
}

// readStopMark reads a reader's mark. One that cannot be read is one all the same.
func (l *Ledger) readStopMark(ctx context.Context, key who.Key) (stopMark, error) {
	pair, err := l.backend.Get(ctx, stoppedKey(key))
	if errors.Is(err, ErrNotFound) {
		return stopMark{}, nil
	}
	if err != nil {
		return stopMark{}, backendError("read a STOP", err)
	}
	m := stopMark{there: true}
	if json.Unmarshal(pair.Value, &m) != nil {
		m = stopMark{Kept: true, there: true}
	}
	return m, nil
}

// stoppedReader returns all that is known of whom there is no document.
func (m stopMark) stoppedReader() who.Reader {
	if !m.there {
		return who.Reader{}
	}
	return who.Reader{State: who.Stopped, Since: m.Since}
}

// overrulesDocument says that a document knows nothing of the STOP that it was written
// with: it is an older one.
func (m stopMark) overrulesDocument(r who.Reader) bool {
	return m.there && m.Kept && r.State != who.Stopped
}

// heldKey is what is remembered of a reader, so that settling need not read it.
type heldKey struct {
	slot Slot
	// marked: a mark may be there.
	marked bool
	// early: there is no document yet, and the key is in use until
	// releaseKey or commitDocument is called.
	early bool
}

// addStopMark adds what keeps or drops the mark in the very write that makes it true.
func (l *Ledger) addStopMark(ctx context.Context, b *Batch, key who.Key, h *heldKey, r who.Reader) error {
	if r.State != who.Stopped {
		if h.marked {
			b.Deletes = append(b.Deletes, stoppedKey(key))
		}
		return nil
	}
	if m, err := l.readStopMark(ctx, key); err != nil || m.Kept && m.Since.Equal(r.Since) {
		return err
	}
	value, err := json.Marshal(stopMark{Since: r.Since, Kept: true})
	if err != nil {
		return fmt.Errorf("encode a STOP: %w", err)
	}
	b.Puts = append(b.Puts, Pair{Key: stoppedKey(key), Value: value, Revision: Any})
	if h.marked = true; !h.early {
		l.kept.Mark(string(key))
	}
	return nil
}

// reportReset tells of a reader whose document cannot be opened any more.
func (l *Ledger) reportReset(key who.Key, err error) {
	l.anew.Add(1)
	l.logger.Warn("a reader's document cannot be opened any more; the reader starts anew, a STOP stays", "reader", key, "error", err)
}

// ReadersAnew counts the readers who started anew, since this ledger was made,
// because their documents could not be opened any more.
func (l *Ledger) ReadersAnew() int { return int(l.anew.Load()) }
