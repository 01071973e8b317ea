package eval

import "testing"

// TestWishesOfTheServiceAreUnderstood reads what people wrote who wanted the service to do something, most of them that
// its messages end, in 37 languages and in words of their own, among what only reads like that: jokes, words to somebody
// else, papers that did not come. Those in read.jsonl were looked at while the rules were made, those in held.jsonl were not.
func TestWishesOfTheServiceAreUnderstood(t *testing.T) {
	t.Parallel()
	floors := map[string]map[string]int{
		"read": {"stop": 80, "forget": 65, "mydata": 90, "human": 85, "menu": 85, "start": 70, "paper": 90, "trap": 95, "abuse": 100, "thanks": 100},
		"held": {"stop": 46, "forget": 60, "mydata": 80, "human": 75, "menu": 60, "start": 50, "paper": 88, "trap": 95, "abuse": 100, "thanks": 100},
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
