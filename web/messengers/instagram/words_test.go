package instagram_test

import (
	"testing"

	"keypull/web/messengers/instagram"
	"keypull/web/messengers/messengertest"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	messengertest.Words(t, instagram.Kind)
}
