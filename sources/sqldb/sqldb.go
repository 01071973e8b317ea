package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"keypull/pull"
	"keypull/sources/shape"
)

const op = "query database"

// Bounds of what a query may bring.
const (
	maxRows    = 1000
	maxBytes   = 4 << 20
	maxColumns = 200
	// grace is how much longer than the server we wait, so that it is the one to
	// say that time is up.
	grace = 300 * time.Millisecond
)

type source struct {
	shape.Told
	target    target
	statement statement
	timeout   time.Duration
	clock     func() time.Time
	db        *sql.DB
	// second is for what ends a query of the first.
	second *sql.DB
}

// personal is a source whose query takes what readers have said of themselves.
type personal struct{ *source }

var (
	_ pull.Local    = (*source)(nil)
	_ pull.Closer   = (*source)(nil)
	_ pull.Personal = (*personal)(nil)
)

// Wants lists the facts of a reader that the query takes.
func (p *personal) Wants() []string { return p.statement.facts }

// Key holds what is bound to the query.
func (s *source) Key(q pull.Query) (string, error) { return s.statement.snapshotKey(q) }

// ReadsHere says whether the database is a file of this machine.
func (s *source) ReadsHere() bool { return s.target.dialect == &sqlite }

// Close ends the pool.
func (s *source) Close() error {
	if err := errors.Join(s.db.Close(), s.second.Close()); err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}

// Fetch runs the query.
func (s *source) Fetch(ctx context.Context, key string, last *pull.Snapshot) (pull.Snapshot, error) {
	values, err := s.statement.boundValues(key)
	if err != nil {
		return pull.Snapshot{}, err
	}
	wait := s.timeout + grace
	if s.target.dialect == &sqlite {
		wait = s.timeout
	}
	limited, cancel := context.WithTimeout(ctx, connectTime+wait)
	defer cancel()
	r, err := s.runQuery(limited, values, wait)
	if err != nil {
		return pull.Snapshot{}, s.explainFailure(ctx, err)
	}
	snapshot := pull.Snapshot{Fetched: s.clock(), Requests: 1}
	made := s.Make(r.records, snapshot.Fetched, last)
	snapshot.Items, snapshot.AsOf, snapshot.Warnings = made.Items, made.AsOf, s.warningsOf(made, r)
	return snapshot, nil
}

// runQuery runs the query on a connection of the pool, in a transaction that
// changes nothing.
func (s *source) runQuery(ctx context.Context, values []any, wait time.Duration) (result, error) {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return result{}, fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = conn.Close() }() // back into the pool
	session, err := s.beginTransaction(ctx, conn)
	if err != nil {
		return result{}, err
	}
	querying, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	r, err := s.rows(querying, session.tx, values)
	if err == nil && !r.more {
		return r, end(session.tx)
	}
	// Whatever the server still does for it is to end: not only here.
	cancel()
	session.stop(ctx)
	_ = session.tx.Rollback() // the connection is gone already
	return r, err
}

// end leaves the transaction; it has changed nothing.
func end(tx *sql.Tx) error {
	if err := tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		return fmt.Errorf("end transaction: %w", err)
	}
	return nil
}

// rows reads what the query brings, up to the bounds.
func (s *source) rows(ctx context.Context, tx *sql.Tx, values []any) (result, error) {
	rows, err := tx.QueryContext(ctx, s.statement.text, values...)
	if err != nil {
		return result{}, fmt.Errorf("query: %w", err)
	}
	defer func() { _ = rows.Close() }() // what it says, Err says
	r, err := s.readRecords(rows)
	if err == nil && !r.more {
		err = rows.Err()
	}
	if err != nil {
		return result{}, fmt.Errorf("read rows: %w", err)
	}
	return r, nil
}
