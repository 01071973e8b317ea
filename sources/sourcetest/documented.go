package sourcetest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Documented reads files of what services are documented to answer, by their
// names without ".json"; there must be some.
func Documented[T any](t *testing.T, pattern string) map[string]T {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %d files, error %v", pattern, len(files), err)
	}
	all := make(map[string]T, len(files))
	for _, name := range files {
		text, err := os.ReadFile(name) //nolint:gosec // a file of the test's own
		if err != nil {
			t.Fatal(err)
		}
		var one T
		if err := json.Unmarshal(text, &one); err != nil {
			t.Fatal(name, err)
		}
		all[strings.TrimSuffix(filepath.Base(name), ".json")] = one
	}
	return all
}

// Sent returns a documented body as it is sent: a text as such, all else as JSON.
func Sent(body json.RawMessage) string {
	var text string
	if json.Unmarshal(body, &text) == nil {
		return text
	}
	return string(body)
}
