package sourcetest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/when"
)

// known is what an honest server brings.
type known struct {
	// items are the same from every address; nil where each has its own.
	items []what.Item
	// single says that one answer brings all, and that nothing is kept beside the
	// snapshot. What takes more is asked through the cache by samples of the lies.
	single bool
	// parts says that it takes several answers, of which a lie leaves some.
	parts bool
	// anywhere says that upstream answers alike whoever asks, at whatever path: what
	// a redirect leads to is the same then.
	anywhere bool
}

func (c overHTTP) known(t *testing.T, w *world) known {
	t.Helper()
	here, there := c.tried(t, w, lie{}), c.tried(t, w, lie{over: named})
	s := here.brings(t)
	kept, err := os.ReadDir(here.env.Folder)
	if err != nil {
		t.Fatal(err)
	}
	k := known{parts: s.Unfinished || here.liar.asked.Load() > 1}
	bare := httptest.NewRecorder()
	c.Upstream.ServeHTTP(bare, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/moved", nil))
	k.anywhere = bare.Code == http.StatusOK && bare.Body.String() == here.liar.first.Load().Body.String()
	k.single = !k.parts && len(kept) == 0
	if slices.Equal(ids(s.Items), ids(there.brings(t).Items)) {
		k.items = s.Items
	}
	return k
}

// brings fetches from a server that is honest.
func (r trial) brings(t *testing.T) pull.Snapshot {
	t.Helper()
	s, err := r.within(t, ages, nil)
	if err != nil || len(s.Items) == 0 {
		t.Fatalf("an honest server brings %d items, %v", len(s.Items), err)
	}
	return s
}

// warm asks through the cache: what is known is told whatever the server does,
// and what it then says when it is honest again.
func (r trial) warm(t *testing.T) {
	t.Helper()
	r.env.Folder = t.TempDir()
	r.source = r.reopened(t)
	good := r.honest(t, nil)
	r.ahead.Add(int64(2 * time.Hour))
	r.liar.begin()
	limit := ages
	if r.liar.stalls {
		limit = patience
	}
	lied, err := r.bring(t, limit)
	r.liar.repent()
	switch {
	case err != nil || lied.Snapshot == nil || len(lied.Snapshot.Items) == 0:
		t.Errorf("what was known is told no more: %v", err)
		return
	case lied.Err != nil && !alike(lied.Snapshot.Items, good.Snapshot.Items):
		t.Errorf("what was known is told as something else, after %v", lied.Err)
	case lied.Err != nil:
		told(t, lied.Err, pull.Unavailable, pull.Unusable, pull.Limited, pull.Unknown, pull.Crowded, pull.Denied, "doubtful")
	}
	r.clean(t, *lied.Snapshot)
	if lied.Err != nil && !r.liar.forGood {
		r.honest(t, lied.Snapshot.Items)
	}
}

// honest asks a server that is honest again, until its answer is the whole that
// is there, which is as before.
func (r trial) honest(t *testing.T, before []what.Item) pull.Found {
	t.Helper()
	// It may have asked for rest, for a day at most.
	r.ahead.Add(int64(25 * time.Hour))
	again := time.NewTicker(patience / 50)
	defer again.Stop()
	for end := time.Now().Add(ages); ; {
		found, err := r.bring(t, ages)
		if err == nil && found.Err == nil && !found.Snapshot.Unfinished && (before == nil || alike(found.Snapshot.Items, before)) {
			return found
		}
		if time.Now().After(end) {
			t.Fatalf("the server is honest, and it is not told: %v, %v", err, found.Err)
		}
		// What was asked for while it lied may be under way.
		r.ahead.Add(int64(time.Minute))
		<-again.C
	}
}

// alike says whether two lists are of the same items, in whatever order.
func alike(a, b []what.Item) bool {
	return slices.Equal(slices.Sorted(slices.Values(ids(a))), slices.Sorted(slices.Values(ids(b))))
}

// among says whether all items of a list are in another.
func among(some, all []what.Item) bool {
	known := ids(all)
	return !slices.ContainsFunc(ids(some), func(id string) bool { return !slices.Contains(known, id) })
}

// bring asks through the cache, as a reader does.
func (r trial) bring(t *testing.T, limit time.Duration) (pull.Found, error) {
	t.Helper()
	minute := time.Minute
	found, err := r.cache.Bring(t.Context(), pull.Want{
		ID: pull.SnapshotID{Publisher: "p", Source: "test", Key: r.key}, Source: r.source, At: r.env.Clock(), Wait: limit,
		Freshness: when.Freshness{MaxAge: &minute, StaleIfError: 30 * 24 * time.Hour},
	})
	if err != nil {
		return found, fmt.Errorf("bring: %w", err)
	}
	return found, nil
}
