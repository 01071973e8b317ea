package hook_test

import (
	"testing"

	"keypull/sources/hook"
	"keypull/sources/sourcetest"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	sourcetest.Words(t, hook.Kind)
}
