package engine

import (
	"errors"
	"fmt"
	"strings"

	"go.etcd.io/bbolt"
)

// The names of all buckets stand in the meta bucket once more: one changed letter of a
// name would make a queue or a log silently empty.

// bucketNames returns the names of the buckets in the file, one in each line.
func bucketNames(tx *bbolt.Tx) (string, error) {
	var names []string
	err := tx.ForEach(func(name []byte, _ *bbolt.Bucket) error {
		names = append(names, string(name))
		return nil
	})
	return strings.Join(names, "\n"), err
}

// checkNames compares the buckets with the names that were written down. Files of the
// first format have no list.
func checkNames(tx *bbolt.Tx) error {
	has, err := bucketNames(tx)
	meta := tx.Bucket(MetaBucket)
	switch {
	case err != nil || has == "":
		return err
	case meta == nil:
		return errors.New("the bucket that says what it is is lost")
	}
	if list := meta.Get(bucketsKey); list != nil && string(list) != has {
		return fmt.Errorf("it has the buckets %q and should have %q", strings.Split(has, "\n"), strings.Split(string(list), "\n"))
	}
	return nil
}

// writeNames writes the names down.
func (t *Tx) writeNames() error {
	has, err := bucketNames(t.bolt)
	if err != nil {
		return err
	}
	meta, err := t.Bucket(MetaBucket)
	if err != nil || string(meta.Get(bucketsKey)) == has {
		return err
	}
	return meta.Put(bucketsKey, []byte(has))
}
