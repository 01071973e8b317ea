package private_test

import (
	"errors"
	"io/fs"
	"path/filepath"
	"testing"

	"keypull/pull/private"
)

func TestAFolderThatIsThereIsFlushed(t *testing.T) {
	here := t.TempDir()
	for _, tt := range []struct {
		path string
		want error
	}{
		{filepath.Join(here, "keypull.db"), nil},
		{filepath.Join(here, "gone", "keypull.db"), fs.ErrNotExist},
	} {
		if err := private.SyncOf(tt.path); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", tt.path, err)
		}
	}
}
