package sqldb_test

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"path/filepath"
	"testing"
	"time"

	"keypull/pull"
	"keypull/sources/sourcetest"
	"keypull/sources/sqldb"
)

// opened returns a source of a database of the tests.
func opened(t *testing.T, database string, more values) pull.Source {
	t.Helper()
	v := values{"dsn": dsnOf(database, "owner")}
	maps.Copy(v, more)
	return sourcetest.Open(t, sqldb.Kind, sourcetest.Env(t, filepath.Dir(servers.sqlite)), v)
}

// ask walks the steps of an ask.
func ask(t *testing.T, source pull.Source, argument string) (pull.Snapshot, pull.Selection, error) {
	t.Helper()
	q := pull.Query{Argument: argument, Count: 10, At: time.Now(), Language: "en"}
	key, err := source.Key(q)
	if err != nil {
		return pull.Snapshot{}, pull.Selection{}, err
	}
	s, err := source.Fetch(t.Context(), key, nil)
	if err != nil {
		return s, pull.Selection{}, err
	}
	found, err := source.Select(t.Context(), s, q)
	return s, found, err
}

// slow are queries without an end, and how many of them a server is at.
var slow = map[string]struct{ query, running string }{
	"postgres": {"SELECT count(*) AS title FROM generate_series(1, 100000000000) AS g(endless)", "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%AS g(endless)%' AND pid <> pg_backend_pid()"},
	"mariadb":  {"SELECT sum(mod(endless.seq, 7)) AS title FROM seq_1_to_100000000000 AS endless", "SELECT count(*) FROM information_schema.processlist WHERE info LIKE '%AS endless%' AND id <> connection_id()"},
	"sqlite":   {query: "WITH RECURSIVE endless(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM endless) SELECT count(*) AS title FROM endless"},
}

// running returns how many of the slow queries a server is at.
func running(t *testing.T, database string) (n int) {
	t.Helper()
	driver, dsn := "pgx", dsnOf("postgres", "owner")
	if database == "mariadb" {
		driver, dsn = "mysql", fmt.Sprintf("owner:%s@tcp(127.0.0.1:%d)/shop", password, servers.mariadb)
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.QueryRowContext(t.Context(), slow[database].running).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// reaches waits until a server is at so many of the slow queries.
func reaches(t *testing.T, database string, want int) {
	t.Helper()
	if database == "sqlite" {
		return // it has no server
	}
	for until := time.Now().Add(20 * time.Second); running(t, database) != want; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("%s is at %d slow queries; want %d", database, running(t, database), want)
		}
	}
}

func TestASlowStatementEndsByItsTimeoutAtTheServerToo(t *testing.T) {
	for _, database := range databases {
		t.Run(database, func(t *testing.T) {
			t.Parallel()
			source := opened(t, database, values{"query": slow[database].query, "timeout": "150ms"})
			_, _, err := ask(t, source, "")
			said(t, err, pull.Unavailable, "query", "the query was ended after 150ms")
			reaches(t, database, 0)
		})
	}
}

func TestWhatNobodyWaitsForAnyMoreEndsAtTheServer(t *testing.T) {
	for _, database := range []string{"postgres", "mariadb"} {
		t.Run(database, func(t *testing.T) {
			source := opened(t, database, values{"query": slow[database].query, "timeout": "30s"})
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error)
			go func() {
				_, err := source.Fetch(ctx, "{}", nil)
				ended <- err
			}()
			reaches(t, database, 1)
			cancel()
			if err := <-ended; err == nil {
				t.Error("it succeeds")
			}
			reaches(t, database, 0)
		})
	}
}

func TestATransactionForbidsWhatAFunctionHides(t *testing.T) {
	for _, c := range []struct{ database, query, function string }{
		{"postgres", "SELECT note('x') AS title", "note"},
		{"postgres", "SELECT nextval('counter') AS title", "nextval"},
		{"mariadb", "SELECT noted('x') AS title", "noted"},
	} {
		source := opened(t, c.database, values{"query": c.query, "functions": []any{c.function}})
		_, _, err := ask(t, source, "")
		said(t, err, pull.Unusable, "query", "the query would change something")
	}
}

func TestRowsAndBytesAreBounded(t *testing.T) {
	many := map[string]string{
		"postgres": "SELECT i AS id, 'row' AS title FROM generate_series(1, 100000) AS g(i)",
		"mariadb":  "SELECT a.id * 1000000 + b.stock * 1000 + c.id AS id, 'row' AS title FROM (WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 900) SELECT id FROM n) a, products b, news c LIMIT 100000",
		"sqlite":   "WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 100000) SELECT id, 'row' AS title FROM n",
	}
	large := map[string]string{
		"postgres": "SELECT repeat('x', 30000000) AS title", "mariadb": "SELECT repeat('x', 15000000) AS title", "sqlite": "SELECT replace(printf('%1000000s', 'x'), ' ', 'xxxxxxxxxx') AS title",
	}
	for _, database := range databases {
		s, _, err := ask(t, opened(t, database, values{"query": many[database], "timeout": "30s"}), "")
		if err != nil || len(s.Items) != 1000 || len(s.Warnings) != 1 {
			t.Errorf("%s: of many rows it takes %d, %v, %v", database, len(s.Items), s.Warnings, err)
		}
		_, _, err = ask(t, opened(t, database, values{"query": large[database], "timeout": "30s"}), "")
		t.Run(database, func(t *testing.T) { said(t, err, pull.Unusable, "query", "is larger than is taken") })
	}
}
