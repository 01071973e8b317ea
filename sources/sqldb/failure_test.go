package sqldb_test

import (
	"errors"
	"maps"
	"net/netip"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/sources/sourcetest"
	"keypull/sources/sqldb"
)

// said checks what an error tells.
func said(t *testing.T, err error, kind pull.ErrorKind, field, part string) {
	t.Helper()
	var e *pull.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Field != field || !strings.Contains(e.Hint.String(), part) {
		t.Errorf("it says %v; want %s of %s with %q", err, kind, field, part)
	}
	if err != nil && strings.Contains(err.Error(), password) {
		t.Errorf("it tells the password: %v", err)
	}
}

func TestAFailureIsOneSentence(t *testing.T) {
	wrong := func(database string) string { return strings.Replace(dsnOf(database, "owner"), password, "another", 1) }
	for _, c := range []struct {
		name, database string
		settings       values
		argument       string
		kind           pull.ErrorKind
		field, part    string
	}{
		{"a wrong password", "postgres", values{"dsn": wrong("postgres")}, "", pull.Unusable, "dsn", "refuses user or password"},
		{"a wrong password", "mariadb", values{"dsn": wrong("mariadb")}, "", pull.Unusable, "dsn", "refuses user or password"},
		{"no such database", "postgres", values{"dsn": strings.Replace(dsnOf("postgres", "owner"), "/postgres", "/shop", 1)}, "", pull.Unusable, "dsn", "no such database"},
		{"no such database", "mariadb", values{"dsn": strings.Replace(dsnOf("mariadb", "owner"), "/shop", "/other", 1)}, "", pull.Unusable, "dsn", "no such database"},
		{"no such file", "sqlite", values{"dsn": "sqlite:other.db"}, "", pull.Unusable, "dsn", "cannot be opened"},
		{"no database", "sqlite", values{"dsn": "sqlite:text.db"}, "", pull.Unusable, "dsn", "is no SQLite database"},
		{"no such table", "postgres", values{"query": "SELECT * FROM nowhere"}, "", pull.Unusable, "query", "a table of the query is not there: “relation \"nowhere\" does not exist”"},
		{"no such table", "mariadb", values{"query": "SELECT * FROM nowhere"}, "", pull.Unusable, "query", "a table of the query is not there"},
		{"no such table", "sqlite", values{"query": "SELECT * FROM nowhere"}, "", pull.Unusable, "query", "a table of the query is not there"},
		{"no such column", "postgres", values{"query": "SELECT missing FROM news"}, "", pull.Unusable, "query", "a column of the query is not there"},
		{"no such column", "mariadb", values{"query": "SELECT missing FROM news"}, "", pull.Unusable, "query", "a column of the query is not there"},
		{"no such column", "sqlite", values{"query": "SELECT missing FROM news"}, "", pull.Unusable, "query", "a column of the query is not there"},
		{"no SQL", "postgres", values{"query": "SELECT FROM WHERE"}, "", pull.Unusable, "query", "does not understand"},
		{"no SQL", "mariadb", values{"query": "SELECT FROM WHERE"}, "", pull.Unusable, "query", "does not understand"},
		{"no SQL", "sqlite", values{"query": "SELECT FROM WHERE"}, "", pull.Unusable, "query", "does not understand"},
		{"no right", "postgres", values{"dsn": dsnOf("postgres", "reader")}, "", pull.Unusable, "query", "may not read that"},
		{"no right", "mariadb", values{"dsn": dsnOf("mariadb", "reader")}, "", pull.Unusable, "query", "may not read that"},
		{"a word for a number", "postgres", values{"query": "SELECT title FROM news WHERE id = {argument}"}, "bridge", pull.Invalid, "argument", "a number or a date may be wanted"},
		{"no TLS where it is demanded", "postgres", values{"dsn": dsnOf("postgres", "owner") + "?sslmode=verify-full"}, "", pull.Unusable, "dsn", "cannot be trusted"},
		{"no TLS where it is demanded", "mariadb", values{"dsn": dsnOf("mariadb", "owner") + "?tls=true"}, "", pull.Unusable, "dsn", "cannot be trusted"},
		{"nobody there", "postgres", values{"dsn": "postgres://u:p@127.0.0.1:1/d"}, "", pull.Unavailable, "dsn", "PostgreSQL does not answer"},
		{"nobody there", "mariadb", values{"dsn": "u:p@tcp(127.0.0.1:1)/d"}, "", pull.Unavailable, "dsn", "MySQL does not answer"},
	} {
		t.Run(c.name+" at "+c.database, func(t *testing.T) {
			v := values{"query": "SELECT title FROM news"}
			maps.Copy(v, c.settings)
			_, _, err := ask(t, opened(t, c.database, v), c.argument)
			said(t, err, c.kind, c.field, c.part)
		})
	}
}

func TestTheGuardStandsBeforeDatabasesToo(t *testing.T) {
	env := sourcetest.Env(t, "")
	env.Client = outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}})
	t.Cleanup(env.Client.Close)
	for _, database := range []string{"postgres", "mariadb"} {
		source := sourcetest.Open(t, sqldb.Kind, env, values{"dsn": dsnOf(database, "owner"), "query": "SELECT title FROM news"})
		_, err := source.Fetch(t.Context(), "{}", nil)
		said(t, err, pull.Unusable, "dsn", "127.0.0.1")
	}
}

func TestFilesAreForThoseWhoMayReadThem(t *testing.T) {
	for _, dsn := range []string{"sqlite:/etc/passwd.db", "postgres://u:p@/d?host=/var/run/postgresql", "host=/var/run/postgresql user=u dbname=d", "u:p@unix(/run/mysqld/mysqld.sock)/d"} {
		s := sqldb.Kind.New()
		if err := settings.Fill(s, values{"dsn": dsn, "query": "SELECT 1 AS title"}); err != nil {
			t.Errorf("%s: %v", dsn, err)
			continue
		}
		_, err := s.Open(sourcetest.Env(t, ""))
		var e *pull.Error
		if !errors.As(err, &e) || e.Kind != pull.Denied || e.Field != "dsn" {
			t.Errorf("%s opens with %v", dsn, err)
		}
	}
}
