package sqldb

import (
	_ "embed"
	"strconv"
	"strings"

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

//go:embed functions.txt
var functionTable string

var functions = textform.Sections(functionTable)

// Where a word that stands before a bracket is looked at by more than the word
// before it: in GROUP BY, and in the arguments of JSON_TABLE.
const (
	inGroup = "(group)"
	inTable = "(table)"
)

// parseWordTable makes a dialect's table of such words.
func parseWordTable(lists ...string) map[string][]string {
	all := map[string][]string{}
	for word := range textform.Set(lists...) {
		name, behind, ok := strings.Cut(word, "<")
		all[name] = nil
		if ok {
			all[name] = strings.Split(behind, "|")
		}
	}
	return all
}

func numbered(n int) string { return "$" + strconv.Itoa(n) }

func unnumbered(int) string { return "?" }

var postgres = dialect{
	name: "PostgreSQL", doubled: true, escapes: true, dollars: true, nested: true,
	functions: textform.Set(functions["common"], functions["PostgreSQL"]), home: "pg_catalog",
	schemas: []string{"pg_catalog", "information_schema", "pg_toast"}, prefixes: []string{"pg_"},
	told:   []string{"current_user", "session_user", "system_user", "user", "current_role", "current_catalog", "current_schema"},
	types:  []string{"regclass", "regcollation", "regnamespace", "regoper", "regoperator", "regproc", "regprocedure", "regrole", "regtype"},
	beside: parseWordTable(functions["beside"], functions["beside PostgreSQL"]),
	bind:   numbered,
}

var mysqlFamily = dialect{
	name: "MySQL", backticks: true, escapes: true, hashes: true, signs: "?@$",
	functions: textform.Set(functions["common"], functions["MySQL"]),
	schemas:   []string{"mysql", "performance_schema", "information_schema", "sys"},
	told:      []string{"current_user", "current_role"},
	beside:    parseWordTable(functions["beside"], functions["beside MySQL"]),
	bind:      unnumbered,
}

var sqlite = dialect{
	name: "SQLite", backticks: true, brackets: true, doubled: true, signs: "?@:$#",
	functions: textform.Set(functions["common"], functions["SQLite"]), prefixes: []string{"sqlite_", "pragma_", "dbstat", "fsdir"},
	anywhere: true, beside: parseWordTable(functions["beside"], functions["beside SQLite"]),
	bind: unnumbered,
}
