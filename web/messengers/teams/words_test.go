package teams_test

import (
	"testing"

	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/teams"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	messengertest.Words(t, teams.Kind)
}
