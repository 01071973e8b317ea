//go:build unix

package bolt_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"keypull/store"
	"keypull/store/bolt"
)

// powerCuts is how many ends of the machine are tried; KEYPULL_POWER_CUTS raises it.
const powerCuts = 120

// TestAPowerCutLosesNothingThatWasAcknowledged writes, and looks at each flush what
// the disk could hold had the machine ended just before: what was written since the
// flush before is there or not, sector by sector, and new names are there or not. A
// store begins with each of these, has all that was acknowledged, and tells nothing.
func TestAPowerCutLosesNothingThatWasAcknowledged(t *testing.T) {
	cuts := powerCuts
	if n, err := strconv.Atoi(os.Getenv("KEYPULL_POWER_CUTS")); err == nil && n > 0 {
		cuts = n
	}
	for seed := uint64(1); cuts > 0; seed++ {
		d := &drive{T: t, random: rand.New(rand.NewPCG(seed, 7)), path: filepath.Join(t.TempDir(), "keypull.db"), left: cuts} //nolint:gosec // no secret
		d.life(60)
		d.life(40)
		t.Logf("seed %d: %d ends of the machine, %d records acknowledged", seed, d.tried, d.acknowledged)
		if cuts -= d.tried; d.tried == 0 || t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// drive is a disk that is looked at.
type drive struct {
	*testing.T
	random *rand.Rand
	path   string

	mu           sync.Mutex
	before       map[string]lying
	ends         [][]byte // of the log, as they were told
	acknowledged int
	left, tried  int
}

// lying is a file as it lies there.
type lying struct {
	inode   uint64
	content []byte
}

// life is a store from its opening to its end.
func (d *drive) life(steps int) {
	d.Helper()
	db, err := bolt.Open(d.path, store.Options{Sync: d.flushed})
	if err != nil {
		d.Fatal(err)
	}
	for range steps {
		size := 20
		if d.random.IntN(4) == 0 {
			size = 400 << 10 // several pieces of a checkpoint, and another segment ahead
		}
		if d.random.IntN(3) == 0 {
			err = db.CommitLater(d.Context(), store.Batch{Appends: []store.Append{{Log: "journal", Record: store.Record{ID: fmt.Sprint("r", d.random.Uint64())}}}})
		}
		if err == nil {
			_, err = db.Put(d.Context(), fmt.Sprint("k.", d.acknowledged), bytes.Repeat([]byte{byte(d.acknowledged)}, size), store.Any) //nolint:gosec // any byte
		}
		if err != nil {
			d.Fatal(err)
		}
		d.mu.Lock()
		d.acknowledged++
		d.mu.Unlock()
		if d.random.IntN(9) == 0 {
			if err := db.File(); err != nil {
				d.Fatal(err)
			}
		}
	}
	if err := db.Close(); err != nil {
		d.Fatal(err)
	}
}

// flushed looks at the disk: all that lay there at the flush before does for sure.
func (d *drive) flushed() {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.look()
	for n := d.random.IntN(4); d.before != nil && n > 0 && d.tried < d.left && !d.Failed(); n-- {
		d.tried++
		d.begins(d.cut(now))
	}
	d.before = now
}

// look reads what lies there.
func (d *drive) look() map[string]lying {
	files, err := filepath.Glob(d.path + "*")
	if err != nil {
		d.Error(err)
	}
	all := map[string]lying{}
	for _, f := range files {
		content, err := os.ReadFile(f) //nolint:gosec // of this test
		info, err2 := os.Stat(f)
		if err != nil || err2 != nil {
			continue // renamed this moment
		}
		name := strings.TrimPrefix(f, d.path)
		if name == ".wal.end" {
			d.ends = append(d.ends, content)
			continue
		}
		all[name] = lying{info.Sys().(*syscall.Stat_t).Ino, content}
	}
	return all
}

// cut returns what may lie there had the machine ended before now was flushed.
func (d *drive) cut(now map[string]lying) map[string][]byte {
	there := map[string][]byte{}
	old := d.random.IntN(4) == 0 // nothing of what came since
	for name, f := range d.before {
		there[name] = f.content
		if after, ok := now[name]; !old && ok && after.inode == f.inode {
			there[name] = d.mixed(name, f.content, after.content)
		} else if !old && !ok && d.random.IntN(2) == 0 {
			delete(there, name)
		}
	}
	for name, f := range now {
		if was, ok := d.before[name]; !old && (!ok || was.inode != f.inode) {
			there[name] = f.content
		}
	}
	if n := len(d.ends); n > 0 && d.random.IntN(4) > 0 {
		there[".wal.end"] = d.ends[n-1-d.random.IntN(min(n, 30))]
	}
	return there
}

// mixed returns a file in which some sectors are on the disk and some are not. The store
// itself has its data flushed before its head.
func (d *drive) mixed(name string, before, after []byte) []byte {
	sector, from := 512, 0
	if name == "" {
		if sector, from = os.Getpagesize(), 2*os.Getpagesize(); d.random.IntN(2) == 0 {
			return after
		}
	}
	out := slices.Clone(after)
	some := d.random.IntN(5) // of four
	for at := 0; at < len(out); at += sector {
		end := min(at+sector, len(out))
		if at < from || d.random.IntN(4) >= some {
			clear(out[at:end])
			copy(out[at:end], before[min(at, len(before)):min(end, len(before))])
		}
	}
	return out
}

// begins opens a store where these files lie.
func (d *drive) begins(files map[string][]byte) {
	d.Helper()
	folder, err := os.MkdirTemp(d.TempDir(), "cut")
	if err != nil {
		d.Error(err)
		return
	}
	defer func() { _ = os.RemoveAll(folder) }()
	at := filepath.Join(folder, "keypull.db")
	for name, content := range files {
		if err := sparse(at+name, content); err != nil {
			d.Error(err)
			return
		}
	}
	db, said, err := logged(d.T, at, store.Options{})
	if err != nil {
		d.Errorf("the %dth end, of %q: %v", d.tried, slices.Sorted(maps.Keys(files)), err)
		return
	}
	for i := range d.acknowledged {
		if _, err := db.Get(d.Context(), fmt.Sprint("k.", i)); err != nil {
			d.Errorf("the %dth end, of %q: %d of %d: %v", d.tried, slices.Sorted(maps.Keys(files)), i, d.acknowledged, err)
			break
		}
	}
	if err := db.Close(); err != nil {
		d.Error(err)
	}
	if s := said.String(); strings.Contains(s, "WARN") || strings.Contains(s, "ERROR") {
		d.Errorf("the %dth end told %s", d.tried, s)
	}
}

// sparse writes a file and leaves out what is zeros.
func sparse(path string, content []byte) error {
	f, err := os.Create(path) //nolint:gosec // of this test
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	const step = 64 << 10
	for at := 0; at < len(content); at += step {
		part := content[at:min(at+step, len(content))]
		if len(bytes.Trim(part, "\x00")) == 0 {
			continue
		}
		if _, err := f.WriteAt(part, int64(at)); err != nil {
			return err
		}
	}
	return f.Truncate(int64(len(content)))
}
