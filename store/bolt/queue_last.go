package bolt

import (
	"context"

	"go.etcd.io/bbolt"
)

// Last implements store.Queue.
func (q *queue) Last() (seq uint64) {
	// What cannot be read has accepted nothing either; others tell of it.
	_ = q.db.view(context.Background(), func(tx *bbolt.Tx) error {
		if b := tx.Bucket(q.entries); b != nil {
			seq = b.Sequence()
		}
		return nil
	})
	return seq
}
