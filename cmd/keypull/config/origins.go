package config

import (
	"sort"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2/unstable"
)

// origins tell where each value of a configuration came from.
type origins struct {
	file  string
	lines *lineTable
	// variables maps the path of a key to the variable of the environment that
	// took its place.
	variables map[string]string
	// named are the variables that the file itself names.
	named map[string]bool
	// resolved are the texts that a variable of the environment is part of.
	resolved map[string]bool
}

// newOrigins returns those of a text, which must not be changed while they are asked.
func newOrigins(file string, text []byte) origins {
	return origins{
		file: file, variables: map[string]string{}, named: map[string]bool{}, resolved: map[string]bool{},
		lines: &lineTable{text: text},
	}
}

// lineTable finds the line of a path. The first few are looked for in the text:
// of a large file a table of all paths takes ten times its size. Several may ask at once.
type lineTable struct {
	text []byte

	mu    sync.Mutex
	asked int
	all   map[string]int
}

// fewLines is how many paths are looked for before a table is made.
const fewLines = 4

// of returns the lines of a path and those that it lies below, others maybe
// among them.
func (t *lineTable) of(path string) map[string]int {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.asked++; t.asked <= fewLines {
		lines, _ := readLines(t.text, path)
		return lines
	}
	if t.all == nil {
		t.all, _ = readLines(t.text, "")
	}
	return t.all
}

// originOf returns file and line of a path; one that stands nowhere is where the
// table stands that should hold it.
func (o origins) originOf(path string) (file string, line int) {
	for at := path; at != ""; at = pathAbove(at) {
		if v, ok := o.variables[at]; ok {
			return v, 0
		}
	}
	lines := o.lines.of(path)
	for at := path; at != ""; at = pathAbove(at) {
		if line, ok := lines[at]; ok {
			return o.file, line
		}
	}
	return o.file, 0
}

// pathAbove returns the path of what holds the thing at a path.
func pathAbove(path string) string {
	return path[:max(strings.LastIndexByte(path, '.'), strings.LastIndexByte(path, '['), 0)]
}

// maxKeyParts is how many parts a key may have: endless ones would exhaust
// whoever descends into the tables that they make.
const maxKeyParts = 64

// readLines finds the line of every key and list entry of a TOML document up to
// its first broken line; with wanted, of those that this path is or lies below.
// deep is the line of a key with more than maxKeyParts parts; 0 if there is none.
func readLines(data []byte, wanted string) (lines map[string]int, deep int) {
	r := &lineReader{lines: map[string]int{}, rows: map[string]int{}, wanted: wanted}
	for i, c := range data {
		if c == '\n' {
			r.ends = append(r.ends, i)
		}
	}
	r.parser.Reset(data)
	table := ""
	for r.parser.NextExpression() {
		switch node := r.parser.Expression(); node.Kind {
		case unstable.Table:
			table = r.open(node, false)
		case unstable.ArrayTable:
			table = r.open(node, true)
		case unstable.KeyValue:
			if r.wants(table) {
				r.pair(node, table)
			}
		}
	}
	return r.lines, r.deep
}

// lineReader walks a document; rows counts those of each array of tables.
type lineReader struct {
	parser unstable.Parser
	ends   []int
	lines  map[string]int
	rows   map[string]int
	wanted string
	deep   int
}

func (r *lineReader) line(node *unstable.Node) int {
	return 1 + sort.SearchInts(r.ends, int(node.Raw.Offset))
}

// wants reports whether a path is one of those to be found.
func (r *lineReader) wants(path string) bool {
	return r.wanted == "" || strings.HasPrefix(r.wanted, path)
}

func (r *lineReader) mark(path string, line int) {
	if _, ok := r.lines[path]; !ok && r.wants(path) {
		r.lines[path] = line
	}
}

// open enters the table of a header and returns its path; a name on the way
// that is an array of tables means its last row.
func (r *lineReader) open(node *unstable.Node, array bool) string {
	path, line := "", 0
	for it, parts := node.Key(), 0; it.Next(); {
		if parts++; parts > maxKeyParts {
			r.deep = line
			return path
		}
		if n := r.rows[path]; n > 0 {
			path = entryPath(path, n-1)
		}
		path, line = joinPath(path, string(it.Node().Data)), r.line(it.Node())
		r.mark(path, line)
	}
	if array {
		r.rows[path]++
	}
	if n := r.rows[path]; n > 0 {
		path = entryPath(path, n-1)
		r.mark(path, line)
	}
	return path
}

// maxPathBytes bounds paths: no setting lies that deep, and keys of endless
// parts must not cost memory by the square.
const maxPathBytes = 1024

func joinPath(path, name string) string {
	switch {
	case path == "":
		return name
	case len(path)+len(name) > maxPathBytes:
		return path
	}
	return path + "." + name
}

// entryPath returns the path of an entry of a list.
func entryPath(path string, i int) string {
	if len(path) > maxPathBytes {
		return path
	}
	return path + rowPath(i)
}

func (r *lineReader) pair(node *unstable.Node, table string) {
	path, line := table, 0
	for it, parts := node.Key(), 0; it.Next(); {
		if parts++; parts > maxKeyParts {
			r.deep = line
			return
		}
		path, line = joinPath(path, string(it.Node().Data)), r.line(it.Node())
		r.mark(path, line)
	}
	r.value(node.Value(), path, line)
}

// value enters inline tables and lists; line is that of what they stand in.
func (r *lineReader) value(node *unstable.Node, path string, line int) {
	switch node.Kind {
	case unstable.InlineTable:
		for it := node.Children(); it.Next(); {
			r.pair(it.Node(), path)
		}
	case unstable.Array:
		i := 0
		for it := node.Children(); it.Next(); i++ {
			entry, at := entryPath(path, i), line
			if it.Node().Raw.Length > 0 {
				at = r.line(it.Node())
			}
			r.mark(entry, at)
			r.value(it.Node(), entry, at)
		}
	}
}
