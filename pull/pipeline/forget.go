package pipeline

import (
	"context"

	"keypull/pull"
	"keypull/pull/who"
	"keypull/pull/words"
)

// chore is what is done to a reader in the reader's line, between two asks.
type chore struct {
	do   func() error
	done chan error
}

// Forget has erase carried out in its place in the reader's line, so that it
// never comes between an ask and its settling. What waits there, asks and
// replies, is dropped unanswered; an ask that is being answered ends first, and
// what it settled is erased with the rest, though its own answer may have left
// by then. Whoever asks afterwards is somebody new.
//
// erase is called at most once, and is given up by no one: ctx ends only the
// waiting.
func (l *Pipeline) Forget(ctx context.Context, key who.Key, erase func(context.Context) error) error {
	c := chore{done: make(chan error, 1)}
	l.mu.Lock()
	if l.working.Err() != nil {
		l.mu.Unlock()
		return errEnding()
	}
	n := l.lineOf(key)
	entries := n.entries
	n.entries = nil
	if n.absent {
		l.occupyRoom(l.box(n.publisher, n.channel), len(entries))
		l.inHand += len(entries)
	}
	c.do = func() error {
		for _, e := range entries {
			l.discardAsk(n, e.Ask)
		}
		return l.eraseReader(key, n, erase)
	}
	n.chores = append(n.chores, c)
	l.wakeLine(n)
	l.mu.Unlock()
	l.dropLetters(n, Discarded)
	select {
	case err := <-c.done:
		return err
	case <-ctx.Done():
		return ctx.Err() //nolint:wrapcheck // the caller's own
	}
}

// eraseReader is the worker's part of Forget.
func (l *Pipeline) eraseReader(key who.Key, n *line, erase func(context.Context) error) error {
	l.dropLetters(n, Discarded)
	l.tickets.forget(key)
	err := l.Inbox.DropLater(l.working, key)
	if err == nil {
		err = erase(l.working)
	}
	l.cache.Invalidate(key)
	return err
}

// discardAsk ends an ask that nobody answers any more.
func (l *Pipeline) discardAsk(n *line, a pull.Ask) {
	if a.InBand {
		l.tickets.settle(a, nil, false)
	}
	l.endAsk(n, a, Discarded)
}

// doChores does what waits in a line beside asks.
func (l *Pipeline) doChores(n *line) {
	for {
		l.mu.Lock()
		if len(n.chores) == 0 {
			l.mu.Unlock()
			return
		}
		c := n.chores[0]
		n.chores = n.chores[1:]
		l.mu.Unlock()
		c.done <- c.do()
	}
}

// errEnding says that this process does nothing any more.
func errEnding() error {
	return &pull.Error{Kind: pull.Unavailable, Op: "forget reader", Hint: words.Text{Key: "pipeline.ending"}}
}
