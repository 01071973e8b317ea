package sqldb_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"keypull/pull/outside/servertest"
)

// What is kept in each database of the tests.
const (
	password = "s3cret-of-the-shop"
	products = `
CREATE TABLE products (sku varchar(20) PRIMARY KEY, title varchar(80), price decimal(10,2), stock integer, link varchar(80));
INSERT INTO products VALUES
	('A-1', 'Blue lamp', 19.90, 4, 'https://shop.example.org/a-1'),
	('A-2', 'Red lamp', 24.00, 0, 'https://shop.example.org/a-2'),
	('B-7', 'Garden chair', 89.50, 12, 'https://shop.example.org/b-7');
CREATE TABLE news (id integer PRIMARY KEY, title varchar(80), summary varchar(200), published timestamp, town varchar(40));
INSERT INTO news VALUES
	(1, 'Bridge closed', 'Until Friday.', '2026-03-01 08:30:00', 'Springfield'),
	(2, 'Market opens', 'On Saturday, at eight.', '2026-03-02 09:00:00', 'Shelbyville');
`
)

// servers are the real ones, started once.
var servers struct {
	// root is where each keeps what it has; owner whom they run as.
	root, owner string
	postgres    int
	mariadb     int
	sqlite      string
	stops       []func()
}

func TestMain(m *testing.M) {
	code := func() int {
		defer func() {
			slices.Reverse(servers.stops)
			for _, stop := range servers.stops {
				stop()
			}
		}()
		if err := start(); err != nil {
			fmt.Fprintln(os.Stderr, "the databases of the tests do not start:", err)
			return 1
		}
		return m.Run()
	}()
	os.Exit(code)
}

func start() (err error) {
	if servers.root, err = os.MkdirTemp("", "sqldb"); err != nil {
		return err
	}
	servers.stops = append(servers.stops, func() { _ = os.RemoveAll(servers.root) })
	if err := os.Chmod(servers.root, 0o755); err != nil { //nolint:gosec // the servers run as somebody else
		return err
	}
	ready := make(chan error, 2)
	pg, my := &servertest.Server{Name: "postgres", Root: servers.root}, &servertest.Server{Name: "mariadb", Root: servers.root, Kill: true}
	go func() { ready <- startPostgres(pg) }()
	go func() { ready <- startMariaDB(my) }()
	err = startSQLite()
	for range 2 {
		if failed := <-ready; failed != nil {
			err = failed
		}
	}
	servers.stops = append(servers.stops, pg.Stop, my.Stop)
	servers.postgres, servers.mariadb = pg.Port, my.Port
	return err
}

func startPostgres(s *servertest.Server) error {
	return s.ServePostgres(password, func() (bool, error) {
		err := fill("pgx", fmt.Sprintf("postgres://owner:%s@127.0.0.1:%d/postgres?sslmode=disable", password, s.Port),
			products,
			"CREATE SEQUENCE counter",
			"CREATE FUNCTION note(text) RETURNS text LANGUAGE sql AS $$ INSERT INTO news VALUES (99, $1, '', now(), '') RETURNING title $$",
			"CREATE FUNCTION slug(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower(replace($1, ' ', '-')) $$",
			"CREATE TABLE kinds (i bigint, n numeric, f double precision, t text, d date, z timestamptz, l text[], j jsonb, b bytea, y boolean, u uuid)",
			`INSERT INTO kinds VALUES (9007199254740993, 12.50, 0.5, 'x', '2026-03-01', '2026-03-01 10:00+01', '{"a b",c}', '{"k": [1, 2]}', '\x00ff', true, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')`,
			"CREATE USER reader PASSWORD '"+password+"'", "GRANT SELECT ON products TO reader",
			"ALTER ROLE owner SET standard_conforming_strings = off") // what is asked is read alike
		return errors.As(err, &errScript{}), err
	}, "max_connections=60")
}

func startMariaDB(s *servertest.Server) error {
	program, err := servertest.Newest("/usr/sbin/mariadbd", "/usr/sbin/mysqld")
	if err != nil {
		return err
	}
	if err := s.Prepare(); err != nil {
		return err
	}
	install, err := servertest.Newest("/usr/bin/mariadb-install-db", "/usr/bin/mysql_install_db")
	if err != nil {
		return err
	}
	data := filepath.Join(s.Folder, "data")
	begin := filepath.Join(servers.root, "begin.sql")
	grant := "CREATE USER 'owner'@'127.0.0.1' IDENTIFIED BY '" + password + "'; GRANT ALL ON *.* TO 'owner'@'127.0.0.1' WITH GRANT OPTION; CREATE DATABASE shop CHARACTER SET utf8mb4;"
	if err := os.WriteFile(begin, []byte(strings.ReplaceAll(grant, "; ", ";\n")+"\n"), 0o644); err != nil { //nolint:gosec // the server reads it
		return err
	}
	light := []string{"--no-defaults", "--datadir=" + data, "--tmpdir=" + s.Folder, "--innodb-log-file-size=4M", "--innodb-buffer-pool-size=8M", "--innodb-fast-shutdown=2", "--innodb-flush-method=nosync"}
	if err := s.Run(install, append(light, "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve", "--force")...); err != nil {
		return err
	}
	return s.Serve(func() (bool, error) {
		err := fill("mysql", fmt.Sprintf("owner:%s@tcp(127.0.0.1:%d)/shop?multiStatements=true", password, s.Port), products,
			"CREATE USER 'reader'@'127.0.0.1' IDENTIFIED BY '"+password+"'", "GRANT SELECT ON shop.products TO 'reader'@'127.0.0.1'",
			"CREATE FUNCTION slug(t varchar(80)) RETURNS varchar(80) DETERMINISTIC RETURN lower(replace(t, ' ', '-'))",
			"CREATE FUNCTION noted(t varchar(80)) RETURNS varchar(80) BEGIN INSERT INTO news VALUES (99, t, '', now(), ''); RETURN t; END",
			"CREATE SEQUENCE counter")
		return errors.As(err, &errScript{}), err
	}, program, append(light, "--init-file="+begin, "--port="+strconv.Itoa(s.Port), "--bind-address=127.0.0.1", "--socket="+filepath.Join(s.Folder, "s.sock"),
		"--pid-file="+filepath.Join(s.Folder, "pid"), "--innodb-flush-log-at-trx-commit=0", "--skip-log-bin", "--performance-schema=off", "--sql-mode=ANSI,NO_BACKSLASH_ESCAPES", "--log-bin-trust-function-creators=1")...)
}

func startSQLite() error {
	servers.sqlite = filepath.Join(servers.root, "sqlite", "shop #1.db")
	if err := os.Mkdir(filepath.Dir(servers.sqlite), 0o755); err != nil { //nolint:gosec // of a test
		return err
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(servers.sqlite), "text.db"), []byte(strings.Repeat("No database at all.\n", 100)), 0o600); err != nil {
		return err
	}
	return fill("sqlite", "file:"+strings.NewReplacer(" ", "%20", "#", "%23").Replace(servers.sqlite), products)
}

// errScript is a mistake of the tests' own, at a server that answers.
type errScript struct{ error }

// fill runs statements, each script at once.
func fill(driver, dsn string, scripts ...string) error {
	if driver == "mysql" {
		_ = mysql.SetLogger(&mysql.NopLogger{})
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	if err := db.PingContext(context.Background()); err != nil {
		return err
	}
	for _, script := range scripts {
		if _, err := db.ExecContext(context.Background(), script); err != nil {
			return errScript{fmt.Errorf("%s: %w", script, err)}
		}
	}
	return nil
}

// dsnOf returns that of a database of the tests, for a user.
func dsnOf(database, user string) string {
	switch database {
	case "postgres":
		return fmt.Sprintf("postgres://%s:%s@127.0.0.1:%d/postgres", user, password, servers.postgres)
	case "mariadb":
		return fmt.Sprintf("mysql://%s:%s@127.0.0.1:%d/shop", user, password, servers.mariadb)
	}
	return "sqlite:" + filepath.Base(servers.sqlite)
}

// between returns a way to a server that can be cut.
func between(t *testing.T, port int) (through int, cut func()) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var open []net.Conn
	keep := func(conns ...net.Conn) {
		mu.Lock()
		defer mu.Unlock()
		open = append(open, conns...)
	}
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", "127.0.0.1:"+strconv.Itoa(port))
			if err != nil {
				_ = in.Close()
				continue
			}
			keep(in, out)
			go func() { _, _ = io.Copy(out, in); _ = out.Close() }()
			go func() { _, _ = io.Copy(in, out); _ = in.Close() }()
		}
	}()
	cut = func() {
		_ = l.Close()
		mu.Lock()
		defer mu.Unlock()
		for _, c := range open {
			_ = c.Close()
		}
	}
	t.Cleanup(cut)
	return l.Addr().(*net.TCPAddr).Port, cut
}

// databases are all of them.
var databases = []string{"postgres", "mariadb", "sqlite"}
