package sqldb

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // the driver of SQLite

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/sources"
)

// Bounds of a pool, and of what one answer may be.
const (
	maxConnections = 4
	keptIdle       = 2
	idleTime       = 30 * time.Second
	lifeTime       = 10 * time.Minute
	connectTime    = 5 * time.Second
	maxAnswerBytes = 8 << 20
)

// openPool opens a pool of connections; it dials when one is first used.
func (t target) openPool(env sources.Env, roots *x509.CertPool) (*sql.DB, error) {
	var db *sql.DB
	var err error
	switch t.dialect {
	case &postgres:
		db, err = t.openPostgres(t.lane(env.Client, roots))
	case &mysqlFamily:
		db, err = t.openMySQL(t.lane(env.Client, roots))
	default:
		db, err = t.openSQLite(env)
	}
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(maxConnections)
	db.SetMaxIdleConns(keptIdle)
	if t.dialect == &sqlite {
		db.SetMaxIdleConns(-1) // a file that was replaced is another one
	}
	db.SetConnMaxIdleTime(idleTime)
	db.SetConnMaxLifetime(lifeTime)
	return db, nil
}

// lane is the way to a server: through the guard, metered, and without TLS to
// none that is far.
type lane struct {
	target
	dial  func(ctx context.Context, network, address string) (net.Conn, error)
	tls   *tls.Config
	roots *x509.CertPool
}

func (t target) lane(client *outside.Client, roots *x509.CertPool) lane {
	l := lane{target: t, dial: client.Dialer(portOf(t.address)), roots: roots}
	if t.network == "unix" {
		l.dial = (&net.Dialer{Timeout: connectTime}).DialContext
	}
	l.tls = client.TLS(t.host)
	if roots != nil {
		l.tls.RootCAs = roots
	}
	if t.security == encrypted {
		l.tls.InsecureSkipVerify = true // that is what the dsn says
	}
	return l
}

func portOf(address string) uint16 {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return 0
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return 0
	}
	return uint16(n)
}

// connection is one that was dialled, with what may be said on it.
type connection struct {
	net.Conn
	near bool
}

func (l lane) dialServer(ctx context.Context) (connection, error) {
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	conn, err := l.dial(ctx, l.network, l.address)
	if err != nil {
		return connection{}, err
	}
	c := connection{Conn: outside.Metered(conn, maxAnswerBytes), near: outside.Near(conn)}
	if l.security == plain && !c.near {
		_ = conn.Close()
		return connection{}, &pull.Error{Kind: pull.Unusable, Op: op, Field: "dsn", Hint: own.Text("tls_far", nil)}
	}
	return c, nil
}

// bare says whether the connection may go without TLS where the server offers
// none.
func (l lane) bare(c connection) bool {
	return l.network == "unix" || c.near && (l.security == plain || l.security == preferred)
}

// secured returns the TLS of a connection, nil for none.
func (l lane) secured(c connection) *tls.Config {
	if l.network == "unix" || l.security == plain {
		return nil
	}
	config := l.tls.Clone()
	if l.bare(c) && l.roots == nil {
		config.InsecureSkipVerify = true // a server nearby may as well have no TLS at all
	}
	return config
}

// again hands out a connection that was dialled, and dials anew for what comes
// behind it: another try, a word to end a query. What may go without TLS on the
// first one may not on one that leads farther.
func (l lane) again(first connection) func(context.Context, string, string) (net.Conn, error) {
	used := false // one dial comes after another
	return func(ctx context.Context, _, _ string) (net.Conn, error) {
		if !used {
			used = true
			return first, nil
		}
		c, err := l.dialServer(ctx)
		if err == nil && first.near && !c.near {
			_ = c.Close()
			return nil, &pull.Error{Kind: pull.Unusable, Op: op, Field: "dsn", Hint: own.Text("tls_far", nil)}
		}
		return c, err
	}
}

// openPostgres takes nothing from the environment of the process but what the
// driver insists on reading: all of it is set here.
func (t target) openPostgres(l lane) (*sql.DB, error) {
	c, err := pgx.ParseConfig("host=localhost user=x password=x dbname=x sslmode=disable")
	if err != nil {
		return nil, fmt.Errorf("open PostgreSQL: %w", err)
	}
	c.Host, c.Port, c.User, c.Password, c.Database = t.host, portOf(t.address), t.user, t.password, t.database
	if c.Port == 0 {
		c.Port = 1
	}
	c.RuntimeParams = map[string]string{"application_name": "keypull", "client_encoding": "UTF8"}
	if t.schema != "" {
		c.RuntimeParams["search_path"] = t.schema
	}
	c.Fallbacks, c.TLSConfig, c.KerberosSrvName = nil, nil, ""
	c.ConnectTimeout = connectTime
	c.DefaultQueryExecMode = pgx.QueryExecModeDescribeExec
	c.StatementCacheCapacity, c.DescriptionCacheCapacity = 0, 0
	c.LookupFunc = func(context.Context, string) ([]string, error) { return []string{t.host}, nil }
	c.MaxProtocolMessageBodyLen = maxAnswerBytes
	return stdlib.OpenDB(*c, stdlib.OptionBeforeConnect(func(ctx context.Context, c *pgx.ConnConfig) error {
		first, err := l.dialServer(ctx)
		if err != nil {
			return err
		}
		c.TLSConfig = l.secured(first)
		if c.TLSConfig != nil && l.bare(first) {
			c.Fallbacks = []*pgconn.FallbackConfig{{Host: c.Host, Port: c.Port}}
		}
		c.DialFunc = l.again(first)
		return nil
	})), nil
}

func (t target) openMySQL(l lane) (*sql.DB, error) {
	c := mysql.NewConfig()
	c.User, c.Passwd, c.Net, c.Addr, c.DBName = t.user, t.password, "tcp", t.address, t.database
	c.Timeout, c.Logger = connectTime, &mysql.NopLogger{}
	c.CheckConnLiveness = false
	err := c.Apply(mysql.BeforeConnect(func(ctx context.Context, c *mysql.Config) error {
		first, err := l.dialServer(ctx)
		if err != nil {
			return err
		}
		c.TLS = l.secured(first)
		c.AllowFallbackToPlaintext = l.bare(first)
		c.DialFunc = l.again(first)
		return nil
	}))
	if err != nil {
		return nil, fmt.Errorf("open MySQL: %w", err)
	}
	connector, err := mysql.NewConnector(c)
	if err != nil {
		return nil, &pull.Error{Kind: pull.Unusable, Op: op, Field: "dsn", Hint: own.Text("dsn_form", nil)}
	}
	return sql.OpenDB(connector), nil
}

// openSQLite opens the file to be read alone. What the file itself brings, a
// view or a table of its own kind, may call nothing that reaches out of it.
func (t target) openSQLite(env sources.Env) (*sql.DB, error) {
	path, err := env.Local("dsn", t.path)
	if err != nil {
		return nil, err //nolint:wrapcheck // of the contract of sources
	}
	at := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: url.Values{
		"mode": {"ro"}, "_pragma": {"query_only(1)", "trusted_schema(0)", "busy_timeout(500)", "cell_size_check(1)", "mmap_size(0)"},
	}.Encode()}
	db, err := sql.Open("sqlite", at.String())
	if err != nil {
		return nil, fmt.Errorf("open SQLite: %w", err)
	}
	return db, nil
}
