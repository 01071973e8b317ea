package email_test

import (
	"testing"

	"keypull/web/messengers/email"
	"keypull/web/messengers/messengertest"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	messengertest.Words(t, email.Kind)
}
