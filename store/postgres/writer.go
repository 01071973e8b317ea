package postgres

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/store"
	"keypull/store/internal/knownid"
)

// Limits of what one transaction writes, and of what waits for one that nobody waits for.
const (
	maxGroup = 512
	maxBytes = 8 << 20
)

// work is what a caller has written.
type work struct {
	store.Batch
	when   []store.Revision // of the deletes; Any where there are none
	queue  string
	accept []store.Entry
	ids    []knownid.Sought
	asides []store.Acked
	steal  uint64
	pages  []store.KeyPage
	bytes  int

	revisions []store.Revision
	accepted  []pipeline.Accepted
	positions []uint64
	err       error
	done      chan struct{} // nil where nobody waits
}

// isAlone says that no other work is written with this.
func (w *work) isAlone() bool { return w.steal != 0 || w.pages != nil }

// do hands work to the writer and waits for it. It keeps nothing of the caller's.
func (s *Store) do(ctx context.Context, w *work) error {
	if err := s.checkOpen(ctx); err != nil {
		return err
	}
	w.done = make(chan struct{})
	if err := s.submit(w); err != nil {
		return err
	}
	select {
	case <-w.done:
		return w.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Store) submit(w *work) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.why != nil {
		return s.why
	}
	if s.closing {
		return store.ErrClosed
	}
	s.pending = append(s.pending, w)
	s.bytes += w.bytes
	s.stir()
	return nil
}

func (s *Store) stir() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// writer is the one goroutine of a handle that writes.
type writer struct {
	*Store
	conn   *pgx.Conn // nil while there is none
	beaten time.Time
	// polled is zero where a look is due: a handle that has ended may have accepted entries
	// for this one, though it was never seen alive.
	polled time.Time
	// others: another handle lives, and may accept entries for this one.
	others bool
	// counters are those that are there.
	counters map[string]bool
	// doubt is what may have been written, or not.
	doubt *plan
}

// run works until the handle is closed or fenced.
func (w *writer) run() {
	defer close(w.ended)
	defer w.leave()
	ctx, end := context.WithCancel(context.Background())
	var forgetting sync.WaitGroup
	forgetting.Go(func() { pull.KeepRunning(ctx, w.logger, "forget old ids", w.forgetSteadily) })
	defer forgetting.Wait()
	defer end()
	for {
		group, closing := w.takeGroup()
		w.turn(group)
		if w.Err() != nil || closing && len(group) == 0 {
			return
		}
	}
}

// takeGroup waits for work, or until it is time to look after the handle itself.
func (w *writer) takeGroup() (group []*work, closing bool) {
	wait := time.Until(w.beaten.Add(beat))
	if w.others {
		wait = min(wait, time.Until(w.polled.Add(poll)))
	}
	timer := time.NewTimer(max(wait, 0))
	defer timer.Stop()
	select {
	case <-w.wake:
	case <-timer.C:
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	n, bytes := 0, 0
	for n < len(w.pending) && n < maxGroup && (n == 0 || bytes+w.pending[n].bytes <= maxBytes) {
		if w.pending[n].isAlone() && n > 0 {
			break
		}
		bytes += w.pending[n].bytes
		n++
		if w.pending[n-1].isAlone() {
			break
		}
	}
	group = append(group, w.pending[:n]...)
	w.pending = append([]*work(nil), w.pending[n:]...)
	w.bytes -= bytes
	if len(w.pending) > 0 {
		w.stir()
	}
	return group, w.closing
}

// turn writes a group, and does what is due.
func (w *writer) turn(group []*work) {
	var p *plan
	switch {
	case len(group) > 0 && group[0].steal != 0:
		err := w.persist(func(ctx context.Context) error { return w.stealFrom(ctx, group[0].steal) })
		w.polled = time.Time{}
		group[0].finish(err)
	case len(group) > 0 && group[0].pages != nil:
		group[0].finish(w.persist(func(ctx context.Context) error { return w.writeKeyPages(ctx, group[0].pages) }))
	case len(group) > 0:
		err := w.persist(func(ctx context.Context) (err error) { p, err = w.writeGroup(ctx, group); return err })
		if err == nil {
			err = w.checkBeside()
		}
		if err == nil {
			p.publish()
		}
		for _, g := range group {
			g.finish(err)
		}
	}
	if w.Err() != nil {
		return
	}
	if time.Since(w.beaten) >= beat {
		w.beaten = time.Now()
		_ = w.persist(w.beatNode)
		w.polled = time.Time{}
	}
	if w.unloaded() || w.polled.IsZero() || w.others && time.Since(w.polled) >= poll {
		w.polled = time.Now()
		_ = w.persist(w.pollEntries)
	}
}

func (w *work) finish(err error) {
	if w.err == nil {
		w.err = err
	}
	if w.done != nil {
		close(w.done)
	}
}

// checkBeside ends the handle where what belongs to the store is gone.
func (w *writer) checkBeside() error {
	if w.beside == nil {
		return nil
	}
	err := w.beside()
	if err != nil {
		w.end(err)
		w.failPending(err)
	}
	return err
}

// forgetSteadily forgets ids every hour, beside what is written.
func (w *writer) forgetSteadily(ctx context.Context) {
	again := time.NewTicker(time.Hour)
	defer again.Stop()
	for {
		select {
		case <-again.C:
			w.forgetIDs(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// persist tries f until it succeeds, or fails for a reason that stays. Each try has a
// connection whose state is known, or a new one.
func (w *writer) persist(f func(context.Context) error) error {
	began := time.Now()
	for wait := 5 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		err := w.try(f)
		switch {
		case err == nil:
			w.full.Store(false)
			return nil
		case isFenced(err):
			w.end(store.ErrFenced)
			w.failPending(store.ErrFenced)
			return store.ErrFenced
		case !passes(err):
			w.doubt = nil
			w.logger.Error("the database refuses a write", "error", err)
			err = fullOr(err)
			w.full.Store(errors.Is(err, store.ErrFull))
			return err
		}
		w.mu.Lock()
		closing := w.closing
		w.mu.Unlock()
		if closing && time.Since(began) > connectTimeout {
			return fullOr(err)
		}
		w.logger.Warn("the database is tried again", "error", err)
		<-time.After(wait)
	}
}

func (w *writer) try(f func(context.Context) error) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), turnTimeout)
	defer cancel()
	if w.conn == nil {
		if w.conn, err = w.connect(ctx); err != nil {
			return err
		}
	}
	if err = f(ctx); err != nil {
		_ = w.conn.Close(ctx)
		w.conn = nil
	}
	return err
}

func (w *writer) failPending(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.pending {
		p.finish(err)
	}
	w.pending = nil
}

// leave tells the others that this handle has ended.
func (w *writer) leave() {
	w.failPending(store.ErrClosed)
	ctx, cancel := context.WithTimeout(context.Background(), connectTimeout)
	defer cancel()
	if w.conn == nil {
		return // it is seen by its silence
	}
	_, _ = w.conn.Exec(ctx, `update keypull_node set ended = true where id = $1`, w.node)
	_ = w.conn.Close(ctx)
}

// errUnsure says that a commit was made, and that the standby may not have it.
var errUnsure = errors.New("postgres: the wait for the standby was cancelled")

// stillMine reads the turn of this handle, and fails by a division by zero where the handle
// has ended: with that, what is sent after it is not done.
const stillMine = `with mine as materialized (select turn from keypull_node where id = $1 and not ended for update)
	select coalesce((select turn from mine), 0) / (select count(*) from mine)`

func isFenced(err error) bool {
	var told *pgconn.PgError
	return errors.As(err, &told) && told.Code == "22012"
}

// committed reads what became of a commit.
func committed(r pgx.BatchResults) error {
	tag, err := r.Exec()
	if err == nil && tag.String() != "COMMIT" {
		err = errors.New("postgres: the commit ended as " + tag.String())
	}
	if err == nil {
		err = r.Close()
	}
	return err
}
