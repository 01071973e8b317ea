package matrix_test

import (
	"testing"

	"keypull/web/messengers/matrix"
	"keypull/web/messengers/messengertest"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	messengertest.Words(t, matrix.Kind)
}
