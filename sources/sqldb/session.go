package sqldb

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// session is a transaction that may not write, at a server that knows when to
// give up.
type session struct {
	tx *sql.Tx
	// stop ends at the server what is still being done for the transaction.
	stop func(context.Context)
}

// beginTransaction begins a transaction on a connection, and tells the server the bounds.
func (s *source) beginTransaction(ctx context.Context, conn *sql.Conn) (session, error) {
	switch s.target.dialect {
	case &postgres:
		return s.beginPostgres(ctx, conn)
	case &mysqlFamily:
		return s.beginMySQL(ctx, conn)
	}
	if err := boundSQLite(conn); err != nil {
		return session{}, err
	}
	tx, err := conn.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return session{}, fmt.Errorf("begin: %w", err)
	}
	return session{tx: tx, stop: func(context.Context) {}}, nil
}

// beginPostgres sets all bounds for the transaction alone, so that a pool of
// servers between is left as it was. The driver asks the server to end what is
// given up, which is not heard by one that is about to begin with it.
func (s *source) beginPostgres(ctx context.Context, conn *sql.Conn) (session, error) {
	tx, err := conn.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return session{}, fmt.Errorf("begin: %w", err)
	}
	limit := strconv.FormatInt(s.timeout.Milliseconds(), 10)
	var id int64
	var set string
	err = tx.QueryRowContext(ctx, `SELECT pg_backend_pid(), set_config('statement_timeout', $1, true) || set_config('lock_timeout', $1, true) ||
		set_config('idle_in_transaction_session_timeout', $2, true) || set_config('standard_conforming_strings', 'on', true)`,
		limit, strconv.FormatInt((s.timeout+time.Minute).Milliseconds(), 10)).Scan(&id, &set)
	if err != nil {
		_ = tx.Rollback() // it never began in earnest
		return session{}, fmt.Errorf("bound transaction: %w", err)
	}
	return session{tx: tx, stop: func(ctx context.Context) {
		// Behind a pool of servers it may be somebody else's by now.
		s.aside(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND state <> 'idle' AND left(query, 200) = left($2, 200)`, id, s.statement.text)
	}}, nil
}

// beginMySQL sets the bounds of the session, which is ours. The driver gives
// up by hanging up, which the server notices late: so it is told.
func (s *source) beginMySQL(ctx context.Context, conn *sql.Conn) (session, error) {
	var version, mode string
	var id int64
	if err := conn.QueryRowContext(ctx, "SELECT VERSION(), CONNECTION_ID(), @@SESSION.sql_mode").Scan(&version, &id, &mode); err != nil {
		return session{}, fmt.Errorf("ask for version: %w", err)
	}
	limit := "max_execution_time = " + strconv.FormatInt(s.timeout.Milliseconds(), 10)
	if strings.Contains(strings.ToLower(version), "mariadb") {
		limit = "max_statement_time = " + strconv.FormatFloat(s.timeout.Seconds(), 'f', 3, 64)
	}
	seconds := strconv.Itoa(int(s.timeout.Seconds()) + 1)
	for _, statement := range []string{
		"SET NAMES utf8mb4",
		"SET SESSION sql_mode = '" + asRead(mode) + "'",
		"SET SESSION TRANSACTION READ ONLY",
		"SET SESSION " + limit + ", sql_select_limit = " + strconv.Itoa(maxRows+1) + ", lock_wait_timeout = " + seconds,
	} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return session{}, fmt.Errorf("bound session: %w", err)
		}
	}
	tx, err := conn.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return session{}, fmt.Errorf("begin: %w", err)
	}
	return session{tx: tx, stop: func(ctx context.Context) {
		s.aside(ctx, "KILL QUERY "+strconv.FormatInt(id, 10))
	}}, nil
}

// reading are the modes of a server of MySQL's family under which it would part
// a query at other places than was checked.
var reading = []string{
	"ANSI", "ANSI_QUOTES", "DB2", "IGNORE_SPACE", "MAXDB", "MSSQL", "MYSQL323", "MYSQL40", "NO_BACKSLASH_ESCAPES", "NO_KEY_OPTIONS", "ORACLE", "POSTGRESQL",
}

// asRead returns a list of modes without those.
func asRead(mode string) string {
	modes := slices.DeleteFunc(strings.Split(mode, ","), func(m string) bool {
		return slices.Contains(reading, m) || strings.Trim(m, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != ""
	})
	return strings.Join(modes, ",")
}

// aside tells the server something by a connection of its own, to end a query.
// One that has ended meanwhile is as good, and one that nobody could end ends by
// its time limit.
func (s *source) aside(ctx context.Context, statement string, values ...any) {
	const patience = 2 * time.Second
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	_, _ = s.second.ExecContext(ctx, statement, values...)
}
