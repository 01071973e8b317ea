package store_test

import (
	"testing"

	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/store"
)

// TestIDsOfAnEarlierVersionCountForTheirReader has asks accepted as versions did
// that told no readers apart: one is finished, one still waits.
func TestIDsOfAnEarlierVersionCountForTheirReader(t *testing.T) {
	r := newOwnRig(t, t.TempDir())
	former := func(id string, key who.Key) pull.Ask {
		t.Helper()
		a := pull.Ask{Publisher: "p", Channel: "c", Reader: key, At: noon, Incoming: pull.Incoming{ID: id, Text: "news"}}
		got, err := r.db.Queue("asks").Accept(t.Context(), []store.Entry{{ID: "p/c/" + id, Partition: string(key), At: noon}})
		must(t, err)
		a.ID = got[0].Seq
		return a
	}
	settled := former("1", "p.ann")
	_, err := r.ledger.Settle(t.Context(), pipeline.Settlement{
		Ask: settled, Reader: who.Reader{Language: "en"}.Settle(settled.ID, false), Finished: true,
		Record: pipeline.Record{Reader: "p.ann", Reply: &pull.Reply{Language: "en"}},
	})
	must(t, err)
	must(t, r.db.Queue("asks").Ack(t.Context(), settled.ID))
	waiting := former("2", "p.ann")
	for _, one := range []bool{false, true} {
		for _, c := range []struct {
			id     string
			key    who.Key
			repeat uint64
		}{{"1", "p.ann", settled.ID}, {"2", "p.ann", waiting.ID}, {"1", "p.bob", 0}, {"2", "p.bob", 0}, {"3", "p.ann", 0}} {
			key := c.key
			if one && c.repeat == 0 {
				key += "2"
			}
			e := pull.Entry{Ask: pull.Ask{Publisher: "p", Channel: "c", Reader: key, At: noon, OneID: one, Incoming: pull.Incoming{ID: c.id, Text: "news"}}}
			got, err := r.inbox.Accept(t.Context(), []pull.Entry{e})
			must(t, err)
			if got[0].Duplicate != (c.repeat != 0) || c.repeat != 0 && got[0].Seq != c.repeat {
				t.Errorf("%s of %s, one id %v: %+v, want %d", c.id, key, one, got[0], c.repeat)
			}
		}
	}
}
