package pull_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/withdrawal"
	"keypull/store"
	"keypull/store/mem"
)

// paper is a source of some items; indexed, it picks them from an index of its
// own in place of the snapshot.
type paper struct {
	upstream
	mu      sync.Mutex
	items   []what.Item
	indexed bool
	fetches atomic.Int64
}

func (p *paper) print(items ...what.Item) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.items = items
}

func (p *paper) Fetch(context.Context, string, *pull.Snapshot) (pull.Snapshot, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fetches.Add(1)
	s := pull.Snapshot{Fetched: time.Now()}
	if !p.indexed {
		s.Items = p.items
	}
	return s, nil
}

func (p *paper) Select(_ context.Context, s pull.Snapshot, q pull.Query) (pull.Selection, error) {
	items := s.Items
	if p.indexed {
		p.mu.Lock()
		defer p.mu.Unlock()
		items = p.items
	}
	from, to := min(q.Offset, len(items)), min(q.Offset+q.Count, len(items))
	return pull.Selection{Items: items[from:to], More: to < len(items)}, nil
}

func story(id, title, link string) what.Item { return what.Item{ID: id, Title: title, Link: link} }

// asked returns the ids that a reader gets.
func asked(t *testing.T, c *pull.Cache, w pull.Want, q pull.Query) string {
	t.Helper()
	w.At, w.Asked = time.Now(), time.Now()
	found, err := c.Bring(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Select(t.Context(), w.ID.Publisher, w.ID.Source, w.Source, *found.Snapshot, q)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, it := range got.Items {
		ids = append(ids, it.ID)
	}
	return strings.Join(ids, " ")
}

func TestWhatIsWithdrawnLeavesEverySource(t *testing.T) {
	for name, c := range map[string]struct {
		rule withdrawal.Rule
		want string
	}{
		"by its link":             {withdrawal.Rule{Link: "HTTP://www.n.example:80/b/?utm_source=x#top"}, "a c"},
		"by its id":               {withdrawal.Rule{Item: "b"}, "a c"},
		"by a text":               {withdrawal.Rule{Text: "bridge is CLOSED"}, "a c"},
		"by a short title":        {withdrawal.Rule{Text: "rain"}, "a b"},
		"not by a part of a word": {withdrawal.Rule{Text: "ridge is closed"}, "a b c"},
		"of another source":       {withdrawal.Rule{Item: "b", Source: "other"}, "a b c"},
		"corrected alone":         {withdrawal.Rule{Item: "b", Corrects: true, Say: "no"}, "a b c"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, indexed := range []bool{false, true} {
				k := pull.NewCache(nil, time.Now)
				t.Cleanup(k.Close)
				p := &paper{indexed: indexed}
				p.print(story("a", "A story", "https://n.example/a"), story("b", "The bridge is closed!", "https://n.example/b"), story("c", "Rain", "https://n.example/c"))
				w := wantOf(p)
				all := pull.Query{Count: 3}
				if got := asked(t, k, w, all); got != "a b c" {
					t.Fatal(got)
				}
				if _, err := k.Withdraw(t.Context(), "p", c.rule); err != nil {
					t.Fatal(err)
				}
				if got := asked(t, k, w, all); got != c.want {
					t.Errorf("indexed %v: %q", indexed, got)
				}
				var paged []string
				for at := range strings.Fields(c.want) {
					paged = append(paged, asked(t, k, w, pull.Query{Count: 1, Offset: at}))
				}
				if got := strings.Join(paged, " "); got != c.want {
					t.Errorf("indexed %v, one by one: %q", indexed, got)
				}
			}
		})
	}
}

func TestWhatIsWithdrawnStaysOut(t *testing.T) {
	snapshots := store.NewSnapshots(mem.Open(store.Options{}))
	now := time.Now()
	clock := func() time.Time { return now }
	p := &paper{}
	p.print(story("a", "A", "https://n.example/a"), story("b", "B", "https://n.example/b"))
	w, both := wantOf(p), pull.Query{Count: 9}
	first := pull.NewCache(snapshots, clock)
	if got := asked(t, first, w, both); got != "a b" {
		t.Fatal(got)
	}
	rule, err := first.Withdraw(t.Context(), "p", withdrawal.Rule{Item: "b", Until: now.Add(time.Hour)})
	if err != nil || len(rule.Found) != 1 || rule.Found[0].Link != "https://n.example/b" {
		t.Fatalf("%+v, %v", rule, err)
	}
	first.Close()
	// After a restart the kept answer is told without it, and so is a new one that
	// has it under another id.
	second := pull.NewCache(snapshots, clock)
	t.Cleanup(second.Close)
	if got := asked(t, second, w, both); got != "a" || p.fetches.Load() != 1 {
		t.Errorf("after a restart %q", got)
	}
	p.print(story("a", "A", "https://n.example/a"), story("b2", "B again", "http://n.example/b/"))
	if err := second.Refresh(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	if got := asked(t, second, w, both); got != "a" {
		t.Errorf("under another id %q", got)
	}
	now = now.Add(2 * time.Hour)
	if got := asked(t, second, w, both); got != "a b2" {
		t.Errorf("when it is over %q", got)
	}
	again, err := second.Withdraw(t.Context(), "p", withdrawal.Rule{Link: "https://n.example/a"})
	if err != nil {
		t.Fatal(err)
	}
	if got := asked(t, second, w, both); got != "b2" {
		t.Errorf("%q", got)
	}
	if was, found, err := second.Restore(t.Context(), "p", again.ID); err != nil || !found || was.Link == "" {
		t.Errorf("%+v %v %v", was, found, err)
	}
	if got := asked(t, second, w, both); got != "a b2" {
		t.Errorf("when it is told again %q", got)
	}
}

func TestALinkThatManyItemsShareNamesNoneOfThem(t *testing.T) {
	k := pull.NewCache(nil, time.Now)
	t.Cleanup(k.Close)
	p := &paper{}
	p.print(story("a", "A", "https://n.example/"), story("b", "B", "https://n.example/"))
	w := wantOf(p)
	asked(t, k, w, pull.Query{Count: 2})
	if _, err := k.Withdraw(t.Context(), "p", withdrawal.Rule{Item: "b"}); err != nil {
		t.Fatal(err)
	}
	if got := asked(t, k, w, pull.Query{Count: 2}); got != "a" {
		t.Errorf("%q", got)
	}
}

func TestNobodyGetsWhatIsWithdrawnWhileAThousandAsk(t *testing.T) {
	k := pull.NewCache(store.NewSnapshots(mem.Open(store.Options{})), time.Now)
	t.Cleanup(k.Close)
	r := &pull.Resolver{Cache: k, Clock: time.Now}
	p := &paper{}
	p.print(story("a", "A", "https://n.example/a"), story("b", "B", "https://n.example/b"))
	w := wantOf(p)
	var withdrawn atomic.Bool
	var wrong, right atomic.Int64
	var readers sync.WaitGroup
	for range 1000 {
		readers.Go(func() {
			for range 2 {
				late := withdrawn.Load()
				want := w
				want.At, want.Asked = time.Now(), time.Now()
				found, err := k.Bring(context.Background(), want)
				if err != nil {
					wrong.Add(1)
					return
				}
				got, err := k.Select(context.Background(), "p", "s", p, *found.Snapshot, pull.Query{Count: 2})
				tells := false
				reply := pull.Reply{}
				for _, it := range got.Items {
					tells = tells || it.ID == "b"
					reply.Tells = append(reply.Tells, withdrawal.Told{Source: "s", ID: it.ID, Link: it.Link})
				}
				late2 := withdrawn.Load()
				gone, failed := r.Recalled(context.Background(), "p", &reply, want.At)
				// One that was begun before is caught when it is to leave.
				if err != nil || failed != nil || late && tells || late2 && tells && !gone {
					wrong.Add(1)
				}
				right.Add(1)
			}
		})
	}
	for right.Load() < 300 {
		time.Sleep(time.Millisecond)
	}
	if _, err := k.Withdraw(t.Context(), "p", withdrawal.Rule{Link: "https://n.example/b"}); err != nil {
		t.Fatal(err)
	}
	withdrawn.Store(true)
	readers.Wait()
	if wrong.Load() > 0 || right.Load() != 2000 {
		t.Errorf("%d of %d were wrong", wrong.Load(), right.Load())
	}
}

func TestWhatIsHeldBackIsShownAndRefused(t *testing.T) {
	now := time.Now()
	k := pull.NewCache(nil, func() time.Time { return now })
	t.Cleanup(k.Close)
	p := &paper{}
	price := func(text string) what.Item {
		return what.Item{ID: "ACME", Title: "ACME", Facts: what.Facts{{Name: "price", Kind: what.Decimal, Text: text}}}
	}
	p.print(price("100"))
	w := wantOf(p)
	day := time.Second
	w.Freshness.MaxAge = &day
	asked(t, k, w, pull.Query{Count: 1})
	p.print(price("10"))
	for i := range 5 {
		now = now.Add(time.Minute)
		if err := k.Refresh(t.Context(), w); err == nil {
			t.Fatalf("at fetch %d it is believed", i)
		}
		doubts, err := k.Doubts(t.Context(), "p", "s")
		if err != nil || len(doubts) != 1 || doubts[0].Now[0].Facts.Text("price") != "10" || doubts[0].Before[0].Facts.Text("price") != "100" {
			t.Fatalf("%+v, %v", doubts, err)
		}
		if i == 0 {
			if n := k.Refuse("p", "s"); n != 1 {
				t.Errorf("%d places were refused", n)
			}
		} else if !doubts[0].Refused {
			t.Errorf("after fetch %d it is refused no more", i)
		}
	}
	h := k.HealthOf("p")["s"]
	if !h.Held || h.Breaker != pull.Open || h.Items != 1 || h.Asks != 1 || h.Again.IsZero() {
		t.Errorf("%+v", h)
	}
	now = now.Add(time.Minute)
	if h := k.HealthOf("p")["s"]; h.Breaker != pull.HalfOpen {
		t.Errorf("after its rest it is %q", h.Breaker)
	}
	if k.Accept("p", "s") != 1 {
		t.Error("what was refused can't be accepted")
	}
	if got := k.Last(t.Context(), w.ID).Items[0].Facts.Text("price"); got != "10" {
		t.Error(got)
	}
}
