package messenger_test

import (
	"testing"

	"keypull/web/messengers/messenger"
	"keypull/web/messengers/messengertest"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	messengertest.Words(t, messenger.Kind)
}
