package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
)

// maxSocketPath is the longest path that every system takes for a socket.
const maxSocketPath = 100

// socketPath is where the server of a store listens for commands: beside the
// store, or among the user's run-time files where that path is too long.
func socketPath(store string) string {
	abs, err := filepath.Abs(store)
	if err != nil {
		abs = store
	}
	if path := abs + ".sock"; len(path) <= maxSocketPath {
		return path
	}
	dir := os.Getenv("XDG_RUNTIME_DIR")
	if dir == "" {
		dir = os.TempDir()
	}
	sum := sha256.Sum256([]byte(abs))
	return filepath.Join(dir, "keypull-"+hex.EncodeToString(sum[:8])+".sock")
}
