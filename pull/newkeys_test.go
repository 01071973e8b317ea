package pull_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/who"
)

// fresh asks for one key of many, on somebody's budget of 60 a minute.
func fresh(u *upstream, key, payer, asker string) pull.Want {
	w := want(u)
	w.ID.Key, w.NewKeys, w.Payer, w.Asker, w.Asked = key, 60, payer, asker, time.Now()
	return w
}

func TestNewKeysHaveABudgetOfAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{}
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		refused := 0
		for i := range 3000 {
			_, err := k.Bring(t.Context(), fresh(u, fmt.Sprint("symbol", i), "from a", fmt.Sprint("reader", i)))
			switch {
			case pull.KindOf(err) == pull.Spent:
				refused++
			case err != nil:
				t.Fatal(err)
			}
		}
		if u.count() != 60 || refused != 2940 {
			t.Fatalf("%d fetches, %d refusals", u.count(), refused)
		}
		bring(t, k, fresh(u, "symbol7", "from a", "reader1"))
		bring(t, k, fresh(u, "another", "from b", "reader1"))
		bring(t, k, fresh(u, "one more", "", "reader1"))
		unlimited := fresh(u, "unlimited", "from a", "reader1")
		unlimited.NewKeys = 0
		bring(t, k, unlimited)
		time.Sleep(time.Second)
		bring(t, k, fresh(u, "later", "from a", "reader1"))
		if u.count() != 64 {
			t.Errorf("%d fetches, want 64: what is kept costs nothing, others have budgets of their own", u.count())
		}
		if _, err := k.Bring(t.Context(), fresh(u, "too soon", "from a", "")); pull.KindOf(err) != pull.Spent {
			t.Errorf("a second brought more than one: %v", err)
		}
	})
}

// slowToFind are snapshots on a disk that takes its time to say that it has none.
type slowToFind struct {
	pull.Snapshots
	found chan struct{}
}

func (s *slowToFind) Snapshot(_ context.Context, p pull.SnapshotID) (pull.Snapshot, bool, error) {
	if p.Key == "the same" {
		<-s.found
	}
	return pull.Snapshot{}, false, nil
}

func (s *slowToFind) Keep(context.Context, pull.SnapshotID, pull.Snapshot) error { return nil }

func TestWhatLandsWhileAnAskerLooksIsPaidOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, disk := &upstream{}, &slowToFind{found: make(chan struct{})}
		k := pull.NewCache(disk, time.Now)
		defer k.Close()
		const crowd = 100
		failed := make(chan error, crowd)
		for i := range crowd {
			go func() {
				w := fresh(u, "the same", "from a", fmt.Sprint("reader", i))
				w.NewKeys = 1
				_, err := k.Bring(t.Context(), w)
				failed <- err
			}()
		}
		for answered := 0; answered < crowd; {
			synctest.Wait()
			select {
			case disk.found <- struct{}{}: // one more finds nothing, after the one before was answered
			case err := <-failed:
				if answered++; err != nil {
					t.Fatal(err)
				}
			}
		}
		if u.count() != 1 {
			t.Errorf("%d fetches", u.count())
		}
	})
}

func TestWithoutBudgetWhatIsKeptIsToldMarked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{}
		k := pull.NewCache(nil, time.Now)
		defer k.Close()
		bring(t, k, fresh(u, "known", "from a", ""))
		time.Sleep(5 * time.Minute)
		for i := range 60 {
			bring(t, k, fresh(u, fmt.Sprint("symbol", i), "from a", ""))
		}
		before := u.count()
		kept := bring(t, k, fresh(u, "known", "from a", ""))
		if !kept.Stale || kept.Asked != pull.AskedNo || u.count() != before {
			t.Errorf("got %+v, %d more fetches", kept, u.count()-before)
		}
		kept = bring(t, k, fresh(u, "known", "from b", ""))
		if kept.Stale || u.count() != before+1 {
			t.Errorf("another asker got %+v", kept)
		}
	})
}

func TestABudgetOutlivesNoClockThatWasSetBack(t *testing.T) {
	for _, step := range []time.Duration{-2 * time.Hour, -90 * time.Second, 24 * time.Hour, 400 * 24 * time.Hour, -400 * 24 * time.Hour} {
		now := monday
		u := &upstream{}
		k := pull.NewCache(nil, func() time.Time { return now })
		ask := func(i int) error {
			w := fresh(u, fmt.Sprint("symbol", i), "from a", "")
			w.At, w.Asked = now, now
			_, err := k.Bring(t.Context(), w)
			return err
		}
		for i := range 61 {
			if err := ask(i); (err != nil) != (i == 60) {
				t.Errorf("ask %d: %v", i, err)
			}
		}
		now = now.Add(step)
		if err := ask(100); err != nil {
			t.Errorf("after a step of %s: %v", step, err)
		}
		k.Close()
	}
}

func TestAReaderWithoutBudgetHearsSo(t *testing.T) {
	u := &upstream{}
	e, err := pull.NewEdition(catalogue.Publisher{ID: "p", Name: "Paper", Languages: []string{"en", "fr", "de"}, TimeZone: "UTC",
		Keywords: []catalogue.Keyword{{ID: "quote", Source: "s", Argument: "required", Phrases: map[string][]string{"en": {"quote"}, "fr": {"quote"}, "de": {"quote"}}}}},
		map[string]pull.Opened{"s": {Source: u, NewKeys: 3}}, map[string]pull.Channel{"web": {}}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	cache := pull.NewCache(nil, time.Now)
	defer cache.Close()
	r := &pull.Resolver{Cache: cache, Clock: time.Now}
	ask := func(i int, language string) pull.Resolved {
		return r.Resolve(context.Background(), pull.Request{Edition: e, Ask: pull.Ask{
			ID: 1, Channel: "web", From: 7, Reader: who.Key(fmt.Sprint("p.", i)), At: time.Now(),
			Incoming: pull.Incoming{Text: fmt.Sprintf("quote XQ%d", i), Language: language},
		}, Reader: who.Reader{First: monday, Greeted: true}})

	}
	for i := range 3 {
		if o := ask(i, "en"); o.Trace.Outcome != journal.Answered {
			t.Fatalf("ask %d: %+v", i, o.Trace)
		}
	}
	for language, says := range map[string][2]string{
		"en": {"too many different things", "again"}, "fr": {"trop de choses différentes", "Redemandez"}, "de": {"zu viel Verschiedenes", "noch einmal"},
	} {
		o := ask(50, language)
		text := textOf(o)
		if o.Trace.Outcome != journal.Refused || o.Trace.When.Asked != pull.AskedNo || !strings.Contains(text, says[0]) || !strings.Contains(text, says[1]) {
			t.Errorf("%s: %q, %+v", language, text, o.Trace)
		}
		if o.Reader.Miss != nil || o.Trace.What.Core != "" {
			t.Errorf("%s: a miss was noted: %+v", language, o.Reader.Miss)
		}
	}
	if u.count() != 3 {
		t.Errorf("%d fetches", u.count())
	}
}
