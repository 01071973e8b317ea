package pull_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"keypull/pull"
)

// sharing returns a want of one of many publishers for the same snapshot.
func sharing(source pull.Source, publisher, shared string) pull.Want {
	w := wantOf(source)
	w.ID.Publisher, w.Shared = publisher, shared
	minute := time.Minute
	w.Freshness.MaxAge = &minute
	return w
}

func TestPublishersShareOneFetch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		s := &slowSite{site{pages: 3, each: 3}}
		all := func() {
			var wg sync.WaitGroup
			for i := range 20 {
				wg.Go(func() {
					kept, err := k.Bring(t.Context(), sharing(s, fmt.Sprint("p", i), "same"))
					if err != nil || len(kept.Snapshot.Items) != 3 {
						t.Errorf("publisher %d gets %v", i, err)
					}
				})
			}
			wg.Wait()
		}
		all()
		if s.fetches != 1 {
			t.Errorf("twenty publishers took %d fetches", s.fetches)
		}
		time.Sleep(30 * time.Second)
		if _, err := k.Bring(t.Context(), sharing(s, "late", "same")); err != nil || s.fetches != 1 {
			t.Errorf("one who comes later takes %d fetches, %v", s.fetches, err)
		}
		time.Sleep(time.Minute)
		all()
		if s.fetches != 2 {
			t.Errorf("past max_age there were %d fetches", s.fetches)
		}
	})
}

func TestWhatIsNotTheSameIsNotShared(t *testing.T) {
	k := pull.NewCache(nil, time.Now)
	t.Cleanup(k.Close)
	s := &site{pages: 3, each: 3}
	private := sharing(s, "e", "same")
	private.ID.Key = pull.PrivateKey("k")
	for i, w := range []pull.Want{sharing(s, "a", "same"), sharing(s, "b", "other"), sharing(s, "c", ""), sharing(s, "d", ""), private} {
		if _, err := k.Bring(t.Context(), w); err != nil || s.fetches != i+1 {
			t.Errorf("want %d takes %d fetches in all, %v", i, s.fetches, err)
		}
	}
}

func TestWhatOnePublisherWithdrewTheOthersStillHave(t *testing.T) {
	k := pull.NewCache(nil, time.Now)
	t.Cleanup(k.Close)
	s := &site{pages: 3, each: 3}
	a, b := sharing(s, "a", "same"), sharing(s, "b", "same")
	if _, err := k.Bring(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if err := k.Receive(t.Context(), a, pull.Pushed{Withdrawn: []string{"1"}}); err != nil {
		t.Fatal(err)
	}
	kept, err := k.Bring(t.Context(), b)
	if err != nil || titles(kept.Snapshot) != "0 1 2" {
		t.Errorf("the other gets %q, %v", titles(kept.Snapshot), err)
	}
	if got := titles(k.Last(t.Context(), a.ID)); got != "0 2" {
		t.Errorf("the first has %q", got)
	}
}

func TestAFailureIsSharedToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		s := &slowSite{site{err: errors.New("down"), fetches: 1}}
		var wg sync.WaitGroup
		for i := range 5 {
			wg.Go(func() {
				if _, err := k.Bring(t.Context(), sharing(s, fmt.Sprint("p", i), "same")); err == nil {
					t.Error("it was brought")
				}
			})
		}
		wg.Wait()
		if s.fetches != 2 {
			t.Errorf("it was asked %d times", s.fetches-1)
		}
	})
}
