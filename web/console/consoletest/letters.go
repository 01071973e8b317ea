package consoletest

import (
	"context"
	"slices"
	"sync"

	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/pull/words"
	"keypull/web/console"
)

// Letters are dead letters that go with their test.
type Letters struct {
	mu  sync.Mutex
	all []pipeline.DeadLetter
	// Stopped are asks of readers who have said STOP.
	Stopped []uint64
	// Gone is what Dropped tells.
	Gone int
}

var _ console.DeadLetters = (*Letters)(nil)

// Die adds letters.
func (l *Letters) Die(letters ...pipeline.DeadLetter) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, letters...)
}

// List returns a page.
func (l *Letters) List(_ context.Context, publisher, channel string, after uint64, limit int) (letters []pipeline.DeadLetter, more bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, d := range l.all {
		if d.Publisher != publisher || channel != "" && d.Channel != channel || d.Ask <= after {
			continue
		}
		if len(letters) == limit {
			return letters, true, nil
		}
		letters = append(letters, d)
	}
	return letters, false, nil
}

// Queue sets the mark, and refuses readers who said STOP.
func (l *Letters) Queue(_ context.Context, publisher string, ask uint64) (bool, error) {
	if slices.Contains(l.Stopped, ask) {
		return false, &pull.Error{Kind: pull.Invalid, Op: "queue", Field: "ask", Hint: words.Text{Key: "hint.dead_stopped"}}
	}
	return l.mark(publisher, ask, true)
}

// Unqueue takes it back.
func (l *Letters) Unqueue(_ context.Context, publisher string, ask uint64) error {
	_, err := l.mark(publisher, ask, false)
	return err
}

func (l *Letters) mark(publisher string, ask uint64, queued bool) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, d := range l.all {
		if d.Publisher == publisher && d.Ask == ask {
			l.all[i].Queued = queued
			return d.Queued != queued, nil
		}
	}
	return false, &pull.Error{Kind: pull.Unknown, Op: "queue", Hint: words.Text{Key: "hint.dead_none"}}
}

// Counts counts by channel.
func (l *Letters) Counts(_ context.Context, publisher string) (map[string]int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	counts := map[string]int{}
	for _, d := range l.all {
		if d.Publisher == publisher {
			counts[d.Channel]++
		}
	}
	return counts, nil
}

// Dropped is what it was told.
func (l *Letters) Dropped(string) int { return l.Gone }
