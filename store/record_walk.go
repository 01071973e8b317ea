package store

import (
	"bytes"
	"context"
	"errors"
	"sync"

	"keypull/pull/pipeline"
	"keypull/pull/who"
)

// recordWalks has all who look for records of a reader at the same time share one walk
// through the log, since each opens every record of a month: a thousand readers who want all
// erased at once cost a few walks. Whoever comes first leads the next one, for all who have
// come by then.
type recordWalks struct {
	mu      sync.Mutex
	leading bool
	waiting []*recordSearch
}

// recordSearch looks for the records that name a reader, and for those of asks that the
// reader's document names.
type recordSearch struct {
	ctx   context.Context
	key   who.Key
	ids   map[string]bool
	found func(Record, pipeline.Record) error
	// turn ends the wait: the search has ended by then, unless it leads the next walk.
	turn  chan struct{}
	leads bool
	err   error
}

// recordsOf goes through the records that name a reader, and through those of asks that the
// reader's document names. found may be called by another's goroutine, one call at a time.
func (l *Ledger) recordsOf(ctx context.Context, key who.Key, asks []uint64, found func(Record, pipeline.Record) error) error {
	s := &recordSearch{ctx: ctx, key: key, ids: map[string]bool{}, found: found, turn: make(chan struct{})}
	for _, ask := range asks {
		s.ids[recordID(ask)] = true
	}
	w := &l.walks
	w.mu.Lock()
	w.waiting = append(w.waiting, s)
	if w.leading {
		w.mu.Unlock()
		if <-s.turn; !s.leads {
			return s.err
		}
		w.mu.Lock()
	}
	w.leading = true
	together := w.waiting
	w.waiting = nil
	w.mu.Unlock()
	defer w.endWalk(s, together)
	l.walkRecords(together)
	return s.err
}

// endWalk tells the others of a walk that it is over, and has the first of those who came
// since lead the next one.
func (w *recordWalks) endWalk(led *recordSearch, together []*recordSearch) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range together {
		if s != led {
			close(s.turn)
		}
	}
	if w.leading = len(w.waiting) > 0; w.leading {
		w.waiting[0].leads = true
		close(w.waiting[0].turn)
	}
}

// errWalkBroken is why a search has not come to its end: what another one did with a record
// went wrong.
var errWalkBroken = errors.New("read records: the walk broke off")

// walkRecords goes through the log once for some searches, until each has ended.
func (l *Ledger) walkRecords(searches []*recordSearch) {
	whole := false
	defer func() {
		for _, s := range searches {
			if !whole && s.err == nil {
				s.err = errWalkBroken
			}
		}
	}()
	ctx := context.WithoutCancel(searches[0].ctx)
	for r, err := range recordsFrom(ctx, l.log, 0, "read records") {
		var of pipeline.Record
		readable := false
		if err == nil {
			of, readable, err = l.openSearched(r, searches)
		}
		going := false
		for _, s := range searches {
			switch {
			case s.err != nil:
				continue
			case s.ctx.Err() != nil:
				s.err = s.ctx.Err()
			case err != nil:
				s.err = err
			case readable && (of.Reader == s.key || of.Reader == "" && s.ids[r.ID]):
				s.err = s.found(r, of)
			}
			going = going || s.err == nil
		}
		if !going {
			break
		}
	}
	whole = true
}

// openSearched opens a record that may be one of those looked for; false if it is none, or
// where nothing of it can be read any more.
func (l *Ledger) openSearched(r Record, searches []*recordSearch) (of pipeline.Record, ok bool, err error) {
	plain, err := openRecord(l.sealer, asksLog, r)
	if err != nil || plain == nil {
		return of, false, err
	}
	// Most records are of others, and need not be decoded for one search alone.
	if only := searches[0]; len(searches) == 1 && !only.ids[r.ID] && !bytes.Contains(plain, []byte(only.key)) {
		return of, false, nil
	}
	if of, err = pipeline.DecodeRecord(plain); err != nil {
		l.logger.Warn("a record could not be read", "record", r.ID, "error", err)
		return of, false, nil
	}
	return of, true, nil
}
