package pull_test

import (
	"strings"
	"testing"

	"keypull/pull/who"
)

func TestAtTheFirstContactItIsSaidThatItIsForStaff(t *testing.T) {
	t.Parallel()
	const staff = "This service is for staff only."
	for _, said := range []string{"wipro", "START", "HELP"} {
		k := newTalk(t)
		k.reader, k.edition.StaffOnly = who.Reader{}, true
		if got := k.say(said); strings.Count(got, staff) != 1 {
			t.Errorf("%s got %s", said, got)
		}
		if got := k.say("wipro"); strings.Contains(got, staff) {
			t.Errorf("the second time: %s", got)
		}
	}
}
