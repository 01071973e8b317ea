package store_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
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

// demandRig is demand on a back end, at a time that the test sets.
type demandRig struct {
	*store.Demand
	backend store.Backend
	sealer  store.Sealer
	now     time.Time
	zone    *time.Location
	next    uint64
}

func newDemandRig(b store.Backend, s store.Sealer) *demandRig {
	r := &demandRig{backend: b, sealer: s, now: noon, zone: time.UTC}
	r.Demand = store.NewDemand(store.DemandOptions{
		Backend: b, Sealer: s, Clock: func() time.Time { return r.now }, Random: rand.Reader, Logger: slog.New(slog.DiscardHandler),
		Zone: func(string) *time.Location { return r.zone },
		Name: func(parts ...string) string { return fmt.Sprintf("a%x", strings.Join(parts, "/")) },
	})
	return r
}

// settles writes the record of an ask, of a reader who agreed or of nobody.
func (r *demandRig) settles(t fataler, publisher string, reader who.Key, trace journal.Trace) {
	t.Helper()
	r.next++
	trace.Ask = r.next
	if trace.At.IsZero() {
		trace.At = r.now
	}
	if reader == "" {
		if err := r.Note(t.Context(), publisher, trace); err != nil {
			t.Fatal(err)
		}
	}
	plain, err := json.Marshal(pipeline.Record{Publisher: publisher, Reader: reader, Trace: trace})
	if err != nil {
		t.Fatal(err)
	}
	seal, err := r.sealer.SealDay(trace.At)
	if err != nil {
		t.Fatal(err)
	}
	id := fmt.Sprintf("%016x", trace.Ask)
	if _, err := r.backend.Log("asks").Append(t.Context(), store.Record{ID: id, At: trace.At, Data: seal("log/asks/"+id, plain)}); err != nil {
		t.Fatal(err)
	}
}

func missed(text string) journal.Trace {
	return journal.Trace{Outcome: journal.Missed, What: journal.What{Core: text, Runners: []string{"cake"}}, Who: journal.Who{Language: "en"}}
}

func (r *demandRig) list(t fataler, publisher string) journal.Demand {
	t.Helper()
	d, err := r.Of(t.Context(), publisher, journal.Listing{From: r.now.AddDate(0, 0, -89), Until: r.now})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// bytesOf returns all that the store holds of demand.
func (r *demandRig) bytesOf(t fataler) string {
	t.Helper()
	pairs, err := r.backend.Scan(t.Context(), "demand", "", store.MaxPage)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, p := range pairs {
		b.Write(p.Value)
	}
	return b.String()
}

// breaking fails at the commit that it is told.
type breaking struct {
	store.Backend
	left int
}

var errBroken = errors.New("broken off")

func (b *breaking) Commit(ctx context.Context, batch store.Batch) ([]store.Revision, error) {
	if b.left == 0 {
		return nil, errBroken
	}
	b.left--
	return b.Backend.Commit(ctx, batch)
}

func TestNothingIsFoldedTwiceAndNothingNever(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := &breaking{Backend: mem.Open(store.Options{}), left: -1}
		r := newDemandRig(b, plain{})
		want := map[string]int{}
		asks, bare := 0, 0
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			for range rapid.IntRange(0, 8).Draw(t, "asks") {
				text := rapid.SampledFrom([]string{"tiramisu", "panettone", "zabaglione", "one two three four five six seven"}).Draw(t, "text")
				reader := who.Key(rapid.SampledFrom([]string{"", "p.a", "p.b", "p.c", "p.d", "p.e", "p.f"}).Draw(t, "reader"))
				trace := missed(text)
				trace.At = r.now.AddDate(0, 0, -rapid.IntRange(0, 2).Draw(t, "days"))
				r.settles(t, "p", reader, trace)
				asks++
				switch {
				case reader == "":
					bare++
				case len(text) < 20:
					want[text]++
				}
			}
			b.left = rapid.IntRange(-1, 6).Draw(t, "puts")
			if err := r.Fold(t.Context()); err != nil && !errors.Is(err, errBroken) {
				t.Fatal(err)
			}
			b.left = -1
			if rapid.Bool().Draw(t, "rewind") {
				// Whoever lost how far it came begins at the front again.
				if err := b.Delete(t.Context(), "demand-reached", store.Any); err != nil {
					t.Fatal(err)
				}
			}
		}
		d := r.list(t, "p")
		all := 0
		for _, u := range d.Unmet {
			all += u.Asks
			if u.Text != "" && want[u.Text] != u.Asks {
				t.Fatalf("%s was asked %d times, counted %d", u.Text, want[u.Text], u.Asks)
			}
		}
		total := want["tiramisu"] + want["panettone"] + want["zabaglione"]
		if d.Asks != asks || d.Missed != asks || d.Bare != bare || all != total || d.Withheld != asks-bare-total {
			t.Fatalf("%d asks, %d bare, %d texts: %+v", asks, bare, total, d)
		}
	})
}

func TestReplayFromAnyPositionChangesNothing(t *testing.T) {
	eachBackend(t, func(t *testing.T, b store.Backend) {
		r := newDemandRig(b, plain{})
		for n := range 40 {
			r.settles(t, "p", who.Key(fmt.Sprintf("p.%d", n%7)), missed([]string{"tiramisu", "panettone"}[n%2]))
			if n%3 == 0 {
				r.settles(t, "p", "", journal.Trace{Outcome: journal.Answered, What: journal.What{Keyword: "news"}})
			}
		}
		want := r.list(t, "p")
		for position := range 60 {
			back := fmt.Sprintf(`{"asks":%d,"counts":%d}`, position, position/4)
			if _, err := b.Put(t.Context(), "demand-reached", []byte(back), store.Any); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, r.list(t, "p")); diff != "" {
				t.Fatalf("from %d: %s", position, diff)
			}
		}
		if want.Asks != 54 || want.Unmet[0].Text == "" || want.Unmet[0].Readers != 7 {
			t.Errorf("got %+v", want)
		}
	})
}

func TestWordsOfFewAreSealedAndReadersAreNotKept(t *testing.T) {
	ring, err := sealed.Open(sealed.Options{Path: t.TempDir() + "/keypull.key", Fresh: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ring.Close() })
	r := newDemandRig(mem.Open(store.Options{}), ring)
	for n := range 4 {
		r.settles(t, "p", who.Key(fmt.Sprintf("p.reader%d", n)), missed("tiramisu"))
	}
	r.settles(t, "p", "", missed("nobody's business"))
	if u := r.list(t, "p").Unmet; len(u) != 1 || u[0].Text != "" || u[0].Asks != 4 {
		t.Fatalf("got %+v", u)
	}
	for _, secret := range []string{"tiramisu", "reader1", "nobody"} {
		if strings.Contains(r.bytesOf(t), secret) {
			t.Errorf("the store holds %q", secret)
		}
	}
	r.settles(t, "p", "p.reader4", missed("tiramisu"))
	if u := r.list(t, "p").Unmet; u[0].Text != "tiramisu" || u[0].Readers != 5 {
		t.Errorf("got %+v", u)
	}
	// A reader who is forgotten counts no more, and the words are sealed again.
	if err := r.Forget(t.Context(), "p", "p.reader1"); err != nil {
		t.Fatal(err)
	}
	if u := r.list(t, "p").Unmet; u[0].Text != "" || u[0].Asks != 5 || strings.Contains(r.bytesOf(t), "tiramisu") {
		t.Errorf("got %+v", u)
	}
	// With the keys of its days the words are gone, and the counts stay.
	if _, err := ring.DestroyBefore(r.now.AddDate(0, 0, 1)); err != nil {
		t.Fatal(err)
	}
	r.now = r.now.AddDate(0, 0, 2)
	r.settles(t, "p", "p.reader1", missed("tiramisu"))
	if u := r.list(t, "p").Unmet; len(u) != 1 || u[0].Asks != 6 || u[0].Text != "" {
		t.Errorf("got %+v", u)
	}
}

func TestDemandForgetsWhatIsPastItsRetention(t *testing.T) {
	eachBackend(t, func(t *testing.T, b store.Backend) {
		r := newDemandRig(b, plain{})
		for n := range 5 {
			r.settles(t, "p", who.Key(fmt.Sprintf("p.%d", n)), missed("tiramisu"))
			r.settles(t, "gone", who.Key(fmt.Sprintf("gone.%d", n)), missed("tiramisu"))
		}
		there := func(publisher string) bool { return publisher == "p" }
		sweep := func() {
			t.Helper()
			if _, err := r.Sweep(t.Context(), r.now.AddDate(0, 0, -30), there); err != nil {
				t.Fatal(err)
			}
		}
		sweep()
		if d := r.list(t, "gone"); d.Asks != 0 || len(d.Unmet) != 0 {
			t.Errorf("of a publisher that is gone: %+v", d)
		}
		if d := r.list(t, "p"); d.Unmet[0].Text != "tiramisu" || !strings.Contains(r.bytesOf(t), `"hashes"`) {
			t.Errorf("swept too early: %+v", d)
		}
		r.now = r.now.AddDate(0, 0, 40)
		sweep()
		if d := r.list(t, "p"); d.Unmet[0].Text != "tiramisu" || d.Unmet[0].Readers != 5 || strings.Contains(r.bytesOf(t), `"hashes"`) {
			t.Errorf("hashes outlive their month: %+v", d)
		}
		r.now = r.now.AddDate(0, 0, 51)
		sweep()
		if d := r.list(t, "p"); d.Asks != 0 || len(d.Unmet) != 0 || strings.Contains(r.bytesOf(t), "tiramisu") {
			t.Errorf("kept too long: %+v", d)
		}
	})
}

func TestPagesOfTextsStaySmall(t *testing.T) {
	b := mem.Open(store.Options{})
	r := newDemandRig(b, plain{})
	for n := range 400 {
		r.settles(t, "p", who.Key(fmt.Sprint("p.", n)), missed(fmt.Sprintf("tiramisu %c%c", 'a'+n%26, 'a'+n/26)))
	}
	for range 9 {
		r.settles(t, "p", "p.x", missed("panettone"))
	}
	d := r.list(t, "p")
	if len(d.Unmet) > 100 || d.Unmet[0].Asks < 9 || d.Asks != 409 {
		t.Errorf("%d texts, %+v", len(d.Unmet), d.Unmet[0])
	}
	pairs, err := b.Scan(t.Context(), "demand", "", store.MaxPage)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pairs {
		if len(p.Value) > store.MaxValueBytes {
			t.Errorf("%s has %d bytes", p.Key, len(p.Value))
		}
	}
}

// counting is a ledger that keeps nothing.
type counting struct {
	pipeline.Ledger
	records []pipeline.Record
	err     error
}

func (c *counting) Settle(_ context.Context, s pipeline.Settlement) (uint64, error) {
	c.records = append(c.records, s.Record)
	return 1, c.err
}

func TestAnAskIsCountedOnceHoweverOftenItIsSettled(t *testing.T) {
	r := newDemandRig(mem.Open(store.Options{}), plain{})
	inner := &counting{err: &pull.Error{Kind: pull.Conflict}}
	l := r.Counting(inner, func(s pipeline.Settlement) bool { return s.Ask.Reader == "p.shy" })
	for _, reader := range []who.Key{"p.shy", "p.shy", "p.open"} {
		_, err := l.Settle(t.Context(), pipeline.Settlement{Ask: pull.Ask{ID: 7, Publisher: "p", Reader: reader},
			Record: pipeline.Record{Trace: journal.Trace{Ask: 7, At: noon, Outcome: journal.Missed, What: journal.What{Core: "secret"}}}})
		if pull.KindOf(err) != pull.Conflict {
			t.Fatal(err)
		}
	}
	if inner.records[0].Reader != "" || inner.records[2].Reader != "p.open" {
		t.Errorf("records %+v", inner.records)
	}
	if d := r.list(t, "p"); d.Asks != 1 || d.Bare != 1 || len(d.Unmet) != 0 {
		t.Errorf("got %+v", d)
	}
}

func TestAnOutletsOwnTriesStandBesideWhatReadersAsk(t *testing.T) {
	eachBackend(t, func(t *testing.T, b store.Backend) {
		r := newDemandRig(b, plain{})
		r.settles(t, "p", "p.ann", missed("tiramisu"))
		for range 2 {
			if err := r.Try(t.Context(), "p", missed("tiramisu")); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Try(t.Context(), "p", journal.Trace{Outcome: journal.Answered}); err != nil {
			t.Fatal(err)
		}
		d := r.list(t, "p")
		if d.Asks != 1 || d.Missed != 1 || len(d.Unmet) != 1 || d.Unmet[0].Text != "" || len(d.Own) != 1 || d.Own[0].Text != "tiramisu" || d.Own[0].Asks != 2 {
			t.Errorf("got %+v and %+v", d, d.Own)
		}
		there := func(string) bool { return true }
		r.now = r.now.AddDate(0, 0, 91)
		if _, err := r.Sweep(t.Context(), r.now.AddDate(0, 0, -30), there); err != nil {
			t.Fatal(err)
		}
		if d := r.list(t, "p"); len(d.Own) != 0 || len(d.Unmet) != 0 {
			t.Errorf("kept too long: %+v, %+v", d, d.Own)
		}
		if err := r.Try(t.Context(), "p", missed("panettone")); err != nil {
			t.Fatal(err)
		}
		if n, err := r.Sweep(t.Context(), r.now.AddDate(0, 0, -30), func(string) bool { return false }); err != nil || n == 0 {
			t.Errorf("%d removed with the publisher, %v", n, err)
		}
		if d := r.list(t, "p"); len(d.Own) != 0 {
			t.Errorf("it outlives its publisher: %+v", d.Own)
		}
	})
}

func TestADayOfDemandIsThatOfThePublishersZone(t *testing.T) {
	r := newDemandRig(mem.Open(store.Options{}), plain{})
	auckland, err := time.LoadLocation("Pacific/Auckland")
	if err != nil {
		t.Fatal(err)
	}
	r.zone, r.now = auckland, time.Date(2026, 11, 20, 12, 30, 0, 0, time.UTC) // half past one in the morning there
	yesterday := missed("tiramisu")
	yesterday.At = r.now.Add(-2 * time.Hour)
	r.settles(t, "p", "p.ann", yesterday)
	r.settles(t, "p", "p.ann", missed("tiramisu"))
	r.settles(t, "p", "", journal.Trace{Outcome: journal.Ordered, What: journal.What{Command: journal.Greeting}})
	today := time.Date(2026, 11, 21, 0, 0, 0, 0, auckland)
	d, err := r.Of(t.Context(), "p", journal.Listing{From: today, Until: r.now})
	if err != nil || d.Asks != 2 || d.Missed != 1 || d.Greetings != 1 || d.Commands != 0 {
		t.Errorf("%+v, %v", d, err)
	}
}

// What is held between two listings tells no more and no less than who reads all anew, however many days are
// listed in between, and Counted says each time that something changed.
func TestWhatIsHeldBetweenListingsIsWhatIsKept(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		back := mem.Open(store.Options{})
		r := newDemandRig(back, plain{})
		listing := func(days int) journal.Listing {
			return journal.Listing{From: r.now.AddDate(0, 0, 1-days), Until: r.now}
		}
		counted := func(before int) [2]uint64 {
			days, err := r.Counted(t.Context(), "demo", before)
			texts, failed := r.CountedTexts(t.Context(), "demo")
			if err := errors.Join(err, failed); err != nil {
				t.Fatal(err)
			}
			return [2]uint64{days, texts}
		}
		t.Repeat(map[string]func(*rapid.T){
			"ask": func(t *rapid.T) {
				today := journal.DemandDay(r.now)
				before, upToNow := counted(today), counted(today+1)
				trace := missed(rapid.SampledFrom([]string{"tiramisu", "tiramiso", "panettone", "focaccia"}).Draw(t, "text"))
				if rapid.Bool().Draw(t, "answered") {
					trace = answered(rapid.SampledFrom([]string{"cake", "news"}).Draw(t, "keyword"))
				}
				r.settles(t, "demo", who.Key(fmt.Sprint("demo.", rapid.IntRange(0, 9).Draw(t, "reader"))), trace)
				if now := counted(today + 1); now[0] == upToNow[0] || trace.Outcome == journal.Missed && now[1] == upToNow[1] {
					t.Fatalf("%v after %v", now, upToNow)
				}
				if now := counted(today); now[0] != before[0] || trace.Outcome == journal.Answered && now[1] != before[1] {
					t.Fatalf("days before: %v after %v", now, before)
				}
			},
			"tomorrow": func(*rapid.T) { r.now = r.now.Add(24 * time.Hour) },
			"forget": func(t *rapid.T) {
				if err := r.Forget(t.Context(), "demo", "demo.1"); err != nil {
					t.Fatal(err)
				}
			},
			"sweep": func(t *rapid.T) {
				if _, err := r.Sweep(t.Context(), r.now.AddDate(0, 0, -30), func(string) bool { return true }); err != nil {
					t.Fatal(err)
				}
			},
			"": func(t *rapid.T) {
				other := newDemandRig(back, plain{})
				other.now = r.now
				for _, days := range []int{1, 90, 3} {
					held, err := r.Of(t.Context(), "demo", listing(days))
					anew, failed := other.Of(t.Context(), "demo", listing(days))
					if err := errors.Join(err, failed); err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(anew, held); diff != "" {
						t.Fatalf("%d days (-anew +held): %s", days, diff)
					}
				}
			},
		})
	})
}

// TestTheTallyAndDemandCountTheSame holds the two views of a day against each
// other, with readers who agreed, who did not, and who were erased meanwhile.
func TestTheTallyAndDemandCountTheSame(t *testing.T) {
	r := newErasureRig(t)
	r.asks("p.ann", true, who.Active, "tiramisu", "panettone")
	r.asks("p.shy", false, who.Active, "secret", "another")
	r.asks("p.bob", true, who.Active, "tiramisu")
	must(t, r.erasure().Erase(t.Context(), "p", "p.ann"))
	must(t, r.erasure().Erase(t.Context(), "p", "p.shy"))
	d := r.erasure().Demand
	now, err := d.Now(t.Context())
	must(t, err)
	r.asks("p.bob", true, who.Active, "after the mark")
	tally := journal.NewTally(func() time.Time { return noon })
	must(t, d.Traces(t.Context(), tally.Kept(), now, func(publisher string, trace journal.Trace) error {
		tally.Add(publisher, trace)
		return nil
	}))
	day := tally.Day("p", noon.Add(-time.Hour), noon.Add(time.Hour))
	if all := r.demand(); day.Asks != 5 || day.Missed != 5 || all.Asks != 6 || all.Missed != 6 {
		t.Errorf("the tally has %+v, demand %+v", day.Counts, all)
	}
}
