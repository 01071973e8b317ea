package eval

import (
	"path/filepath"
	"strings"
	"testing"
)

// corrected counts what becomes of messages that take something back, name two things, or
// only look like it.
type corrected struct{ all, right, harmful int }

// TestCorrectionsAndDoubleWishesAreRead reads messages in which something is corrected, taken
// back, or asked for beside another. The odd lines were looked at while the rules were
// written, the even ones not. An offer that names first what is meant is as good as an answer.
func TestCorrectionsAndDoubleWishesAreRead(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/corrections/*.queries.jsonl")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d languages: %v", len(files), err)
	}
	var halves [2]corrected
	for _, file := range files {
		judgeFile(t, strings.Replace(file, ".queries.", ".catalogue.", 1), file, func(i int, q *query, p *prediction, v verdict) {
			half := &halves[i%2]
			half.all++
			switch {
			case isWellRead(v, q, p):
				half.right++
				return
			case v == verdictWrongRun:
				half.harmful++
			}
			if i%2 == 0 {
				t.Logf("%s %s %s: %q is %s %s%v %s", filepath.Base(file)[:2], q.Class, v, *q.Text, p.Type, p.ID, p.IDs, p.Arg)
			}
		})
	}
	for i, half := range []string{"looked at", "not looked at"} {
		c := halves[i]
		t.Logf("%s: %d of %d right, %d harmful", half, c.right, c.all, c.harmful)
		if c.right*100 < c.all*leastRight || c.harmful*100 > c.all*mostHarmful {
			t.Errorf("%s: %d of %d right, %d harmful; want %d %% right, %d %% harmful at most", half, c.right, c.all, c.harmful, leastRight, mostHarmful)
		}
	}
}

// judgeFile reads the messages of a file for a catalogue, and tells what becomes of each.
func judgeFile(t *testing.T, catalogue, file string, tell func(i int, q *query, p *prediction, v verdict)) {
	t.Helper()
	entries, err := readEntries(catalogue)
	if err != nil {
		t.Fatal(err)
	}
	queries, err := readQueries(file)
	if err != nil {
		t.Fatal(err)
	}
	index := newIndex(entries, "")
	for i := range queries {
		q := &queries[i]
		p := newPrediction(*q.Text, index.Match(*q.Text))
		v, _ := judgePrediction(&q.Expect, &p)
		tell(i, q, &p, v)
	}
}

// isWellRead reports whether a message is answered right, or offered what is meant first.
func isWellRead(v verdict, q *query, p *prediction) bool {
	return v == verdictRight || v == verdictOfferedRight && p.IDs[0] == q.Expect.ID
}

// Floors of messages that correct or name two wishes, in percent.
const leastRight, mostHarmful = 90, 4
