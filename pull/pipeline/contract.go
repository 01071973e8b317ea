package pipeline

import (
	"context"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/who"
	"keypull/pull/words"
)

// Accepted is what became of an entry that was handed in.
type Accepted struct {
	// Seq is the id under which it goes on; of a duplicate, that of the first.
	Seq       uint64
	Duplicate bool
	// Anew: another reader's message has the same id, which the platform gives only
	// once; this one is no repetition of it.
	Anew bool
}

// Inbox is the durable queue of entries.
type Inbox interface {
	// Accept writes entries durably, each platform id of a channel once. The entries
	// are the caller's again when it returns.
	Accept(ctx context.Context, entries []pull.Entry) ([]Accepted, error)
	// Claim waits for entries that are due and returns up to limit of them, each
	// once; after a restart all that were not finished come again.
	Claim(ctx context.Context, limit int) ([]*pull.Entry, error)
	// DropLater removes what a reader ordered for a time that has not come.
	DropLater(ctx context.Context, reader who.Key) error
	// Waiting returns the entries of a reader that nobody has finished yet.
	Waiting(ctx context.Context, reader who.Key) ([]pull.Entry, error)
	// EachOrdered calls f for every entry that waits for its time.
	EachOrdered(ctx context.Context, f func(pull.Entry)) error
	// Earlier is the id of the last ask that an earlier process accepted: ids
	// grow, whatever the clock says.
	Earlier() uint64
}

// Settlement is what makes an answer count.
type Settlement struct {
	Ask      pull.Ask
	Reader   who.Reader
	Revision uint64
	Record   Record
	// Finished: there is nothing left to send.
	Finished bool
	// Ended are asks of this reader that ended before: with this write they
	// leave the inbox, if they have not, so that no more can come again than
	// the document names.
	Ended []uint64
	// Folded are waiting replies that give way: with this write they end.
	Folded []Finish
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
	// Leaves: the way was free, and the reply may have left at once in the words
	// that it has here.
	Leaves bool `json:"leaves,omitempty"`
	// Reduced: nothing was kept but the id.
	Reduced bool `json:"-"`
}

// Dispatch is what is known of a reply that waits, or did. Without one, and
// without Record.Leaves, no request for it has ever left.
type Dispatch struct {
	// Left: its words are chosen, and a request may have left. Doubtful: it, or
	// a part, may have arrived. Both are written before the request leaves, and
	// taken back when the platform has refused it.
	Left     bool `json:"left,omitempty"`
	Doubtful bool `json:"doubtful,omitempty"`
	// Late is the moment for which the age is told by the clock; zero if the
	// reply is told as it was settled.
	Late time.Time `json:"late,omitzero"`
	// Earlier is of how many answers it says above its own that they were too
	// old to be brought.
	Earlier int `json:"earlier,omitempty"`
	// Parts is how many of its messages have arrived.
	Parts int `json:"parts,omitempty"`
}

// Document is a reader's document as it is to be written.
type Document struct {
	Key      who.Key
	Reader   who.Reader
	Revision uint64
}

// Dispatches hold what is known of replies that wait.
type Dispatches interface {
	// Dispatch returns what PutDispatch wrote; false if there is nothing.
	Dispatch(ctx context.Context, ask uint64) (Dispatch, bool, error)
	// PutDispatch writes what is known, and the reader's document with it where
	// there is one: both or none, durable when it returns. A document that is
	// not at its revision is an Error of kind Conflict.
	PutDispatch(ctx context.Context, ask uint64, d Dispatch, of *Document) error
	// Rewrite puts another record in the place of one that Settle wrote.
	Rewrite(ctx context.Context, a pull.Ask, r Record) error
}

// Documents hold what is known of each reader.
type Documents interface {
	// Reader returns the document and its revision; a zero document with
	// revision 0 where there is none.
	Reader(ctx context.Context, key who.Key) (who.Reader, uint64, error)
	// Leaving reports whether the document is of a reader who wants all to go.
	Leaving(ctx context.Context, key who.Key) (bool, error)
	// Put writes a document. One that is no longer at the revision is an Error of
	// kind Conflict.
	Put(ctx context.Context, key who.Key, r who.Reader, revision uint64) (uint64, error)
}

// Ledger holds the records of settled asks.
type Ledger interface {
	// Settle writes the record first and the reader's document second, or both at
	// once, under the rule of Documents.Put.
	Settle(ctx context.Context, s Settlement) (revision uint64, err error)
	// Record returns what Settle wrote, or false if there is none.
	Record(ctx context.Context, ask uint64) (Record, bool, error)
	// Finish notes how sending ended and removes the ask from the inbox. It
	// need not be durable when it returns: what is lost is sent again with the
	// same key.
	Finish(ctx context.Context, f Finish)
	// Bury is Finish where the platform will tell nobody again: it is durable when
	// it returns.
	Bury(ctx context.Context, f Finish) error
}

// Talks keep what goes to people of publishers.
type Talks interface {
	// Keep writes down what of an ask a person is told, once for each ask; durable when it
	// returns. The document that says so comes after it.
	Keep(ctx context.Context, a pull.Ask, o *pull.Resolved) error
}

// Finish is how an ask's life ended.
type Finish struct {
	Ask  pull.Ask
	Fate Fate
	// Why says what made it a dead letter.
	Why words.Text
	// Ended: answering it ended the process, so that it is not answered again;
	// Trace tells of an ask without a record how far it got.
	Ended bool
	Trace *journal.Trace
	// Noted: there is a Dispatch, which is of no use any more.
	Noted bool
	// Resent: it was a dead letter that was sent again. Queued: it is one that will
	// be.
	Resent bool
	Queued bool
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
	// Discarded: the reader said STOP, or is erased, before it left.
	Discarded Fate = "discarded"
	// Folded: newer answers waited for the same reader; a line above one of them
	// tells of it.
	Folded Fate = "folded"
	// Open: the process ends; the reply is sent after the next start.
	Open Fate = "open"
	// Waits: the channel takes nothing now; the reply is sent when it does.
	Waits Fate = "waits"
)

// Parcel is a reply on its way to a messenger.
type Parcel struct {
	Ask   pull.Ask
	Reply pull.Reply
	// Kind is what is answered: an ask that was promised its answer is a
	// LateAnswer.
	Kind pull.EntryKind
	// Parts of its messages have arrived already. Doubtful: so may the next have,
	// and if it is doubtful once more, that is the end of it.
	Parts    int
	Doubtful bool
	// Trial: the channel was closed, and this is to show whether it is open again.
	Trial bool

	dropped func() bool
}

// Dropped reports whether the reader has said STOP meanwhile, or what the reply
// tells was withdrawn: what has not left by then must not leave any more.
func (p Parcel) Dropped() bool { return p.dropped != nil && p.dropped() }

// Delivery is what came of a parcel.
type Delivery struct {
	Fate Fate
	// Why says what a dead letter died of.
	Why words.Text
	// Left, Doubtful and Parts are for what Waits, or is Open.
	Left, Doubtful bool
	Parts          int
}

// Courier brings replies to the channels.
type Courier interface {
	// Deliver sends the parts of a reply until the matter is decided, the
	// channel takes nothing more (Waits), the parcel is dropped (Discarded) or
	// ctx ends (Open).
	Deliver(ctx context.Context, p Parcel) Delivery
	// Has reports whether there is such a channel at present, Room how many
	// replies it takes at a time: none while it takes nothing at all.
	Has(publisher, channel string) bool
	Room(publisher, channel string) int
	// Prove has the channel take nothing until a trial has shown that it can:
	// nobody knows how it has been since the last process ended.
	Prove(publisher, channel string)
	// Admit waits until the channel takes replies again, or one as a trial.
	Admit(ctx context.Context, publisher, channel string) (trial bool, err error)
}

// Editions gives the current edition of a publisher, or nil.
type Editions interface {
	Edition(publisher string) *pull.Edition
}

// Watcher is told of every settled ask; it must not block.
type Watcher func(a pull.Ask, o pull.Resolved)
