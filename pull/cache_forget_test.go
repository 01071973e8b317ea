package pull_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/what"
	"keypull/pull/who"
	"keypull/pull/words"
)

// marked returns a want of the upstream under other settings.
func marked(u *upstream, mark string) pull.Want {
	w := want(u)
	w.ID = pull.Opened{Mark: mark}.SnapshotID("p", "s", "k")
	return w
}

func TestASnapshotOfOtherSettingsIsNeverServed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := &snapshots{}
		k := pull.NewCache(kept, time.Now)
		before, after := &upstream{price: "1"}, &upstream{price: "2"}
		if got := bring(t, k, marked(before, "a")); got.Snapshot.Items[0].Facts.Text("price") != "1" {
			t.Fatalf("%+v", got)
		}
		if k.Last(t.Context(), marked(after, "b").ID) != nil {
			t.Fatal("the old settings answered in memory")
		}
		synctest.Wait()
		k.Close()
		k = pull.NewCache(kept, time.Now) // as after a restart
		defer k.Close()
		after.err = errors.New("down")
		if got, err := k.Bring(t.Context(), marked(after, "b")); err == nil {
			t.Fatalf("the old settings answered for the new ones: %+v", got)
		}
		if got := bring(t, k, marked(before, "a")); got.Asked != pull.AskedNo {
			t.Fatalf("what was kept is not served to its own settings: %+v", got)
		}
	})
}

func TestAFetchOfOtherSettingsIsNotJoined(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		slow, quick := &upstream{pace: 2 * time.Second, price: "1"}, &upstream{price: "2"}
		go func() { _, _ = k.Bring(context.Background(), marked(slow, "a")) }()
		synctest.Wait()
		got := bring(t, k, marked(quick, "b"))
		if got.Asked != pull.AskedFetched || got.Snapshot.Items[0].Facts.Text("price") != "2" {
			t.Fatalf("%+v", got)
		}
		time.Sleep(3 * time.Second)
		if last := k.Last(t.Context(), marked(quick, "b").ID); last.Items[0].Facts.Text("price") != "2" {
			t.Fatal("the late fetch took the place of the new one")
		}
	})
}

func TestWhatWasForgottenLeavesNothingBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := &snapshots{}
		k := pull.NewCache(kept, time.Now)
		defer k.Close()
		var changed atomic.Int32
		k.Changed = func(pull.SnapshotID) { changed.Add(1) }
		other := want(&upstream{})
		other.ID.Source = "other"
		bring(t, k, other)
		bring(t, k, want(&upstream{}))
		flying := want(&upstream{pace: time.Second})
		flying.ID.Key = "late"
		answered := make(chan pull.Found, 1)
		go func() {
			got, _ := k.Bring(context.Background(), flying)
			answered <- got
		}()
		synctest.Wait()

		k.Forget("p", "s")
		if h := k.Health(); len(h) != 1 || h[0].Source != "other" {
			t.Fatalf("health is %+v", h)
		}
		if got := <-answered; got.Snapshot == nil {
			t.Fatal("who waited was not answered")
		}
		synctest.Wait()
		if h := k.Health(); len(h) != 1 {
			t.Errorf("the late fetch told health: %+v", h)
		}
		if _, ok, _ := kept.Snapshot(t.Context(), flying.ID); ok || k.Last(t.Context(), flying.ID) != nil {
			t.Error("the late fetch was kept")
		}
		if changed.Load() != 2 {
			t.Errorf("%d changes were told", changed.Load())
		}
		if k.Last(t.Context(), other.ID) == nil {
			t.Error("another source was forgotten")
		}
	})
}

func TestForgettingIsOfOnePublishersSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		bring(t, k, want(&upstream{}))
		for _, name := range [][2]string{{"p", "other"}, {"q", "s"}, {"", ""}} {
			k.Forget(name[0], name[1])
		}
		if k.Last(t.Context(), want(nil).ID) == nil || len(k.Health()) != 1 {
			t.Fatal("too much was forgotten")
		}
		k.Forget("p", "s")
		if k.Last(t.Context(), want(nil).ID) != nil || len(k.Health()) != 0 {
			t.Fatal("it is still there")
		}
		if got := bring(t, k, want(&upstream{})); got.Asked != pull.AskedFetched || len(k.Health()) != 1 {
			t.Fatalf("it cannot be asked again: %+v", got)
		}
	})
}

func TestASourceThatIsAddedAgainDoesNotJoinAFetchThatWasForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		old, again := &upstream{pace: time.Second, price: "1"}, &upstream{pace: 3 * time.Second, price: "2"}
		go func() { _, _ = k.Bring(context.Background(), want(old)) }()
		synctest.Wait()
		k.Forget("p", "s")
		got := make(chan pull.Found, 2)
		for range 2 { // the second joins the first, also once the old one has landed
			go func() {
				kept, _ := k.Bring(context.Background(), want(again))
				got <- kept
			}()
			time.Sleep(2 * time.Second)
		}
		for range 2 {
			if kept := <-got; kept.Snapshot.Items[0].Facts.Text("price") != "2" {
				t.Errorf("%+v", kept)
			}
		}
		if again.count() != 1 {
			t.Errorf("%d fetches", again.count())
		}
	})
}

func TestUpstreamIsLeftAloneAlsoByASourceThatWasForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		u := &upstream{err: &pull.Error{Kind: pull.Limited, Hint: words.Verbatim("slow down"), RetryAt: time.Now().Add(time.Minute)}}
		_, _ = k.Bring(t.Context(), want(u))
		k.Forget("p", "s")
		if _, err := k.Bring(t.Context(), want(u)); err == nil || u.count() != 1 {
			t.Fatalf("%d fetches, %v", u.count(), err)
		}
	})
}

func TestAnEditionAsksUnderTheMarkOfItsSource(t *testing.T) {
	kept := &snapshots{}
	p := publisher()
	source := &exchange{}
	cache := pull.NewCache(kept, func() time.Time { return monday })
	defer cache.Close()
	r := &pull.Resolver{Cache: cache, Clock: time.Now}
	for _, mark := range []string{"", "one", "two"} {
		opened := pull.Opened{Source: source, Mark: mark, Freshness: catalogue.Freshness{MaxAge: minute()}}
		e, err := pull.NewEdition(p, map[string]pull.Opened{"exchange": opened}, nil, map[string]*what.Vocabulary{"exchange": what.NewVocabulary(source.Terms(nil))}, nil)
		if err != nil {
			t.Fatal(err)
		}
		out := r.Resolve(t.Context(), pull.Request{Edition: e, Ask: pull.Ask{ID: 1, At: monday, Incoming: pull.Incoming{Text: "quote wipro"}}, Reader: who.Reader{First: monday}})
		if out.Trace.When.Asked != pull.AskedFetched {
			t.Errorf("mark %q: %+v", mark, out.Trace)
		}
		if err := r.Warm(t.Context(), e, "exchange"); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"WIPRO", "SAP"} {
			if cache.Last(t.Context(), opened.SnapshotID("p", "exchange", key)) == nil {
				t.Errorf("mark %q: nothing of %s", mark, key)
			}
		}
	}
}
