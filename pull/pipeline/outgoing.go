package pipeline

import (
	"math"
	"time"

	"keypull/pull"
)

// Outgoing is a message that left or is to leave, and the ask that caused it: one that
// answers an ask was caused by that, any other names one.
type Outgoing struct {
	Ask     uint64
	Cause   uint64
	At      time.Time
	Channel string
	Kind    pull.EntryKind
	// Fate is what became of it; empty where it has not left.
	Fate Fate
	// CauseKept: what caused it is written down still.
	CauseKept bool
	// Orphan: it names nothing that can have caused it.
	Orphan bool
}

// OutgoingPlace is how far the messages of a publisher were looked through.
type OutgoingPlace struct {
	// Counted: what follows are messages of which no more than a count is kept.
	Counted bool
	// Back: what follows are those before Position, the last first.
	Back     bool
	Position uint64
}

// LastOutgoing returns the place behind all messages, from which one goes back.
func LastOutgoing() OutgoingPlace { return OutgoingPlace{Back: true, Position: math.MaxUint64} }

// OutgoingPage is a part of a publisher's messages.
type OutgoingPage struct {
	Messages []Outgoing
	// Next is where the next page begins, if there is More.
	Next OutgoingPlace
	More bool
}
