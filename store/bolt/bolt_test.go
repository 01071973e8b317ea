package bolt_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"keypull/store"
	"keypull/store/bolt"
	"keypull/store/storetest"
)

func TestContract(t *testing.T) { storetest.Run(t, opened) }

// opened makes an empty store with a clock of its own.
func opened(t *testing.T) storetest.Subject {
	clock := storetest.NewClock()
	path := filepath.Join(t.TempDir(), "keypull.db")
	options := store.Options{Clock: clock.Now}
	db := open(t, path, options)
	return storetest.Subject{
		Backend: db,
		Clock:   clock,
		Reopen: func(t *testing.T) store.Backend {
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			db = open(t, path, options)
			return db
		},
		Empty: func(t *testing.T) storetest.Filling {
			path, options := filepath.Join(t.TempDir(), "target.db"), options
			options.HashKey = db.HashKey()
			f := open(t, path, options)
			again := func(t *testing.T) store.Backend {
				if err := f.Close(); err != nil {
					t.Fatal(err)
				}
				f = open(t, path, options)
				return f
			}
			return storetest.Filling{Backend: f, Filled: again, Again: again}
		},
		Damage: func(t *testing.T, p storetest.Spot) {
			if err := flip(db, p); err != nil {
				t.Fatal(err)
			}
		},
	}
}

// flip damages what stands at a place.
func flip(db *bolt.DB, p storetest.Spot) error {
	switch {
	case p.IDs:
		return db.Flip("qids:"+p.Queue, bolt.Key(p.Seq))
	case p.Queue != "":
		return db.Flip("q:"+p.Queue, bolt.Key(p.Seq))
	case p.ID != "":
		return db.Flip("logids:"+p.Log, []byte(p.ID))
	case p.Log != "":
		return db.Flip("log:"+p.Log, bolt.Key(p.Position))
	}
	return db.Flip("kv", []byte(p.Key))
}

func TestTheFileIsForItsOwnerOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keypull.db")
	open(t, path, store.Options{})
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("mode %o, want 600", mode)
	}
}

func TestASecondOpenFailsWithErrInUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keypull.db")
	open(t, path, store.Options{})
	_, err := bolt.Open(path, store.Options{})
	if !errors.Is(err, store.ErrInUse) {
		t.Errorf("error %v, want ErrInUse", err)
	}
}

func TestWhatCannotBeOpenedIsASentence(t *testing.T) {
	folder := t.TempDir()
	damaged := filepath.Join(folder, "damaged.db")
	if err := os.WriteFile(damaged, bytes.Repeat([]byte("no database "), 5000), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		path    string
		options store.Options
		want    string
	}{
		"no folder":        {filepath.Join(folder, "none", "keypull.db"), store.Options{}, "no such file"},
		"no database":      {damaged, store.Options{}, "the store " + damaged + " is damaged"},
		"a short hash key": {filepath.Join(folder, "new.db"), store.Options{HashKey: []byte("short")}, "must have 32"},
	} {
		if _, err := bolt.Open(c.path, c.options); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one that says %q", name, err, c.want)
		}
	}
}

func TestIDsAreKnownWithTheSameHashKeyOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keypull.db")
	for i, c := range []struct {
		key       byte
		duplicate bool
	}{{1, false}, {1, true}, {2, false}, {2, true}} {
		db := open(t, path, store.Options{HashKey: bytes.Repeat([]byte{c.key}, 32)})
		got, err := db.Queue("inbox").Accept(t.Context(), []store.Entry{{ID: "a"}})
		if err != nil {
			t.Fatal(err)
		}
		if got[0].Duplicate != c.duplicate {
			t.Errorf("open %d: duplicate %v, want %v", i, got[0].Duplicate, c.duplicate)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	content, err := os.ReadFile(path) //nolint:gosec // of this test
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(content, bytes.Repeat([]byte{1}, 32)) {
		t.Error("the hash key stands in the file")
	}
}

func TestABackupIsOfOneMomentAndOpens(t *testing.T) {
	ctx := t.Context()
	folder := t.TempDir()
	db := open(t, filepath.Join(folder, "keypull.db"), store.Options{})
	if _, err := db.Put(ctx, "a", []byte("value"), store.Any); err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(folder, "copy.db")
	n, err := db.BackupFile(ctx, copied, false)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(copied)
	if err != nil || info.Size() != n || info.Mode().Perm() != 0o600 {
		t.Errorf("%d bytes of %d, mode %o, error %v", info.Size(), n, info.Mode().Perm(), err)
	}
	if _, err := db.BackupFile(ctx, copied, false); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over a file that is there: error %v, want fs.ErrExist", err)
	}
	if _, err := db.Put(ctx, "a", []byte("later"), store.Any); err != nil {
		t.Fatal(err)
	}
	got, err := open(t, copied, store.Options{}).Get(ctx, "a")
	if err != nil || string(got.Value) != "value" {
		t.Errorf("the copy holds %q, error %v", got.Value, err)
	}
	if _, err := db.BackupFile(ctx, filepath.Join(folder, "other.db"), true); err != nil {
		t.Error(err)
	}
}

func TestABackupThatEndsEarlyLeavesNothing(t *testing.T) {
	folder := t.TempDir()
	db := open(t, filepath.Join(folder, "keypull.db"), store.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := db.BackupFile(ctx, filepath.Join(folder, "copy.db"), false); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	stopping := writerFunc(func(b []byte) (int, error) { cancel(); return len(b), nil })
	if _, err := db.Backup(ctx, stopping); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	if entries, err := filepath.Glob(filepath.Join(folder, "*copy*")); err != nil || len(entries) != 0 {
		t.Errorf("%q is left, error %v", entries, err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

// TestMoreUnclaimedThanMemoryKeeps has payloads that stay on file only.
func TestMoreUnclaimedThanMemoryKeeps(t *testing.T) {
	const many, size = 600, 100 << 10 // 60 MB
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "keypull.db")
	db := open(t, path, store.Options{})
	for i := range many / 20 {
		entries := make([]store.Entry, 20)
		for j := range entries {
			entries[j].Payload = bytes.Repeat([]byte{byte(i), byte(j)}, size/2)
		}
		if _, err := db.Queue("inbox").Accept(ctx, entries); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Queue("inbox").Ack(ctx, 580, 590); err != nil { // these are on file only
		t.Fatal(err)
	}
	for _, life := range []string{"as accepted", "after a reopen"} {
		for left := many - 2; left > 0; {
			got, err := db.Queue("inbox").Claim(ctx, 50)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range got {
				if next := int(e.Seq) - 1; !bytes.Equal(e.Payload, bytes.Repeat([]byte{byte(next / 20), byte(next % 20)}, size/2)) { //nolint:gosec // small
					t.Fatalf("%s: entry %d has the wrong payload", life, e.Seq)
				}
			}
			left -= len(got)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		db = open(t, path, store.Options{})
	}
}

// TestDueEntriesWakeAClaim runs on the bubble's clock.
func TestDueEntriesWakeAClaim(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keypull.db")
	synctest.Test(t, func(t *testing.T) {
		db, err := bolt.Open(path, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		q := db.Queue("inbox")
		if _, err := q.Accept(t.Context(), []store.Entry{
			{ID: "late", Due: began.Add(3 * time.Hour)}, {ID: "soon", Due: began.Add(90 * time.Second)},
		}); err != nil {
			t.Fatal(err)
		}
		for _, want := range []struct {
			id    string
			after time.Duration
		}{{"soon", 90 * time.Second}, {"late", 3 * time.Hour}} {
			got, err := q.Claim(t.Context(), 10)
			if err != nil || len(got) != 1 || got[0].ID != want.id || time.Since(began) != want.after {
				t.Errorf("%+v after %v, error %v; want %s after %v", got, time.Since(began), err, want.id, want.after)
			}
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestLaterIsSoon: without any other write, what is for later is written too.
func TestOldIDsLeaveTheFile(t *testing.T) {
	ctx := t.Context()
	o := opened(t)
	size := func() int64 {
		n, err := o.Backend.(store.Backuper).Backup(ctx, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	day := func() {
		for range 30 {
			entries := make([]store.Entry, 500)
			for i := range entries {
				entries[i].ID = rand.Text()
			}
			got, err := o.Queue("inbox").Accept(ctx, entries)
			if err != nil {
				t.Fatal(err)
			}
			if err := o.Queue("inbox").Ack(ctx, got[0].Seq, got[499].Seq); err != nil {
				t.Fatal(err)
			}
			var seqs []uint64
			for _, a := range got {
				seqs = append(seqs, a.Seq)
			}
			if err := o.Queue("inbox").Ack(ctx, seqs...); err != nil {
				t.Fatal(err)
			}
		}
		o.Clock.Advance(24 * time.Hour)
		size() // brings the day into the file
	}
	for range 10 {
		day()
	}
	before := size()
	for range 10 {
		day()
	}
	if after := size(); after > before*5/4 {
		t.Errorf("%d bytes after twenty days, %d after ten", after, before)
	}
}

func TestCloseLeavesNoGoroutine(t *testing.T) {
	before := goleak.IgnoreCurrent()
	db := open(t, filepath.Join(t.TempDir(), "keypull.db"), store.Options{})
	if _, err := db.Watch(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Queue("inbox").Accept(t.Context(), []store.Entry{{Due: time.Now().Add(time.Hour)}}); err != nil {
		t.Fatal(err)
	}
	if err := db.CommitLater(t.Context(), store.Batch{Acks: []store.Acked{{Queue: "inbox", Seqs: []uint64{1}}}}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	goleak.VerifyNone(t, before)
}
