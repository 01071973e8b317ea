package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"keypull/pull/words"
)

// maxSocketPath is the longest path that every system takes for a socket.
const maxSocketPath = 100

// A folder is made so that nobody else can reach into it; in one that is there
// nobody else may write.
const (
	privateMode = 0o700
	othersWrite = 0o022
)

// socketFile is where the server of a store listens for commands: beside the
// store, or in a folder of the user's own where that path is too long. It is
// never in a folder that others write to: whoever made a file of that name
// there first would be told what commands tell the server.
func socketFile(store string) (string, error) {
	abs, err := filepath.Abs(store)
	if err != nil {
		return "", fmt.Errorf("the path of the store: %w", err)
	}
	if path := abs + ".sock"; len(path) <= maxSocketPath {
		return path, nil
	}
	sum := sha256.Sum256([]byte(abs))
	name := "keypull-" + hex.EncodeToString(sum[:8]) + ".sock"
	var why []words.Text
	for _, folder := range socketFolders() {
		path := filepath.Join(folder, name)
		if len(path) > maxSocketPath {
			why = append(why, words.Text{Key: "cli.folder_long", Args: words.Args{"folder": folder}})
			continue
		}
		if err := ownFolder(folder); err != nil {
			why = append(why, words.Said(err))
			continue
		}
		return path, nil
	}
	if len(why) == 0 {
		why = []words.Text{{Key: "cli.socket_homeless"}}
	}
	return "", words.Fail(nil, "cli.socket_long", words.Args{"most": maxSocketPath - len(".sock"), "reason": why})
}

// socketFolders are the user's own folders, the best first.
func socketFolders() []string {
	if dir := os.Getenv("XDG_RUNTIME_DIR"); dir != "" {
		return []string{dir}
	}
	home, err := os.UserHomeDir()
	if err != nil || !filepath.IsAbs(home) {
		return nil
	}
	return []string{filepath.Join(home, ".keypull")}
}

// ownFolder makes sure that a folder is the user's own, and makes it where it
// is missing. A link is not followed: it may lead anywhere.
func ownFolder(path string) error {
	if err := os.Mkdir(path, privateMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return words.Fail(err, "cli.folder_unusable", words.Args{"folder": path, "reason": words.Said(err)})
	}
	info, err := os.Lstat(path)
	if err != nil {
		return words.Fail(err, "cli.folder_unusable", words.Args{"folder": path, "reason": words.Said(err)})
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !info.IsDir():
		return words.Fail(nil, "cli.folder_none", words.Args{"folder": path})
	case !ok || int(owner.Uid) != os.Geteuid():
		return words.Fail(nil, "cli.folder_foreign", words.Args{"folder": path})
	case info.Mode().Perm()&othersWrite != 0:
		return words.Fail(nil, "cli.folder_open", words.Args{"folder": path, "mode": fmt.Sprintf("%04o", info.Mode().Perm())})
	}
	return nil
}
