package pages_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"

	"keypull/store/internal/pages"
)

// TestWhatBboltWritesIsSound writes and removes at random, at both ends and in
// between, few and many at once, so that pages split, merge and go.
func TestWhatBboltWritesIsSound(t *testing.T) {
	const commits = 150
	path := filepath.Join(t.TempDir(), "file.db")
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{NoSync: true, NoFreelistSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	seed := rand.Uint64()                    //nolint:gosec // no secret
	random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // no secret
	for i := range commits {
		if err := db.Update(func(tx *bbolt.Tx) error { return change(tx, random) }); err != nil {
			t.Fatal(err)
		}
		if err := check(path); err != nil {
			t.Fatalf("seed %d, commit %d: %v", seed, i, err)
		}
	}
}

// change writes or removes some keys of one bucket.
func change(tx *bbolt.Tx, random *rand.Rand) error {
	b, err := tx.CreateBucketIfNotExists(fmt.Append(nil, "bucket ", random.IntN(3)))
	if err != nil {
		return err
	}
	b.FillPercent = []float64{0.5, 0.7, 0.9, 1}[random.IntN(4)]
	const keys = 20_000
	from, step, value := random.IntN(keys), random.IntN(3), make([]byte, 1+random.IntN(400))
	if random.IntN(10) == 0 {
		value = make([]byte, 10_000)
	}
	remove := random.IntN(2) == 0
	for n := range 1 + random.IntN(2000) {
		at := from + n*step
		if step == 0 {
			at = random.IntN(keys)
		}
		key := binary.BigEndian.AppendUint64(nil, uint64(at)) //nolint:gosec // not negative
		if remove {
			err = b.Delete(key)
		} else {
			err = b.Put(key, value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func check(path string) error {
	file, err := os.Open(path) //nolint:gosec // of this test
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	f, err := pages.Open(file, info.Size())
	if err != nil {
		return err
	}
	f.Walk(func(_, _, _ []byte) bool { return true }, func(bad error) bool { err = bad; return false })
	return err
}
