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

// TestWhatWasOrderedForATimeIsToldTheTextThatStandsThen holds that the moment of the
// answer counts, not that of the order.
func TestWhatWasOrderedForATimeIsToldTheTextThatStandsThen(t *testing.T) {
	for _, tt := range []struct {
		name   string
		before bool
		until  time.Duration
		told   bool
	}{
		{"it stands in place", false, 5 * time.Hour, true},
		{"it stands before", true, 5 * time.Hour, true},
		{"it is over by then", false, 4 * time.Hour, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := newTalk(t)
			k.order("wipro at 15:25")
			if len(k.last.Orders) != 1 {
				t.Fatalf("ordered %+v", k.last.Orders)
			}
			until := k.at.Add(tt.until)
			k.edition.PutStandIn("quote", catalogue.StandIn{Text: catalogue.Localised{"en": "Trading is halted."}, Before: tt.before, Until: &until})
			got := k.carryOut(k.last.Orders[0])
			if told := strings.Contains(got, "Trading is halted."); told != tt.told {
				t.Errorf("until %s it says %q", until, got)
			}
			if answers := strings.Contains(got, "example.org/WIPRO"); answers != (tt.before || !tt.told) {
				t.Errorf("the answer itself: %q", got)
			}
		})
	}
}
