package table_test

import (
	"testing"

	"keypull/sources/sourcetest"
	"keypull/sources/table"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	sourcetest.Words(t, table.Kind)
}
