//go:build unix

package private

import (
	"fmt"
	"os"
	"syscall"
)

const ownerOnly = 0o600

// Modes says whether the mode of a file tells who may read it.
const Modes = true

// OpenFile is os.OpenFile, and what it makes is the user's alone, mode 0600. An error names the file, or the folder in which
// it may not be made.
func OpenFile(name string, flag int) (*os.File, error) {
	f, err := os.OpenFile(name, flag, ownerOnly) //nolint:gosec // as os.OpenFile
	return f, blameFolder(name, flag, err)
}

// KeepOwner gives a file to the user whom another one belongs to.
func KeepOwner(file, of string) error {
	info, err := os.Stat(of)
	if err != nil {
		return err //nolint:wrapcheck // it names the file
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok || int(owner.Uid) == os.Geteuid() {
		return nil
	}
	return os.Chown(file, int(owner.Uid), int(owner.Gid)) //nolint:wrapcheck // it names the file
}

// Socket keeps the file of a socket for the user: the system makes it with the
// mode of any other file.
func Socket(path string) error {
	if err := os.Chmod(path, ownerOnly); err != nil {
		return fmt.Errorf("protect the socket: %w", err)
	}
	return nil
}
