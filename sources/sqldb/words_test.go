package sqldb_test

import (
	"testing"

	"keypull/sources/sourcetest"
	"keypull/sources/sqldb"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	sourcetest.Words(t, sqldb.Kind)
}
