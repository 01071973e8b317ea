package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/store/withdrawn"
	"keypull/web/console"
)

// liveFiles returns the files that the service works with: a copy never goes there.
func (in *installation) liveFiles() []string {
	store, key := in.config.OwnPath(), in.config.Secrets.KeyFile
	files := []string{store, key, key + ".slots", in.config.Path, inFlightFile(store), inFlightFile(store) + ".crash", withdrawn.NameOf(store)}
	if socket, err := socketFile(store); err == nil {
		files = append(files, socket)
	}
	return files
}

// inFlightFile marks what is being computed.
func inFlightFile(store string) string { return store + ".resolving" }

// notLive refuses a destination that is one of the live files, by whatever path
// or link.
func (in *installation) notLive(path string) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return &pull.Error{Kind: pull.Invalid, Op: "back up", Field: "path", Hint: words.Text{Key: "refusal.no_file", Args: words.Args{"path": path}}}
	}
	// What would be made beside the copy is nothing that people know of.
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	for _, live := range in.liveFiles() {
		if sameFile(path, live) {
			return &pull.Error{Kind: pull.Invalid, Op: "back up", Field: "path",
				Hint: words.Text{Key: "refusal.live_file", Args: words.Args{"path": path, "live": live}}}
		}
	}
	return nil
}

// sameFile says that two paths are one file, or would be.
func sameFile(a, b string) bool {
	at, errA := os.Stat(a)
	bt, errB := os.Stat(b)
	if errA == nil && errB == nil {
		return os.SameFile(at, bt)
	}
	a, errA = filepath.Abs(a)
	b, errB = filepath.Abs(b)
	return errA == nil && errB == nil && a == b
}

// liveStore copies the store to where nothing live is.
type liveStore struct{ h *installation }

var _ console.Backups = liveStore{}

// BackupFile implements console.Backups.
func (l liveStore) BackupFile(ctx context.Context, path string, overwrite bool) (int64, error) {
	if err := l.h.notLive(path); err != nil {
		return 0, err
	}
	if l.h.file == nil {
		return 0, backUpDatabase()
	}
	return l.h.file.BackupFile(ctx, path, overwrite)
}

// backUpDatabase says which tools a store has that is a database.
func backUpDatabase() error {
	return &pull.Error{Kind: pull.Invalid, Op: "back up", Hint: words.Text{Key: "database.backup"}}
}

// liveKeys copies the key files to where nothing live is.
type liveKeys struct{ h *installation }

var _ console.KeyFiles = liveKeys{}

// BackupFiles implements console.KeyFiles.
func (l liveKeys) BackupFiles(path string) error {
	for _, to := range []string{path, path + ".slots"} {
		if err := l.h.notLive(to); err != nil {
			return err
		}
	}
	return l.h.ring.BackupFiles(path)
}
