package languages

import (
	_ "embed" // The tables are part of the program.
	"encoding/binary"
	"maps"
	"slices"
	"strings"
	"sync"
)

// tables is what "go generate ./pull/what/languages" makes of the folders, so
// that none of them is read to understand a message.
//
//go:generate go run ./compile -o tables.bin
//go:embed tables.bin
var tables string

// Pack writes tables with their names: the same bytes each time.
func Pack(named map[string][]byte) []byte {
	var out []byte
	for _, name := range slices.Sorted(maps.Keys(named)) {
		out = binary.AppendUvarint(out, uint64(len(name)))
		out = append(out, name...)
		out = binary.AppendUvarint(out, uint64(len(named[name])))
		out = append(out, named[name]...)
	}
	return out
}

var packed = sync.OnceValue(func() map[string]string {
	named := map[string]string{}
	r := strings.NewReader(tables)
	next := func() string {
		size, err := binary.ReadUvarint(r)
		from := len(tables) - r.Len()
		if err != nil || size > uint64(r.Len()) {
			panic("the tables of the languages are cut off") // they are part of the program
		}
		r = strings.NewReader(tables[from+int(size):])
		return tables[from : from+int(size)]
	}
	for r.Len() > 0 {
		name := next()
		named[name] = next()
	}
	return named
})

// Table returns the table of a name, as it was packed, or nothing.
func Table(name string) string { return packed()[name] }
