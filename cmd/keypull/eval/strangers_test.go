package eval

import (
	"path/filepath"
	"testing"
	"time"
)

// TestStrangersAreUnderstood answers messages that strangers wrote, of which two in five ask
// for nothing: those that were looked at while the rules were made, and those that were not.
// Certainty has to be as often right as it says, in what no tree was fitted to.
func TestStrangersAreUnderstood(t *testing.T) {
	t.Parallel()
	for part, floors := range map[string]struct{ utility, harmful, certainty, commands float64 }{
		"read":  {0.89, 0.010, 0.03, 0.97},
		"held":  {0.83, 0.014, 0.02, 0.93},
		"later": {0.85, 0.014, 0.06, 0.95},
		"cold":  {0.69, 0.014, 0.06, 0.80},
	} {
		t.Run(part, func(t *testing.T) {
			var queries []query
			var answers []*prediction
			for _, file := range globbed(t, filepath.Join(strangers, "*."+part+".jsonl")) {
				e := evaluation{catalogue: catalogueBeside(file), autocorrect: "confident", clock: time.Now}
				some, err := readQueries(file)
				if err != nil {
					t.Fatal(err)
				}
				found, _, err := e.answerQueries(some)
				if err != nil {
					t.Fatal(err)
				}
				queries, answers = append(queries, some...), append(answers, found...)
			}
			r, c := scorePredictions(queries, answers), countCalibration(queries, answers)
			t.Logf("%d messages: harmful %.4f, top-1 %.3f, answered or offered %.3f, quiet %.3f, commands %.3f, STOP %.3f, utility %.3f, certainty is off by %.3f",
				len(queries), r.Harmful, r.Top1, r.OfferRecall, r.Quiet, r.Reserved, r.Stop, r.Utility, c.Certainty)
			for _, b := range c.Bands {
				t.Logf("  from %.2f: %d found, certainty %.3f, meant %.3f", b.From, b.Found, b.Certainty, b.Share)
			}
			if r.Utility < floors.utility || r.Harmful > floors.harmful || c.Certainty > floors.certainty || r.Reserved < floors.commands {
				t.Errorf("want utility %.2f, commands %.2f, harmful %.3f and a certainty that is off by %.2f at most", floors.utility, floors.commands, floors.harmful, floors.certainty)
			}
		})
	}
}
