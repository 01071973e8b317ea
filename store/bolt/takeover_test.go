package bolt_test

import (
	"encoding/binary"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"keypull/store"
	"keypull/store/bolt"
	"keypull/store/storetest"
)

// first writes a file of the first format, in which values have no heads.
func first(t *testing.T, path string, at time.Time) {
	t.Helper()
	file, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	entry := store.Entry{ID: "a", Partition: "p", At: at, Payload: []byte("payload")}
	err = file.Update(func(tx *bbolt.Tx) error {
		for _, c := range []struct {
			bucket string
			key    []byte
			value  []byte
		}{
			{"meta", []byte("format"), []byte{1}},
			{"kv", []byte("k"), append(binary.BigEndian.AppendUint64(nil, 7), "value"...)},
			{"q:inbox", bolt.Key(3), bolt.EncodeEntry(entry)},
			{"log:journal", bolt.Key(5), bolt.EncodeRecord(at, "r", []byte("data"))},
			{"logids:journal", []byte("r"), bolt.Key(5)},
		} {
			b, err := tx.CreateBucketIfNotExists([]byte(c.bucket))
			if err == nil {
				err = errors.Join(b.Put(c.key, c.value), b.SetSequence(7))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestAFileOfTheFirstFormatIsTakenOver(t *testing.T) {
	ctx, clock := t.Context(), storetest.NewClock()
	path := filepath.Join(t.TempDir(), "keypull.db")
	first(t, path, clock.Now())
	for range 2 { // taken over, and opened once more
		db := open(t, path, store.Options{Clock: clock.Now})
		got, err := db.Get(ctx, "k")
		if err != nil || string(got.Value) != "value" || got.Revision != 7 {
			t.Errorf("got %+v, error %v", got, err)
		}
		r, err := db.Log("journal").Find(ctx, "r")
		if err != nil || string(r.Data) != "data" || r.Position != 5 {
			t.Errorf("got %+v, error %v", r, err)
		}
		entries, err := db.Queue("inbox").Claim(ctx, 10)
		if err != nil || len(entries) != 1 || string(entries[0].Payload) != "payload" {
			t.Errorf("got %+v, error %v", entries, err)
		}
		if db.Damaged() != 0 {
			t.Errorf("%d stand aside", db.Damaged())
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	db := open(t, path, store.Options{Clock: clock.Now})
	if now, err := db.Put(ctx, "k", []byte("new"), 7); err != nil || now <= 7 {
		t.Errorf("revision %d, error %v", now, err)
	}
	if position, err := db.Log("journal").Append(ctx, store.Record{ID: "s"}); err != nil || position <= 7 {
		t.Errorf("position %d, error %v; want one behind what was given before", position, err)
	}
}

func TestAnIndexThatLeadsToAnothersRecordLeadsToNothing(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "keypull.db")
	first(t, path, time.Now())
	file, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = file.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte("logids:journal")).Put([]byte("mine"), bolt.Key(5))
	})
	if err := errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
	db := open(t, path, store.Options{})
	l := db.Log("journal")
	if r, err := l.Find(ctx, "mine"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("found %+v, error %v; want ErrNotFound", r, err)
	}
	if err := l.Reduce(ctx, "mine", nil); err != nil {
		t.Error(err)
	}
	if r, err := l.Find(ctx, "r"); err != nil || string(r.Data) != "data" {
		t.Errorf("got %+v, error %v; another's record was changed", r, err)
	}
}
