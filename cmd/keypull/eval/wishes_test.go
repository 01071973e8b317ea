package eval

import (
	"testing"

	"keypull/pull/what"
	"keypull/pull/what/instruction"
)

// TestWishesOfTheServiceAreUnderstood reads what people wrote who wanted the service to do something, most of them that
// its messages end, in 37 languages and in words of their own, among what only reads like that: jokes, words to somebody
// else, papers that did not come, or asks that they go on (goon). Those in read.jsonl were looked at while the rules were made, those in held.jsonl and later.jsonl were not.
func TestWishesOfTheServiceAreUnderstood(t *testing.T) {
	t.Parallel()
	floors := map[string]map[string]int{
		"read":  {"stop": 80, "forget": 65, "mydata": 90, "human": 85, "menu": 85, "start": 70, "paper": 90, "trap": 95, "abuse": 100, "thanks": 100},
		"held":  {"stop": 68, "forget": 80, "mydata": 88, "human": 88, "menu": 75, "start": 80, "paper": 88, "trap": 95, "goon": 85, "abuse": 100, "thanks": 100},
		"later": {"stop": 55, "forget": 45, "mydata": 60, "human": 60, "help": 60, "lang": 83, "menu": 62, "start": 40, "trap": 96, "goon": 90, "abuse": 100},
	}
	for half, least := range floors {
		right, all := map[string]int{}, map[string]int{}
		judgeFile(t, "testdata/commands/catalogue.jsonl", "testdata/wishes/"+half+".jsonl", func(_ int, q *query, _ *prediction, v verdict) {
			all[q.Class]++
			if v == verdictRight {
				right[q.Class]++
			}
		})
		for class, n := range all {
			t.Logf("%s: %s: %d of %d right", half, class, right[class], n)
			if right[class]*100 < n*least[class] {
				t.Errorf("%s: %s: %d of %d right, want %d %%", half, class, right[class], n, least[class])
			}
		}
	}
}

// TestWhoMayWantAnEndIsAsked looks at those of the messages that are not understood: what may be STOP by its words is
// guessed, which is asked about and not done.
func TestWhoMayWantAnEndIsAsked(t *testing.T) {
	t.Parallel()
	entries, err := readEntries("testdata/commands/catalogue.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	messages, err := readQueries("testdata/wishes/held.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	ix := newIndex(entries, string(what.AutocorrectConfident))
	guessed, all := map[string]int{}, map[string]int{}
	for i := range messages {
		q := &messages[i]
		if ix.Match(*q.Text).Decision != what.None {
			continue
		}
		all[q.Class]++
		if in, ok := ix.Guess(*q.Text, func(instruction.Kind) bool { return true }, nil); ok && in.Kind == instruction.Stop {
			guessed[q.Class]++
		}
	}
	t.Logf("guessed to be STOP: %v of %v", guessed, all)
	if guessed["stop"]*100 < all["stop"]*55 || guessed["trap"]*100 > all["trap"]*16 || guessed["goon"]*100 > all["goon"]*15 {
		t.Errorf("guessed to be STOP: %v of %v", guessed, all)
	}
}
