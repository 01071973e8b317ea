package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

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

// enter writes down that this handle lives, and takes what those left that do not.
func (s *Store) enter(ctx context.Context, conn *pgx.Conn, alone bool) error {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return fmt.Errorf("write to the database: %w", err)
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if err := tx.QueryRow(ctx, `update keypull_counter set last = last + 1 where name = 'node' returning last`).Scan(&s.node); err != nil {
		return fmt.Errorf("number the handle: %w", err)
	}
	var living int
	if err := tx.QueryRow(ctx, `select count(*) from keypull_node where not ended and until > clock_timestamp()`).Scan(&living); err != nil {
		return fmt.Errorf("look who is there: %w", err)
	}
	if alone && living > 0 {
		return store.ErrInUse
	}
	for _, exec := range []struct {
		sql  string
		args []any
	}{
		{`update keypull_node set ended = true where not ended and until <= clock_timestamp()`, nil},
		{`insert into keypull_node (id, until) values ($1, clock_timestamp() + interval '3 s')`, []any{s.node}},
		{sweepEntries, []any{s.node}},
	} {
		if _, err := tx.Exec(ctx, exec.sql, exec.args...); err != nil {
			return fmt.Errorf("enter the handle: %w", err)
		}
	}
	var aside int64
	if err := tx.QueryRow(ctx, `select count(*) from keypull_entry where aside`).Scan(&aside); err != nil {
		return fmt.Errorf("count what stands aside: %w", err)
	}
	s.aside.Store(aside)
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("enter the handle: %w", err)
	}
	return nil
}

const (
	entryColumns = `queue, seq, partition, id, due, at, payload`
	// sweepEntries takes what ended handles left; an entry set aside is nobody's.
	sweepEntries = `update keypull_entry set owner = $1 where owner in (select id from keypull_node where ended) and not aside returning ` + entryColumns
)

// beatNode says that this handle lives, and takes what others left.
func (w *writer) beatNode(ctx context.Context) error {
	moved, err := w.transact(ctx, func(b *pgx.Batch) {
		b.Queue(`update keypull_node set until = clock_timestamp() + interval '3 s' where id = $1`, w.node)
		b.Queue(`update keypull_node set ended = true where not ended and until < clock_timestamp()`)
		b.Queue(`delete from keypull_node n where ended and until < clock_timestamp() - interval '1 day' and not exists (select from keypull_entry e where e.owner = n.id)`)
		b.Queue(`delete from keypull_value where gone < clock_timestamp() - interval '1 day'`)
		b.Queue(sweepEntries, w.node)
	})
	if err != nil {
		return err
	}
	w.addMoved(moved)
	return w.conn.QueryRow(ctx, `select exists (select from keypull_node where not ended and id <> $1)`, w.node).Scan(&w.others)
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
