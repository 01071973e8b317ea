package outside_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"keypull/pull/outside"
)

func TestTheNamesInALineTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := outside.NewFairQueue(1)
		l.Take(t.Context(), outside.Errand{Asker: "first"})
		var mu sync.Mutex
		var served []string
		var wg sync.WaitGroup
		wait := func(name string) {
			wg.Go(func() {
				l.Take(context.WithoutCancel(t.Context()), outside.Errand{Asker: name})
				mu.Lock()
				served = append(served, name)
				mu.Unlock()
				time.Sleep(time.Second)
				l.Release()
			})
			synctest.Wait()
		}
		for range 400 {
			wait("many")
		}
		wait("one")
		wait("two")
		wait("two")
		l.Release()
		wg.Wait()
		if want := []string{"many", "one", "two", "many", "two", "many"}; !slices.Equal(served[:6], want) {
			t.Errorf("they were served as %v; want %v", served[:6], want)
		}
		if len(served) != 403 || !l.Idle(1) {
			t.Errorf("%d were served of 403", len(served))
		}
	})
}

func TestNoPlaceIsLostOrHandedOutTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const places = 5
		l := outside.NewFairQueue(places)
		// #nosec G404 -- tests want the same numbers each time
		random := rand.New(rand.NewPCG(3, 9))
		var mu sync.Mutex
		var held, most, served int
		var wg sync.WaitGroup
		for i := range 2000 {
			start := time.Duration(random.IntN(1000)) * time.Millisecond
			patience := time.Duration(random.IntN(3000)) * time.Millisecond
			work := time.Duration(random.IntN(10)) * time.Millisecond
			wg.Go(func() {
				time.Sleep(start)
				ctx, cancel := context.WithTimeout(context.Background(), patience)
				defer cancel()
				if !l.Take(ctx, outside.Errand{Asker: fmt.Sprint(i % 7)}) {
					return
				}
				mu.Lock()
				held++
				served++
				most = max(most, held)
				mu.Unlock()
				time.Sleep(work)
				mu.Lock()
				held--
				mu.Unlock()
				l.Release()
			})
		}
		wg.Wait()
		if most != places || served < places || !l.Idle(places) {
			t.Errorf("%d were served, at most %d at a time; all places free: %v", served, most, l.Idle(places))
		}
	})
}
