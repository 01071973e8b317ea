package postgres

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"keypull/pull/words"
	"keypull/store"
)

// Handle implements store.Shared.
func (s *Store) Handle() uint64 { return s.node }

// Steal implements store.Shared.
func (s *Store) Steal(ctx context.Context, handle uint64) error {
	if handle == s.node {
		return nil
	}
	return s.do(ctx, &work{steal: handle})
}

// enterOnceAlone enters the handle once no other one lives, where it has to be alone, and
// returns the connection by which it did.
func (s *Store) enterOnceAlone(ctx context.Context, conn *pgx.Conn, o Options) (_ *pgx.Conn, err error) {
	var seen time.Time
	var row waitingRow
	var other living // as it was looked at last
	waited, began := false, time.Now()
	again := time.NewTicker(poll)
	defer again.Stop()
	for {
		if conn == nil {
			conn, err = s.connect(ctx)
		}
		if err == nil {
			var looked living
			if looked, err = s.lookLiving(ctx, conn); err == nil {
				other = looked
			}
		}
		lives := err == nil && other.ID != 0
		if err == nil && s.single {
			if wrong := s.clockAhead.checkClock(s.logger, other.ahead); wrong != nil && o.Waits == nil {
				return conn, wrong
			} else if wrong != nil {
				lives = true // whoever has the right clock works
			}
		}
		if err == nil && !lives && o.May != nil {
			lives = !o.May()
		}
		if err == nil && (!lives || !s.single) {
			if err = s.enter(ctx, conn, o, row.id); !errors.Is(err, store.ErrInUse) && (err == nil || !waited || errors.Is(err, store.ErrMoving)) {
				return conn, err
			}
			lives = errors.Is(err, store.ErrInUse) // another one was faster
		}
		if err != nil && !lives {
			if !waited {
				return conn, err
			}
			// The database may be restarting, or have another primary.
			s.logger.Warn("the database is tried again", "error", err)
			if conn != nil {
				_ = conn.Close(ctx)
			}
			conn = nil
		}
		alive := other.ID != 0 && !seen.IsZero() && other.until.After(seen)
		if o.Waits != nil {
			waited = true
			if err := o.Waits(Working{Node: other.Node, Alive: alive}); err != nil {
				row.remove(ctx, conn)
				return conn, err
			}
			row.wait(ctx, s, conn, other)
		} else if alive || time.Since(began) > 2*lease {
			return conn, words.Fail(store.ErrInUse, "database.held", words.Args{"name": words.Verbatim(cmp.Or(other.Name, "?"))})
		}
		seen, err = other.until, nil
		select {
		case <-again.C:
		case <-ctx.Done():
			row.remove(context.WithoutCancel(ctx), conn)
			return conn, ctx.Err()
		}
	}
}

// living is the newest of those who count as alive, and until when it does. Without a number, none
// is.
type living struct {
	store.Node
	until time.Time
	ahead time.Duration // how far this machine's clock is, at least
}

func (s *Store) lookLiving(ctx context.Context, conn *pgx.Conn) (l living, err error) {
	ctx, cancel := context.WithTimeout(ctx, turnTimeout)
	defer cancel()
	const sql = `select now.at, coalesce(n.id, 0), coalesce(n.until, now.at), coalesce(n.name, ''), coalesce(n.config, ''), coalesce(n.url, ''), coalesce(n.pass, '')
		from (select clock_timestamp() as at) now left join lateral (select * from keypull_node where not ended and until > now.at order by id desc limit 1) n on true`
	var theirs time.Time
	asked, began := s.machine(), time.Now()
	if err := conn.QueryRow(ctx, sql).Scan(&theirs, &l.ID, &l.until, &l.Name, &l.Config, &l.URL, &l.Pass); err != nil {
		return l, awayError(err)
	}
	l.ahead = clockAhead(asked, time.Since(began), theirs)
	return l, nil
}

// clockAhead is how far at least a clock is ahead of the database's, less than zero where it is behind, that
// showed a time when the database was asked, which has answered within some time.
func clockAhead(asked time.Time, within time.Duration, theirs time.Time) time.Duration {
	ahead := asked.Sub(theirs)
	if ahead > 0 {
		return ahead
	}
	return min(ahead+within, 0)
}

// clockCheck knows how far this machine's clock is from the database's, and tells when it begins to
// be wrong and when it ends. It is the writer's, once there is one.
type clockCheck struct {
	by   time.Duration // ahead, at least
	told bool
}

// checkClock returns ErrClock where nothing may be worked on.
func (c *clockCheck) checkClock(logger *slog.Logger, ahead time.Duration) error {
	c.by = ahead
	var found error
	far := ahead.Abs()
	if far > store.ClockTold {
		said := "database.clock_ahead"
		if ahead < 0 {
			said = "database.clock_behind"
		}
		found = words.Fail(ErrClock, said, words.Args{"by": far.Round(time.Second).String(), "most": store.ClockTaken.String()})
	}
	switch {
	case found == nil:
		if c.told {
			logger.Info("the clock is that of the database again")
		}
	case !c.told:
		logger.Error("the clock of this machine is wrong", "error", found)
	}
	c.told = found != nil
	if far > store.ClockTaken {
		return found
	}
	return nil
}

// waitingRow is that of a process that waits. It changes nothing for who works.
type waitingRow struct {
	id      uint64
	beaten  time.Time
	differs bool
}

// wait tells the others that this process waits, and the log when the configuration of who works
// begins to be another one. Where it can't, it waits all the same.
func (r *waitingRow) wait(ctx context.Context, s *Store, conn *pgx.Conn, works living) {
	if conn == nil {
		return
	}
	if time.Since(r.beaten) >= beat {
		r.beaten = time.Now()
		if err := r.beatRow(ctx, s, conn, works.ahead); err != nil {
			s.logger.Warn("the others are not told that this keypull waits", "error", err)
		}
	}
	if works.Config == "" {
		return
	}
	differs := works.Config != s.says.Load().Config
	if differs && !r.differs {
		s.logger.Warn("this node's configuration differs from the one that works")
	}
	r.differs = differs
}

// beatRow says that this process waits, by one statement: who is stopped holds nothing.
func (r *waitingRow) beatRow(ctx context.Context, s *Store, conn *pgx.Conn, ahead time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, lease)
	defer cancel()
	if r.id == 0 {
		says := s.says.Load()
		return conn.QueryRow(ctx, `with n as (update keypull_counter set last = last + 1 where name = 'node' returning last)
			insert into keypull_node (id, until, ended, waits, since, name, version, config, keys, url, ahead)
			select last, clock_timestamp() + $1, true, true, clock_timestamp(), $2, $3, $4, $5, $6, $7 from n returning id`,
			lease, says.Name, says.Version, says.Config, says.Keys, says.URL, ahead).Scan(&r.id)
	}
	told, err := conn.Exec(ctx, `update keypull_node set until = clock_timestamp() + $2, config = $3, keys = $4, ahead = $5 where id = $1 and waits`, r.id, lease, s.says.Load().Config, s.says.Load().Keys, ahead)
	if err == nil && told.RowsAffected() == 0 {
		r.id = 0 // it was silent for a day
	}
	return err
}

// remove has nobody wait any more.
func (r *waitingRow) remove(ctx context.Context, conn *pgx.Conn) {
	if r.id == 0 || conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lease)
	defer cancel()
	_, _ = conn.Exec(ctx, `delete from keypull_node where id = $1 and waits`, r.id)
}

// Nodes implements store.Attended.
func (s *Store) Nodes(ctx context.Context) ([]store.Node, error) {
	return read(ctx, s, func(row pgx.CollectableRow) (n store.Node, err error) {
		err = row.Scan(&n.ID, &n.Name, &n.Version, &n.Config, &n.Keys, &n.URL, &n.Pass, &n.Waits, &n.Since, &n.Ahead)
		return n, err
	}, `select id, name, version, config, keys, url, pass, ended, since, ahead from keypull_node where until > clock_timestamp() and (waits or not ended) order by ended, id desc limit $1`, store.MaxNodes)
}

// SayConfig implements store.Attended.
func (s *Store) SayConfig(config string) { s.changeNode(func(n *store.Node) { n.Config = config }) }

// SayLeaving implements store.Attended.
func (s *Store) SayLeaving(ctx context.Context) error {
	_, err := s.pool.Exec(ctx, `update keypull_node set url = '' where id = $1`, s.node)
	return err
}

// SayKeys changes what is said of the wrapping keys that are here, while it waits.
func (s *Store) SayKeys(keys string) { s.changeNode(func(n *store.Node) { n.Keys = keys }) }

// changeNode changes what this process says of itself; its callers are one at a time.
func (s *Store) changeNode(change func(*store.Node)) {
	says := *s.says.Load()
	change(&says)
	s.says.Store(&says)
}

// enter writes down that this handle lives, and takes what those left that do not. waited is
// the row by which it waited, where there is one.
func (s *Store) enter(ctx context.Context, conn *pgx.Conn, o Options, waited uint64) error {
	ctx, cancel := context.WithTimeout(ctx, turnTimeout)
	defer cancel()
	began := time.Now()
	tx, err := conn.Begin(ctx)
	if err != nil {
		return awayError(err)
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if _, err := tx.Exec(ctx, entersAtMost); err != nil {
		return awayError(err)
	}
	if err := tx.QueryRow(ctx, `update keypull_counter set last = last + 1 where name = 'node' returning last`).Scan(&s.node); err != nil {
		return awayError(err)
	}
	var living int
	if err := tx.QueryRow(ctx, `select count(*) from keypull_node where not ended and until > clock_timestamp()`).Scan(&living); err != nil {
		return awayError(err)
	}
	if s.single && living > 0 {
		return store.ErrInUse
	}
	if err := checkFilled(ctx, tx, o); err != nil {
		return err
	}
	says := s.says.Load()
	for _, exec := range []struct {
		sql  string
		args []any
	}{
		{`update keypull_node set ended = true where not ended and until <= clock_timestamp()`, nil},
		{`delete from keypull_node where id = $1 and waits`, []any{waited}},
		{`insert into keypull_node (id, until, since, name, version, config, url, pass) values ($1, clock_timestamp() + $2, clock_timestamp(), $3, $4, $5, $6, $7)`,
			[]any{s.node, lease, says.Name, says.Version, says.Config, says.URL, says.Pass}},
		{sweepEntries, []any{s.node}},
	} {
		if _, err := tx.Exec(ctx, exec.sql, exec.args...); err != nil {
			return awayError(err)
		}
	}
	var aside int64
	if err := tx.QueryRow(ctx, `select count(*) from keypull_entry where aside`).Scan(&aside); err != nil {
		return awayError(err)
	}
	s.aside.Store(aside)
	if err := tx.Commit(ctx); err != nil {
		return awayError(err)
	}
	s.hold(began)
	return nil
}

// hold notes that the others were told at a time, or later, that this handle lives.
func (s *Store) hold(told time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = told.Add(lease)
	close(s.renewed)
	s.renewed = make(chan struct{})
}

// AwaitHeld implements store.Leased.
func (s *Store) AwaitHeld(ctx context.Context) error {
	for {
		s.mu.Lock()
		held, renewed, why := time.Until(s.held) > 0, s.renewed, s.why
		s.mu.Unlock()
		if why != nil || held {
			return why
		}
		select {
		case <-renewed:
		case <-s.broken:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

const (
	// entersAtMost is how long a process that is stopped keeps others from entering.
	entersAtMost = `set local idle_in_transaction_session_timeout = '2500ms'`
	entryColumns = `queue, seq, partition, id, due, at, payload`
	// sweepEntries takes what ended handles left; an entry set aside is nobody's.
	sweepEntries = `update keypull_entry set owner = $1 where owner in (select id from keypull_node where ended) and not aside returning ` + entryColumns
)

// beatNode says that this handle lives, and takes what others left.
func (w *writer) beatNode(ctx context.Context) error {
	began := time.Now()
	moved, err := w.transact(ctx, func(b *pgx.Batch) {
		b.Queue(`update keypull_node set until = clock_timestamp() + $2, config = $3, ahead = $4 where id = $1`, w.node, lease, w.says.Load().Config, w.clockAhead.by)
		b.Queue(`update keypull_node set ended = true where not ended and until < clock_timestamp()`)
		b.Queue(`delete from keypull_node n where ended and until < clock_timestamp() - interval '1 day' and not exists (select from keypull_entry e where e.owner = n.id)`)
		b.Queue(`delete from keypull_value where gone < clock_timestamp() - interval '1 day'`)
		b.Queue(sweepEntries, w.node)
	})
	if err != nil {
		return err
	}
	w.hold(began)
	w.addMoved(moved)
	var theirs time.Time
	asked := w.machine()
	began = time.Now()
	if err := w.conn.QueryRow(ctx, `select exists (select from keypull_node where not ended and id <> $1), clock_timestamp()`, w.node).Scan(&w.others, &theirs); err != nil {
		return err
	}
	if wrong := w.clockAhead.checkClock(w.logger, clockAhead(asked, time.Since(began), theirs)); wrong != nil && w.single {
		w.end(wrong)
		w.failPending(wrong)
	}
	return nil
}

// stealFrom ends another handle.
func (w *writer) stealFrom(ctx context.Context, handle uint64) error {
	moved, err := w.transact(ctx, func(b *pgx.Batch) {
		b.Queue(`update keypull_node set ended = true where id = $1`, handle)
		b.Queue(`update keypull_entry set owner = $1 where owner = $2 and not aside returning `+entryColumns, w.node, handle)
	})
	if err == nil {
		w.addMoved(moved)
	}
	return err
}

// transact runs a transaction of a handle that has not ended, and returns the entries that
// its last statement does.
func (w *writer) transact(ctx context.Context, fill func(*pgx.Batch)) (moved map[string][]store.Entry, err error) {
	b := new(pgx.Batch)
	b.Queue("begin")
	b.Queue(stillMine, w.node)
	fill(b)
	n := b.Len()
	b.Queue("commit")
	r := w.conn.SendBatch(ctx, b)
	defer func() { _ = r.Close() }()
	for range n - 1 {
		if _, err := r.Exec(); err != nil {
			return nil, err
		}
	}
	rows, err := r.Query()
	if err == nil {
		moved, err = collectEntries(rows)
	}
	if err != nil {
		return nil, err
	}
	return moved, committed(r)
}

// addMoved gives entries to who claims here; those of a queue that nobody opened yet come when
// it is.
func (w *writer) addMoved(moved map[string][]store.Entry) {
	for _, q := range w.openQueues() {
		if q.loaded {
			q.addEntries(byArrival(moved[q.name]))
		}
	}
}

// Since implements store.Shared.
func (s *Store) Since(ctx context.Context, prefix string, after store.Revision, limit int) ([]store.Change, error) {
	if err := store.CheckScan(prefix, "", limit); err != nil {
		return nil, err
	}
	from, to := between(prefix)
	return read(ctx, s, func(row pgx.CollectableRow) (c store.Change, err error) {
		var revision int64
		err = row.Scan(&c.Key, &c.Value, &revision)
		c.Revision = store.Revision(revision) //nolint:gosec // counted up from 0
		return c, err
	}, `select key, value, revision from keypull_value where revision > $1 and key > $2 and ($3 = '' or key < $3) order by revision limit $4`,
		int64(after), from, to, limit) //nolint:gosec // counted up from 0
}
