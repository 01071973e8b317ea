package people_test

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"keypull/pull/people"
)

// hand is a clock that is moved by hand.
type hand struct{ nanoseconds atomic.Int64 }

func (h *hand) now() time.Time          { return noon.Add(time.Duration(h.nanoseconds.Load())) }
func (h *hand) advance(d time.Duration) { h.nanoseconds.Add(int64(d)) }

func throttle() (*people.Throttle, *hand) {
	h := &hand{}
	return people.NewThrottle(h.now), h
}

// waits fails n tries, each as soon as it may be made, and returns how long
// each had to wait.
func waits(t *testing.T, th *people.Throttle, h *hand, n int, keys ...people.Key) (all []time.Duration) {
	t.Helper()
	for range n {
		wait := th.Allow(keys...)
		all = append(all, wait)
		if wait > 0 {
			h.advance(wait - 1)
			if th.Allow(keys...) != 1 {
				t.Fatal("the wait was not as long as was said")
			}
			h.advance(1)
			if left := th.Allow(keys...); left != 0 {
				t.Fatalf("%v after the wait was over", left)
			}
		}
		th.Fail(keys...)
	}
	return all
}

func TestWaitsDoubleAfterTheFreeTries(t *testing.T) {
	th, h := throttle()
	got := waits(t, th, h, 18, people.AccountKey("anna@lecker"))
	const s = time.Second
	want := []time.Duration{0, 0, 0, 0, 0, s, 2 * s, 4 * s, 8 * s, 16 * s, 32 * s, 64 * s, 128 * s, 256 * s, 512 * s,
		people.MaxWait, people.MaxWait, people.MaxWait}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if wait := th.Allow(people.AccountKey("ben@lecker")); wait != 0 {
		t.Errorf("somebody else waits %v", wait)
	}
}

func TestAnAddressHasMoreTriesThanAnAccount(t *testing.T) {
	th, h := throttle()
	got := waits(t, th, h, people.FreePerAddress+1, people.AddressKey("192.0.2.1"))
	if slices.Max(got[:people.FreePerAddress]) != 0 || got[people.FreePerAddress] != people.MinWait {
		t.Errorf("got %v", got)
	}
}

func TestKeysOfTheSameAreTheSame(t *testing.T) {
	for _, tt := range []struct {
		one, two people.Key
		same     bool
	}{
		{people.AccountKey("Anna@Lecker "), people.AccountKey("anna@lecker"), true},
		{people.AccountKey("192.0.2.1"), people.AddressKey("192.0.2.1"), false},
		{people.AddressKey("::ffff:192.0.2.1"), people.AddressKey("192.0.2.1"), true},
		{people.AddressKey("192.0.2.2"), people.AddressKey("192.0.2.1"), false},
		{people.AddressKey("2001:db8::1"), people.AddressKey("2001:db8:0:0:ffff::2"), true},
		{people.AddressKey("2001:db8:0:1::1"), people.AddressKey("2001:db8::1"), false},
		{people.AddressKey("socket"), people.AddressKey("socket"), true},
	} {
		if (tt.one == tt.two) != tt.same {
			t.Errorf("%v and %v", tt.one, tt.two)
		}
	}
}

func TestTheLongestWaitOfAllKeysCountsAndARefusedTryCostsNothing(t *testing.T) {
	th, h := throttle()
	anna, ben, address := people.AccountKey("anna"), people.AccountKey("ben"), people.AddressKey("192.0.2.1")
	waits(t, th, h, people.FreePerAccount+2, anna)
	for range 100 {
		if wait := th.Allow(anna, address); wait != 4*time.Second {
			t.Fatalf("wait %v", wait)
		}
	}
	if got := waits(t, th, h, people.FreePerAccount, ben, address); slices.Max(got) != 0 {
		t.Errorf("ben at the same address waits %v", got)
	}
}

func TestSuccessClearsAnAccount(t *testing.T) {
	th, h := throttle()
	anna := people.AccountKey("anna")
	waits(t, th, h, people.FreePerAccount+3, anna)
	h.advance(time.Hour)
	if wait := th.Allow(anna); wait != 0 {
		t.Fatalf("wait %v", wait)
	}
	th.Succeed(anna)
	if got := waits(t, th, h, people.FreePerAccount, anna); slices.Max(got) != 0 {
		t.Errorf("waits afterwards: %v", got)
	}
}

func TestOneGoodAccountDoesNotBuyGuessesAtOthers(t *testing.T) {
	th, h := throttle()
	address := people.AddressKey("192.0.2.1")
	failed := 0
	for i := range 1000 {
		victim := people.AccountKey(fmt.Sprint("victim", i))
		if th.Allow(victim, address) == 0 {
			th.Fail(victim, address)
			failed++
		}
		mine := people.AccountKey("mine")
		if th.Allow(mine, address) == 0 {
			th.Succeed(mine, address)
		}
	}
	if failed != people.FreePerAddress {
		t.Errorf("%d guesses", failed)
	}
	h.advance(people.MaxWait)
	if wait := th.Allow(address); wait != 0 {
		t.Errorf("wait %v", wait)
	}
}

func TestManySignInsFromOneAddressDoNotWait(t *testing.T) {
	th, h := throttle()
	address := people.AddressKey("192.0.2.1")
	waits(t, th, h, people.FreePerAddress-1, address)
	for i := range 1000 {
		anna := people.AccountKey(fmt.Sprint("colleague", i))
		if wait := th.Allow(anna, address); wait != 0 {
			t.Fatalf("number %d waits %v", i, wait)
		}
		th.Succeed(anna, address)
	}
}

func TestOfManyTriesAtOnceNoMorePassThanOneByOne(t *testing.T) {
	th, h := throttle()
	anna := people.AccountKey("anna")
	try := func() int {
		var passed atomic.Int32
		var group sync.WaitGroup
		for i := range 100 {
			group.Go(func() {
				if th.Allow(anna, people.AddressKey(fmt.Sprint("192.0.2.", i))) == 0 {
					passed.Add(1)
				}
			})
		}
		group.Wait()
		return int(passed.Load())
	}
	if got := try(); got != people.FreePerAccount {
		t.Errorf("%d passed at once", got)
	}
	h.advance(people.MinWait)
	if got := try(); got != 1 {
		t.Errorf("%d passed after the wait", got)
	}
}

func TestTheWaitBeginsWhenTheTryHasFailed(t *testing.T) {
	th, h := throttle()
	anna := people.AccountKey("anna")
	for range people.FreePerAccount {
		th.Allow(anna)
	}
	h.advance(time.Minute)
	th.Fail(anna)
	if wait := th.Allow(anna); wait != people.MinWait {
		t.Errorf("wait %v", wait)
	}
}

func TestFailuresAreForgottenAfterADay(t *testing.T) {
	th, h := throttle()
	anna := people.AccountKey("anna")
	waits(t, th, h, 20, anna)
	h.advance(people.ForgetAfter)
	if got := waits(t, th, h, people.FreePerAccount, anna); slices.Max(got) != 0 {
		t.Errorf("waits afterwards: %v", got)
	}
}

func TestACrowdOfKeysForgetsThoseWhoDoNotWait(t *testing.T) {
	th, h := throttle()
	anna := people.AccountKey("anna")
	waits(t, th, h, people.FreePerAccount+5, anna)
	first := people.AccountKey("crowd0")
	for i := range people.MaxThrottled + 100 {
		if th.Allow(people.AccountKey(fmt.Sprint("crowd", i))) != 0 {
			t.Fatal("one of the crowd waits")
		}
	}
	if wait := th.Allow(anna); wait != 32*time.Second {
		t.Errorf("anna waits %v", wait)
	}
	if got := waits(t, th, h, people.FreePerAccount, first); slices.Max(got) != 0 {
		t.Errorf("the first of the crowd is remembered: %v", got)
	}
}

func TestACrowdThatAllWaitsStillLeavesRoom(t *testing.T) {
	th, _ := throttle()
	for i := range people.MaxThrottled + 100 {
		key := people.AccountKey(fmt.Sprint("crowd", i))
		for range people.FreePerAccount {
			th.Allow(key)
		}
	}
	last := people.AccountKey(fmt.Sprint("crowd", people.MaxThrottled+99))
	if wait := th.Allow(last); wait != people.MinWait {
		t.Errorf("the last waits %v", wait)
	}
	if wait := th.Allow(people.AccountKey("crowd0")); wait != 0 {
		t.Errorf("the first waits %v, though there was no room for it", wait)
	}
}

// Whatever is tried and whenever, no more guesses at an account pass than the
// free ones and one for each wait that doubled.
func TestNoOrderOfTriesBuysMoreGuesses(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		th, h := throttle()
		anna := people.AccountKey("anna")
		passed, open := 0, 0
		for range rapid.IntRange(0, 300).Draw(rt, "steps") {
			switch rapid.IntRange(0, 2).Draw(rt, "step") {
			case 0:
				if th.Allow(anna, people.AddressKey(fmt.Sprint("10.0.0.", rapid.IntRange(0, 99).Draw(rt, "from")))) == 0 {
					passed++
					open++
				}
			case 1:
				if open > 0 {
					th.Fail(anna)
					open--
				}
			case 2:
				h.advance(time.Duration(rapid.IntRange(0, 60).Draw(rt, "seconds")) * time.Second)
			}
		}
		most, spent := people.FreePerAccount, time.Duration(0)
		for wait := people.MinWait; spent+wait <= h.now().Sub(noon); wait = min(2*wait, people.MaxWait) {
			spent += wait
			most++
		}
		if passed > most {
			rt.Fatalf("%d guesses in %v, at most %d", passed, h.now().Sub(noon), most)
		}
	})
}
