package pull_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/who"
)

// town is a source whose one item is found by itself.
type town struct {
	fetch func(ctx context.Context) error
}

func (*town) FoundByItself() bool { return true }

func (*town) Key(pull.Query) (string, error) { return "all", nil }

func (s *town) Fetch(ctx context.Context, _ string, _ *pull.Snapshot) (pull.Snapshot, error) {
	return pull.Snapshot{Fetched: time.Now(), Items: []what.Item{{ID: "m", Title: "Museum opens"}}}, s.fetch(ctx)
}

func (*town) Select(_ context.Context, s pull.Snapshot, _ pull.Query) (pull.Selection, error) {
	return pull.Selection{Items: s.Items}, nil
}

// oneItem is an index that finds the same item wherever it may look.
type oneItem struct{}

func (oneItem) Follow(string, []string, []pull.SnapshotID) {}
func (oneItem) Changed(pull.SnapshotID)                    {}
func (oneItem) Flush(context.Context, string) error        { return nil }
func (oneItem) Search(_ context.Context, _ string, q pull.ItemQuery) ([]pull.ItemHit, error) {
	return []pull.ItemHit{{Place: q.Places[0], Item: "m", Coverage: 1, Certainty: 1}}, nil
}

// TestAMissWaitsForWhatWasNeverBrought and for nothing that has failed before.
func TestAMissWaitsForWhatWasNeverBrought(t *testing.T) {
	const most = 3 * time.Second
	hangs := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	for name, c := range map[string]struct {
		fetch          func(ctx context.Context) error
		first, further journal.Outcome
		// waits is how long the first message may wait.
		waits time.Duration
	}{
		"it answers": {func(context.Context) error { time.Sleep(time.Second); return nil }, journal.Offered, journal.Offered, time.Second},
		"it hangs":   {hangs, journal.Missed, journal.Missed, most},
		"it fails":   {func(context.Context) error { return context.DeadlineExceeded }, journal.Missed, journal.Missed, 0},
		"it is slow": {func(context.Context) error { time.Sleep(2 * most); return nil }, journal.Missed, journal.Offered, most},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cache := pull.NewCache(nil, time.Now)
				defer cache.Close()
				e, err := pull.NewEdition(catalogue.Publisher{ID: "p", Name: "P", Languages: []string{"en"}, TimeZone: "UTC",
					Keywords: []catalogue.Keyword{{ID: "news", Source: "s", Phrases: map[string][]string{"en": {"news"}}}}},
					map[string]pull.Opened{"s": {Source: &town{c.fetch}}}, map[string]pull.Channel{"web": {}}, nil, nil)
				if err != nil {
					t.Fatal(err)
				}
				r := &pull.Resolver{Cache: cache, Clock: time.Now, Items: oneItem{}}
				ask := func() (journal.Outcome, time.Duration) {
					began := time.Now()
					o := r.Resolve(t.Context(), pull.Request{Edition: e, Ask: pull.Ask{ID: 1, Publisher: "p", Channel: "web", At: began,
						Incoming: pull.Incoming{Text: "museum", Language: "en"}}, Reader: who.Reader{Greeted: true}})
					return o.Trace.Outcome, time.Since(began)
				}
				if outcome, took := ask(); outcome != c.first || took > c.waits {
					t.Errorf("the first message is %s after %s", outcome, took)
				}
				for range 20 {
					time.Sleep(20 * time.Second)
					if outcome, took := ask(); outcome != c.further || took > 0 {
						t.Errorf("a further message is %s after %s", outcome, took)
					}
				}
			})
		})
	}
}
