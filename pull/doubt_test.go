package pull_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
)

// price returns what a place tells: the price, and how it is marked.
func price(t *testing.T, k *pull.Cache, w pull.Want) string {
	t.Helper()
	w.At = time.Now()
	kept := bring(t, k, w)
	text := kept.Snapshot.Items[0].Facts.Text("price")
	if kept.Stale {
		text += " not current"
	}
	return text
}

func TestADoubtfulSnapshotIsBelievedByTimeAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{price: "100"}
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		price(t, k, want(u))
		u.set(func(u *upstream) { u.price = "151" })
		time.Sleep(2 * time.Minute)
		began := time.Now()
		var told string
		for range 1000 {
			if told = price(t, k, want(u)); told != "100 not current" {
				break
			}
			time.Sleep(time.Second)
		}
		// max_age is a minute: three fetches that count, two minutes apart.
		if held := time.Since(began); told != "151" || held < 2*time.Minute || held > 2*time.Minute+30*time.Second {
			t.Fatalf("told %s after %v", told, held)
		}
		warnings := strings.Join(saidAll(k.Last(t.Context(), want(u).ID).Warnings), " ")
		if !strings.Contains(warnings, "more than half") || !strings.Contains(warnings, "before, of") || !strings.Contains(warnings, "100") {
			t.Errorf("what was believed left no trace: %q", warnings)
		}
	})
}

func TestACrowdDoesNotMakeAGlitchCredible(t *testing.T) {
	for name, kept := range map[string]time.Duration{"with stale_if_error": time.Hour, "without": 0} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u := &upstream{price: "31", pace: 5 * time.Millisecond}
				k := pull.NewCache(nil, time.Now)
				defer k.Close()
				w, second := want(u), time.Second
				w.Freshness.MaxAge, w.Freshness.StaleIfError, w.Freshness.StaleWhileRevalidate = &second, kept, 0
				price(t, k, w)
				time.Sleep(10 * time.Second)
				u.set(func(u *upstream) { u.price = "90" })
				var crowd sync.WaitGroup
				for i := range 500 {
					crowd.Go(func() {
						time.Sleep(time.Duration(i) * 10 * time.Millisecond)
						w := w
						w.At = time.Now()
						got, err := k.Bring(context.Background(), w)
						if err != nil || got.Snapshot.Items[0].Facts.Text("price") != "31" || !got.Stale {
							t.Errorf("a reader was told %+v, %v", got, err)
						}
					})
				}
				crowd.Wait()
				if u.count() > 8 {
					t.Errorf("upstream was asked %d times in five seconds", u.count())
				}
				u.set(func(u *upstream) { u.price = "32" })
				time.Sleep(2 * time.Second)
				if told := price(t, k, w); told != "32" {
					t.Errorf("after the glitch %s is told", told)
				}
			})
		})
	}
}

func TestDoubtfulSnapshotsThatDisagreeAreNotBelieved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{price: "10"}
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		price(t, k, want(u))
		for i := range 20 {
			u.set(func(u *upstream) { u.price = fmt.Sprint(100 * (1 + i%2*5)) })
			time.Sleep(2 * time.Minute)
			if told := price(t, k, want(u)); told != "10 not current" {
				t.Fatalf("told %s", told)
			}
		}
	})
}

func TestAnEditorMayAcceptWhatIsHeldBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, s := &upstream{price: "-4.20"}, &snapshots{}
		k := pull.NewCache(s, time.Now)
		defer k.Close()
		price(t, k, want(u))
		u.set(func(u *upstream) { u.price = "80" })
		time.Sleep(2 * time.Minute)
		if told := price(t, k, want(u)); told != "-4.20 not current" {
			t.Fatal(told)
		}
		if n := k.Accept("p", "other"); n != 0 {
			t.Errorf("%d places of another source were accepted", n)
		}
		if n := k.Accept("p", "s"); n != 1 {
			t.Errorf("%d places were accepted", n)
		}
		if told := price(t, k, want(u)); told != "80" || !k.Health()[0].Error.IsZero() {
			t.Errorf("told %s, health %+v", told, k.Health())
		}
		synctest.Wait()
		if kept, _, _ := s.Snapshot(t.Context(), want(u).ID); kept.Items[0].Facts.Text("price") != "80" {
			t.Error("what was accepted is not written down")
		}
	})
}

func saidAll(texts []words.Text) []string {
	var all []string
	for _, text := range texts {
		all = append(all, text.String())
	}
	return all
}

// odd brings one quote as it is.
type odd struct {
	fact
	price, previous string
}

func (o *odd) Fetch(context.Context, string, *pull.Snapshot) (pull.Snapshot, error) {
	return pull.Snapshot{Fetched: time.Now(), Items: []what.Item{{ID: "q", Title: "q", Facts: what.Facts{
		{Name: "price", Kind: what.Decimal, Text: o.price}, {Name: "previous", Kind: what.Decimal, Text: o.previous},
	}}}}, nil
}

func TestAPriceOfNothingIsHeldBackEvenWhereNothingWasThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &odd{price: "0", previous: "12.5"}
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		w := want(nil)
		w.Source, w.At = source, time.Now()
		if kept, err := k.Bring(t.Context(), w); pull.KindOf(err) != pull.Unusable || kept.Snapshot != nil {
			t.Fatalf("it is told: %v, %v", kept.Snapshot, err)
		}
		source.price = "12.4"
		time.Sleep(2 * time.Minute)
		if got := price(t, k, w); got != "12.4" {
			t.Errorf("told %s", got)
		}
		source.price = "0"
		time.Sleep(2 * time.Minute)
		if got := price(t, k, w); got != "12.4 not current" {
			t.Errorf("told %s", got)
		}
	})
}

// TestWhatIsOddWithNothingBeforeIsToldOnceSomebodyAcceptsIt walks a symbol whose first
// price is 0 beside a former one: readers get nothing until an editor says that it is so.
func TestWhatIsOddWithNothingBeforeIsToldOnceSomebodyAcceptsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{price: "0", previous: "12"}
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		w := want(u)
		refused := func() bool {
			w.At = time.Now()
			found, err := k.Bring(t.Context(), w)
			return err != nil && found.Snapshot == nil
		}
		for range 5 {
			if !refused() {
				t.Fatal("it is told although nobody accepted it")
			}
			time.Sleep(3 * time.Minute)
		}
		doubts, err := k.Doubts(t.Context(), w.ID.Publisher, w.ID.Source)
		if err != nil || len(doubts) != 1 || doubts[0].Needed != 0 || len(doubts[0].Before) != 0 || len(doubts[0].Now) != 1 {
			t.Fatalf("held back: %+v, %v", doubts, err)
		}
		if !k.HealthOf(w.ID.Publisher)[w.ID.Source].Held {
			t.Error("the source does not say that something is held back")
		}
		if n := k.Refuse(w.ID.Publisher, w.ID.Source); n != 1 {
			t.Errorf("refused %d", n)
		}
		if n := k.Accept(w.ID.Publisher, w.ID.Source); n != 1 {
			t.Errorf("accepted %d", n)
		}
		if !k.Doubt(w.ID.Publisher, w.ID.Source) || !refused() {
			t.Error("the accepting can't be taken back")
		}
		k.Accept(w.ID.Publisher, w.ID.Source)
		if got := price(t, k, w); got != "0" {
			t.Errorf("accepted, it is told as %s", got)
		}
		time.Sleep(2 * time.Minute)
		if got := price(t, k, w); got != "0" {
			t.Errorf("the same again is told as %s", got)
		}
		u.set(func(u *upstream) { u.price, u.previous = "13", "" })
		time.Sleep(2 * time.Minute)
		if got := price(t, k, w); got != "13" {
			t.Errorf("something else is told as %s", got)
		}
		u.set(func(u *upstream) { u.price, u.previous = "0", "13" })
		time.Sleep(2 * time.Minute)
		if got := price(t, k, w); got != "13 not current" {
			t.Errorf("0 again is told as %s", got)
		}
	})
}
