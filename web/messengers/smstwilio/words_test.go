package smstwilio_test

import (
	"testing"

	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/smstwilio"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	messengertest.Words(t, smstwilio.Kind)
}
