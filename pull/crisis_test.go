package pull_test

import (
	"strings"
	"testing"
	"time"

	"keypull/pull/catalogue"
)

// While it stands, a crisis text is above every answer of its keywords, however it was asked
// for, and above nothing else.
func TestACrisisTextStandsAboveAnswers(t *testing.T) {
	const notice = "Important notice: The bridge is closed."
	for _, tt := range []struct {
		name   string
		crisis catalogue.Crisis
		said   []string
		told   bool
	}{
		{"a keyword", catalogue.Crisis{}, []string{"papers"}, true},
		{"one of those that it is meant for", catalogue.Crisis{Keywords: []string{"street", "papers"}}, []string{"papers"}, true},
		{"another keyword", catalogue.Crisis{Keywords: []string{"street"}}, []string{"papers"}, false},
		{"MORE", catalogue.Crisis{Keywords: []string{"papers"}}, []string{"papers", "more"}, true},
		{"what was saved", catalogue.Crisis{Keywords: []string{"papers"}}, []string{"papers", "save", "my"}, true},
		{"a command", catalogue.Crisis{}, []string{"menu"}, false},
		{"what nobody knows", catalogue.Crisis{}, []string{"zxcvb"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := listed(t)
			tt.crisis.Text = catalogue.Localised{"en": "The bridge is closed."}
			until := k.at.Add(time.Hour)
			tt.crisis.Until = &until
			k.edition.Crisis = tt.crisis
			var got string
			for _, text := range tt.said {
				got = k.say(text)
			}
			if told := strings.Contains(got, notice); told != tt.told || told && (!strings.HasPrefix(got, notice) || strings.Count(got, notice) != 1) {
				t.Errorf("the reply is %q", got)
			}
			for _, at := range []time.Time{until, until.Add(-catalogue.MostCrisis - time.Minute)} {
				if k.at = at; strings.Contains(k.say(tt.said[0]), notice) {
					t.Errorf("it stands at %s, and goes at %s", at, until)
				}
			}
		})
	}
}
