package life

import (
	"context"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/who"
)

// Accepted is what became of an ask that was handed in.
type Accepted struct {
	// Ask is the id under which it goes on; of a duplicate, that of the first.
	Ask       uint64
	Duplicate bool
}

// Inbox is the durable queue of asks.
type Inbox interface {
	// Accept writes asks durably, each platform id of a channel once.
	Accept(ctx context.Context, asks []pull.Ask) ([]Accepted, error)
	// Claim waits for asks and returns up to limit of them, each once; after a
	// restart all that were not finished come again.
	Claim(ctx context.Context, limit int) ([]pull.Ask, error)
}

// Settlement is what makes an answer count.
type Settlement struct {
	Ask      pull.Ask
	Reader   who.Reader
	Revision uint64
	Record   Record
	// Finished: there is nothing left to send.
	Finished bool
}

// Record is what is written down of a settled ask.
type Record struct {
	// Publisher says whose ask it was.
	Publisher string `json:"publisher,omitempty"`
	// Reader says whose, where demand may count readers and words; empty where
	// the reader has not agreed that anything is kept.
	Reader who.Key `json:"reader,omitempty"`

	Reply *pull.Reply   `json:"reply,omitempty"`
	Trace journal.Trace `json:"trace"`
}

// Ledger holds the readers' documents and the records of settled asks.
type Ledger interface {
	// Reader returns the document and its revision; a zero document with
	// revision 0 where there is none.
	Reader(ctx context.Context, key who.Key) (who.Reader, uint64, error)
	// Settle writes the record first and the document second, or both at once.
	// A document that is no longer at the revision is an Error of kind Conflict.
	Settle(ctx context.Context, s Settlement) (revision uint64, err error)
	// Put writes a document alone, under the same rule.
	Put(ctx context.Context, key who.Key, r who.Reader, revision uint64) (uint64, error)
	// Record returns what Settle wrote; false where there is none.
	Record(ctx context.Context, ask uint64) (Record, bool, error)
	// Finish notes how sending ended and removes the ask from the inbox. It
	// need not be durable when it returns: what is lost is sent again with the
	// same key.
	Finish(ctx context.Context, f Finish)
}

// Finish is how an ask's life ended.
type Finish struct {
	Ask  uint64
	Fate Fate
	// Forget reduces the record to its id: the reader gave no consent to more.
	Forget bool
}

// Fate is what became of a reply.
type Fate string

// The fates.
const (
	// Sent: the platform took it.
	Sent Fate = "sent"
	// Handed: it travelled in the answer to the request.
	Handed Fate = "handed"
	// Gone: the reader cannot be reached any more.
	Gone Fate = "gone"
	// Dead: it can never be sent; a dead letter.
	Dead Fate = "dead"
	// Discarded: the reader said STOP before it left.
	Discarded Fate = "discarded"
	// Open: the process ends; the reply is sent after the next start.
	Open Fate = "open"
)

// Parcel is a reply on its way to a messenger.
type Parcel struct {
	Ask   pull.Ask
	Reply pull.Reply

	line *line
}

// Dropped reports whether the reader has said STOP meanwhile: what has not left
// by then must not leave any more.
func (p Parcel) Dropped() bool { return p.line != nil && p.line.dropped.Load() }

// Courier sends replies: it splits, waits, and tries again as the channel
// demands, and returns when the matter is decided, the parcel is dropped
// (Discarded) or ctx ends (Open).
type Courier interface {
	Deliver(ctx context.Context, p Parcel) Fate
}

// Editions gives the current edition of a publisher, or nil.
type Editions interface {
	Edition(publisher string) *pull.Edition
}

// Watcher is told of every settled ask; it must not block.
type Watcher func(a pull.Ask, o pull.Outcome)
