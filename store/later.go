package store

import "context"

// LaterCommitter is the option of a back end that can write what nobody waits
// for together with the next thing that somebody does wait for: marks that a
// reply was sent, acknowledgements.
type LaterCommitter interface {
	// CommitLater takes a batch and returns at once. Its puts are Any, since
	// nobody would hear of a conflict. The batch is written as one, within about ten milliseconds and at the latest by Close;
	// a crash before that loses it whole. When the store is full it is kept and
	// tried again. The error tells of a batch that is not taken at all. Only
	// when very much waits already does the call wait until it is written.
	CommitLater(ctx context.Context, b Batch) error
}
