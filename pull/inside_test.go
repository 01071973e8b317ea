package pull_test

import (
	"context"
	"slices"
	"strings"
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

// townEdition is a publisher of a town whose news are brought so.
func townEdition(t *testing.T, fetch func(context.Context) error) *pull.Edition {
	t.Helper()
	e, err := pull.NewEdition(catalogue.Publisher{ID: "p", Name: "P", Languages: []string{"en"}, TimeZone: "UTC",
		Keywords: []catalogue.Keyword{{ID: "news", Source: "s", Phrases: map[string][]string{"en": {"news"}}}}},
		map[string]pull.Opened{"s": {Source: &town{fetch}}}, map[string]pull.Channel{"web": {}}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func askTown(text string) pull.Ask {
	return pull.Ask{ID: 1, Publisher: "p", Channel: "web", At: time.Now(), Incoming: pull.Incoming{Text: text, Language: "en"}}
}

// slowIndex is an index that a busy machine lets answer after so long.
type slowIndex struct {
	oneItem

	takes time.Duration
}

func (s slowIndex) Search(ctx context.Context, publisher string, q pull.ItemQuery) ([]pull.ItemHit, error) {
	select {
	case <-time.After(s.takes):
		return s.oneItem.Search(ctx, publisher, q)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// A reader who has just asked doesn't wait for a slow index; what is owed to one is found in it.
func TestWhatIsOwedIsFoundInASlowIndex(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache := pull.NewCache(nil, time.Now)
		defer cache.Close()
		e := townEdition(t, func(context.Context) error { return nil })
		r := &pull.Resolver{Cache: cache, Clock: time.Now, Items: slowIndex{takes: time.Second}}
		for text, want := range map[string]journal.Outcome{"news": journal.Answered, "museum": journal.Missed} {
			if o := r.Resolve(t.Context(), pull.Request{Edition: e, Ask: askTown(text), Reader: who.Reader{Greeted: true}}); o.Trace.Outcome != want {
				t.Errorf("%q is %s, want %s", text, o.Trace.Outcome, want)
			}
		}
		if !r.IsKnown(t.Context(), e, askTown("museum")) {
			t.Error("what is owed is not found")
		}
	})
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
				e := townEdition(t, c.fetch)
				r := &pull.Resolver{Cache: cache, Clock: time.Now, Items: oneItem{}}
				ask := func() (journal.Outcome, time.Duration) {
					began := time.Now()
					o := r.Resolve(t.Context(), pull.Request{Edition: e, Ask: askTown("museum"), Reader: who.Reader{Greeted: true}})
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

// empty is a source that has nothing of whatever it is asked for.
type empty struct{ town }

func (*empty) Select(context.Context, pull.Snapshot, pull.Query) (pull.Selection, error) {
	return pull.Selection{}, nil
}

// menu is a town of whose dish one may say what is left out.
type menu struct{ town }

func (*menu) Refine(argument, said string) (string, bool) {
	return argument + " " + said, strings.HasPrefix(said, "without")
}

func (*menu) Select(_ context.Context, s pull.Snapshot, q pull.Query) (pull.Selection, error) {
	items := slices.Clone(s.Items)
	items[0].Summary = "asked for: " + q.Argument
	return pull.Selection{Items: items}, nil
}

// TestAnOfferOfADishKeepsWhatIsSaidOfIt so that it is told with what its source can say of that.
func TestAnOfferOfADishKeepsWhatIsSaidOfIt(t *testing.T) {
	t.Parallel()
	e, err := pull.NewEdition(catalogue.Publisher{ID: "p", Name: "P", Languages: []string{"en"}, TimeZone: "UTC",
		Keywords: []catalogue.Keyword{{ID: "dishes", Source: "s", Phrases: map[string][]string{"en": {"dishes"}}, Argument: "optional"}}},
		map[string]pull.Opened{"s": {Source: &menu{town{func(context.Context) error { return nil }}}}}, map[string]pull.Channel{"web": {}}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	cache := pull.NewCache(nil, time.Now)
	defer cache.Close()
	r := &pull.Resolver{Cache: cache, Clock: time.Now, Items: oneItem{}}
	offered := r.Resolve(t.Context(), pull.Request{Edition: e, Ask: askTown("museum opens without nuts"), Reader: who.Reader{First: time.Now()}})
	told := r.Resolve(t.Context(), pull.Request{Edition: e, Ask: askTown("yes"), Reader: offered.Reader})
	if got := textOf(told); !strings.Contains(got, "asked for: Museum opens without nuts") {
		t.Errorf("%q, then %q", textOf(offered), got)
	}
}

// TestWhatAnotherKeywordHasIsOffered asks a list of prices for what stands in another one.
func TestWhatAnotherKeywordHasIsOffered(t *testing.T) {
	t.Parallel()
	fetch := func(context.Context) error { return nil }
	e, err := pull.NewEdition(catalogue.Publisher{ID: "p", Name: "P", Languages: []string{"en"}, TimeZone: "UTC", Keywords: []catalogue.Keyword{
		{ID: "metals", Source: "m", Phrases: map[string][]string{"en": {"metals", "price", "what's the price of"}}, Argument: "optional"},
		{ID: "shares", Source: "s", Phrases: map[string][]string{"en": {"share prices"}}, Argument: "optional", Bare: true},
	}}, map[string]pull.Opened{"m": {Source: &empty{town{fetch}}}, "s": {Source: &town{fetch}}}, map[string]pull.Channel{"web": {}},
		map[string]*what.Vocabulary{"s": what.NewVocabulary([]what.Term{{Value: "TSLA", Names: []string{"Tesla Inc"}}})}, nil)
	if err != nil {
		t.Fatal(err)
	}
	cache := pull.NewCache(nil, time.Now)
	defer cache.Close()
	r := &pull.Resolver{Cache: cache, Clock: time.Now}
	for said, offered := range map[string]string{"metals TSLA": "Tesla Inc", "metals of Tesla Inc": "Tesla Inc", "what's the price of tin": ""} {
		got := r.Resolve(t.Context(), pull.Request{Edition: e, Ask: askTown(said), Reader: who.Reader{First: time.Now()}})
		label := ""
		for _, b := range got.Reply.Buttons {
			if b.Label != "MENU" {
				label = b.Label
			}
		}
		if label != offered {
			t.Errorf("%q offers %q: %+v", said, label, got.Reply)
		}
	}
}
