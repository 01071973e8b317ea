package pipeline

import (
	"time"

	"keypull/pull/journal"
	"keypull/pull/who"
	"keypull/pull/words"
)

// DeadLetter is an ask whose reply could not be brought to the reader, or that
// never got one because resolving it ended the process.
type DeadLetter struct {
	Ask                uint64
	Publisher, Channel string
	Reader             who.Key
	// At is when the reader asked, Since when it was given up.
	At, Since time.Time
	// Why holds neither words nor address of the
	// reader.
	Why words.Text
	// Queued: somebody wants it sent again, and it has not left yet.
	Queued bool
	// Text is what the reader was to be told, as plain text; "" if the ask
	// was never answered, or nothing of it is kept.
	Text string
	// Trace tells how far the ask got; nil if nothing of it is kept. Who
	// writes a letter of an ask without a record gives it here.
	Trace *journal.Trace
	// Ended: answering it ended the process, so that it is never answered again;
	// the reader may ask anew.
	Ended bool
	// Lost: nothing of the ask can be read any more, or the reader has not
	// agreed that anything is kept, so that it can't be sent again.
	Lost bool
}
