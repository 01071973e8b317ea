package bolt_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keypull/store"
	"keypull/store/bolt"
)

// things is how many of each kind the store of these tests holds.
const things = 300

// written makes a store that was used for a while, and returns its bytes.
func written(t *testing.T) []byte {
	t.Helper()
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "keypull.db")
	db := open(t, path, store.Options{})
	q := db.Queue("asks")
	for i := range things {
		text := strings.Repeat(fmt.Sprint("thing ", i, " "), 20)
		if _, err := db.Commit(ctx, store.Batch{
			Puts:    []store.Pair{{Key: fmt.Sprint("k.", i), Value: []byte(text), Revision: store.Any}},
			Appends: []store.Append{{Log: "asks", Record: store.Record{ID: fmt.Sprint("r", i), At: time.Now(), Data: []byte(text)}}},
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := q.Accept(ctx, []store.Entry{{ID: fmt.Sprint("e", i), Partition: "p", Payload: []byte(text)}}); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Backup(ctx, io.Discard); err != nil { // brings each into the file by itself
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path) //nolint:gosec // of this test
	if err != nil {
		t.Fatal(err)
	}
	// Behind the last page there is nothing but room to grow.
	const page = 4096
	for len(content) > page && bytes.Count(content[len(content)-page:], []byte{0}) == page {
		content = content[:len(content)-page]
	}
	return content
}

// serves looks at everything that a store holds. It returns how many of the
// things were missing or not what was written.
func serves(t *testing.T, db *bolt.DB) (wrong int, err error) {
	t.Helper()
	ctx := t.Context()
	text := func(i int) string { return strings.Repeat(fmt.Sprint("thing ", i, " "), 20) }
	for i := range things {
		p, err := db.Get(ctx, fmt.Sprint("k.", i))
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return 0, err
		}
		if err != nil || string(p.Value) != text(i) {
			wrong++
		}
		r, err := db.Log("asks").Find(ctx, fmt.Sprint("r", i))
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return 0, err
		}
		if err != nil || string(r.Data) != text(i) {
			wrong++
		}
	}
	pairs, err := db.Scan(ctx, "k", "", store.MaxPage)
	if err != nil {
		return 0, err
	}
	records, err := db.Log("asks").Read(ctx, 0, store.MaxPage)
	if err != nil {
		return 0, err
	}
	entries, err := db.Queue("asks").(store.Searcher).Of(ctx, "p")
	if err != nil {
		return 0, err
	}
	for i, e := range entries {
		if len(entries) == things && string(e.Payload) != text(i) {
			wrong++
		}
	}
	wrong += 3*things - len(pairs) - len(records) - len(entries)
	return wrong, works(t, db)
}

// works has a store take and give something of each kind.
func works(t *testing.T, db *bolt.DB) error {
	t.Helper()
	ctx := t.Context()
	_, err := db.Put(ctx, "new", []byte("value"), store.Any)
	if err != nil {
		return err
	}
	if _, err := db.Log("asks").Append(ctx, store.Record{ID: "new", At: time.Now()}); err != nil {
		return err
	}
	if _, err := db.Log("asks").Trim(ctx, time.Now().Add(-24*time.Hour)); err != nil {
		return err
	}
	if _, err := db.Queue("asks").Accept(ctx, []store.Entry{{Partition: "last"}}); err != nil {
		return err
	}
	for {
		entries, err := db.Queue("asks").Claim(ctx, store.MaxPage)
		if err != nil {
			return err
		}
		var seqs []uint64
		for _, e := range entries {
			seqs = append(seqs, e.Seq)
		}
		if err := db.Queue("asks").Ack(ctx, seqs...); err != nil {
			return err
		}
		if entries[len(entries)-1].Partition == "last" {
			return nil
		}
	}
}

// outcome opens a file and says what came of it: a sentence, service, or service
// without what was set aside. Anything else fails the test.
func outcome(t *testing.T, what, path string) string {
	t.Helper()
	logged := &strings.Builder{}
	db, err := bolt.Open(path, store.Options{Logger: slog.New(slog.NewTextHandler(logged, nil))})
	if err != nil {
		if !errors.Is(err, store.ErrDamaged) {
			t.Errorf("%s: open: %v", what, err)
		}
		return "sentence"
	}
	defer func() { _ = db.Close() }()
	wrong, err := serves(t, db)
	switch {
	case errors.Is(err, store.ErrDamaged):
		_ = os.Remove(path) // a broken store holds its file as long as the process lives
		return "sentence while it served"
	case err != nil:
		t.Errorf("%s: %v", what, err)
	case wrong == 0 && db.Damaged() == 0:
		return "nothing lost"
	case db.Damaged() == 0 && !strings.Contains(logged.String(), "last commit"):
		t.Errorf("%s: %d things are missing or wrong, and nobody was told", what, wrong)
	case strings.Contains(logged.String(), "does not add up"):
		return "a bucket that does not add up" // by as much as the older copy lacks
	case wrong > 4:
		t.Errorf("%s: %d things are missing or wrong", what, wrong)
	}
	return "one thing set aside"
}

func TestAChangedByteIsASentenceOrCostsWhatItStoodIn(t *testing.T) {
	const flips = 400
	content := written(t)
	path := filepath.Join(t.TempDir(), "keypull.db")
	random := rand.New(rand.NewPCG(7, uint64(len(content)))) //nolint:gosec // which bytes is no secret
	came := map[string]int{}
	for range flips {
		at, bit := random.IntN(len(content)), byte(1)<<random.IntN(8)
		changed := append([]byte(nil), content...)
		changed[at] ^= bit
		if err := os.WriteFile(path, changed, 0o600); err != nil {
			t.Fatal(err)
		}
		came[outcome(t, fmt.Sprintf("bit %02x of byte %d", bit, at), path)]++
	}
	t.Logf("%d bytes of %d changed, one at a time: %v", flips, len(content), came)
}

func TestAFileThatWasCutIsASentence(t *testing.T) {
	content := written(t)
	path := filepath.Join(t.TempDir(), "keypull.db")
	for _, left := range []int{1, 100, 4095, 4096, 8191, 8192, 12000, len(content) / 2} {
		if err := os.WriteFile(path, content[:left], 0o600); err != nil {
			t.Fatal(err)
		}
		if got := outcome(t, fmt.Sprint("cut to ", left), path); got != "sentence" {
			t.Errorf("cut to %d bytes: %s", left, got)
		}
	}
}
