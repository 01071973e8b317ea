package eval

import "testing"

// TestWhatIsAskedForIsTaken reads messages to fourteen outlets that mostly ask a keyword for something, in one word, in
// several, in sentences, and take it back, with statements and talk beside them. Those in *.read.jsonl were looked at
// while the rules were made, those in *.held.jsonl were not.
func TestWhatIsAskedForIsTaken(t *testing.T) {
	t.Parallel()
	for _, half := range []string{"read", "held"} {
		right, wrong, all := map[string]int{}, 0, map[string]int{}
		messages := 0
		for _, file := range globbed(t, "testdata/asked/*."+half+".jsonl") {
			judgeFile(t, catalogueBeside(file), file, func(_ int, q *query, _ *prediction, v verdict) {
				messages++
				all[q.Class]++
				switch v {
				case verdictRight:
					right[q.Class]++
				case verdictWrongRun:
					wrong++
				default:
				}
			})
		}
		for class, n := range all {
			t.Logf("%s: %s: %d of %d right", half, class, right[class], n)
		}
		t.Logf("%s: %d of %d answered wrongly", half, wrong, messages)
		if wrong*1000 > messages*mostAnswered {
			t.Errorf("%s: %d of %d answered wrongly, want %d ‰ at most", half, wrong, messages, mostAnswered)
		}
		for class, percent := range map[string]int{"wish-plain": 98, "wish-arg1": 90, "wish-args": 65, "correction": 65, "statement": 97} {
			if right[class]*100 < all[class]*percent {
				t.Errorf("%s: %s: %d of %d right, want %d %%", half, class, right[class], all[class], percent)
			}
		}
	}
}
