package sourcetest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/sourcetest"
)

// newsKind is a kind of pieces that come out, as a list of JSON.
var newsKind = sources.Kind{Name: "news", Title: "News", Help: "What came out.",
	New: func() sources.Opener { return &newsSettings{} }}

type newsSettings struct {
	URL            string `name:"url" label:"Address" help:"Where the news are." check:"required,url" example:"https://example.org"`
	sources.Access `settings:"inline"`
}

func (s *newsSettings) Open(env sources.Env) (pull.Source, error) {
	return &news{newsSettings: *s, client: env.Client}, nil
}

type news struct {
	newsSettings
	client *outside.Client
}

func (*news) Key(pull.Query) (string, error) { return "news", nil }

func (n *news) Fetch(ctx context.Context, _ string, last *pull.Snapshot) (pull.Snapshot, error) {
	r := outside.Request{URL: n.URL}
	if last != nil {
		r.ETag, r.LastModified = last.Validators.ETag, last.Validators.LastModified
	}
	res, err := n.client.Do(ctx, n.On(r))
	switch {
	case err != nil:
		return pull.Snapshot{}, sources.Failed("fetch news", "url", err)
	case res.Status == http.StatusNotModified && last != nil:
		return sources.Renew(*last, res), nil
	case res.Status != http.StatusOK:
		return pull.Snapshot{}, sources.Refused("fetch news", "url", res)
	}
	items, err := sources.RunParser(ctx, "read news", func() ([]what.Item, error) { return pieces(res.Body) })
	s := sources.SnapshotFrom(res)
	s.Items = items
	if err != nil && lies("a wrong document is an empty one") {
		return s, nil
	}
	return s, err
}

func pieces(body []byte) ([]what.Item, error) {
	var all []struct {
		ID, Title string
		Out       time.Time
	}
	if err := json.Unmarshal([]byte(strings.TrimPrefix(string(body), "\xEF\xBB\xBF")), &all); err != nil || len(all) == 0 {
		return nil, &pull.Error{Kind: pull.Unusable, Hint: words.Verbatim("these are no news; check the address"), Err: err}
	}
	var items []what.Item
	for i, one := range all {
		it := what.Item{ID: sources.Line(one.ID), Title: sources.Line(one.Title), Published: one.Out}
		switch {
		case lies("all times are an hour off"):
			it.Published = it.Published.Add(time.Hour)
		case lies("the zone of a time is lost"):
			y, m, d := one.Out.Date()
			it.Published = time.Date(y, m, d, one.Out.Hour(), one.Out.Minute(), one.Out.Second(), 0, time.UTC)
		case lies("the hour of the day is lost"):
			it.Published = it.Published.Truncate(24 * time.Hour)
		case lies("ids by place in the list"):
			it.ID = fmt.Sprint(i)
		case lies("the last piece is lost") && i == len(all)-1 && i > 0:
			continue
		}
		if it.ID != "" && it.Title != "" && !slices.ContainsFunc(items, func(other what.Item) bool { return other.ID == it.ID }) {
			items = append(items, it)
		}
	}
	if len(items) == 0 {
		return nil, &pull.Error{Kind: pull.Unusable, Hint: words.Verbatim("these are no news; check the address")}
	}
	slices.SortStableFunc(items, func(a, b what.Item) int {
		if lies("the oldest first") {
			a, b = b, a
		}
		return b.Published.Compare(a.Published)
	})
	if lies("as it stands in the list") {
		slices.SortFunc(items, func(a, b what.Item) int { return strings.Compare(a.ID, b.ID) })
	}
	return items[:min(len(items), pull.MaxSnapshotItems)], nil
}

func (*news) Select(_ context.Context, s pull.Snapshot, q pull.Query) (pull.Selection, error) {
	search := sources.NewSearch(q.Argument)
	return sources.Page(slices.DeleteFunc(slices.Clone(s.Items), func(it what.Item) bool { return !search.Finds(it.Title) }), q), nil
}

// newsCase returns the case of the kind of news; one lie is that of the case.
func newsCase() sourcetest.Case {
	document := func(at ...time.Time) string {
		var all []string
		for _, when := range at {
			all = append(all, fmt.Sprintf(`{"id":"n%d","title":"Bridge %[1]d","out":%q}`, when.Unix(), when.Format(time.RFC3339)))
		}
		return "[" + strings.Join(all, ",") + "]"
	}
	c := sourcetest.Case{
		Kind:     newsKind,
		Settings: func(upstream string) map[string]any { return map[string]any{"url": upstream} },
		Upstream: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, document(time.Unix(1772445599, 0).UTC(), time.Unix(1772440000, 0).UTC()))
		}),
		Query: pull.Query{Argument: "bridge", Count: 1}, Dated: document,
		Bad:   []sourcetest.Bad{{Name: "no address", Settings: map[string]any{}, Field: "url"}},
		Lacks: sourcetest.Because("a test of times alone", sourcetest.Hostile, sourcetest.Zoneless, sourcetest.Ahead, sourcetest.Twins),
	}
	switch {
	case lies("a part is left out in silence"):
		delete(c.Lacks, sourcetest.Twins)
	case lies("a part is left out without a reason"):
		c.Lacks[sourcetest.Twins] = "none"
	case lies("a kind with dates is said to have none"):
		c.Dated, c.Lacks[sourcetest.Dated] = nil, "the news have no dates"
	case lies("a part is lacked and shown"):
		c.Lacks[sourcetest.Dated] = "the news have no dates"
	}
	return c
}
