package page_test

import (
	"testing"

	"keypull/sources/page"
	"keypull/sources/sourcetest"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	sourcetest.Words(t, page.Kind)
}
