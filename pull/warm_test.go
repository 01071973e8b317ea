package pull_test

import (
	"context"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/what"
	"keypull/pull/words"
)

// shop is a source of one snapshot for each argument. Its vocabulary stands in
// its settings, or else in the snapshot without argument.
type shop struct {
	listed  bool
	fetches map[string]int
}

func (s *shop) Key(q pull.Query) (string, error) {
	if q.Argument == "" && s.listed {
		return "", &pull.Error{Kind: pull.Invalid, Field: "argument", Hint: words.Verbatim("say what")}
	}
	return "k" + q.Argument, nil
}

func (s *shop) Fetch(_ context.Context, key string, _ *pull.Snapshot) (pull.Snapshot, error) {
	s.fetches[key]++
	return pull.Snapshot{Items: []what.Item{{ID: "a", Title: "Apple"}}, Fetched: monday}, nil
}

func (*shop) Select(_ context.Context, s pull.Snapshot, _ pull.Query) (pull.Selection, error) {
	return pull.Selection{Items: s.Items}, nil
}

func (s *shop) Terms(last *pull.Snapshot) []what.Term {
	if s.listed || last != nil {
		return []what.Term{{Value: "a"}}
	}
	return nil
}

// warming returns a resolver at a moment, and an edition whose keywords ask the shop.
func warming(t *testing.T, s *shop, now *time.Time, keywords ...catalogue.Keyword) (*pull.Resolver, *pull.Edition) {
	t.Helper()
	s.fetches = map[string]int{}
	for i := range keywords {
		keywords[i].ID, keywords[i].Source = string(rune('a'+i)), "shop"
		keywords[i].Phrases = map[string][]string{"en": {"word " + keywords[i].ID}}
	}
	p := catalogue.Publisher{ID: "p", Name: "P", Languages: []string{"en"}, TimeZone: "Europe/Paris", Keywords: keywords}
	opened := pull.Opened{Source: s, Freshness: catalogue.Freshness{MaxAge: minute()}}
	e, err := pull.NewEdition(p, map[string]pull.Opened{"shop": opened}, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return *now }
	cache := pull.NewCache(nil, clock)
	t.Cleanup(cache.Close)
	return &pull.Resolver{Cache: cache, Clock: clock}, e
}

func TestARefreshRestsWhileNobodyMayAsk(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	soon, before := now.Add(time.Hour), now.Add(-time.Hour)
	for name, c := range map[string]struct {
		keywords []catalogue.Keyword
		want     int
	}{
		"no keyword":                       {nil, 0},
		"one that always answers":          {[]catalogue.Keyword{{}}, 1},
		"within its hours":                 {[]catalogue.Keyword{{Hours: []string{"mon 12:30-13:30"}}}, 1},
		"outside its hours":                {[]catalogue.Keyword{{Hours: []string{"mon 13:30-15:00", "sat,sun 24h"}}}, 0},
		"one that has not begun":           {[]catalogue.Keyword{{From: &soon}}, 0},
		"one that is over":                 {[]catalogue.Keyword{{Until: &before}}, 0},
		"one of three answers":             {[]catalogue.Keyword{{Until: &before}, {From: &before, Until: &soon}, {From: &soon}}, 1},
		"those that answer ask for one":    {[]catalogue.Keyword{{}, {}}, 1},
		"the others' arguments are theirs": {[]catalogue.Keyword{{Query: "x"}, {Query: "y", From: &soon}, {Query: "z"}}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := &shop{}
			r, e := warming(t, s, &now, c.keywords...)
			if err := r.Warm(t.Context(), e, "shop"); err != nil {
				t.Fatal(err)
			}
			if len(s.fetches) != c.want || s.fetches["ky"] != 0 {
				t.Errorf("it fetched %v; want %d", s.fetches, c.want)
			}
		})
	}
}

func TestOnlyAVocabularyThatIsNotKnownIsFetchedAtStart(t *testing.T) {
	now := monday
	for name, c := range map[string]struct {
		shop     shop
		keywords []catalogue.Keyword
		want     int
	}{
		"it stands in the settings":     {shop{listed: true}, []catalogue.Keyword{{Query: "a"}}, 0},
		"it must be fetched":            {shop{}, []catalogue.Keyword{{}}, 1},
		"it must be, also while closed": {shop{}, []catalogue.Keyword{{Hours: []string{"sun 03:00-03:01"}}}, 1},
		"nobody needs it":               {shop{}, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			r, e := warming(t, &c.shop, &now, c.keywords...)
			for range 2 {
				if err := r.Learn(t.Context(), e, "shop"); err != nil {
					t.Fatal(err)
				}
			}
			if c.shop.fetches["k"] != c.want || len(c.shop.fetches) != c.want {
				t.Errorf("it fetched %v; want %d", c.shop.fetches, c.want)
			}
		})
	}
	s := &shop{}
	r, e := warming(t, s, &now, catalogue.Keyword{})
	for range 2 {
		if err := r.Learn(t.Context(), e, "shop"); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Hour)
	}
	if s.fetches["k"] != 2 {
		t.Errorf("what is stale was fetched %d times", s.fetches["k"])
	}
}
