package sqldb

import (
	"strconv"

	"keypull/pull/what/textform"
)

// dialect is how a database writes SQL, as far as a query must be told apart
// from what only looks like one.
type dialect struct {
	name string
	// backticks and brackets quote names; doubled, double quotes do so too, and
	// not texts.
	backticks, brackets, doubled bool
	// escapes says that a backslash in a plain text may escape, by a setting of
	// the server; dollars that texts are quoted by $tag$ and by E'…' too; nested
	// that comments hold comments; hashes that # begins one.
	escapes, dollars, nested, hashes bool
	// signs lists the signs that no query of the dialect has, as they stand for a
	// parameter or a variable.
	signs string
	// functions are those that neither write nor wait nor read files; home is
	// the schema that they live in.
	functions map[string]bool
	home      string
	// schemas and prefixes name what the database keeps of itself.
	schemas, prefixes []string
	// anywhere says that a prefix tells wherever the name stands; told are words
	// that stand for who asks, types those whose values are looked up in what it
	// keeps.
	anywhere    bool
	told, types []string
	// beside are the words that stand before a bracket and call nothing, each
	// with what must stand before it where it may be a name as well.
	beside map[string][]string
	// bind is how the n-th parameter is written, from 1.
	bind func(n int) string
}

func numbered(n int) string { return "$" + strconv.Itoa(n) }

func unnumbered(int) string { return "?" }

var postgres = dialect{
	name: "PostgreSQL", doubled: true, escapes: true, dollars: true, nested: true,
	functions: textform.Set(common, functionsPostgres), home: "pg_catalog",
	schemas: []string{"pg_catalog", "information_schema", "pg_toast"}, prefixes: []string{"pg_"},
	told:   []string{"current_user", "session_user", "system_user", "user", "current_role", "current_catalog", "current_schema"},
	types:  []string{"regclass", "regcollation", "regnamespace", "regoper", "regoperator", "regproc", "regprocedure", "regrole", "regtype"},
	beside: parseWordTable(besideCommon, besidePostgres),
	bind:   numbered,
}

var mysqlFamily = dialect{
	name: "MySQL", backticks: true, escapes: true, hashes: true, signs: "?@$",
	functions: textform.Set(common, functionsMySQL),
	schemas:   []string{"mysql", "performance_schema", "information_schema", "sys"},
	told:      []string{"current_user", "current_role"},
	beside:    parseWordTable(besideCommon, besideMySQL),
	bind:      unnumbered,
}

var sqlite = dialect{
	name: "SQLite", backticks: true, brackets: true, doubled: true, signs: "?@:$#",
	functions: textform.Set(common, functionsSQLite), prefixes: []string{"sqlite_", "pragma_", "dbstat", "fsdir"},
	anywhere: true, beside: parseWordTable(besideCommon, besideSQLite),
	bind: unnumbered,
}
