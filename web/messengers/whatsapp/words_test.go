package whatsapp_test

import (
	"testing"

	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/whatsapp"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	messengertest.Words(t, whatsapp.Kind)
}
