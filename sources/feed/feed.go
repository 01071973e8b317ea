package feed

import (
	"context"
	"net/http"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/sources"
)

// Kind is the plug-in.
var Kind = sources.Kind{
	Name:  "feed",
	Words: own,
	New:   func() sources.Opener { return &Settings{Items: 100} },
}

// Settings configure a feed.
type Settings struct {
	URL             string `name:"url" label:"Address" help:"Where the feed is." check:"required,url" example:"https://example.org/feed.xml" is:"address"`
	Items           int    `name:"items" label:"Items" help:"How many of the newest items are kept to answer from." check:"min=1,max=2000" more:"true"`
	sources.Inbound `settings:"inline"`
}

// Limits of what is read of a feed.
const (
	maxFeedBytes = 8 << 20
	op           = "fetch feed"
)

// Open returns the source.
func (s *Settings) Open(env sources.Env) (pull.Source, error) {
	return &source{url: s.URL, items: s.Items, client: env.Client, zone: env.Zone, inbound: s.Inbound}, nil
}

type source struct {
	url     string
	items   int
	client  *outside.Client
	zone    *time.Location
	inbound sources.Inbound
}

var (
	_ pull.Source   = (*source)(nil)
	_ pull.Speaker  = (*source)(nil)
	_ pull.Receiver = (*source)(nil)
)

// key is that of the one snapshot: a fetch brings the whole feed.
const key = "feed"

// SharesSnapshots says that publishers with the same settings may share them.
func (*source) SharesSnapshots() bool { return true }

// Key is the same for every query.
func (*source) Key(pull.Query) (string, error) { return key, nil }

// Receive takes notices of changes, and withdrawals.
func (s *source) Receive(_ context.Context, p pull.Push, last func(string) *pull.Snapshot) (pull.Pushed, error) {
	return s.inbound.Receive(p, s.url, key, last(key)), nil
}

// Fetch brings the feed.
func (s *source) Fetch(ctx context.Context, _ string, last *pull.Snapshot) (pull.Snapshot, error) {
	known := last != nil && len(last.Items) > 0
	r := s.request()
	if known {
		r.ETag, r.LastModified = last.Validators.ETag, last.Validators.LastModified
	}
	res, err := s.client.Do(ctx, r)
	if err != nil {
		return pull.Snapshot{}, sources.Failed(op, "url", err)
	}
	if res.Status != http.StatusNotModified {
		return s.snapshot(ctx, res, last, 1)
	}
	if known {
		return sources.Renew(*last, res), nil
	}
	return s.insist(ctx, last)
}

// insist asks again for a feed that the server believes is known here.
func (s *source) insist(ctx context.Context, last *pull.Snapshot) (pull.Snapshot, error) {
	r := s.request()
	r.Header["Cache-Control"] = "no-cache"
	res, err := s.client.Do(ctx, r)
	if err != nil {
		return pull.Snapshot{}, sources.Failed(op, "url", err)
	}
	return s.snapshot(ctx, res, last, 2)
}

func (s *source) request() outside.Request {
	return outside.Request{
		URL: s.url, MaxBytes: maxFeedBytes,
		Header: map[string]string{"Accept": "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, application/json;q=0.8, */*;q=0.5"},
	}
}

func (s *source) snapshot(ctx context.Context, res outside.Response, last *pull.Snapshot, requests int) (pull.Snapshot, error) {
	if res.Status != http.StatusOK {
		return pull.Snapshot{}, sources.Refused(op, "url", res)
	}
	d := &document{
		body: res.Body, contentType: res.Header.Get("Content-Type"), url: res.URL, fetched: res.Fetched,
		language: res.Header.Get("Content-Language"), zone: s.zone,
	}
	res.Body = nil // it is large, and read once
	if served, err := http.ParseTime(res.Header.Get("Date")); err == nil {
		d.served = served
	}
	if last != nil {
		d.last, d.seen = last.Items, last.Fetched
	}
	brought, err := sources.Parse(ctx, op, func() (contents, error) { return d.parse(s.items) })
	if err != nil {
		return pull.Snapshot{}, err
	}
	snapshot := sources.Times(res)
	snapshot.Requests = requests
	snapshot.Items, snapshot.Warnings = brought.items, brought.warnings
	return snapshot, nil
}

// Select returns the newest items that are out at the moment of the ask, then
// those still to come; with an argument those whose title, summary or
// categories hold all of its words.
func (s *source) Select(_ context.Context, snapshot pull.Snapshot, q pull.Query) (pull.Selection, error) {
	items := snapshot.Items
	if !settled(items, q.At) {
		items = arrange(items, q.At)
	}
	search := sources.NewSearch(q.Argument)
	if search.Empty() {
		return sources.Page(items, q), nil
	}
	var found []what.Item
	for _, it := range items {
		categories, _ := it.Facts.Find(factCategories)
		if !search.Finds(append([]string{it.Title, it.Summary}, categories.List...)...) {
			continue
		}
		if found = append(found, it); len(found) > q.Offset+max(q.Count, 1) {
			break
		}
	}
	return sources.Page(found, q), nil
}
