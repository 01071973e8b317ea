package people

import (
	"hash/fnv"
	"slices"
	"time"
)

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
	// Who, Name and Face are those of the act; so are Operation, Publisher, Target.
	Who       string `json:"who"`
	Name      string `json:"name,omitempty"`
	Face      string `json:"face,omitempty"`
	Operation string `json:"operation"`
	Publisher string `json:"publisher"`
	Target    string `json:"target,omitempty"`
	// Permission is what the act took, and what taking it back takes.
	Permission string `json:"permission"`
	// Things is how many things changed; Marks tell which, as MarkOf has them, sorted.
	Things int      `json:"things"`
	Marks  []uint32 `json:"marks,omitempty"`
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

// mostMarks bounds the things of which a change keeps marks; one of more may concern any.
const mostMarks = 20_000

// MarkOf returns a short sum of a thing, by which changes tell that it is none of theirs.
func MarkOf(resource, id string) uint32 {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(resource + " " + id))
	return sum.Sum32()
}

// Mark notes the things that changed.
func (c *Change) Mark(things []uint32) {
	if c.Things, c.Marks = len(things), nil; len(things) <= mostMarks {
		c.Marks = slices.Sorted(slices.Values(things))
	}
}

// MayConcern is false for a thing that is none of those that changed.
func (c *Change) MayConcern(resource, id string) bool {
	switch {
	case len(c.Marks) > 0:
		_, found := slices.BinarySearch(c.Marks, MarkOf(resource, id))
		return found
	case c.Things == 1:
		// One that was kept before there were marks.
		return c.Target == resource+" "+id
	}
	return c.Things > 0
}
