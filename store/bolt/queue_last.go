package bolt

import (
	"context"
)

// Last implements store.Queue.
func (q *queue) Last() (seq uint64) {
	// What cannot be read has accepted nothing either; others tell of it.
	_ = q.db.view(context.Background(), func(v *view) error {
		if b := v.bucket(q.entries); b != nil {
			seq = b.Sequence()
		}
		return nil
	})
	return seq
}
