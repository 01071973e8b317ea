package store

import "context"

// commit writes a batch as one where the back end can. Elsewhere it keeps the
// order that a crash needs: records first, so that one that no value names is a
// leftover; then values; what removes comes last, and of that the
// acknowledgement, without which everything is done once more.
func commit(ctx context.Context, back Backend, b Batch) ([]Revision, error) {
	if c, ok := back.(Committer); ok {
		return c.Commit(ctx, b)
	}
	if err := CheckBatch(b); err != nil {
		return nil, err
	}
	for _, a := range b.Appends {
		if _, err := back.Log(a.Log).Append(ctx, a.Record); err != nil {
			return nil, err
		}
	}
	var revisions []Revision
	for _, p := range b.Puts {
		if p.Bind != nil {
			p.Value = p.Bind(p.Value, 0) // nobody knows at which
		}
		revision, err := back.Put(ctx, p.Key, p.Value, p.Revision)
		if err != nil {
			return nil, err
		}
		revisions = append(revisions, revision)
	}
	return revisions, remove(ctx, back, b)
}

// remove is the part of a batch that takes away.
func remove(ctx context.Context, back Backend, b Batch) error {
	for _, r := range b.Reduces {
		if err := back.Log(r.Log).Reduce(ctx, r.Record.ID, r.Record.Data); err != nil {
			return err
		}
	}
	for _, key := range b.Deletes {
		if err := back.Delete(ctx, key, Any); err != nil {
			return err
		}
	}
	for _, a := range b.Acks {
		if err := back.Queue(a.Queue).Ack(ctx, a.Seqs...); err != nil {
			return err
		}
	}
	return nil
}

// commitLater writes a batch that nobody waits for: with the next commit where
// the back end can put it off, else at once.
func commitLater(ctx context.Context, back Backend, b Batch) error {
	if c, ok := back.(LaterCommitter); ok {
		return c.CommitLater(ctx, b)
	}
	if err := CheckLater(b); err != nil {
		return err
	}
	_, err := commit(ctx, back, b)
	return err
}

// LaterCommitter is the option of a back end that can write what nobody waits
// for together with the next thing that somebody does wait for: marks that a
// reply was sent, acknowledgements.
type LaterCommitter interface {
	// CommitLater takes a batch and returns at once. Its puts are Any, since
	// nobody would hear of a conflict. The batch is written as one, within about ten milliseconds and at the latest by Close;
	// an end of the process before that loses it whole, and one of the machine within a second of it. When the store is full it is kept and
	// tried again. The error tells of a batch that is not taken at all. Only
	// when very much waits already does the call wait until it is written.
	CommitLater(ctx context.Context, b Batch) error
}
