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
	ID uint64 `json:"id"`
	// Platform is the platform's own id of the message, by which repeated
	// deliveries are known.
	Platform  string `json:"platform"`
	Publisher string `json:"publisher"`
	Channel   string `json:"channel"`
	// Reader is the pseudonym; Address is what the messenger sends to. The
	// address leaves the process sealed only.
	Reader  who.Key `json:"reader"`
	Address string  `json:"address"`
	// Group says that the message was written among others: Reader and Address
	// are those of the group then, and nothing of the ask tells which member
	// wrote it.
	Group bool   `json:"group,omitempty"`
	Text  string `json:"text"`
	// Tap is the payload of a pressed button; Text then holds its label.
	Tap string `json:"tap,omitempty"`
	// Language is what the platform says of the reader's language, or ""; always
	// "" in a group, like Consent.
	Language string `json:"language,omitempty"`
	// Consent is what came with the message: "", "given" or "refused".
	Consent string `json:"consent,omitempty"`
	// Start says that the reader pressed the platform's own START to send it.
	Start bool `json:"start,omitempty"`
	// From tells apart whose budget of new keys the ask counts against, where
	// that is not the reader: a keyed hash of a client's address that means
	// nothing after the process has ended. 0 is the reader's own.
	From uint64 `json:"from,omitempty"`
	// InBand says that somebody waits for the answer in the request itself.
	InBand bool      `json:"in_band,omitempty"`
	At     time.Time `json:"at"`
}
