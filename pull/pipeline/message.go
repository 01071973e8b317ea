package pipeline

import (
	"time"

	"keypull/pull"
)

// message is an outgoing message: a settled reply that has not been sent. Its text
// is in memory while it is about to leave, and else in its record alone.
type message struct {
	ask     pull.Ask // without what was asked
	kind    pull.EntryKind
	reply   *pull.Reply
	settled time.Time
	bytes   int64
	// leaves: its record says that it may have left at once.
	leaves bool
	// resent: a dead letter that is sent again by hand.
	resent   bool
	dispatch Dispatch
	// noted: the dispatch stands on disk.
	noted bool
}

// messageBytes is about what a message takes on disk beside its text, and in
// memory without it.
const messageBytes = 512

func newMessage(e *pull.Entry, r *pull.Reply, settled time.Time) *message {
	a, kind := e.Ask, e.Kind
	if kind == pull.Asked && a.InBand {
		kind = pull.LateAnswer
	}
	// What was asked, and how the platform called it, is of no use any more.
	a.Text, a.Tap, a.Incoming.ID, a.Attachments, a.Location = "", "", "", nil, nil
	return &message{ask: a, kind: kind, reply: r, settled: settled, bytes: int64(messageBytes + sizeOfReply(r))}
}

// mayHaveArrived says that the message, or a part of it, may have arrived.
func (m *message) mayHaveArrived() bool { return m.dispatch.Doubtful || m.dispatch.Parts > 0 }

// replyAsTold returns a reply as the message tells it: by the clock where it is late, and with
// a line on the answers that gave way to it.
func (m *message) replyAsTold(r pull.Reply) *pull.Reply {
	if at := m.dispatch.Late; !at.IsZero() {
		r = r.Late(at)
	}
	r = r.Earlier(m.dispatch.Earlier)
	return &r
}
