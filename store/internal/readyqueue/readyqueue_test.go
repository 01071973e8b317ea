package readyqueue_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"keypull/store"
	"keypull/store/internal/readyqueue"
)

func values(items []readyqueue.Item[string]) []string {
	var out []string
	for _, it := range items {
		out = append(out, it.Value)
	}
	return out
}

func TestItemsComeWhenTheyAreDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		l := readyqueue.New[string](time.Now)
		l.Add(
			readyqueue.Item[string]{Seq: 1, Due: began.Add(time.Hour), Value: "in an hour"},
			readyqueue.Item[string]{Seq: 2, Value: "at once"},
			readyqueue.Item[string]{Seq: 3, Due: began.Add(time.Minute), Value: "in a minute"},
		)
		for _, want := range []struct {
			value string
			after time.Duration
		}{{"at once", 0}, {"in a minute", time.Minute}, {"in an hour", time.Hour}} {
			got, err := l.Take(t.Context(), 10)
			if err != nil || len(got) != 1 || got[0].Value != want.value || time.Since(began) != want.after {
				t.Errorf("got %v after %v, error %v; want %s after %v", values(got), time.Since(began), err, want.value, want.after)
			}
		}
		l.Close()
		l.Close()
		_, err := l.Take(t.Context(), 1)
		if !errors.Is(err, store.ErrClosed) {
			t.Errorf("error %v, want ErrClosed", err)
		}
	})
}

func TestAnItemAddedEarlierThanTheOthersWakesWhoWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		l := readyqueue.New[string](time.Now)
		l.Add(readyqueue.Item[string]{Seq: 1, Due: began.Add(time.Hour), Value: "late"})
		go func() {
			synctest.Wait() // until Take waits for the hour
			l.Add(readyqueue.Item[string]{Seq: 2, Due: began.Add(time.Second), Value: "early"})
		}()
		got, err := l.Take(t.Context(), 10)
		if err != nil || len(got) != 1 || got[0].Value != "early" || time.Since(began) != time.Second {
			t.Errorf("got %v after %v, error %v", values(got), time.Since(began), err)
		}
		l.Close()
	})
}

func TestAClockThatJumpsAheadIsNoticedWithinAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var mu sync.Mutex
		var ahead time.Duration
		now := func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			return time.Now().Add(ahead)
		}
		l := readyqueue.New[string](now)
		l.Add(readyqueue.Item[string]{Seq: 1, Due: began.Add(10 * time.Hour), Value: "late"})
		go func() {
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			ahead = 10 * time.Hour
		}()
		got, err := l.Take(t.Context(), 10)
		if err != nil || len(got) != 1 || time.Since(began) > time.Minute {
			t.Errorf("got %v after %v, error %v", values(got), time.Since(began), err)
		}
		l.Close()
	})
}

func TestWhoGivesUpLeavesTheItemToTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := readyqueue.New[string](time.Now)
		var group sync.WaitGroup
		ctx, cancel := context.WithCancel(t.Context())
		var got [2]int
		for i, ctx := range []context.Context{ctx, t.Context()} {
			group.Go(func() {
				items, _ := l.Take(ctx, 1)
				got[i] = len(items)
			})
		}
		synctest.Wait()
		l.Add(readyqueue.Item[string]{Seq: 1})
		cancel()
		synctest.Wait()
		if got[0]+got[1] != 1 {
			t.Errorf("%d and %d were taken, want one in all", got[0], got[1])
		}
		l.Close()
		group.Wait()
	})
}

func TestRemovedItemsNeverCome(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		l := readyqueue.New[string](time.Now)
		var want []uint64
		for seq := range uint64(rapid.IntRange(1, 3000).Draw(rt, "items")) { //nolint:gosec // positive
			l.Add(readyqueue.Item[string]{Seq: seq})
			if gone := rapid.Bool().Draw(rt, "removed"); gone {
				l.Remove(seq, seq+10000)
				continue
			}
			want = append(want, seq)
		}
		const last = 1 << 20
		l.Add(readyqueue.Item[string]{Seq: last})
		var got []uint64
		for len(got) == 0 || got[len(got)-1] != last {
			items, err := l.Take(context.Background(), rapid.IntRange(1, 700).Draw(rt, "limit"))
			if err != nil {
				rt.Fatal(err)
			}
			for _, it := range items {
				got = append(got, it.Seq)
			}
		}
		if diff := cmp.Diff(append(want, last), got); diff != "" {
			rt.Error(diff)
		}
	})
}

func TestSequencesMayBeAddedInAnyOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		l := readyqueue.New[string](time.Now)
		var want []uint64
		for _, seq := range rapid.SliceOfNDistinct(rapid.Uint64Range(0, 2000), 1, 40, rapid.ID).Draw(rt, "sequences") {
			l.Add(readyqueue.Item[string]{Seq: seq})
			want = append(want, seq)
		}
		if rapid.Bool().Draw(rt, "removed") {
			l.Remove(append(want[:len(want)/2:len(want)/2], 5000)...)
			want = want[len(want)/2:]
		}
		var got []uint64
		for len(got) < len(want) {
			items, err := l.Take(context.Background(), 7)
			if err != nil {
				rt.Fatal(err)
			}
			for _, it := range items {
				got = append(got, it.Seq)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Error(diff)
		}
	})
}
