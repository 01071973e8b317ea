package engine_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEverythingWrittenAddsUp holds that what writes into the file goes through
// the one type that keeps the sums.
func TestEverythingWrittenAddsUp(t *testing.T) {
	writes := regexp.MustCompile(`(bolt|seeker)\.(Put|Delete|CreateBucket|CreateBucketIfNotExists|DeleteBucket)\(`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	inside := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		code, err := os.ReadFile(file) //nolint:gosec // of this package
		if err != nil {
			t.Fatal(err)
		}
		found := writes.FindAllString(string(code), -1)
		if file == "tx.go" {
			inside = len(found)
			continue
		}
		for _, call := range found {
			t.Errorf("%s writes by %s…) past the sums; use Put and Remove of a FileBucket", file, call)
		}
	}
	if inside == 0 {
		t.Error("nothing is written at all")
	}
}
