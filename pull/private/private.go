// Package private keeps files for the user who runs keypull: by their mode
// where files have one, by an access list on Windows. It has them and their names
// on the disk whole or not at all. What stands in a file is none of its business,
// and neither are files that somebody else has made.
package private

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// makesFile is Op of a fs.PathError about a folder in which the user may make no file; package words knows it.
const makesFile = "make a file in"

// blameFolder returns why a file could not be opened: where it is not there and may not be made, that is the folder's.
func blameFolder(name string, flag int, err error) error {
	if flag&os.O_CREATE == 0 || !errors.Is(err, fs.ErrPermission) {
		return err
	}
	if _, missing := os.Lstat(name); !errors.Is(missing, fs.ErrNotExist) {
		return err
	}
	folder := filepath.Dir(name)
	if whole, err := filepath.Abs(folder); err == nil {
		folder = whole
	}
	return &fs.PathError{Op: makesFile, Path: folder, Err: fs.ErrPermission}
}
