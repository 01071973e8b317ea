package bolt

import (
	"errors"
	"fmt"
	"strings"

	"go.etcd.io/bbolt"
)

// Prefixes of the buckets of a queue or log.
const (
	queuePrefix    = "q:"
	queueIDsPrefix = "qids:"
	volumesPrefix  = "qvols:"
	logPrefix      = "log:"
	logIDsPrefix   = "logids:"
)

// fill is how full the pages of a bucket are made where they are split. Those
// whose keys grow are filled to the brim, since nothing is ever inserted there;
// documents are written at random places, and grow.
func fill(name []byte) float64 {
	switch prefix, _, _ := strings.Cut(string(name), ":"); prefix + ":" {
	case logPrefix:
		return 1
	case logIDsPrefix, queuePrefix, queueIDsPrefix, volumesPrefix:
		return 0.9
	}
	return 0.7
}

// The names of all buckets stand in the meta bucket once more: one changed
// letter of a name would make a queue or a log silently empty.

// buckets are the names that the file has.
func buckets(tx *bbolt.Tx) (string, error) {
	var names []string
	err := tx.ForEach(func(name []byte, _ *bbolt.Bucket) error {
		names = append(names, string(name))
		return nil
	})
	return strings.Join(names, "\n"), err
}

// sameBuckets says that the names are not those that were written down. Files of
// the first format have no list.
func sameBuckets(tx *bbolt.Tx) error {
	has, err := buckets(tx)
	meta := tx.Bucket(metaBucket)
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

// list writes the names down.
func (s *sums) list() error {
	has, err := buckets(s.tx)
	if err != nil {
		return err
	}
	meta, err := s.bucket(metaBucket)
	if err != nil || string(meta.Get(bucketsKey)) == has {
		return err
	}
	return meta.put(bucketsKey, []byte(has))
}
