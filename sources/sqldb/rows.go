package sqldb

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgtype"
	sqlitedriver "modernc.org/sqlite"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/shape"
)

// result is what a query brought.
type result struct {
	records []shape.Record
	// more says that it brought more than is taken.
	more bool
}

// readRecords reads rows up to the bounds.
func (s *source) readRecords(rows *sql.Rows) (result, error) {
	columns, err := rows.ColumnTypes()
	if err != nil {
		return result{}, fmt.Errorf("read columns: %w", err)
	}
	if len(columns) > maxColumns {
		return result{}, &pull.Error{Kind: pull.Unusable, Op: op, Field: "query", Hint: own.Text("many_columns", words.Args{"max": maxColumns})}
	}
	cells, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range cells {
		into[i] = &cells[i]
	}
	var r result
	bytes := 0
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return result{}, fmt.Errorf("read row: %w", err)
		}
		record := make(shape.Record, 0, len(columns))
		for i, c := range columns {
			bytes += size(cells[i])
			if v := s.value(c, cells[i]); v != nil {
				record = append(record, shape.Value{Name: c.Name(), V: v})
			}
		}
		if bytes > maxBytes && len(r.records) == 0 {
			return result{}, &pull.Error{Kind: pull.Unusable, Op: op, Field: "query", Hint: own.Text("too_large", nil)}
		}
		if len(r.records) == maxRows || bytes > maxBytes {
			r.more = true
			return r, nil
		}
		r.records = append(r.records, record)
	}
	return r, nil
}

func size(v any) int {
	switch v := v.(type) {
	case string:
		return len(v)
	case []byte:
		return len(v)
	}
	return 8
}

// layouts of what a database keeps without a zone.
const (
	naive  = "2006-01-02 15:04:05.999999"
	dayOut = time.DateOnly
)

// plainNumber is a number as databases write one.
var plainNumber = regexp.MustCompile(`^-?\d+(?:\.\d+)?$`)

// value returns a cell as shapes take it; nil for NULL, and for what no reader could
// read.
func (s *source) value(c *sql.ColumnType, v any) any {
	kind := strings.ToUpper(c.DatabaseTypeName())
	switch v := v.(type) {
	case nil:
		return nil
	case time.Time:
		return s.moment(kind, v)
	case []byte:
		if !utf8.Valid(v) || bytes.IndexByte(v, 0) >= 0 {
			return nil
		}
		return s.text(kind, string(v))
	case string:
		return s.text(kind, v)
	}
	return v
}

// moment returns a time with its zone where the column has one; else as it is
// written there, for whoever knows the zone.
func (s *source) moment(kind string, t time.Time) any {
	switch {
	case kind == "DATE":
		return t.Format(dayOut)
	case s.target.dialect == &postgres && kind != "TIMESTAMPTZ":
		return t.Format(naive)
	}
	return t
}

func (s *source) text(kind, text string) any {
	switch {
	case strings.HasPrefix(kind, "_"):
		var list []string
		if err := pgtype.NewMap().SQLScanner(&list).Scan(text); err == nil {
			return list
		}
	case kind == "JSON" || kind == "JSONB":
		if v, err := sources.DecodeJSON(text); err == nil {
			return v
		}
	case (strings.HasPrefix(kind, "DECIMAL") || strings.HasPrefix(kind, "NUMERIC") || strings.Contains(kind, "INT") || strings.Contains(kind, "DOUBLE") || kind == "FLOAT" || kind == "YEAR") && plainNumber.MatchString(text):
		return json.Number(text)
	}
	return text
}

// Numbers of limits of SQLite, see sqlite3_limit.
const (
	limitLength   = 0
	limitAttached = 7
)

// boundSQLite keeps a connection from opening other files, and from values that
// would fill the memory.
func boundSQLite(conn *sql.Conn) error {
	for id, limit := range map[int]int{limitLength: maxBytes, limitAttached: 0} {
		if _, err := sqlitedriver.Limit(conn, id, limit); err != nil {
			return fmt.Errorf("bound SQLite: %w", err)
		}
	}
	return nil
}

// warningsOf tells what was odd, and what was left out; nothing of rows that were
// brought for one reader.
func (s *source) warningsOf(made shape.Batch, r result) []words.Text {
	var all []words.Text
	if r.more {
		all = append(all, own.Text("many_rows", words.Args{"max": maxRows, "taken": len(r.records)}))
	}
	if len(s.statement.facts) > 0 {
		return all
	}
	return append(all, made.Warnings()...)
}
