package bolt_test

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"
	"pgregory.net/rapid"

	"keypull/store"
	"keypull/store/bolt"
)

// told opens a store and returns what it logs meanwhile.
func told(t rapid.TB, path string) (*bolt.DB, *strings.Builder) {
	t.Helper()
	logged := &strings.Builder{}
	db, err := bolt.Open(path, store.Options{Logger: slog.New(slog.NewTextHandler(logged, nil)), Horizon: time.Nanosecond})
	if err != nil {
		t.Fatal(err)
	}
	return db, logged
}

// TestBucketsAlwaysAddUp does this and that with a store, in any order, and opens
// it again now and then.
func TestBucketsAlwaysAddUp(t *testing.T) {
	folder := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		f, err := os.CreateTemp(folder, "*.db")
		if err != nil || f.Close() != nil {
			rt.Fatal("no file")
		}
		u := &user{T: rt, path: f.Name(), seqs: map[uint64]bool{}}
		u.db, u.logged = told(rt, u.path)
		rt.Repeat(map[string]func(*rapid.T){
			"put": u.put, "delete": u.remove, "accept": u.accept, "ack": u.ack, "aside": u.aside,
			"append": u.add, "reduce": u.reduce, "trim": u.trim, "later": u.later, "flip": u.flip, "again": u.again,
		})
		u.again(rt)
		if err := u.db.Close(); err != nil {
			rt.Fatal(err)
		}
	})
}

// user is somebody who does everything that there is to do.
type user struct {
	*rapid.T
	path   string
	db     *bolt.DB
	logged *strings.Builder
	seqs   map[uint64]bool
}

func (u *user) must(err error) {
	u.Helper()
	if err != nil {
		u.Fatal(err)
	}
}

func name(t *rapid.T) string { return fmt.Sprint("n", rapid.IntRange(0, 5).Draw(t, "name")) }

func data(t *rapid.T) []byte { return rapid.SliceOfN(rapid.Byte(), 0, 600).Draw(t, "data") }

func (u *user) put(t *rapid.T) {
	_, err := u.db.Put(t.Context(), name(t), data(t), store.Any)
	u.must(err)
}

func (u *user) remove(t *rapid.T) { u.must(u.db.Delete(t.Context(), name(t), store.Any)) }

func (u *user) accept(t *rapid.T) {
	entries := []store.Entry{{ID: name(t), Payload: data(t)}, {ID: name(t)}, {Payload: data(t)}}
	got, err := u.db.Queue(name(t)).Accept(t.Context(), entries)
	u.must(err)
	for _, a := range got {
		u.seqs[a.Seq] = true
	}
}

func (u *user) ack(t *rapid.T) {
	u.must(u.db.Queue(name(t)).Ack(t.Context(), rapid.Uint64Range(1, 20).Draw(t, "seq"), rapid.Uint64Range(1, 20).Draw(t, "other")))
}

func (u *user) aside(t *rapid.T) {
	q, _ := u.db.Queue(name(t)).(store.Asider)
	u.must(q.SetAside(t.Context(), rapid.Uint64Range(1, 20).Draw(t, "seq")))
}

func (u *user) add(t *rapid.T) {
	_, err := u.db.Log(name(t)).Append(t.Context(), store.Record{ID: name(t), At: time.Now(), Data: data(t)})
	u.must(err)
}

func (u *user) reduce(t *rapid.T) { u.must(u.db.Log(name(t)).Reduce(t.Context(), name(t), data(t))) }

func (u *user) trim(t *rapid.T) {
	_, err := u.db.Log(name(t)).Trim(t.Context(), time.Now())
	u.must(err)
}

func (u *user) later(t *rapid.T) {
	u.must(u.db.CommitLater(t.Context(), store.Batch{Deletes: []string{name(t)}}))
}

// flip has one value damaged, which is told of as that alone.
func (u *user) flip(t *rapid.T) {
	key := name(t)
	u.must(u.db.Close())
	file, err := bbolt.Open(u.path, 0o600, nil)
	u.must(err)
	u.must(file.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte("kv"))
		v := append([]byte(nil), b.Get([]byte(key))...)
		if len(v) == 0 {
			return nil
		}
		v[rapid.IntRange(0, len(v)-1).Draw(t, "at")] ^= 4
		return b.Put([]byte(key), v)
	}))
	u.must(file.Close())
	u.db, u.logged = told(u, u.path)
}

func (u *user) again(*rapid.T) {
	u.must(u.db.Close())
	if strings.Contains(u.logged.String(), "add up") {
		u.Fatal(u.logged)
	}
	u.db, u.logged = told(u, u.path)
	if strings.Contains(u.logged.String(), "add up") {
		u.Fatal(u.logged)
	}
}

// TestWhatIsMissingIsTold changes a file behind the store's back, so that every
// page and every value is sound.
func TestWhatIsMissingIsTold(t *testing.T) {
	for what, change := range map[string]func(tx *bbolt.Tx) error{
		"a value is gone":    func(tx *bbolt.Tx) error { return tx.Bucket([]byte("kv")).Delete([]byte("k.7")) },
		"an entry is gone":   func(tx *bbolt.Tx) error { return tx.Bucket([]byte("q:asks")).Delete(bolt.Key(7)) },
		"a record is gone":   func(tx *bbolt.Tx) error { return tx.Bucket([]byte("log:asks")).Delete(bolt.Key(things)) },
		"a counter is lower": func(tx *bbolt.Tx) error { return tx.Bucket([]byte("q:asks")).SetSequence(1) },
		"the key is another": func(tx *bbolt.Tx) error { return tx.Bucket([]byte("meta")).Put([]byte("hash-key"), make([]byte, 32)) },
		"all of it is gone": func(tx *bbolt.Tx) error {
			_, err := tx.CreateBucket([]byte("empty"))
			return errors.Join(err, tx.DeleteBucket([]byte("empty")), tx.DeleteBucket([]byte("qids:asks")), made(tx, "qids:asks"))
		},
	} {
		t.Run(what, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "keypull.db")
			if err := os.WriteFile(path, written(t), 0o600); err != nil {
				t.Fatal(err)
			}
			behind(t, path, change)
			for again := range 3 {
				db, logged := told(t, path)
				if said := strings.Contains(logged.String(), "does not add up"); said != (again == 0) {
					t.Errorf("start %d: told is %v: %s", again, said, logged)
				}
				if db.Damaged() != 1 {
					t.Errorf("start %d: %d are counted", again, db.Damaged())
				}
				if got, err := db.Queue("asks").Accept(t.Context(), []store.Entry{{}}); err != nil || got[0].Seq <= things {
					t.Errorf("accepted %+v, error %v", got, err)
				}
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func made(tx *bbolt.Tx, bucket string) error {
	_, err := tx.CreateBucket([]byte(bucket))
	return err
}

func behind(t *testing.T, path string, change func(tx *bbolt.Tx) error) {
	t.Helper()
	file, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(file.Update(change), file.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestAFileWithoutSumsGetsThemWithoutAWord removes the record, as files have none
// that were written before there was one.
func TestAFileWithoutSumsGetsThemWithoutAWord(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keypull.db")
	if err := os.WriteFile(path, written(t), 0o600); err != nil {
		t.Fatal(err)
	}
	behind(t, path, func(tx *bbolt.Tx) error { return tx.Bucket([]byte("meta")).Delete([]byte("sums")) })
	for range 2 {
		db, logged := told(t, path)
		if err := db.Close(); err != nil || logged.Len() > 0 || db.Damaged() > 0 {
			t.Errorf("error %v, logged %s", err, logged)
		}
	}
	behind(t, path, func(tx *bbolt.Tx) error { return tx.Bucket([]byte("kv")).Delete([]byte("k.7")) })
	if db, _ := told(t, path); db.Damaged() != 1 || db.Close() != nil {
		t.Error("what is gone was not told")
	}
}
