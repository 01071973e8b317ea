package pull_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/when"
	"keypull/pull/words"
	"keypull/store"
	"keypull/store/mem"
)

// site is a source of pages, of which a fetch reads some more each time.
type site struct {
	upstream
	pages, each, fetches int
	// stuck is after how many pages it gets no further.
	stuck int
	err   error
}

func (s *site) Fetch(_ context.Context, _ string, last *pull.Snapshot) (pull.Snapshot, error) {
	s.fetches++
	if s.err != nil && s.fetches > 1 {
		return pull.Snapshot{}, s.err
	}
	read := 0
	if last != nil {
		read = len(last.Items)
	}
	read = min(read+s.each, s.pages)
	if s.stuck > 0 {
		read = min(read, s.stuck)
	}
	snapshot := pull.Snapshot{Fetched: time.Now(), Unfinished: read < s.pages}
	for i := range read {
		snapshot.Items = append(snapshot.Items, what.Item{ID: fmt.Sprint(i)})
	}
	return snapshot, nil
}

func wantOf(source pull.Source) pull.Want {
	day := 24 * time.Hour
	return pull.Want{ID: pull.SnapshotID{Publisher: "p", Source: "s", Mark: "m", Key: "k"}, Source: source,
		Freshness: when.Freshness{MaxAge: &day}, Asked: time.Now(), At: time.Now(), Wait: time.Second}
}

func TestAnUnfinishedSnapshotIsServedAndGoneOnWithBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		snapshots := store.NewSnapshots(mem.Open(store.Options{}))
		k := pull.NewCache(snapshots, time.Now)
		s := &site{pages: 3000, each: 250}
		kept, err := k.Bring(t.Context(), wantOf(s))
		if err != nil || len(kept.Snapshot.Items) != 250 || !kept.Snapshot.Unfinished {
			t.Fatalf("the first asker gets %d items, %v", len(kept.Snapshot.Items), err)
		}
		synctest.Wait()
		last := k.Last(t.Context(), wantOf(s).ID)
		if len(last.Items) != 3000 || last.Unfinished || s.fetches != 12 {
			t.Errorf("%d fetches brought %d items", s.fetches, len(last.Items))
		}
		if kept, ok, err := snapshots.Snapshot(t.Context(), wantOf(s).ID); err != nil || !ok || len(kept.Items) != 3000 {
			t.Errorf("%d items are kept, %v", len(kept.Items), err)
		}
		k.Close()
	})
}

func TestAPartOutlivesTheProcessAndIsGoneOnWith(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		snapshots := store.NewSnapshots(mem.Open(store.Options{}))
		first := pull.NewCache(snapshots, time.Now)
		s := &site{pages: 1000, each: 250, err: &pull.Error{Kind: pull.Unavailable, Hint: words.Verbatim("away")}}
		if _, err := first.Bring(t.Context(), wantOf(s)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		first.Close()
		second := pull.NewCache(snapshots, time.Now)
		s.err = nil
		kept, err := second.Bring(t.Context(), wantOf(s))
		if err != nil || len(kept.Snapshot.Items) != 250 || kept.Asked != pull.AskedNo {
			t.Fatalf("after a restart %d items are there, asked %q, %v", len(kept.Snapshot.Items), kept.Asked, err)
		}
		synctest.Wait()
		if last := second.Last(t.Context(), wantOf(s).ID); len(last.Items) != 1000 {
			t.Errorf("it ends with %d items", len(last.Items))
		}
		second.Close()
	})
}

func TestASourceThatGetsNoFurtherIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := pull.NewCache(nil, time.Now)
		s := &site{pages: 1000, each: 250, stuck: 500}
		for range 10 {
			if _, err := k.Bring(t.Context(), wantOf(s)); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		if s.fetches != 3 {
			t.Errorf("it was asked %d times in a moment", s.fetches)
		}
		time.Sleep(time.Minute)
		if _, err := k.Bring(t.Context(), wantOf(s)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if s.fetches != 4 {
			t.Errorf("it was asked %d times after a minute", s.fetches)
		}
		k.Close()
	})
}

func titles(s *pull.Snapshot) string {
	var all []string
	if s != nil {
		for _, it := range s.Items {
			all = append(all, it.ID)
		}
	}
	return strings.Join(all, " ")
}

func TestWhatIsPushedIsKeptBeforeItIsAnswered(t *testing.T) {
	snapshots := store.NewSnapshots(mem.Open(store.Options{}))
	k := pull.NewCache(snapshots, time.Now)
	t.Cleanup(k.Close)
	var changed []string
	k.Changed = func(p pull.SnapshotID) { changed = append(changed, p.Key) }
	w := wantOf(&site{pages: 3, each: 3})
	pushed := pull.Pushed{Snapshots: map[string]pull.Snapshot{"k": {Items: []what.Item{{ID: "a"}, {ID: "b"}}}}}
	if err := k.Receive(t.Context(), w, pushed); err != nil {
		t.Fatal(err)
	}
	kept, err := k.Bring(t.Context(), w)
	if err != nil || titles(kept.Snapshot) != "a b" || kept.Asked != pull.AskedNo || !slices.Equal(changed, []string{"k"}) {
		t.Errorf("the next ask gets %q by asking %q, %v; changed %q", titles(kept.Snapshot), kept.Asked, err, changed)
	}
	if s, ok, err := snapshots.Snapshot(t.Context(), w.ID); err != nil || !ok || titles(&s) != "a b" {
		t.Errorf("%q is kept, %v", titles(&s), err)
	}
	down := pull.NewCache(fullSnapshots{}, time.Now)
	t.Cleanup(down.Close)
	for name, p := range map[string]pull.Pushed{"a snapshot": pushed, "a withdrawal": {Withdrawn: []string{"a"}}} {
		if err := down.Receive(t.Context(), w, p); err == nil || down.Last(t.Context(), w.ID) != nil {
			t.Errorf("%s is taken that cannot be kept", name)
		}
	}
}

// fullSnapshots keeps nothing.
type fullSnapshots struct{}

var errFull = errors.New("the disk is full")

func (fullSnapshots) Snapshot(context.Context, pull.SnapshotID) (pull.Snapshot, bool, error) {
	return pull.Snapshot{}, false, nil
}
func (fullSnapshots) Keep(context.Context, pull.SnapshotID, pull.Snapshot) error  { return errFull }
func (fullSnapshots) Renew(context.Context, pull.SnapshotID, pull.Snapshot) error { return errFull }

func TestAPushBeatsTheFetchThatBeganBeforeIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := pull.NewCache(nil, time.Now)
		slow := &slowSite{site{pages: 3, each: 3}}
		w := wantOf(slow)
		go func() { _, _ = k.Bring(t.Context(), w) }()
		synctest.Wait()
		if err := k.Receive(t.Context(), w, pull.Pushed{Snapshots: map[string]pull.Snapshot{"k": {Items: []what.Item{{ID: "new"}}}}}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := titles(k.Last(t.Context(), w.ID)); got != "new" {
			t.Errorf("%q is held", got)
		}
		k.Close()
	})
}

type slowSite struct{ site }

func (s *slowSite) Fetch(ctx context.Context, key string, last *pull.Snapshot) (pull.Snapshot, error) {
	time.Sleep(500 * time.Millisecond)
	return s.site.Fetch(ctx, key, last)
}

func TestWhatIsWithdrawnIsToldNobodyWhateverAFetchBrings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		snapshots := store.NewSnapshots(mem.Open(store.Options{}))
		k := pull.NewCache(snapshots, time.Now)
		s := &site{pages: 3, each: 3}
		w := wantOf(s)
		bring := func(k *pull.Cache) string {
			t.Helper()
			w.At, w.Asked = time.Now(), time.Now()
			kept, err := k.Bring(t.Context(), w)
			if err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			return titles(kept.Snapshot)
		}
		if got := bring(k); got != "0 1 2" {
			t.Fatalf("got %q", got)
		}
		if err := k.Receive(t.Context(), w, pull.Pushed{Withdrawn: []string{"1"}}); err != nil {
			t.Fatal(err)
		}
		if got := bring(k); got != "0 2" {
			t.Errorf("at once %q is told", got)
		}
		time.Sleep(25 * time.Hour)
		if got := bring(k); got != "0 2" || s.fetches != 2 {
			t.Errorf("after %d fetches %q is told", s.fetches, got)
		}
		k.Close()
		after := pull.NewCache(snapshots, time.Now)
		if err := after.Receive(t.Context(), w, pull.Pushed{Withdrawn: []string{"2"}}); err != nil {
			t.Fatal(err)
		}
		if got := bring(after); got != "0" {
			t.Errorf("after a restart %q is told", got)
		}
		if n, err := snapshots.Sweep(t.Context(), func(string, string) (string, bool) { return "other", true }); err != nil || n == 0 {
			t.Errorf("the sweep takes %d, %v", n, err)
		}
		after.Close()
		swept := pull.NewCache(snapshots, time.Now)
		if got := bring(swept); got != "0" {
			t.Errorf("with other settings %q is told", got)
		}
		swept.Close()
	})
}

func TestAPushHasKeysFetchedAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := pull.NewCache(nil, time.Now)
		s := &site{pages: 3, each: 3}
		w := wantOf(s)
		if _, err := k.Bring(t.Context(), w); err != nil {
			t.Fatal(err)
		}
		if err := k.Receive(t.Context(), w, pull.Pushed{Refresh: []string{"k"}}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if s.fetches != 2 {
			t.Errorf("it was fetched %d times", s.fetches)
		}
		k.Close()
	})
}
