package private

import (
	"errors"
	"fmt"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// SyncOf makes the name of a file durable: that it is new, or leads elsewhere.
// A folder is flushed by a handle that may write to it, which os.Open has not.
// File systems that keep names in a log of their own refuse to be told when;
// then nothing is left to do.
func SyncOf(path string) error {
	folder := filepath.Dir(path)
	name, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return fmt.Errorf("flush %s: %w", folder, err)
	}
	handle, err := windows.CreateFile(name, windows.GENERIC_WRITE,
		windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE, nil, windows.OPEN_EXISTING,
		windows.FILE_FLAG_BACKUP_SEMANTICS, 0)
	if err != nil {
		return fmt.Errorf("flush %s: %w", folder, err)
	}
	err = windows.FlushFileBuffers(handle)
	for _, refused := range []error{windows.ERROR_INVALID_FUNCTION, windows.ERROR_NOT_SUPPORTED, windows.ERROR_ACCESS_DENIED} {
		if errors.Is(err, refused) {
			err = nil
		}
	}
	if err = errors.Join(err, windows.CloseHandle(handle)); err != nil {
		return fmt.Errorf("flush %s: %w", folder, err)
	}
	return nil
}
