package messengertest_test

import (
	"strings"
	"testing"

	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
	"keypull/web/messengers/messengertest"
)

// tabled has a table of faults, by which it sorts nothing.
type tabled struct{ messengers.Messenger }

func (tabled) Rows() httpapi.Faults {
	return httpapi.Faults{{Codes: "not_in_channel", Means: messengers.Blocked}}
}

func TestATableOfFaultsIsWhatSendGoesBy(t *testing.T) {
	c := messengertest.Wrapped(workspaceCase(), func(_ messengers.Env, m messengers.Messenger) messengers.Messenger { return tabled{m} })
	if found := strings.Join(messengertest.Findings(t, c), "\n"); !strings.Contains(found, "says by Refused how its platform words a refusal") {
		t.Errorf("a table whose refusals nobody can word: %s", found)
	}
	c.Refused = func(no httpapi.Fault) (int, string) { return 200, `{"ok":false,"error":"` + no.Codes + `"}` }
	if found := strings.Join(messengertest.Findings(t, c), "\n"); !strings.Contains(found, "is not sorted by its row") {
		t.Errorf("a table that Send does not go by: %s", found)
	}
}
