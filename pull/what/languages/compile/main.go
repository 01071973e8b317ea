// Command compile writes the tables of what all languages say, from their folders.
package main

import (
	"flag"
	"fmt"
	"maps"
	"os"

	"keypull/pull/what/command"
	"keypull/pull/what/instruction"
	"keypull/pull/what/languages"
	"keypull/pull/what/slot"
	"keypull/pull/what/speech"
)

func main() {
	out := flag.String("o", "tables.bin", "the file to write")
	flag.Parse()
	tables, err := compile()
	if err == nil {
		err = os.WriteFile(*out, tables, 0o644) //nolint:gosec // a file of the source tree
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "compile:", err)
		os.Exit(1)
	}
}

// compile returns the tables of all packages that have some.
func compile() ([]byte, error) {
	all := map[string][]byte{}
	for _, part := range []func() (map[string][]byte, error){speech.Compile, command.Compile, instruction.Compile, slot.Compile} {
		tables, err := part()
		if err != nil {
			return nil, err
		}
		maps.Copy(all, tables)
	}
	return languages.Pack(all), nil
}
