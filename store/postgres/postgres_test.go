package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"keypull/pull/outside/servertest"
	"keypull/store"
	"keypull/store/postgres"
	"keypull/store/storetest"
)

const password = "s3cret-of-the-store"

// server is the real one, started once.
var server *servertest.Server

func TestMain(m *testing.M) {
	code := func() int {
		root, err := os.MkdirTemp("", "postgres")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer func() { _ = os.RemoveAll(root) }()
		_ = os.Chmod(root, 0o755) //nolint:gosec // the server runs as somebody else
		server = &servertest.Server{Name: "postgres", Root: root}
		defer server.Stop()
		if err := server.ServePostgres(password, func() (bool, error) {
			return false, answers(address("public"))
		}, "max_connections=300"); err != nil {
			fmt.Fprintln(os.Stderr, "the database of the tests does not start:", err)
			return 1
		}
		return m.Run()
	}()
	os.Exit(code)
}

func address(schema string) string {
	return fmt.Sprintf("postgres://owner:%s@127.0.0.1:%d/postgres?sslmode=disable&search_path=%s", password, server.Port, schema)
}

var schemas atomic.Int32

// emptySchema returns the address of an empty database.
func emptySchema(t *testing.T) string {
	t.Helper()
	name := fmt.Sprint("test", schemas.Add(1))
	run(t, address("public"), "create schema "+name)
	return address(name)
}

// run runs statements.
func run(t *testing.T, url string, statements ...string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	for _, sql := range statements {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
}

func open(t *testing.T, url string, o postgres.Options) *postgres.Store {
	t.Helper()
	o.HashKey = make([]byte, 32)
	if o.Durable == "" {
		o.Durable = postgres.Trusted
	}
	s, err := postgres.Open(t.Context(), url, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func opened(t *testing.T) storetest.Subject {
	clock, url := storetest.NewClock(), emptySchema(t)
	options := postgres.Options{Options: store.Options{Clock: clock.Now}}
	s := open(t, url, options)
	return storetest.Subject{
		Backend: s,
		Clock:   clock,
		Reopen: func(t *testing.T) store.Backend {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = open(t, url, options)
			return s
		},
		Empty: func(t *testing.T) storetest.Filling {
			url, filled := emptySchema(t), options
			filled.Filled = true
			f := open(t, url, filled)
			again := func(t *testing.T, o postgres.Options) store.Backend {
				if err := f.Close(); err != nil {
					t.Fatal(err)
				}
				f = open(t, url, o)
				return f
			}
			return storetest.Filling{Backend: f, Filled: func(t *testing.T) store.Backend { return again(t, options) },
				Again: func(t *testing.T) store.Backend { return again(t, filled) }}
		},
		Beside: func(t *testing.T) store.Backend { return open(t, url, options) },
	}
}

func TestContract(t *testing.T) { storetest.Run(t, opened) }

func TestKeyPagesContract(t *testing.T) {
	storetest.RunPages(t, func(t *testing.T) storetest.PageKeeper { return open(t, emptySchema(t), postgres.Options{}).KeyPages() })
}

// Who was taken over from sets no page any more.
func TestKeyPagesOfWhoHasEndedAreRefused(t *testing.T) {
	url := emptySchema(t)
	first, second := open(t, url, postgres.Options{}), open(t, url, postgres.Options{})
	page := store.KeyPage{Number: 0, Version: 1, Wrapper: "a", Sealed: []byte("kept")}
	if err := first.KeyPages().WritePages(t.Context(), []store.KeyPage{page}); err != nil {
		t.Fatal(err)
	}
	if err := second.Steal(t.Context(), first.Handle()); err != nil {
		t.Fatal(err)
	}
	late := page
	late.Version, late.Sealed = 2, []byte("late")
	if err := first.KeyPages().WritePages(t.Context(), []store.KeyPage{late}); !errors.Is(err, store.ErrFenced) {
		t.Errorf("error %v, want ErrFenced", err)
	}
	if err := second.KeyPages().ReadPages(t.Context(), func(p store.KeyPage) error {
		if string(p.Sealed) != "kept" {
			t.Errorf("it says %q", p.Sealed)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// Tables of the version before, which know no pages, get theirs.
func TestTheTableOfKeyPagesIsAdded(t *testing.T) {
	url := emptySchema(t)
	if err := open(t, url, postgres.Options{}).Close(); err != nil {
		t.Fatal(err)
	}
	run(t, url, "drop table keypull_key_page")
	if err := open(t, url, postgres.Options{}).KeyPages().WritePages(t.Context(), []store.KeyPage{{Version: 1}}); err != nil {
		t.Error(err)
	}
}
