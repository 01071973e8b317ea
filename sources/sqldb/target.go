package sqldb

import (
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-sql-driver/mysql"

	"keypull/pull/words"
)

// security says how a server proves who it is before it hears the password.
type security uint8

const (
	// preferred is verified TLS; without any only where the server is near and
	// offers none. encrypted is TLS whoever answers, verified by name and
	// authority, plain none at all, and only where the server is near.
	preferred security = iota
	plain
	encrypted
	verified
)

// target is what a dsn leads to: a server, or a file.
type target struct {
	dialect *dialect
	// network is tcp or unix; address is host and port, or the socket.
	network, address         string
	host                     string
	user, password, database string
	security                 security
	// path is the file of SQLite.
	path string
	// schema is where PostgreSQL looks for tables; "" if the server knows.
	schema string
}

// Ports where the dsn names none.
const (
	portPostgres = "5432"
	portMySQL    = "3306"
)

// parseDSN reads a dsn in any of the forms that the databases use: an address,
// key=value pairs as libpq has them, user:password@tcp(host:port)/name as Go has
// it for MySQL, or the path of a file.
func parseDSN(dsn string) (target, error) {
	dsn = strings.TrimSpace(dsn)
	scheme, rest, isURL := strings.Cut(dsn, "://")
	kind, _, _ := strings.Cut(strings.ToLower(scheme), "+") // mysql+pymysql and the like
	switch {
	case isURL && (kind == "postgres" || kind == "postgresql"):
		return fromURL(&postgres, "postgres://"+rest)
	case isURL && (kind == "mysql" || kind == "mariadb"):
		if strings.Contains(rest, "@tcp(") || strings.Contains(rest, "@unix(") {
			return fromGo(rest)
		}
		return fromURL(&mysqlFamily, "mysql://"+rest)
	case isURL && (kind == "sqlite" || kind == "sqlite3"):
		return fromFile(rest)
	case strings.HasPrefix(dsn, "sqlite:"), strings.HasPrefix(dsn, "sqlite3:"), strings.HasPrefix(dsn, "file:"):
		_, rest, _ = strings.Cut(dsn, ":")
		return fromFile(strings.TrimPrefix(rest, "//"))
	case isURL:
		return target{}, refuseQuery("dsn_scheme", words.Args{"scheme": shorten(scheme)})
	case strings.Contains(dsn, "@tcp(") || strings.Contains(dsn, "@unix(") || strings.HasPrefix(dsn, "tcp(") || strings.HasPrefix(dsn, "unix("):
		return fromGo(dsn)
	case pair(dsn):
		return fromPairs(dsn)
	case slices.Contains([]string{".db", ".sqlite", ".sqlite3", ".db3"}, strings.ToLower(filepath.Ext(dsn))):
		return fromFile(dsn)
	}
	return target{}, refuseQuery("dsn_form", nil)
}

func pair(dsn string) bool {
	first, _, ok := strings.Cut(dsn, "=")
	return ok && slices.Contains([]string{"host", "hostaddr", "port", "user", "password", "dbname", "sslmode"}, strings.TrimSpace(first))
}

// fromFile takes a path, without what a dsn for a driver has behind it.
func fromFile(path string) (target, error) {
	path, _, _ = strings.Cut(path, "?")
	if plain, err := url.PathUnescape(path); err == nil {
		path = plain
	}
	if path == "" || strings.HasPrefix(path, ":memory:") || strings.ContainsRune(path, 0) {
		return target{}, refuseQuery("dsn_file", nil)
	}
	return target{dialect: &sqlite, path: path}, nil
}

func fromURL(d *dialect, dsn string) (target, error) {
	u, err := url.Parse(dsn)
	if err != nil {
		return target{}, refuseQuery("dsn_form", nil)
	}
	t := target{dialect: d, network: "tcp", host: u.Hostname(), user: u.User.Username(), database: strings.Trim(u.Path, "/")}
	t.password, _ = u.User.Password()
	port := u.Port()
	for name, values := range u.Query() {
		if name == "port" {
			port = values[len(values)-1]
			continue
		}
		if err := t.setParameter(name, values[len(values)-1]); err != nil {
			return target{}, err
		}
	}
	return t.at(port)
}

// at settles the address.
func (t target) at(port string) (target, error) {
	if port == "" {
		port = portPostgres
		if t.dialect == &mysqlFamily {
			port = portMySQL
		}
	}
	if t.host == "" && t.address == "" || strings.Contains(t.host, ",") {
		return target{}, refuseQuery("dsn_host", nil)
	}
	switch {
	case strings.HasPrefix(t.host, "/") && t.dialect == &postgres:
		t.network, t.address = "unix", t.host+"/.s.PGSQL."+port
	case t.network == "tcp":
		t.address = net.JoinHostPort(t.host, port)
	}
	if t.user == "" {
		return target{}, refuseQuery("dsn_user", nil)
	}
	if t.dialect.ownsSchema(t.database) || slices.ContainsFunc(strings.Split(t.schema, ","), t.dialect.ownsSchema) {
		return target{}, refuseQuery("dsn_system", nil)
	}
	if t.database == "" {
		t.database = t.user
		if t.dialect == &mysqlFamily {
			return target{}, refuseQuery("dsn_database", nil)
		}
	}
	return t, nil
}

// setParameter takes one parameter of a dsn. Those that could read files, or make the
// connection read what was checked otherwise, are not taken.
func (t *target) setParameter(name, value string) error {
	switch strings.ToLower(name) {
	case "host", "hostaddr":
		t.host = value
	case "user":
		t.user = value
	case "password", "passwd":
		t.password = value
	case "dbname", "database":
		t.database = value
	case "search_path", "currentschema":
		t.schema = value
	case "sslmode", "ssl-mode", "ssl_mode", "tls", "ssl":
		return t.setSecurity(value)
	case "application_name", "connect_timeout", "timeout", "readtimeout", "writetimeout", "parsetime", "loc", "target_session_attrs", "gssencmode", "channel_binding", "client_encoding":
		// said here otherwise
	case "charset", "collation":
		if !strings.HasPrefix(strings.ToLower(value), "utf8") {
			return refuseQuery("dsn_parameter", words.Args{"name": shorten(name)})
		}
	default:
		return refuseQuery("dsn_parameter", words.Args{"name": shorten(name)})
	}
	return nil
}

func (t *target) setSecurity(value string) error {
	switch strings.ToLower(strings.ReplaceAll(value, "_", "-")) {
	case "disable", "disabled", "false", "0":
		t.security = plain
	case "allow", "prefer", "preferred", "":
		t.security = preferred
	case "require", "required", "skip-verify":
		t.security = encrypted
	case "verify-ca", "verify-full", "verify-identity", "true", "1":
		t.security = verified
	default:
		return refuseQuery("dsn_security", words.Args{"value": shorten(value)})
	}
	return nil
}

// fromGo reads the form of Go's driver for MySQL.
func fromGo(dsn string) (target, error) {
	c, err := mysql.ParseDSN(dsn)
	if err != nil {
		// Its words may repeat the password.
		return target{}, refuseQuery("dsn_form", nil)
	}
	if c.AllowAllFiles || c.MultiStatements || c.AllowOldPasswords || c.InterpolateParams || c.ServerPubKey != "" || len(c.Params) > 0 || c.ColumnsWithAlias {
		return target{}, refuseQuery("dsn_parameter", words.Args{"name": "…"})
	}
	t := target{dialect: &mysqlFamily, network: "tcp", user: c.User, password: c.Passwd, database: c.DBName}
	if err := t.setSecurity(c.TLSConfig); err != nil {
		return target{}, err
	}
	if c.Net == "unix" {
		t.network, t.address = "unix", c.Addr
		return t.at("")
	}
	host, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return target{}, refuseQuery("dsn_host", nil)
	}
	t.host = host
	return t.at(port)
}

// fromPairs reads key=value pairs; a value with spaces stands in single quotes.
func fromPairs(dsn string) (target, error) {
	t := target{dialect: &postgres, network: "tcp"}
	port := ""
	for rest := strings.TrimSpace(dsn); rest != ""; rest = strings.TrimSpace(rest) {
		name, after, ok := strings.Cut(rest, "=")
		if !ok {
			return target{}, refuseQuery("dsn_form", nil)
		}
		var value string
		if value, rest, ok = pairValue(strings.TrimLeft(after, " ")); !ok {
			return target{}, refuseQuery("dsn_form", nil)
		}
		if name = strings.TrimSpace(name); name == "port" {
			port = value
			continue
		}
		if err := t.setParameter(name, value); err != nil {
			return target{}, err
		}
	}
	return t.at(port)
}

func pairValue(text string) (value, rest string, ok bool) {
	var b strings.Builder
	inside := strings.HasPrefix(text, "'")
	i := 0
	if inside {
		i = 1
	}
	for ; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
		case inside && c == '\'':
			return b.String(), text[i+1:], true
		case !inside && (c == ' ' || c == '\n' || c == '\t'):
			return b.String(), text[i:], true
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), "", !inside
}
