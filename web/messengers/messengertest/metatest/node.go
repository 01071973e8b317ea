package metatest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// Node runs a script of modules beside the packages that are locked for tests,
// and returns what it says. name is the package that it needs.
func Node(t *testing.T, name, script string, input []byte) []byte {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", "..", "..", "cmd", "keypull", "testdata", "npm"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", name, "package.json")); err != nil {
		t.Fatalf("%s is missing: run npm ci in %s", name, dir)
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal("the packages of others need node")
	}
	cmd := exec.CommandContext(t.Context(), node, "--input-type=module", "-e", script) //nolint:gosec // a script of the tests
	cmd.Dir, cmd.Stdin = dir, bytes.NewReader(input)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s%s", err, out, complaint.Bytes())
	}
	return out
}

// Taken is a platform that takes every message, and keeps what came.
type Taken struct {
	URL string

	mu     sync.Mutex
	bodies [][]byte
}

// Takes opens one; answer is what it says to each message.
func Takes(t *testing.T, answer string) *Taken {
	t.Helper()
	taken := &Taken{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		taken.mu.Lock()
		taken.bodies = append(taken.bodies, body)
		taken.mu.Unlock()
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	taken.URL = server.URL
	return taken
}

// Bodies returns what came since it was last asked.
func (t *Taken) Bodies() [][]byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := t.bodies
	t.bodies = nil
	return all
}
