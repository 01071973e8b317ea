package pipeline

import (
	"reflect"

	"keypull/pull"
	"keypull/pull/who"
)

// Reword has an ask answered as its reader has corrected it, where it is not
// answered yet. id is the platform's own of the ask, now the message as it reads
// by now, nil where it was taken back: then nothing answers it. It reports whether
// the ask was still waiting.
//
// A correction is held in memory alone: a process that ends before the answer
// counts leaves the first wording to the next one.
func (l *backlog) Reword(key who.Key, id string, now *pull.Incoming) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.lines[key]
	if n == nil || id == "" {
		return false
	}
	ask := n.asking(id)
	if ask == 0 {
		return false
	}
	if n.reworded == nil {
		n.reworded = map[uint64]*pull.Incoming{}
	}
	n.reworded[ask] = now
	return true
}

// asking is the ask of a message that is not settled yet, 0 where there is none.
func (n *line) asking(id string) uint64 {
	if n.inHand != nil && n.inHand.Incoming.ID == id {
		return n.inHand.ID
	}
	for _, e := range n.entries {
		if e.Incoming.ID == id {
			return e.ID
		}
	}
	return 0
}

// leaveHand notes that the entry in hand is settled: nobody corrects it any more.
func (l *backlog) leaveHand(n *line) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(n.reworded, n.inHand.ID)
	n.inHand = nil
}

// wording is an entry as its reader last put it; false where they have taken it
// back.
func (l *backlog) wording(n *line, e *pull.Entry) (*pull.Entry, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, reworded := n.reworded[e.ID]
	if !reworded {
		return e, true
	}
	if now == nil {
		return e, false
	}
	put := *e
	put.Text, put.Tap, put.Attachments, put.Location = now.Text, now.Tap, now.Attachments, now.Location
	return &put, true
}

// stands says that nobody has corrected an entry since it was resolved.
func (l *backlog) stands(n *line, original, resolved *pull.Entry) bool {
	l.mu.Lock()
	_, reworded := n.reworded[original.ID]
	l.mu.Unlock()
	if !reworded {
		return true
	}
	now, there := l.wording(n, original)
	return there && reflect.DeepEqual(now.Incoming, resolved.Incoming)
}
