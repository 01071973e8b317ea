package people

import "time"

// How long a change may be taken back: undone at once by whoever made it, and
// brought back from the audit log for as long as what was before is kept.
const (
	UndoFor    = 10 * time.Minute
	ChangeKept = 30 * 24 * time.Hour
)

// Change is the head of what is kept of an act, so that it can be taken back.
// What its things were before is kept beside it, sealed.
type Change struct {
	ID string    `json:"id"`
	At time.Time `json:"at"`
	// Who and Name are those of the act; so are Operation, Publisher, Target.
	Who       string `json:"who"`
	Name      string `json:"name,omitempty"`
	Operation string `json:"operation"`
	Publisher string `json:"publisher"`
	Target    string `json:"target,omitempty"`
	// Permission is what the act took, and what taking it back takes.
	Permission string `json:"permission"`
	// Things is how many things changed.
	Things int `json:"things"`
	// Parts and Bytes are those of what is kept beside it.
	Parts int `json:"parts"`
	Bytes int `json:"bytes"`
	// Undone is when it was taken back; zero while it holds.
	Undone time.Time `json:"undone,omitzero"`
}

// UndoUntil returns the end of the time in which it can be undone.
func (c Change) UndoUntil() time.Time { return c.At.Add(UndoFor) }

// KeptUntil returns when what was before is dropped at the latest.
func (c Change) KeptUntil() time.Time { return c.At.Add(ChangeKept) }
