package private

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestAFileThatMayNotBeMadeIsTheFoldersFault(t *testing.T) {
	folder := t.TempDir()
	there, missing := filepath.Join(folder, "there"), filepath.Join(folder, "missing")
	if err := os.WriteFile(there, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	denied := func(name string) *fs.PathError { return &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission} }
	for name, tt := range map[string]struct {
		file string
		flag int
		err  *fs.PathError
		want string
	}{
		"one that is not there":      {missing, os.O_RDWR | os.O_CREATE, denied(missing), folder},
		"one that is there":          {there, os.O_RDWR | os.O_CREATE, denied(there), there},
		"one that is only opened":    {missing, os.O_RDWR, denied(missing), missing},
		"one that fails another way": {missing, os.O_RDWR | os.O_CREATE, &fs.PathError{Op: "open", Path: missing, Err: fs.ErrClosed}, missing},
	} {
		var at *fs.PathError
		if err := blameFolder(tt.file, tt.flag, tt.err); !errors.As(err, &at) || at.Path != tt.want || (at.Op == "make a file in") != (tt.want == folder) || !errors.Is(err, tt.err.Err) {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
	if err := blameFolder(there, os.O_CREATE, nil); err != nil {
		t.Error(err)
	}
}
