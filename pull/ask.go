package pull

import (
	"time"

	"keypull/pull/who"
)

// Ask is one message of a reader, stamped on arrival. Nothing that answers it
// looks at any other clock.
type Ask struct {
	// ID is the ask's place in the queue: unique, growing, given when the ask
	// was accepted. It is the idempotency key of everything that follows.
	ID        uint64 `json:"id"`
	Publisher string `json:"publisher"`
	Channel   string `json:"channel"`
	// Reader is the pseudonym of who wrote, or of the group: nothing of the ask
	// tells which member of it did.
	Reader who.Key `json:"reader"`
	// From tells apart whose budget of new keys the ask counts against, where
	// that is not the reader: a keyed hash of a client's address that means
	// nothing after the process has ended. 0 is the reader's own.
	From uint64    `json:"from,omitempty"`
	At   time.Time `json:"at"`
	// Incoming is what the messenger told of it.
	Incoming
}
