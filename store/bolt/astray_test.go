package bolt_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestAPageThatLeadsToAnOlderCopyIsTold changes every number of a page that
// stands in a branch, one bit at a time, to every other page of the file. Some
// of those are free and hold what the right one held some commits ago: sound in
// itself, and old.
func TestAPageThatLeadsToAnOlderCopyIsTold(t *testing.T) {
	content := written(t)
	path := filepath.Join(t.TempDir(), "keypull.db")
	came := map[string]int{}
	for _, at := range branched(content) {
		for bit := 0; 1<<bit < len(content)/4096; bit++ {
			changed := append([]byte(nil), content...)
			changed[at+bit/8] ^= 1 << (bit % 8)
			if err := os.WriteFile(path, changed, 0o600); err != nil {
				t.Fatal(err)
			}
			came[outcome(t, fmt.Sprintf("bit %d of the page at %d", bit, at), path)]++
		}
	}
	t.Logf("pages that lead astray: %v", came)
	if came["sentence"] == 0 {
		t.Error("nothing led astray")
	}
}

// branched are the places in a file where a branch names a page.
func branched(content []byte) (at []int) {
	const page, head, branch = 4096, 16, 1
	for from := 2 * page; from < len(content); from += page {
		p := content[from : from+page]
		if binary.NativeEndian.Uint16(p[8:]) != branch {
			continue
		}
		for i := range int(binary.NativeEndian.Uint16(p[10:])) {
			at = append(at, from+head+i*head+8)
		}
	}
	return at
}
