//go:build unix

package private

import (
	"errors"
	"os"
	"path/filepath"
)

// SyncOf makes the name of a file durable: that it is new, or leads elsewhere.
func SyncOf(path string) error {
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err //nolint:wrapcheck // it names the folder
	}
	return errors.Join(d.Sync(), d.Close())
}
