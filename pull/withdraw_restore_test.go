package pull_test

import (
	"context"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/withdrawal"
	"keypull/store/withdrawn"
)

// shelfKeeper keeps what is withdrawn in memory, and can be put back as it was.
type shelfKeeper struct {
	mu   sync.Mutex
	kept map[pull.SnapshotID]pull.Snapshot
}

func (k *shelfKeeper) Keep(_ context.Context, p pull.SnapshotID, s pull.Snapshot) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kept[p] = s
	return nil
}

func (k *shelfKeeper) Renew(ctx context.Context, p pull.SnapshotID, s pull.Snapshot) error {
	return k.Keep(ctx, p, s)
}

func (k *shelfKeeper) Snapshot(_ context.Context, p pull.SnapshotID) (pull.Snapshot, bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	s, ok := k.kept[p]
	return s, ok, nil
}

// copied returns what a backup of now would hold.
func (k *shelfKeeper) copied() *shelfKeeper {
	k.mu.Lock()
	defer k.mu.Unlock()
	c := &shelfKeeper{kept: map[pull.SnapshotID]pull.Snapshot{}}
	maps.Copy(c.kept, k.kept)
	return c
}

// withdrawing is a cache with what is kept beside its snapshots.
type withdrawing struct {
	*testing.T
	path  string
	store *shelfKeeper
	cache *pull.Cache
	file  *withdrawn.File
	now   time.Time
}

func (d *withdrawing) open() {
	d.Helper()
	var err error
	clock := func() time.Time { d.now = d.now.Add(time.Second); return d.now }
	if d.file, err = withdrawn.Open(d.path, clock, slog.New(slog.DiscardHandler)); err != nil {
		d.Fatal(err)
	}
	d.cache = pull.NewCache(d.store, clock)
	d.cache.Beside = d.file
}

func (d *withdrawing) close() {
	d.cache.Close()
	if err := d.file.Close(); err != nil {
		d.Error(err)
	}
}

// restore puts a backup in the place of the store.
func (d *withdrawing) restore(backup *shelfKeeper) {
	d.close()
	d.store = backup.copied()
	d.open()
}

func (d *withdrawing) withdraw(r withdrawal.Rule) withdrawal.Rule {
	d.Helper()
	r, err := d.cache.Withdraw(d.Context(), "p", r)
	if err != nil {
		d.Fatal(err)
	}
	return r
}

func (d *withdrawing) end(r withdrawal.Rule) {
	d.Helper()
	if _, found, err := d.cache.Restore(d.Context(), "p", r.ID); err != nil || !found {
		d.Fatal(found, err)
	}
}

// lose opens it anew without its file.
func (d *withdrawing) lose() {
	d.Helper()
	d.close()
	if err := os.Remove(d.path); err != nil {
		d.Fatal(err)
	}
	d.open()
}

func TestWhatIsWithdrawnSurvivesARestore(t *testing.T) {
	b := withdrawal.Rule{Link: "https://n.example/b"}
	for name, c := range map[string]struct {
		change func(d *withdrawing, backup func())
		want   string
	}{
		"withdrawn after the backup": {func(d *withdrawing, backup func()) { backup(); d.withdraw(b) }, "a"},
		"withdrawn before it":        {func(d *withdrawing, backup func()) { d.withdraw(b); backup() }, "a"},
		"undone after it":            {func(d *withdrawing, backup func()) { r := d.withdraw(b); backup(); d.end(r) }, "a b2"},
		"withdrawn and undone":       {func(d *withdrawing, backup func()) { backup(); d.end(d.withdraw(b)) }, "a b2"},
		"undone, and that undone": {func(d *withdrawing, backup func()) {
			r := d.withdraw(b)
			d.end(r)
			backup()
			d.withdraw(r)
		}, "a"},
		"undone, and that undone, and that": {func(d *withdrawing, backup func()) {
			r := d.withdraw(b)
			backup()
			d.end(r)
			d.end(d.withdraw(r))
		}, "a b2"},
		"the file is lost": {func(d *withdrawing, backup func()) {
			d.withdraw(b)
			backup()
			d.lose()
		}, "a"},
		"the file is lost after a restore": {func(d *withdrawing, backup func()) {
			before := d.store.copied()
			d.withdraw(b)
			d.restore(before)
			if _, err := d.cache.Withdrawals(d.Context(), "p"); err != nil {
				d.Fatal(err)
			}
			backup()
			d.lose()
		}, "a"},
		"kept before there was such a file": {func(d *withdrawing, backup func()) {
			backup()
			d.withdraw(b)
			d.lose()
			if _, err := d.cache.Withdrawals(d.Context(), "p"); err != nil {
				d.Fatal(err)
			}
		}, "a"},
	} {
		t.Run(name, func(t *testing.T) {
			d := &withdrawing{T: t, path: filepath.Join(t.TempDir(), "w"), store: (&shelfKeeper{}).copied(), now: time.Now()}
			d.open()
			p := &paper{}
			// The feed repeats it under another id, with the same link.
			p.print(story("a", "A", "https://n.example/a"), story("b2", "B", "http://www.n.example/b/"))
			var backup *shelfKeeper
			c.change(d, func() { backup = d.store.copied() })
			for range 2 {
				d.restore(backup)
				if got := asked(t, d.cache, wantOf(p), pull.Query{Count: 2}); got != c.want {
					t.Errorf("%q, want %q", got, c.want)
				}
			}
			d.close()
		})
	}
}

func TestACorrectionSurvivesARestore(t *testing.T) {
	d := &withdrawing{T: t, path: filepath.Join(t.TempDir(), "w"), store: (&shelfKeeper{}).copied(), now: time.Now()}
	d.open()
	backup := d.store.copied()
	d.withdraw(withdrawal.Rule{Item: "a", Source: "s", Corrects: true, Say: "It was Tuesday."})
	d.restore(backup)
	defer d.close()
	rules, err := d.cache.Withdrawals(t.Context(), "p")
	if err != nil || len(rules) != 1 || !rules[0].Corrects || rules[0].Say != "It was Tuesday." || rules[0].Source != "s" {
		t.Errorf("%+v %v", rules, err)
	}
}
