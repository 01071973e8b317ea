package store_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/who"
	"keypull/store"
	"keypull/store/bolt"
)

// inhabited is a store with two publishers, of which p is to leave.
func inhabited(t *testing.T) *erasureRig {
	t.Helper()
	r := newErasureRig(t)
	for _, key := range []who.Key{"p.ann", "p.bob", "q.eve"} {
		r.asks(key, true, who.Active, "tiramisu for "+string(key))
	}
	r.asks("p.stopped", true, who.Stopped, "stop")
	must(t, r.erasure().Demand.Fold(t.Context()))
	for _, publisher := range []string{"p", "q"} {
		for n, id := range map[catalogue.Resource]string{catalogue.ResourcePublisher: "", catalogue.ResourceKeyword: "news", catalogue.ResourceSource: "feed"} {
			putKept(t, store.NewPublishers(r.backend), kept(n, publisher, id))
		}
		snapshot := pull.SnapshotID{Publisher: publisher, Source: "feed", Key: "k"}
		must(t, store.NewSnapshots(r.backend).Keep(t.Context(), snapshot, pull.Snapshot{Fetched: noon}))
		_, err := r.backend.Put(t.Context(), "stopped."+publisher+".gone", []byte(`{}`), store.Any)
		must(t, err)
	}
	return r
}

// leave takes p out as a process does that has just begun.
func (r *erasureRig) leave() error {
	d, e := store.NewDepartures(r.backend), r.erasure()
	if _, err := d.Begin(r.Context(), "p", "The P", noon); err != nil {
		return err
	}
	return d.CarryOut(r.Context(), "p", func(ctx context.Context, key who.Key) error { return e.Erase(ctx, "p", key) }, e.Demand.Fold)
}

// keysNaming returns the keys of a store that name a publisher, but for the note that it left.
func keysNaming(t *testing.T, kv store.KV, publisher string) (all []string) {
	t.Helper()
	for pair, err := range store.Pairs(t.Context(), kv, "", "", store.MaxPage) {
		must(t, err)
		if names := bytes.Split([]byte(pair.Key), []byte(".")); len(names) > 1 && string(names[1]) == publisher && string(names[0]) != "departed" {
			all = append(all, pair.Key)
		}
	}
	return all
}

// TestAPublisherLeavesWithItsReadersWhereverItIsCutShort cuts a departure at each write, and
// goes on as the next process does.
func TestAPublisherLeavesWithItsReadersWhereverItIsCutShort(t *testing.T) {
	for cut := 0; ; cut += 1 + cut/8 {
		r := inhabited(t)
		stays := keysNaming(t, r.backend, "q")
		r.backend.left = cut
		first := r.leave()
		r.backend.left = -1
		must(t, r.erasure().Resume(t.Context()))
		must(t, r.leave())
		if left := keysNaming(t, r.backend, "p"); len(left) > 0 {
			t.Fatalf("cut at write %d there is %q", cut, left)
		}
		for _, key := range []who.Key{"p.ann", "p.bob", "p.stopped"} {
			r.holds(key)
		}
		if now := keysNaming(t, r.backend, "q"); !slices.Equal(now, stays) {
			t.Fatalf("cut at write %d the other publisher has %q, not %q", cut, now, stays)
		}
		if got := r.records("q.eve"); len(got) != 1 {
			t.Fatalf("cut at write %d the other's reader has %q", cut, got)
		}
		of, _, err := store.NewDepartures(r.backend).Get(t.Context(), "p")
		must(t, err)
		if told, _ := json.Marshal(of.Held); string(told) != `{"readers":3,"settings":3,"snapshots":1,"stops":2}` {
			t.Fatalf("cut at write %d it held %s", cut, told)
		}
		if first == nil {
			break
		}
	}
}

// TestAnOlderCopyOfTheStoreKnowsNobodyWhosePublisherLeft opens one with the keys of now.
func TestAnOlderCopyOfTheStoreKnowsNobodyWhosePublisherLeft(t *testing.T) {
	r := inhabited(t)
	copied := filepath.Join(t.TempDir(), "before.db")
	f, err := os.Create(copied) //nolint:gosec // of this test
	must(t, err)
	_, err = r.backend.Backup(t.Context(), f)
	must(t, err)
	must(t, f.Close())
	must(t, r.leave())
	var marks []store.Pair
	for pair, err := range (store.Standing{Store: r.backend, Sealer: r.ring}).Marks(t.Context()) {
		must(t, err)
		marks = append(marks, pair)
	}
	old, err := bolt.Open(copied, store.Options{HashKey: r.ring.HashKey()})
	must(t, err)
	t.Cleanup(func() { _ = old.Close() })
	standing := store.Standing{Store: old, Sealer: r.ring}
	_, err = standing.SetMarks(t.Context(), marks, false)
	must(t, err)
	all, err := store.NewDepartures(old).DropAll(t.Context())
	must(t, err)
	if len(all) != 1 || all[0].Name != "The P" || !all[0].Began.Equal(noon) {
		t.Errorf("left are %+v", all)
	}
	if left, gone, _, err := standing.DropForgotten(t.Context()); err != nil || left != 1 || gone != 3 {
		t.Errorf("%d readers are left and %d gone, %v", left, gone, err)
	}
	if names := keysNaming(t, old, "p"); len(names) > 0 {
		t.Errorf("the copy has %q", names)
	}
	if pair, err := old.Get(t.Context(), "reader.q.eve"); err != nil {
		t.Error(err)
	} else if _, _, err := r.ring.OpenReader(fmt.Sprintf("reader.q.eve/%d", pair.Revision), pair.Value); err != nil {
		t.Errorf("the other's reader: %v", err)
	}
}

func TestNobodyLeavesOfWhomNothingIsHeld(t *testing.T) {
	r := newErasureRig(t)
	_, err := store.NewDepartures(r.backend).Begin(t.Context(), "p", "", time.Time{})
	wantKind(t, "nothing is held", err, pull.Unknown)
}
