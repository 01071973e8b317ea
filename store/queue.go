package store

import (
	"context"
	"time"

	"keypull/pull/pipeline"
)

// Entry is what the queue holds.
type Entry struct {
	// Seq is given on acceptance: unique, growing, never used again.
	Seq uint64
	// ID makes a repeated delivery known for the dedupe horizon, whether the
	// first one has been acknowledged or not. Empty: never a duplicate. Scope says
	// among whom; where it is not Whole, the id itself is nowhere written, and an
	// entry that is claimed has none.
	ID    string
	Scope Scope
	// Words are what the entry says, where Scope is not Whole: the same id with
	// other words is a duplicate for as long as RewordedAfter, and new from then on.
	Words string
	// Aliases are other partitions of the same person, in which the first delivery
	// may stand.
	Aliases []string
	// Mine, where set, says whether what is not in the queue any more, and was
	// accepted by an earlier version under ID, was this partition's. It only reads.
	Mine func(seq uint64) bool
	// Partition is whose line the entry stands in.
	Partition string
	// Due is when it may be claimed; zero means at once.
	Due     time.Time
	At      time.Time
	Payload []byte
	// Bind, where set in an entry that is handed in, makes of Payload what is
	// written in its place, as that of a Pair.
	Bind func(payload []byte, seq uint64) []byte
}

// Scope is among whom an id is one.
type Scope uint8

// The scopes. What an earlier version accepted is known by its id alone, and
// counts where it is not known to be another partition's.
const (
	// Whole: an id that comes again is a duplicate, whoever sends it.
	Whole Scope = iota
	// Own: each partition counts for itself.
	Own
	// Account: no two partitions should have the same. Where one comes with that of
	// another all the same, it is new, and told as Anew.
	Account
)

// RewordedAfter is how long an id of the same partition with other words is taken
// for the same message.
const RewordedAfter = 10 * time.Minute

// MaxEntryBytes limits ID, Partition and Payload of an entry together.
const MaxEntryBytes = 256 << 10

// Queue holds what has to be worked on. Slices are owned as with KV.
type Queue interface {
	// Accept writes the entries durably, each once: an id accepted within the
	// dedupe horizon, also within the same call, is reported as Duplicate and
	// its first acceptance is durable when Accept returns. All or nothing.
	Accept(ctx context.Context, entries []Entry) ([]pipeline.Accepted, error)
	// Claim waits until at least one entry is due and returns up to limit (1
	// to MaxPage) of them, each once in the life of this handle. Entries of one
	// partition come in the order of Due (or of acceptance where Due is zero or
	// past); after a restart everything unacknowledged comes again.
	Claim(ctx context.Context, limit int) ([]Entry, error)
	// Ack removes entries, in any order, durably by the time it returns.
	// Their ids stay known. What is not there is no error.
	Ack(ctx context.Context, seqs ...uint64) error
	// Last is the sequence of the entry that was accepted last; 0 if there
	// never was one.
	Last() uint64
}

// AcceptedIDs is a row of what a queue has accepted, as another copy of the store is told of
// it: from the sequence First on a keyed hash of 16 bytes for each, zeros where an entry had
// no id.
type AcceptedIDs struct {
	First  uint64
	At     time.Time // of the last
	Hashes []byte
}

// Asider is the option of a queue that can set entries aside: like Ack, but they
// are kept where they stand in nobody's way, and counted by Damages.
type Asider interface {
	SetAside(ctx context.Context, seqs ...uint64) error
}

// Searcher is the option of a queue that can be looked through.
type Searcher interface {
	// Of returns the entries of a partition that are not acknowledged, claimed or
	// not, in the order of acceptance.
	Of(ctx context.Context, partition string) ([]Entry, error)
	// Each calls f for every such entry of all partitions; the payload is f's own
	// until f returns.
	Each(ctx context.Context, f func(Entry)) error
}
