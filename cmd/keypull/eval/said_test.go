package eval

import (
	"testing"
)

// said counts what becomes of messages that ask for nothing, and of corrections and double
// wishes.
type said struct{ statements, answered, offered, wishes, right int }

// TestWhatIsSaidAsksForNothing reads statements, memories, quotations, sayings and messages to
// somebody else, with a keyword in each, and corrections and double wishes beside them. Those in
// *.read.jsonl were looked at while the rules were made, those in *.held.jsonl were not.
func TestWhatIsSaidAsksForNothing(t *testing.T) {
	t.Parallel()
	for _, half := range []string{"read", "held"} {
		files := globbed(t, "testdata/said/*."+half+".jsonl")
		if len(files) < 18 {
			t.Errorf("%s: %d languages, want 18", half, len(files))
		}
		var all said
		for _, file := range files {
			all.count(t, file)
		}
		t.Logf("%s: of %d statements %d answered, %d offered; of %d corrections and double wishes %d right",
			half, all.statements, all.answered, all.offered, all.wishes, all.right)
		if all.answered*1000 > all.statements*mostAnswered || all.offered*100 > all.statements*mostOffered {
			t.Errorf("%s: of %d statements %d answered, %d offered; want %d ‰ and %d %% at most", half, all.statements, all.answered, all.offered, mostAnswered, mostOffered)
		}
		if all.right*100 < all.wishes*leastRight {
			t.Errorf("%s: %d of %d corrections and double wishes right, want %d %%", half, all.right, all.wishes, leastRight)
		}
	}
}

// Limits of what statements run, in thousandths, and are offered, in hundredths.
const mostAnswered, mostOffered = 5, 5

// count adds the messages of a file, beside which its catalogue stands.
func (s *said) count(t *testing.T, file string) {
	t.Helper()
	judgeFile(t, catalogueBeside(file), file, func(_ int, q *query, p *prediction, v verdict) {
		switch {
		case q.Expect.Type != "none":
			s.wishes++
			if isWellRead(v, q, p) {
				s.right++
			}
			return
		case v == verdictWrongRun:
			s.answered++
		case p.Type == "offer":
			s.offered++
		}
		s.statements++
	})
}
