package sourcetest

import (
	"strings"
	"sync"
	"testing"

	"keypull/pull"
)

func (c Case) leavesLastAlone(t *testing.T) {
	r := c.start(t)
	last := r.fetch(t)
	before := frozen(t, last)
	for _, by := range []int32{byETag, byNothing} {
		r.upstream.by.Store(by)
		if _, err := r.source.Fetch(t.Context(), r.key(t), &last); err != nil {
			t.Fatal(err)
		}
		if after := frozen(t, last); after != before {
			t.Errorf("the last snapshot was\n%s\nand is now\n%s", before, after)
		}
	}
}

func (c Case) ownsNothing(t *testing.T) {
	r := c.start(t)
	s := r.fetch(t)
	want := frozen(t, r.choose(t, s, r.Query))
	chosen := r.choose(t, s, r.Query)
	for i := range chosen {
		chosen[i].Title = "spoiled"
		for j := range chosen[i].Media {
			chosen[i].Media[j].URL = "spoiled"
		}
		for j := range chosen[i].Facts {
			chosen[i].Facts[j].Text = "spoiled"
			for k := range chosen[i].Facts[j].List {
				chosen[i].Facts[j].List[k] = "spoiled"
			}
		}
	}
	if got := frozen(t, r.choose(t, s, r.Query)); got != want {
		t.Errorf("select answered\n%s\nand, after its answer was changed,\n%s", want, got)
	}
	for i := range s.Items {
		s.Items[i].Title = "spoiled"
	}
	if got := frozen(t, r.choose(t, r.fetch(t), r.Query)); strings.Contains(got, "spoiled") {
		t.Errorf("a new fetch answers\n%s\ninstead of\n%s", got, want)
	}
}

func (c Case) selectAsksNobody(t *testing.T) {
	r := c.start(t)
	s := r.fetch(t)
	asked := r.upstream.requests.Load()
	before := frozen(t, s)
	first := frozen(t, r.choose(t, s, r.Query))
	if second := frozen(t, r.choose(t, s, r.Query)); first != second {
		t.Errorf("the same query on the same snapshot gives\n%s\nand\n%s", first, second)
	}
	if now := r.upstream.requests.Load(); now != asked {
		t.Errorf("select sent %d requests", now-asked)
	}
	if after := frozen(t, s); after != before {
		t.Error("select changed the snapshot")
	}
}

func (c Case) selectCounts(t *testing.T) {
	r := c.start(t)
	s := r.fetch(t)
	for _, count := range []int{1, 2, 3, 5000} {
		q := r.Query
		q.Count = count
		items := r.choose(t, s, q)
		q.Argument = ""
		all, err := r.source.Select(t.Context(), s, q)
		if len(items) > count || len(items) == 0 || err == nil && len(all.Items) > count {
			t.Errorf("%d items were wanted at most, and %d or %d came", count, len(items), len(all.Items))
		}
	}
}

func (c Case) emptySnapshot(t *testing.T) {
	r := c.start(t)
	if items := r.choose(t, pull.Snapshot{}, r.Query); len(items) > 0 {
		t.Errorf("an empty snapshot gives %d items", len(items))
	}
}

func (c Case) concurrent(t *testing.T) {
	r := c.start(t)
	last := r.fetch(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			key, err := r.source.Key(r.Query)
			if err != nil {
				t.Error(err)
				return
			}
			s, err := r.source.Fetch(t.Context(), key, &last)
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := r.source.Select(t.Context(), s, r.Query); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
