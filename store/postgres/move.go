package postgres

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/jackc/pgx/v5"

	"keypull/pull/words"
	"keypull/store"
	"keypull/store/internal/knownid"
)

// movingMark is the counter that is there while the store is being filled: one more than the rows
// that are there, whose sum is the other one.
const (
	movingMark = "moving"
	movingSum  = "moving.sum"
)

var _ store.Movable = (*Store)(nil)

// Export implements store.Movable.
func (s *Store) Export(ctx context.Context) iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) {
		for _, part := range []struct {
			sql  string
			scan func(pgx.Rows, *store.Row) error
		}{
			{`select key, revision, value from keypull_value where value is not null order by key`, scanValueRow},
			{`select ` + entryColumns + ` from keypull_entry where not aside order by queue, seq`, scanEntryRow(store.RowEntry)},
			{`select ` + entryColumns + ` from keypull_entry where aside order by queue, seq`, scanEntryRow(store.RowAside)},
			{`select queue, seq, name, person, words, at from keypull_id order by queue, seq`, scanIDRow},
			{`select log, position, id, at, data from keypull_record order by log, position`, scanRecordRow},
			{`select name, last from keypull_counter where last > 0 and (name = 'kv' or name like 'queue.%' or name like 'log.%') order by name`, scanCounterRow},
		} {
			if more, err := s.exportTable(ctx, part.sql, part.scan, yield); err != nil {
				yield(store.Row{}, fmt.Errorf("read from the database: %w", err))
				return
			} else if !more {
				return
			}
		}
	}
}

// exportTable yields what a query finds, as the server sends it.
func (s *Store) exportTable(ctx context.Context, sql string, scan func(pgx.Rows, *store.Row) error, yield func(store.Row, error) bool) (more bool, err error) {
	if err := s.checkOpen(ctx); err != nil {
		return false, err
	}
	rows, err := s.pool.Query(ctx, sql)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	for rows.Next() {
		var r store.Row
		if err := scan(rows, &r); err != nil {
			return false, err
		}
		if !yield(r, nil) {
			return false, nil
		}
	}
	return true, rows.Err()
}

func scanValueRow(rows pgx.Rows, r *store.Row) error {
	r.Kind = store.RowValue
	return rows.Scan(&r.ID, &r.Number, &r.Data)
}

func scanEntryRow(kind store.RowKind) func(pgx.Rows, *store.Row) error {
	return func(rows pgx.Rows, r *store.Row) error {
		queue, e, err := scanEntry(rows)
		*r = store.Row{Kind: kind, Of: queue, Number: e.Seq, ID: e.ID, Partition: e.Partition, Due: e.Due, At: e.At, Data: e.Payload}
		return err
	}
}

func scanIDRow(rows pgx.Rows, r *store.Row) error {
	var name, person, words []byte
	var at int64
	err := rows.Scan(&r.Of, &r.Number, &name, &person, &words, &at)
	r.Kind, r.Hash, r.At = store.RowID, hashOf(name, person, words), moment(at)
	return err
}

func scanRecordRow(rows pgx.Rows, r *store.Row) error {
	var at int64
	err := rows.Scan(&r.Of, &r.Number, &r.ID, &at, &r.Data)
	r.Kind, r.At = store.RowRecord, moment(at)
	return err
}

func scanCounterRow(rows pgx.Rows, r *store.Row) error {
	r.Kind = store.RowCounter
	return rows.Scan(&r.Of, &r.Number)
}

// Import implements store.Movable. The store must be opened with Options.Filled, and is
// refused by every other Open until EndImport.
func (s *Store) Import(ctx context.Context, rows iter.Seq2[store.Row, error]) (there int64, err error) {
	s.unsure.Store(false)
	var mark store.MoveMark
	if err := s.moving(ctx, func(tx pgx.Tx) (err error) { mark, err = beginImport(ctx, tx); return err }); err != nil {
		return 0, err
	}
	anew := func() error { return s.moving(ctx, func(tx pgx.Tx) error { return emptyTables(ctx, tx) }) }
	return store.WriteParts(rows, mark, anew, func(part []store.Row, to store.MoveMark) error {
		var t importTables
		for i := range part {
			if err := t.addRow(&part[i], s.node); err != nil {
				return err
			}
		}
		return s.moving(ctx, func(tx pgx.Tx) error {
			if err := t.copyTo(ctx, tx); err != nil {
				return err
			}
			return setMark(ctx, tx, to)
		})
	})
}

// EndImport says that the store is complete, and may be opened.
func (s *Store) EndImport(ctx context.Context) error {
	err := s.moving(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `delete from keypull_counter where name in ($1, $2)`, movingMark, movingSum)
		return err
	})
	if err == nil && s.unsure.Load() {
		err = fullOr(errUnsure)
	}
	return err
}

// ForgetImport has the next Import begin anew.
func (s *Store) ForgetImport(ctx context.Context) error {
	return s.moving(ctx, func(tx pgx.Tx) error { return setMark(ctx, tx, store.MoveMark{}) })
}

// moving runs a transaction of a handle that has not ended.
func (s *Store) moving(ctx context.Context, f func(pgx.Tx) error) error {
	if err := s.checkOpen(ctx); err != nil {
		return err
	}
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		var turn int64
		if err := tx.QueryRow(ctx, stillMine, s.node).Scan(&turn); err != nil {
			return err
		}
		return f(tx)
	})
	switch {
	case err == nil, errors.Is(err, store.ErrHolds), ctx.Err() != nil:
		return err
	case isFenced(err):
		return store.ErrFenced
	}
	return fullOr(err)
}

// beginImport marks a store that holds nothing, or returns the mark that is there: an empty one, of
// which nobody knows what it is of, stands in an empty store.
func beginImport(ctx context.Context, tx pgx.Tx) (mark store.MoveMark, err error) {
	marked, err := isMarked(ctx, tx)
	if err != nil {
		return mark, err
	}
	if marked {
		var rows, sum int64
		if err := tx.QueryRow(ctx, `select sum(last) filter (where name = $1), coalesce(sum(last) filter (where name = $2), 0) from keypull_counter`, movingMark, movingSum).Scan(&rows, &sum); err != nil {
			return mark, err
		}
		if rows > 1 {
			return store.MoveMark{Rows: rows - 1, Sum: uint64(sum)}, nil //nolint:gosec // as it was written
		}
		return mark, emptyTables(ctx, tx)
	}
	var holds bool
	if err := tx.QueryRow(ctx, `select exists (select from keypull_counter where name not in ('schema', 'node') and last > 0) or exists (select from keypull_value)
		or exists (select from keypull_entry) or exists (select from keypull_id) or exists (select from keypull_record)`).Scan(&holds); err != nil {
		return mark, err
	}
	if holds {
		return mark, store.ErrHolds
	}
	return mark, setMark(ctx, tx, mark)
}

// emptyTables removes what an Import has written.
func emptyTables(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `delete from keypull_counter where name not in ('schema', 'node')`); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `truncate keypull_value, keypull_entry, keypull_id, keypull_record`); err != nil {
		return err
	}
	return setMark(ctx, tx, store.MoveMark{})
}

func setMark(ctx context.Context, tx pgx.Tx, m store.MoveMark) error {
	_, err := tx.Exec(ctx, `insert into keypull_counter values ($1, $2), ($3, $4) on conflict (name) do update set last = excluded.last`, movingMark, m.Rows+1, movingSum, int64(m.Sum)) //nolint:gosec // read back as it is
	return err
}

// isMarked says that a store is being filled.
func isMarked(ctx context.Context, tx pgx.Tx) (marked bool, err error) {
	err = tx.QueryRow(ctx, `select exists (select from keypull_counter where name = $1)`, movingMark).Scan(&marked)
	return marked, err
}

// checkFilled refuses a store that is half filled, unless that goes on.
func checkFilled(ctx context.Context, tx pgx.Tx, o Options) error {
	marked, err := isMarked(ctx, tx)
	if err != nil {
		return awayError(err)
	}
	if marked && !o.Filled {
		return words.Fail(store.ErrMoving, "database.half_filled", nil)
	}
	return nil
}

// importTables is what one transaction of Import writes, by table.
type importTables struct {
	values, entries, ids, records [][]any
	counters                      []store.Row
}

func (t *importTables) addRow(r *store.Row, node uint64) error {
	n := int64(r.Number) //nolint:gosec // counted up from 0
	switch r.Kind {
	case store.RowValue:
		t.values = append(t.values, []any{r.ID, notNil(r.Data), n})
	case store.RowEntry, store.RowAside:
		t.entries = append(t.entries, []any{r.Of, n, int64(node), []byte(r.Partition), []byte(r.ID), nanos(r.Due), nanos(r.At), notNil(r.Data), r.Kind == store.RowAside}) //nolint:gosec // counted up from 0
	case store.RowID:
		h := r.Hash
		t.ids = append(t.ids, []any{r.Of, n, h[:knownid.NameBytes], h[knownid.NameBytes:knownid.OwnerBytes], h[knownid.OwnerBytes:], nanos(r.At)})
	case store.RowRecord:
		t.records = append(t.records, []any{r.Of, n, r.ID, nanos(r.At), notNil(r.Data)})
	case store.RowCounter:
		if r.Of != store.CounterKV && !strings.HasPrefix(r.Of, store.CounterQueue) && !strings.HasPrefix(r.Of, store.CounterLog) {
			return fmt.Errorf("move: there is no counter %q here", r.Of)
		}
		t.counters = append(t.counters, *r)
	default:
		return fmt.Errorf("move: there are no rows of kind %q here", r.Kind)
	}
	return nil
}

func (t *importTables) copyTo(ctx context.Context, tx pgx.Tx) error {
	for _, into := range []struct {
		table   string
		columns []string
		rows    [][]any
	}{
		{"keypull_value", []string{"key", "value", "revision"}, t.values},
		{"keypull_entry", []string{"queue", "seq", "owner", "partition", "id", "due", "at", "payload", "aside"}, t.entries},
		{"keypull_id", []string{"queue", "seq", "name", "person", "words", "at"}, t.ids},
		{"keypull_record", []string{"log", "position", "id", "at", "data"}, t.records},
	} {
		if len(into.rows) == 0 {
			continue
		}
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{into.table}, into.columns, pgx.CopyFromRows(into.rows)); err != nil {
			return err
		}
	}
	for _, c := range t.counters {
		if _, err := tx.Exec(ctx, `insert into keypull_counter values ($1, $2) on conflict (name) do update set last = excluded.last`, c.Of, int64(c.Number)); err != nil { //nolint:gosec // counted up from 0
			return err
		}
	}
	return nil
}
