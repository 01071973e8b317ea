package pull_test

import (
	"strings"
	"testing"
	"time"

	"keypull/pull/catalogue"
)

// A stand-in answers for its keyword however that is asked for, and for no other, until its
// time is over.
func TestAStandInAnswersUntilItsTime(t *testing.T) {
	for _, tt := range []struct {
		name   string
		before bool
		said   []string
		want   string
	}{
		{"in place", false, []string{"papers"}, "No papers today."},
		{"before the answer", true, []string{"papers"}, "No papers today. | Paper 0 | Paper 1"},
		{"before what MORE brings", true, []string{"papers", "more"}, "No papers today. | Paper 2 | Paper 3 | [More=c:more]"},
		{"in place of what was saved", false, []string{"papers", "save", "my"}, "No papers today."},
		{"no other keyword", false, []string{"street 3"}, "Paper 3"},
		{"no command", true, []string{"more"}, "There is nothing more to show."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := listed(t)
			until := k.at.Add(time.Hour)
			k.edition.PutStandIn("papers", catalogue.StandIn{Text: catalogue.Localised{"en": "No papers today."}, Before: tt.before, Until: &until})
			var got string
			for _, text := range tt.said {
				got = k.say(text)
			}
			if !strings.HasPrefix(got, tt.want) {
				t.Errorf("the reply is %q, want %q", got, tt.want)
			}
			k.at = until
			if got := k.say("papers"); strings.Contains(got, "No papers today") {
				t.Errorf("after its time the reply is %q", got)
			}
		})
	}
}
