package bolt_test

import (
	"path/filepath"
	"testing"

	"keypull/store"
	"keypull/store/bolt"
)

func TestWhatAPartitionWaitsForIsFoundClaimedOrNot(t *testing.T) {
	db, err := bolt.Open(filepath.Join(t.TempDir(), "keypull.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	q := db.Queue("asks")
	of := func(partition string) (payloads string) {
		t.Helper()
		entries, err := q.(store.Searcher).Of(t.Context(), partition)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			payloads += string(e.Payload)
		}
		return payloads
	}
	if got := of("ann"); got != "" {
		t.Errorf("before anything was accepted: %q", got)
	}
	accepted, err := q.Accept(t.Context(), []store.Entry{
		{Partition: "ann", Payload: []byte("1")}, {Partition: "bob", Payload: []byte("2")}, {Partition: "ann", Payload: []byte("3")},
		{Partition: "ann-marie", Payload: []byte("4")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := q.Claim(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if got := of("ann"); got != "13" {
		t.Errorf("found %q", got)
	}
	all := ""
	if err := q.(store.Searcher).Each(t.Context(), func(e store.Entry) { all += e.Partition + string(e.Payload) + " " }); err != nil || all != "ann1 bob2 ann3 ann-marie4 " {
		t.Errorf("of all partitions: %q, %v", all, err)
	}
	if err := q.Ack(t.Context(), accepted[0].Seq); err != nil {
		t.Fatal(err)
	}
	if got := of("ann"); got != "3" {
		t.Errorf("after the first was finished: %q", got)
	}
}
