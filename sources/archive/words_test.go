package archive_test

import (
	"testing"

	"keypull/sources/archive"
	"keypull/sources/sourcetest"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	sourcetest.Words(t, archive.Kind)
}
