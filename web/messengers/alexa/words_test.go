package alexa_test

import (
	"testing"

	"keypull/web/messengers/alexa"
	"keypull/web/messengers/messengertest"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	messengertest.Words(t, alexa.Kind)
}
