//go:build unix

package bolt_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"keypull/store"
	"keypull/store/bolt"
)

// childVariable makes the test binary a writer of the store that it names.
const childVariable = "KEYPULL_TEST_STORE"

// children are what the test binary can be instead, by the variable that holds
// the path of a store.
var children = map[string]func(path string){childVariable: child, limitVariable: limited}

func TestMain(m *testing.M) {
	for variable, run := range children {
		if path := os.Getenv(variable); path != "" {
			run(path)
		}
	}
	os.Exit(m.Run())
}

// child writes until it is killed and prints what was acknowledged to it.
func child(path string) {
	db, err := bolt.Open(path, store.Options{})
	if err != nil {
		fmt.Println("failed", err)
		os.Exit(1)
	}
	var out sync.Mutex
	said := func(format string, args ...any) {
		out.Lock()
		defer out.Unlock()
		fmt.Printf(format+"\n", args...)
	}
	var group sync.WaitGroup
	for worker := range 16 {
		group.Go(func() {
			for i := 0; ; i++ {
				if err := childStep(db, fmt.Sprintf("%d-%d-%d", os.Getpid(), worker, i), said); err != nil {
					said("failed %v", err)
					return
				}
			}
		})
	}
	group.Wait()
	os.Exit(1)
}

// random returns a number below n; nothing here needs it to be secret.
func random(n int) int { return rand.IntN(n) } //nolint:gosec // see above

func childStep(db *bolt.DB, id string, said func(string, ...any)) error {
	ctx := context.Background()
	got, err := db.Queue("inbox").Accept(ctx, []store.Entry{{ID: id, Payload: make([]byte, random(600))}})
	if err != nil {
		return err
	}
	said("accepted %s %d", id, got[0].Seq)
	b := store.Batch{
		Puts:    []store.Pair{{Key: "reader." + id[:len(id)-1], Value: []byte(id), Revision: store.Any}},
		Appends: []store.Append{{Log: "journal", Record: store.Record{ID: id, Data: make([]byte, random(900))}}},
	}
	acks := random(2) == 0
	if acks {
		b.Acks = []store.Acked{{Queue: "inbox", Seqs: []uint64{got[0].Seq}}}
	}
	revisions, err := db.Commit(ctx, b)
	if err != nil {
		return err
	}
	said("written %s %d", b.Puts[0].Key, revisions[0])
	if acks {
		said("acked %s %d", id, got[0].Seq)
	}
	said("appended %s 0", id) // last, so that it tells of the whole batch
	return nil
}

// acknowledged is what the children said before they died.
type acknowledged struct {
	accepted, written, appended, acked map[string]uint64
}

func (a *acknowledged) note(t *testing.T, line string) {
	t.Helper()
	var what, id string
	var n uint64
	if _, err := fmt.Sscan(line, &what, &id, &n); err != nil {
		t.Fatalf("the child said %q", line)
	}
	for name, m := range map[string]map[string]uint64{
		"accepted": a.accepted, "written": a.written, "appended": a.appended, "acked": a.acked,
	} {
		if name == what {
			m[id] = n
		}
	}
}

// TestKilledStoresKeepTheirWord kills a writing process at random moments.
func TestKilledStoresKeepTheirWord(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keypull.db")
	a := &acknowledged{map[string]uint64{}, map[string]uint64{}, map[string]uint64{}, map[string]uint64{}}
	for range 12 {
		kill(t, path, a)
		verify(t, path, a)
	}
	t.Logf("%d entries were accepted", len(a.accepted))
}

// kill starts a child, kills it after a random number of acknowledgements, and
// notes all it said.
func kill(t *testing.T, path string, a *acknowledged) {
	t.Helper()
	cmd := exec.Command(os.Args[0]) //nolint:gosec // this very binary
	cmd.Env = append(os.Environ(), childVariable+"="+path)
	cmd.Stderr = os.Stderr
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(pipe)
	deadline := 1 + random(3000)
	for n := 0; ; n++ {
		if n == deadline {
			_ = cmd.Process.Kill()
		}
		line, err := r.ReadString('\n')
		if err == io.EOF {
			break // what is behind the last line end was cut off
		}
		if err != nil {
			t.Fatal(err)
		}
		a.note(t, line)
	}
	_ = cmd.Wait()
}

func verify(t *testing.T, path string, a *acknowledged) {
	t.Helper()
	db, err := bolt.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // looked at below
	ctx := t.Context()
	if err := db.Check(ctx); err != nil {
		t.Fatal(err)
	}
	verifyQueue(t, db.Queue("inbox"), a)
	for key, rev := range a.written {
		if got, err := db.Get(ctx, key); err != nil || uint64(got.Revision) < rev {
			t.Errorf("%s is at %d, error %v; written at %d", key, got.Revision, err, rev)
		}
	}
	for id := range a.appended {
		if _, err := db.Log("journal").Find(ctx, id); err != nil {
			t.Error(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func verifyQueue(t *testing.T, q store.Queue, a *acknowledged) {
	t.Helper()
	var ids []store.Entry
	for id := range a.accepted {
		ids = append(ids, store.Entry{ID: id})
	}
	got, err := q.Accept(t.Context(), ids)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range ids {
		if seq := a.accepted[e.ID]; !got[i].Duplicate || got[i].Seq != seq {
			t.Errorf("%s: %+v; accepted as %d", e.ID, got[i], seq)
		}
	}
	end, err := q.Accept(t.Context(), []store.Entry{{}})
	if err != nil {
		t.Fatal(err)
	}
	comes := make(map[uint64]bool)
	for last := uint64(0); last != end[0].Seq; {
		entries, err := q.Claim(t.Context(), store.MaxPage)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.Seq <= last {
				t.Errorf("%d came after %d", e.Seq, last)
			}
			last = e.Seq
			comes[last] = true
		}
	}
	if err := q.Ack(t.Context(), end[0].Seq); err != nil {
		t.Fatal(err)
	}
	for id, seq := range a.acked {
		if comes[seq] {
			t.Errorf("%s comes again although it was acknowledged", id)
		}
	}
	for id, seq := range a.accepted {
		_, acked := a.acked[id]
		// Whether a batch that nobody heard of was written is open.
		if _, told := a.appended[id]; told && !acked && !comes[seq] {
			t.Errorf("%s was accepted, not acknowledged, and does not come again", id)
		}
	}
}
