package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/store"
	"keypull/store/bolt"
	"keypull/store/mem"
	"keypull/store/sealed"
)

var noon = time.Date(2026, 6, 10, 12, 0, 0, 0, time.UTC)

// counted counts the records that are read from logs.
type counted struct {
	store.Backend
	records *int
}

type countedLog struct {
	store.Log
	records *int
}

func (c counted) Log(name string) store.Log { return countedLog{c.Backend.Log(name), c.records} }

func (c countedLog) Read(ctx context.Context, from uint64, limit int) ([]store.Record, error) {
	found, err := c.Log.Read(ctx, from, limit)
	*c.records += len(found)
	return found, err
}

// plain seals nothing, for what is not about secrets.
type plain struct{}

func (plain) SealDay(time.Time) (store.Seal, error)      { return openly, nil }
func (plain) OpenDay(_ string, b []byte) ([]byte, error) { return slices.Clone(b), nil }
func (plain) NewReader() (store.Slot, error)             { return 1, nil }
func (plain) SealReader(store.Slot) (store.Seal, error)  { return openly, nil }
func (plain) Bound([]byte) bool                          { return true }
func (plain) EraseReaders(...store.Slot) error           { return nil }
func (plain) EraseAgain() error                          { return nil }
func (plain) OpenReader(_ string, b []byte) (data []byte, _ store.Slot, _ error) {
	return slices.Clone(b), 1, nil
}

func (plain) Keep(...store.Slot)                                 {}
func (plain) Release(...store.Slot)                              {}
func (plain) Adrift() []store.Slot                               { return nil }
func (plain) Owner([]byte) (slot store.Slot, named bool)         { return 0, false }
func (plain) SealBoth(store.Slot, time.Time) (store.Seal, error) { return openly, nil }
func (plain) OpenBoth(_ string, b []byte) ([]byte, store.Slot, error) {
	return slices.Clone(b), 1, nil
}

func openly(_ string, b []byte) []byte { return slices.Clone(b) }

// eachBackend runs a test on every back end.
func eachBackend(t *testing.T, f func(t *testing.T, b store.Backend)) {
	t.Run("mem", func(t *testing.T) { f(t, mem.Open(store.Options{})) })
	t.Run("bolt", func(t *testing.T) {
		db, err := bolt.Open(filepath.Join(t.TempDir(), "keypull.db"), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		f(t, db)
	})
}

func ledger(b store.Backend, s store.Sealer) *store.Ledger {
	return store.NewLedger(b, s, func() time.Time { return noon }, slog.New(slog.DiscardHandler))
}

// written appends settled asks that arrived at these times, as one batch.
func written(t *testing.T, b store.Backend, times []time.Time) {
	t.Helper()
	var batch store.Batch
	for i, at := range times {
		data := fmt.Appendf(nil, `{"publisher":"p","reader":"p.r","reply":{"language":"en"},"trace":{"ask":%d,"at":%q}}`, i, at.Format(time.RFC3339Nano))
		batch.Appends = append(batch.Appends, store.Append{Log: "asks", Record: store.Record{ID: fmt.Sprintf("%016x", i), At: at, Data: data}})
	}
	if _, err := b.Commit(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
}

type fataler interface {
	Helper()
	Fatal(args ...any)
	Context() context.Context
}

// traces tells the traces up to now.
func traces(t fataler, b store.Backend, s store.Sealer, since time.Time, f func(string, journal.Trace) error) error {
	t.Helper()
	d := newDemandRig(b, s)
	now, err := d.Now(t.Context())
	if err != nil {
		return err
	}
	return d.Traces(t.Context(), since, now, f)
}

// asks lists the ids of what Traces tells.
func asks(t fataler, b store.Backend, since time.Time) []uint64 {
	t.Helper()
	var all []uint64
	err := traces(t, b, plain{}, since, func(publisher string, trace journal.Trace) error {
		if publisher != "p" {
			return fmt.Errorf("publisher %q", publisher)
		}
		all = append(all, trace.Ask)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTracesOfTheLastDaysAreFoundWithoutReadingTheYear(t *testing.T) {
	eachBackend(t, func(t *testing.T, b store.Backend) {
		const many, last = 8760, 1500
		var times []time.Time
		for i := range many {
			times = append(times, noon.Add(time.Duration(i-many)*time.Hour))
		}
		written(t, b, times)
		read := 0
		got := asks(t, counted{b, &read}, times[many-last])
		if len(got) != last || got[0] != many-last || got[last-1] != many-1 {
			t.Errorf("%d asks", len(got))
		}
		if limit := last + 24 + 3*64 + 1; read > limit {
			t.Errorf("%d records were read, at most %d are needed", read, limit)
		}
		if got := asks(t, b, noon); got != nil {
			t.Errorf("got %v of a time to come", got)
		}
	})
}

func TestTracesStandBehindWhatWasTrimmed(t *testing.T) {
	eachBackend(t, func(t *testing.T, b store.Backend) {
		l := ledger(b, plain{})
		if got := asks(t, b, noon); got != nil {
			t.Errorf("got %v of an empty log", got)
		}
		written(t, b, []time.Time{noon, noon.Add(2 * time.Hour), noon.Add(time.Hour), noon.Add(3 * time.Hour)})
		if n, err := l.Trim(t.Context(), noon.Add(2*time.Hour)); n != 2 || err != nil {
			t.Fatalf("%d trimmed, %v", n, err)
		}
		for _, tt := range []struct {
			since time.Time
			want  []uint64
		}{{time.Time{}, []uint64{1, 3}}, {noon.Add(3 * time.Hour), []uint64{3}}} {
			if diff := cmp.Diff(tt.want, asks(t, b, tt.since)); diff != "" {
				t.Errorf("since %v: %s", tt.since, diff)
			}
		}
		if _, err := l.Trim(t.Context(), noon.AddDate(0, 0, 2)); err != nil {
			t.Fatal(err)
		}
		if got := asks(t, b, time.Time{}); got != nil {
			t.Errorf("got %v of a log without records", got)
		}
	})
}

func TestTracesAreThoseSinceWhateverTheOrder(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		b := mem.Open(store.Options{})
		l := ledger(b, plain{})
		var times []time.Time
		for i := range rapid.IntRange(0, 60).Draw(r, "records") {
			late := rapid.IntRange(0, 24*60).Draw(r, "late")
			times = append(times, noon.Add(time.Duration(i)*5*time.Hour-time.Duration(late)*time.Minute))
		}
		written(t, b, times)
		hours := rapid.IntRange(-30, 330)
		trimmed := noon.Add(time.Duration(hours.Draw(r, "trimmed")) * time.Hour)
		if _, err := l.Trim(r.Context(), trimmed); err != nil {
			r.Fatal(err)
		}
		since := noon.Add(time.Duration(hours.Draw(r, "since")) * time.Hour)
		var want []uint64
		for i, at := range times {
			if !at.Before(trimmed) && !at.Before(since) {
				want = append(want, uint64(i))
			}
		}
		if diff := cmp.Diff(want, asks(r, b, since)); diff != "" {
			r.Fatal(diff)
		}
	})
}

func TestTracesComeFromWhatWasSettled(t *testing.T) {
	eachBackend(t, func(t *testing.T, b store.Backend) {
		ring, err := sealed.Open(sealed.Options{Path: filepath.Join(t.TempDir(), "keypull.key"), Fresh: true})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = ring.Close() })
		l := ledger(b, ring)
		var want []journal.Trace
		for i, at := range []time.Time{noon.AddDate(0, 0, -1), noon, noon.Add(time.Minute)} {
			a := pull.Ask{ID: uint64(i + 1), Publisher: "p", Channel: "tg", Reader: who.Key(fmt.Sprint("p.r", i)), At: at}
			trace := journal.Trace{Ask: a.ID, At: at, Channel: "tg", Outcome: journal.Answered, What: journal.What{Keyword: "news"}}
			want = append(want, trace)
			if _, err := l.Settle(t.Context(), pipeline.Settlement{Ask: a, Record: pipeline.Record{Reader: a.Reader, Reply: &pull.Reply{}, Trace: trace}}); err != nil {
				t.Fatal(err)
			}
		}
		expect := func(step string, want []journal.Trace) {
			t.Helper()
			var got []journal.Trace
			err := traces(t, b, ring, time.Time{}, func(_ string, trace journal.Trace) error {
				got = append(got, trace)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s", step, diff)
			}
		}
		expect("at first", want)
		if err := b.Log("asks").Reduce(t.Context(), "0000000000000002", nil); err != nil {
			t.Fatal(err)
		}
		expect("after one was reduced", []journal.Trace{want[0], want[2]})
		if n, err := ring.DestroyBefore(noon); n != 1 || err != nil {
			t.Fatalf("%d keys destroyed, %v", n, err)
		}
		expect("after a day was erased", want[2:])
	})
}

func TestTracesEndWithTheFirstError(t *testing.T) {
	b := mem.Open(store.Options{})
	written(t, b, []time.Time{noon, noon})
	enough, calls := errors.New("enough"), 0
	err := traces(t, b, plain{}, noon, func(string, journal.Trace) error {
		calls++
		return enough
	})
	if !errors.Is(err, enough) || calls != 1 {
		t.Errorf("%v after %d calls", err, calls)
	}
	if _, err := b.Log("asks").Append(t.Context(), store.Record{ID: "broken", At: noon, Data: []byte("{")}); err != nil {
		t.Fatal(err)
	}
	var syntax *json.SyntaxError
	if err := traces(t, b, plain{}, noon, func(string, journal.Trace) error { return nil }); !errors.As(err, &syntax) {
		t.Errorf("a broken record gives %v", err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if err := traces(t, b, plain{}, noon, func(string, journal.Trace) error { return nil }); pull.KindOf(err) != pull.Unavailable {
		t.Errorf("a closed store gives %v", err)
	}
}
