package backup

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"keypull/pull/words"
	"keypull/store/sealed"
)

// A recovery sheet has the key file in lines that people can type, two for each of its keys:
// four groups of eight digits, with four behind by which a slip is found.
const (
	sheetMark  = "KEYPULL"
	lineBytes  = 16
	groupBytes = 4
	checkBytes = 2
	keyBytes   = 32
)

// SheetLines returns how many lines of a sheet a key takes.
func SheetLines(key []byte) int { return len(key) / lineBytes }

// WriteSheet prints a key; about says, in the words of whoever prints it, what it is for.
func WriteSheet(w io.Writer, key []byte, about string) error {
	var b strings.Builder
	b.WriteString(about + "\n\n")
	for at, n := 0, 1; at < len(key); at, n = at+lineBytes, n+1 {
		line := key[at : at+lineBytes]
		fmt.Fprintf(&b, "    %s-%d ", sheetMark, n)
		for g := 0; g < lineBytes; g += groupBytes {
			b.WriteString(" " + hex.EncodeToString(line[g:g+groupBytes]))
		}
		b.WriteString("  " + hex.EncodeToString(checkOf(n, line)) + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// checkOf is what stands behind a line.
func checkOf(n int, line []byte) []byte {
	sum := sha256.Sum256(append([]byte{byte(n)}, line...)) //nolint:gosec // two a key, of 64
	return sum[:checkBytes]
}

// ReadSheet returns the key of a recovery sheet, or of a key file.
func ReadSheet(text string) ([]byte, error) {
	if key, ok := sealed.ParseKey([]byte(strings.TrimSpace(text))); ok {
		return key, nil
	}
	var key []byte
	for line := range strings.Lines(text) {
		mark, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		n := len(key)/lineBytes + 1
		if !strings.EqualFold(mark, fmt.Sprintf("%s-%d", sheetMark, n)) {
			continue
		}
		b, err := hex.DecodeString(strings.ToLower(strings.Join(strings.Fields(rest), "")))
		if err != nil || len(b) != lineBytes+checkBytes || !bytes.Equal(checkOf(n, b[:lineBytes]), b[lineBytes:]) {
			return nil, words.Fail(err, "backup.sheet_line", words.Args{"n": n})
		}
		key = append(key, b[:lineBytes]...)
	}
	if len(key) == 0 || len(key)%keyBytes != 0 {
		return nil, words.Fail(nil, "backup.no_sheet", nil)
	}
	return key, nil
}
