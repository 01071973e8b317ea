package store_test

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/pull/words"
	"keypull/store"
	"keypull/store/mem"
)

func (r *erasureRig) dead() *store.Dead {
	return store.NewDead(r.backend, r.ring, r.erasure().Ledger)
}

// dies makes a dead letter of an ask, as the batch does that finishes it.
func (r *erasureRig) dies(a pull.Ask, why string) {
	r.Helper()
	pair, err := store.DeadPair(r.ring, store.DeadLetter{
		Ask: a.ID, Publisher: a.Publisher, Channel: a.Channel, Reader: a.Reader, At: a.At, Since: a.At.Add(time.Hour), Why: words.Verbatim(why),
	}, a)
	must(r, err)
	_, err = r.backend.Commit(r.Context(), store.Batch{Puts: []store.Pair{pair}})
	must(r, err)
}

// flush waits until is written what nobody waits for: it goes with this.
func (r *erasureRig) flush() {
	r.Helper()
	_, err := r.backend.Put(r.Context(), "flushed", nil, store.Any)
	must(r, err)
}

func letterOf(id uint64, channel string, reader who.Key) pull.Ask {
	return pull.Ask{ID: id, Publisher: "p", Channel: channel, Reader: reader, At: noon, Incoming: pull.Incoming{Address: "4711", Text: "tiramisu"}}
}

func numbersOf(letters []store.DeadLetter) (all []uint64) {
	for _, l := range letters {
		all = append(all, l.Ask)
	}
	return all
}

func TestADeadLetterHoldsAllThatSendingAgainNeeds(t *testing.T) {
	r := newErasureRig(t)
	r.asks("p.ann", true, who.Active, "tiramisu")
	ask := letterOf(1, "tg", "p.ann")
	r.dies(ask, "The platform refused it.")
	letter, got, err := r.dead().Get(t.Context(), "p", 1)
	must(t, err)
	if !reflect.DeepEqual(got, ask) || letter.Why.String() != "The platform refused it." || letter.Text != "told tiramisu" || letter.Lost || letter.Queued ||
		letter.Reader != "p.ann" || letter.Channel != "tg" || !letter.Since.Equal(noon.Add(time.Hour)) || letter.Trace == nil || letter.Trace.Ask != 1 {
		t.Errorf("got %+v\n%+v", letter, got)
	}
	pair, err := r.backend.Get(t.Context(), "dead.p.0000000000000001")
	must(t, err)
	for _, secret := range []string{"4711", "tiramisu", "refused"} {
		if slices.Contains(splitWords(pair.Value), secret) {
			t.Errorf("%q can be read in %s", secret, pair.Value)
		}
	}
	_, _, err = r.dead().Get(t.Context(), "p", 2)
	wantKind(t, "none", err, pull.Unknown)
	_, _, err = r.dead().Get(t.Context(), "q", 1)
	wantKind(t, "another publisher's", err, pull.Unknown)
	must(t, r.dead().Remove(t.Context(), "p", 1))
	must(t, r.dead().Remove(t.Context(), "p", 1))
	_, _, err = r.dead().Get(t.Context(), "p", 1)
	wantKind(t, "removed", err, pull.Unknown)
}

// splitWords returns the words of a text, whatever stands between them.
func splitWords(b []byte) []string {
	return slices.Collect(func(yield func(string) bool) {
		word := ""
		for _, c := range append(b, ' ') {
			if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
				word += string(c)
				continue
			}
			if word != "" && !yield(word) {
				return
			}
			word = ""
		}
	})
}

func TestAnAskThatWasNeverAnsweredShowsItsTraceAndNoText(t *testing.T) {
	r := newErasureRig(t)
	ask := letterOf(9, "tg", "p.ann")
	pair, err := store.DeadPair(r.ring, store.DeadLetter{
		Ask: 9, Publisher: "p", Channel: "tg", Reader: "p.ann", At: noon, Since: noon, Why: words.Verbatim("Resolving it ended the process."), Ended: true,
		Trace: &journal.Trace{Ask: 9, Error: "runtime error: slice bounds out of range"},
	}, ask)
	must(t, err)
	_, err = r.backend.Put(t.Context(), pair.Key, pair.Value, pair.Revision)
	must(t, err)
	letter, got, err := r.dead().Get(t.Context(), "p", 9)
	if err != nil || !reflect.DeepEqual(got, ask) || letter.Text != "" || letter.Trace == nil || letter.Trace.Error != "runtime error: slice bounds out of range" || !letter.Ended {
		t.Errorf("got %+v, %+v, %v", letter, got, err)
	}
	_, err = r.dead().Queue(t.Context(), "p", 9)
	wantKind(t, "what ended the process", err, pull.Invalid)
}

func TestWhatEndsAsADeadLetterIsWrittenWithItsEnd(t *testing.T) {
	r := newErasureRig(t)
	ledger := r.erasure().Ledger
	for i, f := range []pipeline.Finish{
		{Fate: pipeline.Sent}, {Fate: pipeline.Dead, Why: words.Verbatim("no")}, {Fate: pipeline.Dead, Why: words.Verbatim("it broke down"), Ended: true, Trace: &journal.Trace{Error: "slice bounds"}},
		{Fate: pipeline.Dead, Why: words.Verbatim("no"), Forget: true},
	} {
		f.Ask = letterOf(uint64(i+1), "tg", "p.ann")
		ledger.Finish(t.Context(), f)
	}
	r.flush()
	letters, _, err := r.dead().List(t.Context(), "p", "", 0, 10)
	must(t, err)
	if len(letters) != 3 || letters[0].Lost || letters[0].Ended || !letters[1].Ended || letters[1].Trace.Error != "slice bounds" || !letters[2].Lost || letters[2].Why.String() != "no" {
		t.Fatalf("listed %+v", letters)
	}
	// Sent again, one is gone, and one is a dead letter again.
	ledger.Finish(t.Context(), pipeline.Finish{Ask: letterOf(2, "tg", "p.ann"), Fate: pipeline.Dead, Why: words.Verbatim("no, once more"), Resent: true})
	ledger.Finish(t.Context(), pipeline.Finish{Ask: letterOf(3, "tg", "p.ann"), Fate: pipeline.Sent, Resent: true})
	r.flush()
	letters, _, err = r.dead().List(t.Context(), "p", "", 0, 10)
	must(t, err)
	if got := numbersOf(letters); !slices.Equal(got, []uint64{2, 4}) || letters[0].Why.String() != "no, once more" {
		t.Errorf("left are %+v", letters)
	}
}

func TestDeadLettersAreListedInPagesByChannel(t *testing.T) {
	r := newErasureRig(t)
	for i := range uint64(7) {
		channel := "tg"
		if i%3 == 0 {
			channel = "web"
		}
		r.dies(letterOf(i+1, channel, "p.ann"), "no")
	}
	other := letterOf(99, "tg", "q.bob")
	other.Publisher = "q"
	r.dies(other, "no")
	d := r.dead()
	first, more, err := d.List(t.Context(), "p", "", 0, 3)
	must(t, err)
	if got := numbersOf(first); !slices.Equal(got, []uint64{1, 2, 3}) || !more {
		t.Errorf("the first page is %v, %v", got, more)
	}
	rest, more, err := d.List(t.Context(), "p", "", 3, 4)
	must(t, err)
	if got := numbersOf(rest); !slices.Equal(got, []uint64{4, 5, 6, 7}) || more {
		t.Errorf("the rest is %v, %v", got, more)
	}
	web, more, err := d.List(t.Context(), "p", "web", 1, 1)
	must(t, err)
	if got := numbersOf(web); !slices.Equal(got, []uint64{4}) || !more {
		t.Errorf("of one channel: %v, %v", got, more)
	}
	counts, err := d.Counts(t.Context(), "p")
	must(t, err)
	if len(counts) != 2 || counts["tg"] != 4 || counts["web"] != 3 {
		t.Errorf("counted %v", counts)
	}
	for _, limit := range []int{0, store.MaxPage + 1} {
		_, _, err = d.List(t.Context(), "p", "", 0, limit)
		wantKind(t, "limit", err, pull.Invalid)
	}
}

func TestOfManyWhoSendALetterAgainOneIsTold(t *testing.T) {
	r := newErasureRig(t)
	r.dies(letterOf(1, "tg", "p.ann"), "no")
	var told atomic.Int64
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			newly, err := r.dead().Queue(t.Context(), "p", 1)
			if err != nil {
				t.Error(err)
			}
			if newly {
				told.Add(1)
			}
		})
	}
	group.Wait()
	if told.Load() != 1 {
		t.Errorf("%d were told to send it", told.Load())
	}
	letter, _, err := r.dead().Get(t.Context(), "p", 1)
	if err != nil || !letter.Queued || letter.Why.String() != "no" {
		t.Errorf("got %+v, %v", letter, err)
	}
	// It fails again: it is a dead letter again, with the new reason.
	r.dies(letterOf(1, "tg", "p.ann"), "no, once more")
	if letter, _, err := r.dead().Get(t.Context(), "p", 1); err != nil || letter.Queued || letter.Why.String() != "no, once more" {
		t.Errorf("got %+v, %v", letter, err)
	}
	must(t, r.dead().Unqueue(t.Context(), "p", 1))
	must(t, r.dead().Unqueue(t.Context(), "p", 2))
	_, err = r.dead().Queue(t.Context(), "p", 2)
	wantKind(t, "one that is not there", err, pull.Unknown)
}

func TestNothingIsSentAgainToWhoSaidStop(t *testing.T) {
	for _, state := range []who.State{who.Stopped, who.Gone} {
		t.Run(string(state), func(t *testing.T) {
			r := newErasureRig(t)
			r.dies(letterOf(1, "tg", "p.ann"), "no")
			if newly, err := r.dead().Queue(t.Context(), "p", 1); err != nil || !newly {
				t.Fatal(newly, err)
			}
			r.asks("p.ann", true, state, "stop")
			// It was queued before: the next start leaves it alone, and it is listed.
			must(t, r.dead().Queued(t.Context(), func(l store.DeadLetter, _ pull.Ask) error {
				t.Errorf("%d is sent", l.Ask)
				return nil
			}))
			letter, _, err := r.dead().Get(t.Context(), "p", 1)
			if err != nil || letter.Queued {
				t.Errorf("got %+v, %v", letter, err)
			}
			_, err = r.dead().Queue(t.Context(), "p", 1)
			wantKind(t, "queued", err, pull.Invalid)
		})
	}
}

func TestWhatWasQueuedIsTakenUpByTheNextStart(t *testing.T) {
	r := newErasureRig(t)
	for i := range uint64(3) {
		r.dies(letterOf(i+1, "tg", "p.ann"), "no")
	}
	for _, ask := range []uint64{3, 1} {
		_, err := r.dead().Queue(t.Context(), "p", ask)
		must(t, err)
	}
	var got []uint64
	must(t, r.dead().Queued(t.Context(), func(l store.DeadLetter, a pull.Ask) error {
		if !reflect.DeepEqual(a, letterOf(l.Ask, "tg", "p.ann")) || !l.Queued {
			t.Errorf("%+v, %+v", l, a)
		}
		got = append(got, l.Ask)
		return nil
	}))
	if !slices.Equal(got, []uint64{1, 3}) {
		t.Errorf("taken up: %v", got)
	}
}

func TestALetterThatCantBeReadCostsThatLetter(t *testing.T) {
	r := newErasureRig(t)
	for i := range uint64(4) {
		r.dies(letterOf(i+1, "tg", "p.ann"), "no")
		_, err := r.dead().Queue(t.Context(), "p", i+1)
		must(t, err)
	}
	moved, err := r.backend.Get(t.Context(), "dead.p.0000000000000003")
	must(t, err)
	for key, value := range map[string][]byte{"dead.p.0000000000000001": []byte("{"), "dead.p.0000000000000002": moved.Value} {
		_, err := r.backend.Put(t.Context(), key, value, store.Any)
		must(t, err)
	}
	letters, _, err := r.dead().List(t.Context(), "p", "", 0, 10)
	must(t, err)
	if len(letters) != 4 || !letters[0].Lost || !letters[1].Lost || letters[2].Lost || letters[3].Lost {
		t.Errorf("listed %+v", letters)
	}
	var sent []uint64
	must(t, r.dead().Queued(t.Context(), func(l store.DeadLetter, _ pull.Ask) error {
		sent = append(sent, l.Ask)
		return nil
	}))
	if !slices.Equal(sent, []uint64{3, 4}) {
		t.Errorf("taken up: %v", sent)
	}
	_, err = r.dead().Queue(t.Context(), "p", 2)
	wantKind(t, "another's", err, pull.Invalid)
	if n, err := r.dead().Sweep(t.Context(), noon); err != nil || n != 1 {
		t.Errorf("swept %d, %v", n, err)
	}
	if n, err := r.dead().Sweep(t.Context(), noon.Add(1)); err != nil || n != 3 {
		t.Errorf("swept %d, %v", n, err)
	}
}

func TestWhoHasNotAgreedLeavesALetterWithoutWords(t *testing.T) {
	r := newErasureRig(t)
	pair, err := store.DeadPair(r.ring, store.DeadLetter{Ask: 1, Publisher: "p", Channel: "tg", Reader: "p.shy", At: noon, Since: noon, Why: words.Verbatim("no")}, pull.Ask{})
	must(t, err)
	_, err = r.backend.Put(t.Context(), pair.Key, pair.Value, pair.Revision)
	must(t, err)
	letter, ask, err := r.dead().Get(t.Context(), "p", 1)
	if err != nil || !letter.Lost || letter.Why.String() != "no" || letter.Text != "" || !reflect.DeepEqual(ask, pull.Ask{}) {
		t.Errorf("got %+v, %+v, %v", letter, ask, err)
	}
	_, err = r.dead().Queue(t.Context(), "p", 1)
	wantKind(t, "queued", err, pull.Invalid)
}

func TestAnErasedReadersDeadLettersGoWithTheReader(t *testing.T) {
	r := newErasureRig(t)
	r.asks("p.ann", true, who.Active, "tiramisu")
	r.dies(letterOf(1, "tg", "p.ann"), "no")
	r.dies(letterOf(2, "tg", "p.bob"), "no")
	var of []uint64
	must(t, r.dead().OfReader(t.Context(), "p", "p.ann", func(l store.DeadLetter, a pull.Ask) error {
		if a.Text != "tiramisu" {
			t.Errorf("the ask is %+v", a)
		}
		of = append(of, l.Ask)
		return nil
	}))
	if !slices.Equal(of, []uint64{1}) {
		t.Errorf("ann's are %v", of)
	}
	must(t, r.erasure().Erase(t.Context(), "p", "p.ann"))
	letters, _, err := r.dead().List(t.Context(), "p", "", 0, 10)
	if got := numbersOf(letters); err != nil || !slices.Equal(got, []uint64{2}) {
		t.Errorf("left are %v, %v", got, err)
	}
	// One of whom nothing else is held has letters, too.
	if n, err := r.dead().Forget(t.Context(), "p", "p.bob"); err != nil || n != 1 {
		t.Errorf("forgot %d, %v", n, err)
	}
}

func TestTooManyDeadLettersOfAChannelCostItsOldest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		backend := mem.Open(store.Options{})
		ring := plain{}
		ledger := store.NewLedger(backend, ring, time.Now, slog.New(slog.DiscardHandler))
		d := store.NewDead(backend, ring, ledger)
		d.Limit = 5
		put := func(from, to uint64, channel string) {
			for id := from; id <= to; id++ {
				pair, err := store.DeadPair(ring, store.DeadLetter{Ask: id, Publisher: "p", Channel: channel, At: noon, Queued: id == 1}, letterOf(id, channel, "p.ann"))
				must(t, err)
				_, err = backend.Put(t.Context(), pair.Key, pair.Value, pair.Revision)
				must(t, err)
			}
		}
		put(1, 9, "tg")
		put(101, 103, "web")
		ctx, cancel := context.WithCancel(t.Context())
		go d.Bound(ctx)
		synctest.Wait()
		if got := listed(t, d, "tg"); got != "[1 6 7 8 9]" {
			t.Errorf("kept %s", got)
		}
		put(10, 30, "tg")
		synctest.Wait()
		// It counts anew after as many changes as its limit: fewer may wait.
		letters, _, err := d.List(t.Context(), "p", "tg", 0, 30)
		must(t, err)
		kept := numbersOf(letters)
		if slices.Sort(kept); len(kept) < 5 || len(kept) > 9 || kept[0] != 1 || kept[1] != 30-uint64(len(kept))+2 {
			t.Errorf("kept %v", kept)
		}
		if got := listed(t, d, "web"); got != "[101 102 103]" {
			t.Errorf("another channel kept %s", got)
		}
		if n := d.Dropped("p"); n+len(kept) != 30 || d.Dropped("q") != 0 {
			t.Errorf("%d were counted, %d are kept", n, len(kept))
		}
		cancel()
		synctest.Wait()
	})
}

func listed(t *testing.T, d *store.Dead, channel string) string {
	t.Helper()
	letters, _, err := d.List(t.Context(), "p", channel, 0, store.MaxPage)
	must(t, err)
	return fmt.Sprint(numbersOf(letters))
}
