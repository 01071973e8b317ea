package sqldb_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"
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
	pg, my := &server{name: "postgres"}, &server{name: "mariadb"}
	go func() { ready <- pg.startPostgres() }()
	go func() { ready <- my.startMariaDB() }()
	err = startSQLite()
	for range 2 {
		if failed := <-ready; failed != nil {
			err = failed
		}
	}
	servers.stops = append(servers.stops, pg.stop, my.stop)
	servers.postgres, servers.mariadb = pg.port, my.port
	return err
}

// server is a process of a database.
type server struct {
	name, folder string
	port         int
	cmd          *exec.Cmd
	out          bytes.Buffer
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// newest returns the program of the highest version that is installed.
func newest(patterns ...string) (string, error) {
	for _, pattern := range patterns {
		found, err := filepath.Glob(pattern)
		if err == nil && len(found) > 0 {
			return found[len(found)-1], nil
		}
	}
	return "", fmt.Errorf("nothing is installed at %q", patterns)
}

// prepare makes the server's folder, which belongs to whom it runs as: neither
// server runs as root.
func (s *server) prepare() (err error) {
	if s.port, err = freePort(); err != nil {
		return err
	}
	s.folder = filepath.Join(servers.root, s.name)
	if err = os.Mkdir(s.folder, 0o700); err != nil || os.Geteuid() != 0 {
		return err
	}
	u, err := user.Lookup("nobody")
	if err != nil {
		return err
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	return os.Chown(s.folder, uid, gid)
}

func (s *server) command(program string, args ...string) *exec.Cmd {
	if os.Geteuid() == 0 {
		args = append([]string{"--reuid=nobody", "--regid=nogroup", "--clear-groups", program}, args...)
		program = "setpriv"
	}
	cmd := exec.Command(program, args...) //nolint:gosec // the servers of the tests
	cmd.Dir, cmd.Env = s.folder, append(os.Environ(), "HOME="+s.folder, "TZ=UTC", "LC_ALL=C")
	return cmd
}

func (s *server) run(program string, args ...string) error {
	if out, err := s.command(program, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", program, err, out)
	}
	return nil
}

// serve starts the server and waits until open succeeds.
func (s *server) serve(open func() error, program string, args ...string) error {
	s.cmd = s.command(program, args...)
	s.cmd.Stdout, s.cmd.Stderr = &s.out, &s.out
	if err := s.cmd.Start(); err != nil {
		return err
	}
	for until := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		err := open()
		if err == nil {
			return nil
		}
		if errors.As(err, &errScript{}) {
			return err
		}
		if time.Now().After(until) {
			return fmt.Errorf("%s does not answer: %w", s.name, err)
		}
	}
}

func (s *server) stop() {
	if s.cmd == nil || s.cmd.Process == nil {
		return
	}
	_ = s.cmd.Process.Signal(syscall.SIGQUIT)
	if s.name == "mariadb" {
		_ = s.cmd.Process.Kill() // what it keeps goes with it
	}
	_ = s.cmd.Wait()
}

func (s *server) startPostgres() error {
	initdb, err := newest("/usr/lib/postgresql/*/bin/initdb", "/usr/local/pgsql/bin/initdb", "/opt/homebrew/opt/postgresql*/bin/initdb")
	if err != nil {
		return err
	}
	if err := s.prepare(); err != nil {
		return err
	}
	data := filepath.Join(s.folder, "data")
	secret := filepath.Join(s.folder, "password")
	if err := os.WriteFile(secret, []byte(password), 0o644); err != nil { //nolint:gosec // the server reads it
		return err
	}
	if err := s.run(initdb, "-D", data, "-U", "owner", "-A", "scram-sha-256", "--pwfile="+secret, "-E", "UTF8", "--locale=C", "--no-sync"); err != nil {
		return err
	}
	return s.serve(func() error {
		return fill("pgx", fmt.Sprintf("postgres://owner:%s@127.0.0.1:%d/postgres?sslmode=disable", password, s.port),
			products,
			"CREATE SEQUENCE counter",
			"CREATE FUNCTION note(text) RETURNS text LANGUAGE sql AS $$ INSERT INTO news VALUES (99, $1, '', now(), '') RETURNING title $$",
			"CREATE FUNCTION slug(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower(replace($1, ' ', '-')) $$",
			"CREATE TABLE kinds (i bigint, n numeric, f double precision, t text, d date, z timestamptz, l text[], j jsonb, b bytea, y boolean, u uuid)",
			`INSERT INTO kinds VALUES (9007199254740993, 12.50, 0.5, 'x', '2026-03-01', '2026-03-01 10:00+01', '{"a b",c}', '{"k": [1, 2]}', '\x00ff', true, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')`,
			"CREATE USER reader PASSWORD '"+password+"'", "GRANT SELECT ON products TO reader",
			"ALTER ROLE owner SET standard_conforming_strings = off") // what is asked is read alike
	}, filepath.Join(filepath.Dir(initdb), "postgres"), "-D", data, "-p", strconv.Itoa(s.port),
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="+s.folder, "-c", "fsync=off", "-c", "full_page_writes=off",
		"-c", "shared_buffers=16MB", "-c", "max_wal_size=32MB", "-c", "max_connections=60", "-c", "autovacuum=off")
}

func (s *server) startMariaDB() error {
	program, err := newest("/usr/sbin/mariadbd", "/usr/sbin/mysqld")
	if err != nil {
		return err
	}
	if err := s.prepare(); err != nil {
		return err
	}
	install, err := newest("/usr/bin/mariadb-install-db", "/usr/bin/mysql_install_db")
	if err != nil {
		return err
	}
	data := filepath.Join(s.folder, "data")
	begin := filepath.Join(servers.root, "begin.sql")
	grant := "CREATE USER 'owner'@'127.0.0.1' IDENTIFIED BY '" + password + "'; GRANT ALL ON *.* TO 'owner'@'127.0.0.1' WITH GRANT OPTION; CREATE DATABASE shop CHARACTER SET utf8mb4;"
	if err := os.WriteFile(begin, []byte(strings.ReplaceAll(grant, "; ", ";\n")+"\n"), 0o644); err != nil { //nolint:gosec // the server reads it
		return err
	}
	light := []string{"--no-defaults", "--datadir=" + data, "--innodb-log-file-size=4M", "--innodb-buffer-pool-size=8M", "--innodb-fast-shutdown=2", "--innodb-flush-method=nosync"}
	if err := s.run(install, append(light, "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve", "--force")...); err != nil {
		return err
	}
	return s.serve(func() error {
		return fill("mysql", fmt.Sprintf("owner:%s@tcp(127.0.0.1:%d)/shop?multiStatements=true", password, s.port), products,
			"CREATE USER 'reader'@'127.0.0.1' IDENTIFIED BY '"+password+"'", "GRANT SELECT ON shop.products TO 'reader'@'127.0.0.1'",
			"CREATE FUNCTION slug(t varchar(80)) RETURNS varchar(80) DETERMINISTIC RETURN lower(replace(t, ' ', '-'))",
			"CREATE FUNCTION noted(t varchar(80)) RETURNS varchar(80) BEGIN INSERT INTO news VALUES (99, t, '', now(), ''); RETURN t; END",
			"CREATE SEQUENCE counter")
	}, program, append(light, "--init-file="+begin, "--port="+strconv.Itoa(s.port), "--bind-address=127.0.0.1", "--socket="+filepath.Join(s.folder, "s.sock"),
		"--pid-file="+filepath.Join(s.folder, "pid"), "--innodb-flush-log-at-trx-commit=0", "--skip-log-bin", "--performance-schema=off", "--sql-mode=ANSI,NO_BACKSLASH_ESCAPES", "--log-bin-trust-function-creators=1")...)
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
