package eval

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
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
			return fmt.Errorf("%s:%d: %w", path, number, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s:%d: %w", path, number, err)
	}
	return nil
}
