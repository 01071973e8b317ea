package store

import (
	"context"
	"errors"
	"time"
)

// ErrFenced says that another handle has taken over what this one had, and that nothing is
// written here any more.
var ErrFenced = errors.New("store: another process has taken over")

// DeletesTold is how long Since tells of a delete.
const DeletesTold = 24 * time.Hour

// Shared is the option of a back end that several handles may have open at once, of one
// process or of many. What one wrote is read at each other one as soon as it is durable;
// revisions, sequences and positions, compare-and-set and the ids of entries and records
// count over all of them.
//
// An entry is the handle's that accepts it, and is claimed there; but where an older one of
// its partition is not acknowledged yet, it is its handle's: a partition is worked on at one
// place. What a handle leaves that is closed is another's, open or opened next. A Watch tells
// of what its own handle wrote.
type Shared interface {
	// Handle is the number of this one: unique, growing, never used again.
	Handle() uint64
	// Steal ends another handle, whatever became of its process: once it returns, each
	// write there fails with ErrFenced, and what it did not acknowledge is claimed here,
	// in order. One that has ended, or never was, is no error.
	Steal(ctx context.Context, handle uint64) error
	// Since returns the last change of each key below prefix, as in Scan, that was
	// made behind the revision after, in order: at most limit, which is between 1 and
	// MaxPage. Of deletes it tells for DeletesTold.
	Since(ctx context.Context, prefix string, after Revision, limit int) ([]Change, error)
}

// Leased is the option of a back end whose handle another one ends that has not heard of it
// for a while.
type Leased interface {
	// AwaitHeld returns once no other handle can have ended this one, by this machine's own
	// steady clock. What it does that can't be taken back, such as sending, comes behind it.
	// The error is why that is never so, or that of ctx.
	AwaitHeld(ctx context.Context) error
}

// Node is a process that has a handle, or waits for one.
type Node struct {
	// ID is the number of its handle; one that waits has another number once it works.
	ID uint64
	// Name, Version and Config are what it says of itself; empty where it says nothing.
	Name, Version, Config string
	// URL is where other nodes reach it, and Pass what they show with what they forward there; empty
	// where nothing is taken from them.
	URL, Pass string
	// Keys are the names of the wrapping keys that it has, with spaces between, where it waits with a
	// folder of its own; NoKeys where it lacks one.
	Keys string
	// Waits: it works once the others have ended.
	Waits bool
	// Since is when it began to work, or to wait, by the store's clock.
	Since time.Time
	// Ahead is how far its clock is ahead of the store's; less than zero where it is behind.
	Ahead time.Duration
}

// Clocks of nodes are told of from ClockTold away from the store's on, and a node whose clock is
// further away than ClockTaken works on nothing.
const (
	ClockTold  = 2 * time.Second
	ClockTaken = 30 * time.Second
)

// NoKeys are the Keys of who can't take over.
const NoKeys = "-"

// MaxNodes is how many nodes are told of.
const MaxNodes = 100

// Attended is the option of a back end that knows which processes have it open.
type Attended interface {
	// Nodes returns those that live, at most MaxNodes: first those that work, the newest first.
	Nodes(ctx context.Context) ([]Node, error)
	// SayConfig changes what this one says of its configuration, which the others know within
	// seconds.
	SayConfig(config string)
	// SayLeaving has the others forward nothing to this one any more, once they look.
	SayLeaving(ctx context.Context) error
}
