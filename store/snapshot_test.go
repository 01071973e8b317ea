package store_test

import (
	"crypto/rand"
	"encoding/base64"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/store"
	"keypull/store/mem"
)

func TestSnapshotComesBackWhole(t *testing.T) {
	noise := make([]byte, 2*store.MaxValueBytes)
	if _, err := rand.Read(noise); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for name, want := range map[string]pull.Snapshot{
		"empty":                  {Fetched: at},
		"one item":               {Fetched: at, Items: []what.Item{{ID: "a", Title: "Tiramisù", Facts: what.Facts{{Name: "price", Kind: what.Decimal, Text: "1.50"}, {Name: "steps", Kind: what.List, List: []string{"x"}}}}}},
		"larger than two values": {Fetched: at, Items: []what.Item{{ID: "b", Body: base64.StdEncoding.EncodeToString(noise)}}},
	} {
		t.Run(name, func(t *testing.T) {
			snapshots := store.NewSnapshots(mem.Open(store.Options{}))
			place := pull.SnapshotID{Publisher: "p", Source: "s", Key: "any ✓ bytes"}
			if _, ok, err := snapshots.Snapshot(t.Context(), place); ok || err != nil {
				t.Fatalf("before: %v, %v", ok, err)
			}
			if err := snapshots.Keep(t.Context(), place, want); err != nil {
				t.Fatal(err)
			}
			got, ok, err := snapshots.Snapshot(t.Context(), place)
			if !ok || err != nil {
				t.Fatalf("%v, %v", ok, err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatal(diff)
			}
		})
	}
}

func TestPlacesHoldSnapshotsOfTheirOwn(t *testing.T) {
	noise := make([]byte, 2*store.MaxValueBytes)
	if _, err := rand.Read(noise); err != nil {
		t.Fatal(err)
	}
	snapshots := store.NewSnapshots(mem.Open(store.Options{}))
	places := []pull.SnapshotID{
		{Publisher: "p", Source: "s", Key: "k"},
		{Publisher: "p", Source: "s", Mark: "k"},
		{Publisher: "p", Source: "s"},
		{Publisher: "p", Source: "s", Mark: "one.two/✓", Key: "k"},
		{Publisher: "p", Source: "s", Mark: "0", Key: "k"},
		{Publisher: "p", Source: "other", Mark: "0", Key: "k"},
	}
	for i, place := range places {
		if _, ok, err := snapshots.Snapshot(t.Context(), place); ok || err != nil {
			t.Fatalf("%+v holds another's snapshot: %v", place, err)
		}
		if err := snapshots.Keep(t.Context(), place, pull.Snapshot{Items: []what.Item{{ID: strconv.Itoa(i), Body: base64.StdEncoding.EncodeToString(noise)}}}); err != nil {
			t.Fatal(err)
		}
	}
	for i, place := range places {
		got, ok, err := snapshots.Snapshot(t.Context(), place)
		if !ok || err != nil || got.Items[0].ID != strconv.Itoa(i) {
			t.Errorf("%+v: %v, %v", place, ok, err)
		}
	}
}

func TestAPlaceWithoutAMarkLiesWhereItAlwaysDid(t *testing.T) {
	kv := mem.Open(store.Options{})
	if err := store.NewSnapshots(kv).Keep(t.Context(), pull.SnapshotID{Publisher: "p", Source: "s", Key: "k"}, pull.Snapshot{}); err != nil {
		t.Fatal(err)
	}
	if _, err := kv.Get(t.Context(), "snapshot.p.s.8254c329a92850f6d539dd37"); err != nil {
		t.Fatal(err)
	}
}

func TestHalfASnapshotCountsAsNone(t *testing.T) {
	kv := mem.Open(store.Options{})
	snapshots := store.NewSnapshots(kv)
	place := pull.SnapshotID{Publisher: "p", Source: "s", Key: "k"}
	if err := snapshots.Keep(t.Context(), place, pull.Snapshot{Items: []what.Item{{ID: "a"}}}); err != nil {
		t.Fatal(err)
	}
	pairs, err := kv.Scan(t.Context(), "snapshot", "", 10)
	if err != nil || len(pairs) != 1 {
		t.Fatalf("%d pairs, %v", len(pairs), err)
	}
	broken := pairs[0].Value[:len(pairs[0].Value)-1]
	if _, err := kv.Put(t.Context(), pairs[0].Key, broken, store.Any); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := snapshots.Snapshot(t.Context(), place); ok || err != nil {
		t.Fatalf("half a snapshot: %v, %v", ok, err)
	}
}
