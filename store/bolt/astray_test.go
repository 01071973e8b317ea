package bolt_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestAPageThatLeadsToAnOlderCopyIsTold has every number of a page lead to every
// other page that begins with the same key. Those are copies: free by now, sound
// in themselves, and most of them old.
func TestAPageThatLeadsToAnOlderCopyIsTold(t *testing.T) {
	content := written(t)
	path := filepath.Join(t.TempDir(), "keypull.db")
	came := map[string]int{}
	for _, at := range leading(content) {
		right := binary.NativeEndian.Uint64(content[at:])
		for _, other := range copies(content, right) {
			changed := append([]byte(nil), content...)
			binary.NativeEndian.PutUint64(changed[at:], other)
			if err := os.WriteFile(path, changed, 0o600); err != nil {
				t.Fatal(err)
			}
			came[outcome(t, fmt.Sprintf("page %d for %d at %d", other, right, at), path)]++
		}
	}
	t.Logf("pages that lead to copies: %v", came)
	if came["a bucket that does not add up"] == 0 {
		t.Error("none led to an older copy")
	}
}

// The layout of a file's pages.
const (
	pageBytes   = 4096
	headBytes   = 16 // of a page and of an element
	branchPage  = 1
	leafPage    = 2
	bucketEntry = 1
)

// leading returns the places in a file where a branch names a page, or a leaf the
// first page of a bucket.
func leading(content []byte) (at []int) {
	for from := 2 * pageBytes; from < len(content); from += pageBytes {
		p := content[from : from+pageBytes]
		for i := range int(binary.NativeEndian.Uint16(p[10:])) {
			element := headBytes + i*headBytes
			switch kind := binary.NativeEndian.Uint16(p[8:]); {
			case element+headBytes > pageBytes:
			case kind == branchPage:
				at = append(at, from+element+8)
			case kind == leafPage && binary.NativeEndian.Uint32(p[element:]) == bucketEntry:
				at = append(at, from+element+int(binary.NativeEndian.Uint32(p[element+4:])+binary.NativeEndian.Uint32(p[element+8:])))
			}
		}
	}
	return at
}

// copies returns the pages other than id that are of the same kind and begin with the
// same key.
func copies(content []byte, id uint64) (ids []uint64) {
	want := begins(content, id)
	for other := uint64(2); other < uint64(len(content)/pageBytes); other++ {
		if other != id && want != "" && begins(content, other) == want {
			ids = append(ids, other)
		}
	}
	return ids
}

// begins returns the kind of a page and its first key; empty for none.
func begins(content []byte, id uint64) string {
	if id < 2 || id >= uint64(len(content)/pageBytes) {
		return ""
	}
	p := content[id*pageBytes : (id+1)*pageBytes]
	kind := binary.NativeEndian.Uint16(p[8:])
	if binary.NativeEndian.Uint64(p) != id || binary.NativeEndian.Uint16(p[10:]) == 0 {
		return ""
	}
	at, n := binary.NativeEndian.Uint32(p[headBytes+4:]), binary.NativeEndian.Uint32(p[headBytes+8:])
	if kind == branchPage {
		at, n = binary.NativeEndian.Uint32(p[headBytes:]), binary.NativeEndian.Uint32(p[headBytes+4:])
	}
	if from, to := uint64(headBytes)+uint64(at), uint64(headBytes)+uint64(at)+uint64(n); to <= pageBytes {
		return fmt.Sprint(kind, " ", string(p[from:to]))
	}
	return ""
}
