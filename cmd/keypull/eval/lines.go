package eval

import (
	"bufio"
	"bytes"
	"os"
	"strconv"

	"keypull/pull/words"
)

// maxLine bounds one line of a file of JSON Lines, in bytes.
const maxLine = 1 << 20

// eachLine calls f with each line of a file that is not empty. An error names
// the file and the line.
func eachLine(path string, f func([]byte) error) error {
	file, err := os.Open(path) //nolint:gosec // the operator names the file
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // it was only read
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, maxLine)
	number := 1
	for ; lines.Scan(); number++ {
		line := bytes.TrimSpace(bytes.TrimPrefix(lines.Bytes(), []byte("\ufeff")))
		if len(line) == 0 {
			continue
		}
		if err := f(line); err != nil {
			return atLine(path, number, err)
		}
	}
	if err := lines.Err(); err != nil {
		return atLine(path, number, err)
	}
	return nil
}

// atLine says where in a file something is wrong.
func atLine(path string, number int, err error) error {
	return words.Fail(err, "cli.line", words.Args{"file": path, "line": strconv.Itoa(number), "reason": words.Said(err)})
}

// missingField says that a line has no field of a name.
func missingField(field string) error {
	return words.Fail(nil, "cli.line_lacks", words.Args{"field": field})
}

// wrongType says that the type in a line is none that there is.
func wrongType(got string) error {
	return words.Fail(nil, "cli.line_type", words.Args{"got": got, "known": "run, offer, none, reserved"})
}
