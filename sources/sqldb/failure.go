package sqldb

import (
	"context"
	"errors"
	"os"
	"strings"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
	sqlitedriver "modernc.org/sqlite"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/sources"
)

// reason is what a database complains of, as far as somebody can do something
// about it.
type reason struct {
	key   string
	kind  pull.ErrorKind
	field string
}

var (
	badPassword  = reason{"no_entry", pull.Unusable, "dsn"}
	noDatabase   = reason{"no_database", pull.Unusable, "dsn"}
	noTable      = reason{"no_table", pull.Unusable, "query"}
	noColumn     = reason{"no_column", pull.Unusable, "query"}
	noFunction   = reason{"no_function", pull.Unusable, "query"}
	notUnderstud = reason{"not_understood", pull.Unusable, "query"}
	forbidden    = reason{"forbidden", pull.Unusable, "query"}
	writes       = reason{"writes", pull.Unusable, "query"}
	tooSlow      = reason{"too_slow", pull.Unavailable, "query"}
	tooMany      = reason{"too_many", pull.Unavailable, "dsn"}
	closing      = reason{"closing", pull.Unavailable, "dsn"}
	unfit        = reason{"argument_unfit", pull.Invalid, "argument"}
	untyped      = reason{"untyped", pull.Unusable, "query"}
	noFile       = reason{"no_file", pull.Unusable, "dsn"}
	notSQLite    = reason{"not_sqlite", pull.Unusable, "dsn"}
	locked       = reason{"locked", pull.Unavailable, "dsn"}
	damaged      = reason{"damaged", pull.Unusable, "dsn"}
	tooLarge     = reason{"too_large", pull.Unusable, "query"}
)

// byState are the reasons by SQLSTATE of PostgreSQL, whole or its class.
var byState = map[string]reason{
	"28": badPassword, "3D": noDatabase, "42P01": noTable, "3F": noTable, "42703": noColumn, "42883": noFunction,
	"42601": notUnderstud, "42501": forbidden, "25006": writes, "57014": tooSlow, "55P03": tooSlow, "53300": tooMany,
	"57": closing, "53": closing, "42P18": untyped, "42P08": untyped, "42804": untyped, "22": unfit, "42": notUnderstud, "54": tooLarge,
}

// byNumber are the reasons by error number of MySQL and MariaDB.
var byNumber = map[uint16]reason{
	1045: badPassword, 1044: badPassword, 1698: badPassword, 1130: badPassword, 1251: badPassword, 1049: noDatabase, 1146: noTable, 1109: noTable,
	1054: noColumn, 1305: noFunction, 1630: noFunction, 1064: notUnderstud, 1149: notUnderstud, 1142: forbidden, 1143: forbidden,
	1370: forbidden, 1227: forbidden, 1792: writes, 1290: writes, 3024: tooSlow, 1969: tooSlow, 1317: tooSlow, 1205: tooSlow, 1040: tooMany, 1203: tooMany,
	1226: tooMany, 1053: closing, 1366: unfit, 1292: unfit, 1210: unfit, 1153: tooLarge,
}

// bySQLite are the reasons by primary result code, where the words say no more.
var bySQLite = map[int]reason{3: forbidden, 5: locked, 6: locked, 8: writes, 9: tooSlow, 11: damaged, 14: noFile, 18: tooLarge, 23: forbidden, 26: notSQLite}

// explainFailure returns the error for people of what a driver complained of.
func (s *source) explainFailure(ctx context.Context, err error) error {
	var ready *pull.Error
	if errors.As(err, &ready) {
		return ready
	}
	if r, detail, ok := s.told(err); ok {
		return s.because(r, detail)
	}
	var refused *outside.Error
	var long *pgproto3.ExceededMaxBodyLenErr
	switch {
	case errors.As(err, &refused):
		return sources.Failed(op, "dsn", err)
	case errors.Is(err, outside.ErrTooLarge), errors.As(err, &long):
		return s.because(tooLarge, "")
	case ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded):
		return s.because(tooSlow, "")
	case strings.Contains(err.Error(), "tls: ") || strings.Contains(err.Error(), "x509: ") || strings.Contains(err.Error(), "refused TLS") || strings.Contains(err.Error(), "TLS requested"):
		return s.because(reason{"tls_failed", pull.Unusable, "dsn"}, "")
	}
	return &pull.Error{Kind: pull.Unavailable, Op: op, Field: "dsn", Hint: own.Text("silent", words.Args{"database": s.target.dialect.name}), Err: errors.New(s.redacted(err.Error()))}
}

// because returns a reason with what the database said.
func (s *source) because(r reason, detail string) error {
	args := words.Args{"argument": "{argument}", "limit": settings.FormatDuration(s.timeout), "said": sources.Shorten(sources.Line(s.redacted(detail)), 200)}
	return &pull.Error{Kind: r.kind, Op: op, Field: r.field, Hint: own.Text(r.key, args)}
}

// redacted takes out the password, should anybody repeat it.
func (s *source) redacted(text string) string {
	if len(s.target.password) < 4 {
		return text
	}
	return strings.ReplaceAll(text, s.target.password, settings.Mask)
}

// told returns what a database answered.
func (s *source) told(err error) (r reason, detail string, ok bool) {
	var pg *pgconn.PgError
	var my *mysql.MySQLError
	var lite *sqlitedriver.Error
	switch {
	case errors.As(err, &pg):
		if r, ok = byState[pg.Code]; !ok {
			r, ok = byState[pg.Code[:min(2, len(pg.Code))]]
		}
		detail = pg.Message
	case errors.As(err, &my):
		r, ok = byNumber[my.Number]
		detail = my.Message
	case errors.As(err, &lite):
		r, ok = s.toldBySQLite(lite)
		detail = lite.Error()
	case s.target.dialect == &sqlite && errors.Is(err, os.ErrNotExist):
		return noFile, "", true
	default:
		return r, "", false
	}
	if !ok {
		r = reason{"database_says", pull.Unusable, "query"}
	}
	return r, detail, true
}

func (s *source) toldBySQLite(e *sqlitedriver.Error) (reason, bool) {
	text := e.Error()
	for _, known := range []struct {
		part string
		is   reason
	}{
		{"no such table", noTable}, {"no such column", noColumn}, {"no such function", noFunction}, {"syntax error", notUnderstud},
		{"incomplete input", notUnderstud}, {"unrecognized token", notUnderstud}, {"too many attached", forbidden},
	} {
		if strings.Contains(text, known.part) {
			return known.is, true
		}
	}
	r, ok := bySQLite[e.Code()&0xff]
	return r, ok
}
