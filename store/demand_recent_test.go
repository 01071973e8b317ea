package store_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/store"
	"keypull/store/mem"
	"keypull/store/sealed"
)

// opening is a sealer that counts the records that are opened.
type opening struct {
	store.Sealer
	opened int
}

func (o *opening) OpenBoth(place string, b []byte) ([]byte, store.Slot, error) {
	if strings.HasPrefix(place, "log/") {
		o.opened++
	}
	return o.Sealer.OpenBoth(place, b)
}

// handRig settles asks that are folded from memory, or where aside is set from
// their records alone.
type handRig struct {
	*demandRig
	*opening
	ledger  *store.Ledger
	counted pipeline.Ledger
	aside   bool
	readers map[who.Key]uint64
}

func newHandRig(t fataler, path string, aside bool) *handRig {
	t.Helper()
	ring, err := sealed.Open(sealed.Options{Path: path, Fresh: true})
	if err != nil {
		t.Fatal(err)
	}
	r := &handRig{opening: &opening{Sealer: ring}, aside: aside, readers: map[who.Key]uint64{}}
	r.demandRig = newDemandRig(mem.Open(store.Options{}), r.opening)
	r.begin()
	return r
}

// begin is the begin of a process: what was in memory is gone.
func (r *handRig) begin() {
	next, now := r.next, r.now
	r.demandRig = newDemandRig(r.backend, r.opening)
	r.next, r.now = next, now
	r.ledger = store.NewLedger(r.backend, r.opening, func() time.Time { return r.now }, slog.New(slog.DiscardHandler))
	ledger := pipeline.Ledger(r.ledger)
	if r.aside {
		ledger = struct{ pipeline.Ledger }{ledger}
	}
	r.counted = r.Counting(ledger, func(s pipeline.Settlement) bool { return s.Ask.Channel == "bare" })
}

func (r *handRig) settle(t fataler, reader who.Key, channel string, trace journal.Trace) {
	t.Helper()
	r.next++
	trace.Ask, trace.At, trace.Channel = r.next, r.now, channel
	a := pull.Ask{ID: trace.Ask, Publisher: "demo", Channel: channel, Reader: reader, At: r.now}
	at, err := r.counted.Settle(context.Background(), pipeline.Settlement{
		Ask: a, Reader: who.Reader{First: noon}.Settle(a.ID, false), Revision: r.readers[reader],
		Record: pipeline.Record{Reply: &pull.Reply{Language: "en"}, Trace: trace},
	})
	if err != nil {
		t.Fatal(err)
	}
	r.readers[reader] = at
}

func answered(keyword string) journal.Trace {
	return journal.Trace{Outcome: journal.Answered, What: journal.What{Keyword: keyword}}
}

func TestAFoldOpensNoRecordThatIsAtHand(t *testing.T) {
	t.Parallel()
	r := newHandRig(t, filepath.Join(t.TempDir(), "key"), false)
	for n := range 700 { // more than are read at a time
		r.settle(t, "demo.one", "chat", answered(fmt.Sprint("k", n%3)))
	}
	if d := r.list(t, "demo"); d.Answered != 700 || len(d.Keywords) != 3 || r.opened != 0 {
		t.Errorf("%+v, and %d records were opened", d, r.opened)
	}
	r.settle(t, "demo.one", "chat", missed("soup"))
	if d := r.list(t, "demo"); d.Missed != 1 || d.Answered != 700 || r.opened != 1 {
		t.Errorf("%+v, and %d records were opened: what tells of words is held by nobody else", d, r.opened)
	}
	r.settle(t, "demo.one", "chat", answered("k1"))
	r.begin()
	if d := r.list(t, "demo"); d.Answered != 701 || r.opened != 3 { // "soup" and k1, which are not written yet
		t.Errorf("%+v, and %d records were opened after the end of a process", d, r.opened)
	}
}

func TestAFoldIsDueBeforeTooMuchIsAtHand(t *testing.T) {
	t.Parallel()
	r := newHandRig(t, filepath.Join(t.TempDir(), "key"), false)
	ready := func() bool {
		select {
		case <-r.Ready():
			return true
		default:
			return false
		}
	}
	r.settle(t, "demo.one", "chat", answered("k"))
	if ready() {
		t.Fatal("a fold is due after one ask")
	}
	for n := 1; n < store.MostAtHand/2; n++ {
		r.settle(t, "demo.one", "chat", answered("k"))
	}
	if !ready() {
		t.Fatalf("no fold is due after %d asks", store.MostAtHand/2)
	}
	for range store.MostAtHand {
		r.settle(t, "demo.one", "chat", answered("k"))
	}
	if d := r.list(t, "demo"); d.Answered != 3*store.MostAtHand/2 || r.opened != store.MostAtHand/2 {
		t.Errorf("%d were counted, and %d records opened", d.Answered, r.opened)
	}
	r.settle(t, "demo.one", "chat", answered("k"))
	if d := r.list(t, "demo"); d.Answered != 3*store.MostAtHand/2+1 || r.opened != store.MostAtHand/2 {
		t.Errorf("%d were counted, and %d records opened after that", d.Answered, r.opened)
	}
}

// Whatever happens between an ask and its fold, what is at hand counts as what
// the log has.
func TestWhatIsAtHandCountsAsItsRecordDoes(t *testing.T) {
	t.Parallel()
	folder, n := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		var rigs []*handRig
		for _, aside := range []bool{false, true} {
			rigs = append(rigs, newHandRig(t, filepath.Join(folder, fmt.Sprint(n, aside)), aside))
		}
		each := func(do func(r *handRig)) {
			for _, r := range rigs {
				do(r)
			}
		}
		each(func(r *handRig) { r.settle(t, "demo.0", "chat", answered("k")) }) // something to rewrite
		reader := rapid.Custom(func(t *rapid.T) who.Key { return who.Key(fmt.Sprint("demo.", rapid.IntRange(0, 3).Draw(t, "reader"))) })
		t.Repeat(map[string]func(*rapid.T){
			"settle": func(t *rapid.T) {
				key, channel, trace := reader.Draw(t, "of"), rapid.SampledFrom([]string{"chat", "chat", "bare"}).Draw(t, "channel"), drawnTrace(t)
				trace.Took.Total = journal.Millis(rapid.IntRange(0, 5000).Draw(t, "took"))
				trace.Who = journal.Who{Language: rapid.SampledFrom([]string{"en", "de"}).Draw(t, "language"), First: rapid.Bool().Draw(t, "first")}
				trace.When = journal.When{Source: rapid.SampledFrom([]string{"", "src"}).Draw(t, "source"), Stale: rapid.Bool().Draw(t, "stale")}
				if age := rapid.IntRange(-1, 100).Draw(t, "age"); age >= 0 {
					trace.When.Fetched = rigs[0].now.Add(-time.Duration(age) * time.Second)
				}
				each(func(r *handRig) { r.settle(t, key, channel, trace) })
			},
			"rewrite": func(t *rapid.T) {
				ask := rapid.Uint64Range(1, rigs[0].next).Draw(t, "ask")
				each(func(r *handRig) { r.refuse(t, ask) })
			},
			"erase": func(t *rapid.T) {
				key := reader.Draw(t, "of")
				each(func(r *handRig) {
					err := store.Erasure{Ledger: r.ledger, Demand: r.Demand}.Erase(context.Background(), "demo", key)
					if err != nil && pull.KindOf(err) != pull.Unknown {
						t.Fatal(err)
					}
					delete(r.readers, key)
				})
			},
			"time passes": func(t *rapid.T) {
				by := time.Duration(rapid.IntRange(-2, 30).Draw(t, "hours")) * time.Hour
				each(func(r *handRig) { r.now = r.now.Add(by) })
			},
			"end": func(*rapid.T) { each((*handRig).begin) },
			"fold": func(t *rapid.T) {
				each(func(r *handRig) {
					if err := r.Fold(context.Background()); err != nil {
						t.Fatal(err)
					}
				})
			},
			"list": func(t *rapid.T) {
				if diff := cmp.Diff(rigs[1].list(t, "demo"), rigs[0].list(t, "demo")); diff != "" {
					t.Fatal(diff)
				}
				if diff := cmp.Diff(rigs[1].figuresOf(t), rigs[0].figuresOf(t)); diff != "" {
					t.Fatal(diff)
				}
			},
		})
	})
}

func drawnTrace(t *rapid.T) journal.Trace {
	trace := answered(rapid.SampledFrom([]string{"", "cake", "soup"}).Draw(t, "keyword"))
	trace.Outcome = rapid.SampledFrom([]journal.Outcome{
		journal.Answered, journal.Refused, journal.Offered, journal.Missed, journal.Ordered, journal.Silent, journal.Told,
	}).Draw(t, "outcome")
	trace.What.Core = rapid.SampledFrom([]string{"", "pie", "call 0664 1234567"}).Draw(t, "core")
	trace.What.Accepted = rapid.SampledFrom([]string{"", "pie"}).Draw(t, "accepted")
	trace.What.Command = rapid.SampledFrom([]string{"", journal.Greeting, "help"}).Draw(t, "command")
	if rapid.Bool().Draw(t, "several") {
		trace.Wishes = []journal.Wish{{Outcome: journal.Answered, Keyword: "cake"}, {Outcome: journal.Refused, Keyword: "soup"}}
	}
	return trace
}

// refuse rewrites the record of an ask as one that was refused.
func (r *handRig) refuse(t fataler, ask uint64) {
	t.Helper()
	record, ok, err := r.ledger.Record(context.Background(), ask)
	if err != nil {
		t.Fatal(err)
	}
	if !ok || record.Trace.Ask == 0 {
		return
	}
	record.Trace.Outcome = journal.Refused
	for key := range r.readers {
		if key == record.Reader {
			a := pull.Ask{ID: ask, Publisher: "demo", Channel: record.Trace.Channel, Reader: key, At: record.Trace.At}
			if err := r.ledger.Rewrite(context.Background(), a, record); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func BenchmarkFold(b *testing.B) {
	for name, aside := range map[string]bool{"at hand": false, "from records": true} {
		b.Run(name, func(b *testing.B) {
			r := newHandRig(b, filepath.Join(b.TempDir(), "key"), aside)
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				for n := range 1000 {
					r.settle(b, who.Key(fmt.Sprint("demo.", n)), "chat", answered(fmt.Sprint("k", n%20)))
				}
				b.StartTimer()
				if err := r.Fold(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// What is counted and not written yet counts as what is, whatever happens in between.
func TestWhatIsNotWrittenCountsAsWhatIs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		later, written := newDemandRig(mem.Open(store.Options{}), plain{}), newDemandRig(mem.Open(store.Options{}), plain{})
		rigs := []*demandRig{later, written}
		t.Repeat(map[string]func(*rapid.T){
			"ask": func(t *rapid.T) {
				trace := drawnTrace(t)
				trace.Channel, trace.Who.Language = rapid.SampledFrom([]string{"tg", "sms"}).Draw(t, "channel"), "de"
				trace.When.Source = rapid.SampledFrom([]string{"", "src", "other"}).Draw(t, "source")
				trace.At = later.now.Add(-time.Duration(rapid.IntRange(0, 50).Draw(t, "hours")) * time.Hour)
				reader := rapid.SampledFrom([]who.Key{"", "demo.1", "demo.2"}).Draw(t, "reader")
				for _, r := range rigs {
					r.settles(t, "demo", reader, trace)
				}
			},
			"tomorrow": func(*rapid.T) {
				for _, r := range rigs {
					r.now = r.now.Add(24 * time.Hour)
				}
			},
			"end": func(*rapid.T) {
				next, now := later.next, later.now
				later = newDemandRig(later.backend, plain{})
				later.next, later.now = next, now
				rigs[0] = later
			},
			"write": func(t *rapid.T) {
				if err := later.Fold(t.Context()); err != nil {
					t.Fatal(err)
				}
			},
			"": func(t *rapid.T) {
				if err := written.Fold(t.Context()); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(written.figuresOf(t), later.figuresOf(t)); diff != "" {
					t.Fatalf("figures (-written +later): %s", diff)
				}
				if diff := cmp.Diff(written.list(t, "demo"), later.list(t, "demo")); diff != "" {
					t.Fatalf("demand (-written +later): %s", diff)
				}
			},
		})
	})
}

// BenchmarkLook is what a look at figures costs after one more ask.
func BenchmarkLook(b *testing.B) {
	for name, write := range map[string]bool{"kept": false, "written": true} {
		b.Run(name, func(b *testing.B) {
			r := newHandRig(b, filepath.Join(b.TempDir(), "key"), false)
			for n := range 4000 {
				r.settle(b, who.Key(fmt.Sprint("demo.", n%50)), "chat", answered(fmt.Sprint("keyword-", n)))
			}
			if err := r.Fold(b.Context()); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				r.settle(b, "demo.1", "chat", answered("keyword-7"))
				b.StartTimer()
				if write {
					if err := r.Fold(b.Context()); err != nil {
						b.Fatal(err)
					}
				}
				if _, err := r.Counted(b.Context(), "demo", journal.DemandDay(r.now)+1); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
