package store_test

import (
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/store"
	"keypull/store/mem"
)

func TestOnlySnapshotsOfSourcesAsTheyAreNowAreKept(t *testing.T) {
	db := mem.Open(store.Options{Clock: time.Now})
	t.Cleanup(func() { _ = db.Close() })
	s := store.NewSnapshots(db)
	places := map[pull.SnapshotID]bool{
		{Publisher: "lecker", Source: "news", Key: "a", Mark: "now"}:    true,
		{Publisher: "lecker", Source: "news", Key: "b", Mark: "now"}:    true,
		{Publisher: "lecker", Source: "news", Key: "a", Mark: "then"}:   false,
		{Publisher: "lecker", Source: "news", Key: "a"}:                 false,
		{Publisher: "lecker", Source: "gone", Key: "a", Mark: "now"}:    false,
		{Publisher: "kiosk", Source: "news", Key: "a", Mark: "kiosk"}:   true,
		{Publisher: "closed", Source: "news", Key: "a", Mark: "now"}:    false,
		{Publisher: "lecker", Source: "newsy", Key: "a", Mark: "newsy"}: true,
		// Nobody knows what a source that could not be opened fetches.
		{Publisher: "lecker", Source: "parked", Key: "a", Mark: "now"}:  true,
		{Publisher: "lecker", Source: "parked", Key: "a", Mark: "then"}: true,
	}
	for range 3 {
		for p := range places {
			if err := s.Keep(t.Context(), p, pull.Snapshot{Items: []what.Item{{ID: "1"}}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	marks := map[string]string{"lecker/news": "now", "kiosk/news": "kiosk", "lecker/newsy": "newsy", "lecker/parked": ""}
	n, err := s.Sweep(t.Context(), func(publisher, source string) (string, bool) {
		mark, ok := marks[publisher+"/"+source]
		return mark, ok
	})
	if err != nil || n != 4 {
		t.Errorf("%d removed, %v", n, err)
	}
	for p, kept := range places {
		if _, found, err := s.Snapshot(t.Context(), p); err != nil || found != kept {
			t.Errorf("%+v: found %v, %v", p, found, err)
		}
	}
}
