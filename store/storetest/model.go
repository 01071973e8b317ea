package storetest

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"keypull/store"
)

var modelExamples = []example{
	{"any run of calls has the results that a map would give", testModel},
}

// model is what a back end should hold.
type model struct {
	o        Subject
	t        *testing.T
	values   map[string]store.Pair
	accepted map[string]uint64
	waiting  []string
	records  []string
	last     store.Revision
}

func testModel(t *testing.T, o Subject) {
	m := &model{o: o, t: t, values: make(map[string]store.Pair), accepted: make(map[string]uint64)}
	// One back end for all runs, since it stands for one long life.
	rapid.Check(t, func(rt *rapid.T) {
		rt.Repeat(map[string]func(*rapid.T){
			"put": m.put, "delete": m.delete, "scan": m.scan, "accept": m.accept,
			"claim": m.claim, "append": m.append, "reopen": m.reopen, "": m.get,
		})
	})
}

var (
	modelKeys = rapid.StringMatching(`[ab-](\.[ab0]){0,2}`)
	modelIDs  = rapid.StringMatching(`[a-f]{1,3}|00000000000000[01][0-9a-f]`)
)

// revision draws one that is right, or one of the ways to be wrong.
func (m *model) revision(rt *rapid.T, key string) store.Revision {
	at := m.values[key].Revision
	return rapid.SampledFrom([]store.Revision{at, at, store.Any, store.Absent, at + 1, m.last}).Draw(rt, "revision")
}

func (m *model) put(rt *rapid.T) {
	key := modelKeys.Draw(rt, "key")
	value := rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(rt, "value")
	when := m.revision(rt, key)
	rev, err := m.o.Put(m.t.Context(), key, value, when)
	if when != store.Any && when != m.values[key].Revision {
		if !errors.Is(err, store.ErrConflict) {
			rt.Fatalf("put %s at %d: %v, want ErrConflict", key, when, err)
		}
		return
	}
	if err != nil || rev <= m.last {
		rt.Fatalf("put %s at %d: revision %d after %d, error %v", key, when, rev, m.last, err)
	}
	m.last = rev
	m.values[key] = store.Pair{Key: key, Value: append([]byte{}, value...), Revision: rev}
}

func (m *model) delete(rt *rapid.T) {
	key := modelKeys.Draw(rt, "key")
	when := m.revision(rt, key)
	at, there := m.values[key]
	err := m.o.Delete(m.t.Context(), key, when)
	if fine := when == store.Any || there && when == at.Revision; fine != (err == nil) || !fine && !errors.Is(err, store.ErrConflict) {
		rt.Fatalf("delete %s at %d: error %v", key, when, err)
	}
	if err == nil {
		delete(m.values, key)
	}
}

func (m *model) get(rt *rapid.T) {
	key := modelKeys.Draw(rt, "key")
	got, err := m.o.Get(m.t.Context(), key)
	want, there := m.values[key]
	if there != (err == nil) || !there && !errors.Is(err, store.ErrNotFound) {
		rt.Fatalf("get %s: error %v", key, err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		rt.Fatal(diff)
	}
}

func (m *model) scan(rt *rapid.T) {
	maybe := rapid.OneOf(rapid.Just(""), modelKeys)
	prefix, after := maybe.Draw(rt, "prefix"), maybe.Draw(rt, "after")
	limit := rapid.IntRange(1, 8).Draw(rt, "limit")
	var want []store.Pair
	for key, p := range m.values {
		if key > after && (prefix == "" || strings.HasPrefix(key, prefix+".")) {
			want = append(want, p)
		}
	}
	slices.SortFunc(want, func(a, b store.Pair) int { return strings.Compare(a.Key, b.Key) })
	want = want[:min(limit, len(want))]
	got, err := m.o.Scan(m.t.Context(), prefix, after, limit)
	if err != nil {
		rt.Fatal(err)
	}
	if len(got)+len(want) > 0 {
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatal(diff)
		}
	}
}

func (m *model) accept(rt *rapid.T) {
	var entries []store.Entry
	for _, id := range rapid.SliceOfN(modelIDs, 1, 3).Draw(rt, "ids") {
		entries = append(entries, store.Entry{ID: id, At: m.o.Clock.Now()})
	}
	got, err := m.o.Queue("inbox").Accept(m.t.Context(), entries)
	if err != nil {
		rt.Fatal(err)
	}
	for i, e := range entries {
		first, known := m.accepted[e.ID]
		if got[i].Duplicate != known || known && got[i].Seq != first {
			rt.Fatalf("accept %s: %+v, known %v as %d", e.ID, got[i], known, first)
		}
		if !known {
			m.accepted[e.ID] = got[i].Seq
			m.waiting = append(m.waiting, e.ID)
		}
	}
}

// claim claims and acknowledges, so that nothing comes again.
func (m *model) claim(rt *rapid.T) {
	if len(m.waiting) == 0 {
		return
	}
	limit := rapid.IntRange(1, 4).Draw(rt, "limit")
	got, err := m.o.Queue("inbox").Claim(m.t.Context(), limit)
	if err != nil {
		rt.Fatal(err)
	}
	want := m.waiting[:min(limit, len(m.waiting))]
	if diff := cmp.Diff(want, ids(got)); diff != "" {
		rt.Fatal(diff)
	}
	m.waiting = slices.Clone(m.waiting[len(want):])
	for _, e := range got {
		if err := m.o.Queue("inbox").Ack(m.t.Context(), e.Seq); err != nil {
			rt.Fatal(err)
		}
	}
}

func (m *model) append(rt *rapid.T) {
	id := modelIDs.Draw(rt, "id")
	l := m.o.Log("journal")
	position, err := l.Append(m.t.Context(), store.Record{ID: id, Data: []byte(id)})
	if err != nil {
		rt.Fatal(err)
	}
	if !slices.Contains(m.records, id) {
		m.records = append(m.records, id)
	}
	got, err := l.Read(m.t.Context(), position, 1)
	if err != nil || len(got) != 1 || got[0].ID != id || string(got[0].Data) != id {
		rt.Fatalf("%s at %d: %+v, error %v", id, position, got, err)
	}
	all, err := l.Read(m.t.Context(), 0, store.MaxPage)
	if err != nil {
		rt.Fatal(err)
	}
	if diff := cmp.Diff(m.records, recordIDs(all)); diff != "" {
		rt.Fatal(diff)
	}
}

func (m *model) reopen(rt *rapid.T) {
	if m.o.Reopen != nil && rapid.IntRange(0, 9).Draw(rt, "reopen") == 0 {
		m.o.Backend = m.o.Reopen(m.t)
	}
}
