// Package feed is the source kind for news feeds: RSS, Atom and JSON Feed. It
// brings a feed conditionally, makes plain text of whatever its items hold,
// and answers with the newest ones or those about the reader's words.
//
// It keeps nothing between fetches.
package feed

import (
	"cmp"
	"context"
	"embed"
	"net/http"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/sources"
	"keypull/sources/shape"
)

// Kind is the plug-in.
var Kind = sources.Kind{
	Name:         "feed",
	StaleIfError: 24 * time.Hour,
	Words:        own,
	Files:        files,
	New:          func() sources.Opener { return &Settings{Items: 100} },
}

// Settings configure a feed.
type Settings struct {
	URL              string `name:"url" label:"Address" help:"Where the feed is. Where {argument} stands in it, what readers write beside the keyword is searched for there, such as https://example.org/?s={argument}&feed=rss2." check:"required,url" example:"https://example.org/feed.xml" is:"address"`
	Items            int    `name:"items" label:"Items" help:"How many of the newest items are kept to answer from." check:"min=1,max=2000" more:"true"`
	Zone             string `name:"zone" label:"Zone of times" help:"The zone of times that name none; type a city. Not set: the publisher's." check:"zone" example:"Europe/Paris" more:"true"`
	sources.Access   `settings:"inline"`
	sources.Credited `settings:"inline"`
	sources.Inbound  `settings:"inline"`
}

var _ settings.Checker = (*Settings)(nil)

// Limits of what is read of a feed.
const (
	maxFeedBytes = 8 << 20
	op           = "fetch feed"
)

// Open returns the source.
func (s *Settings) Open(env sources.Env) (pull.Source, error) {
	src := &source{
		settings: *s, env: env, address: newAddress(s.URL),
		told: shape.Told{Maker: shape.New(shape.Options{Shape: shape.Article, Zone: env.Zone}), Credited: s.Credited},
	}
	var err error
	if src.naive, err = env.ZoneNamed("zone", s.Zone); err != nil {
		return nil, err //nolint:wrapcheck // of the contract of sources
	}
	src.ledger.loadState(env, s.URL)
	src.hub.loadState(env, src)
	return src, nil
}

type source struct {
	settings Settings
	env      sources.Env
	address  address
	// naive is the zone of times that name none.
	naive  *time.Location
	told   shape.Told
	ledger goneLedger
	hub    hub
}

var (
	_ pull.Speaker  = (*source)(nil)
	_ pull.Receiver = (*source)(nil)
	_ pull.Closer   = (*source)(nil)
)

// FoundByItself says that what it holds is found by its words.
func (*source) FoundByItself() bool { return true }

// SharesSnapshots says that publishers with the same settings may share them.
func (*source) SharesSnapshots() bool { return true }

// Key returns the same for every query, since a fetch brings the whole feed; where
// upstream searches, each text that is searched for has one.
func (s *source) Key(q pull.Query) (string, error) {
	if !s.address.searches {
		return plainKey, nil
	}
	return keyFor(s.requestOf(q).text)
}

// requestOf returns what a query asks for, by the days of the publisher.
func (s *source) requestOf(q pull.Query) request {
	return parseArgument(q.Argument, q.First().In(cmp.Or(s.env.Zone, time.UTC)), q.Language)
}

// Receive takes notices of changes, and withdrawals.
func (s *source) Receive(_ context.Context, p pull.Push, _ func(string) *pull.Snapshot) (pull.Pushed, error) {
	if pushed, ok := s.hub.receivePush(p); ok {
		return pushed, nil
	}
	return s.settings.Receive(p, s.address.plain, plainKey), nil
}

// Fetch brings the feed.
func (s *source) Fetch(ctx context.Context, key string, last *pull.Snapshot) (pull.Snapshot, error) {
	if err := s.ledger.errorWhileGone(s.env.Clock()); err != nil {
		return pull.Snapshot{}, err
	}
	var known pull.Validators
	held := last != nil && len(last.Items) > 0
	if held {
		known = last.Validators
	}
	o, moved := s.opening(key, sources.ExtraOf[memory](last))
	res, same, _, err := o.If(held, known).Open(ctx, s.env.Client)
	if moved && err != nil {
		// The place that it was said to have moved to is none any more.
		o, _ = s.opening(key, memory{})
		res, same, _, err = o.Open(ctx, s.env.Client)
	}
	switch {
	case same:
		return s.renewed(last, res, sources.ExtraOf[memory](last)), nil
	case res.Status == http.StatusNotModified:
		return s.fetchAgain(ctx, key, last)
	}
	return s.snapshot(ctx, key, res, err, last, 1)
}

// renewed returns the last snapshot as a response confirmed it.
func (s *source) renewed(last *pull.Snapshot, res outside.Response, m memory) pull.Snapshot {
	renewed := sources.Renew(*last, res)
	m.noteMove(res, s.address.plain)
	if res.Expires.IsZero() {
		renewed.Expires = m.freshUntil(renewed.Fetched)
	}
	renewed.Extra = m.toJSON()
	s.hub.followFeed(m, s.env.Clock())
	return renewed
}

// fetchAgain asks again for a feed that the server believes is known here.
func (s *source) fetchAgain(ctx context.Context, key string, last *pull.Snapshot) (pull.Snapshot, error) {
	o, _ := s.opening(key, memory{})
	o.Header["Cache-Control"] = "no-cache"
	res, _, _, err := o.Open(ctx, s.env.Client)
	return s.snapshot(ctx, key, res, err, last, 2)
}

// opening asks for what a key names: at the place that the feed has moved to,
// where that is sure. What proves who asks goes to the address' own host alone.
func (s *source) opening(key string, m memory) (o sources.Opening, moved bool) {
	r := sources.Accepting(s.address.urlFor(strings.TrimPrefix(strings.TrimPrefix(key, searchKey), plainKey)),
		"application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, application/json;q=0.8, */*;q=0.5", maxFeedBytes)
	if to := m.movedTo(s.env.Clock()); to != "" && key == plainKey {
		r.URL, moved = to, true
	}
	if !moved || sources.SameHost(r.URL, s.address.plain) {
		r = s.settings.On(r)
	}
	return sources.Opening{Request: r, Op: op, Field: "url", Argued: key != plainKey}, moved
}

func (s *source) snapshot(ctx context.Context, key string, res outside.Response, refused error, last *pull.Snapshot, requests int) (pull.Snapshot, error) {
	if key == plainKey && res.Status == http.StatusGone {
		return pull.Snapshot{}, s.ledger.markGone(s.env.Clock())
	}
	if refused != nil {
		return pull.Snapshot{}, refused
	}
	m := sources.ExtraOf[memory](last)
	if sum := hashOf(res); last != nil && len(last.Items) > 0 && m.Hash == sum {
		renewed := s.renewed(last, res, m)
		renewed.Requests = requests
		return renewed, nil
	} else {
		m.Hash = sum
	}
	d := s.document(res, last)
	res.Body = nil // it is large, and read once
	brought, err := sources.RunParser(ctx, op, func() (contents, error) { return d.parseItems(s.settings.Items) })
	if err != nil {
		return pull.Snapshot{}, err
	}
	m.metadata = brought.says
	m.addHeaderLinks(res)
	m.noteMove(res, s.address.plain)
	snapshot := sources.SnapshotFrom(res)
	snapshot.Requests = requests
	if snapshot.Expires.IsZero() {
		snapshot.Expires = m.freshUntil(snapshot.Fetched)
	}
	snapshot.Items, snapshot.Warnings = brought.items, brought.warnings
	if w, ok := m.moveWarning(s.env.Clock()); ok {
		snapshot.Warnings = append(snapshot.Warnings, w)
	}
	snapshot.Extra = m.toJSON()
	if key == plainKey {
		s.hub.followFeed(m, s.env.Clock())
	}
	return snapshot, nil
}

func (s *source) document(res outside.Response, last *pull.Snapshot) *document {
	d := &document{
		body: res.Body, contentType: res.Header.Get("Content-Type"), url: res.URL, fetched: res.Fetched,
		language: res.Header.Get("Content-Language"), zone: s.env.Zone, naive: s.naive, languages: s.env.Languages,
	}
	if served, err := http.ParseTime(res.Header.Get("Date")); err == nil {
		d.served = served
	}
	if last != nil {
		d.last, d.seen = last.Items, last.Fetched
	}
	return d
}

// Select returns the newest items that are out at the moment of the ask, then
// those still to come. With an argument it is those of the period that it names
// whose title, categories or text hold the words that it has beside that, best
// first.
func (s *source) Select(_ context.Context, snapshot pull.Snapshot, q pull.Query) (pull.Selection, error) {
	items := snapshot.Items
	if !sources.StillOrdered(items, q.At) {
		items = sources.OrderArticles(items, q.At)
	}
	w := s.requestOf(q)
	if !w.from.IsZero() {
		items = publishedWithin(items, w.from, w.to)
	}
	items = ofReader(items, q)
	if w.text != "" {
		items = searchItems(items, w.text, q, s.address.searches)
	}
	return sources.Page(items, q), nil
}

// Say words one item with its summary, several as a list of headlines.
func (s *source) Say(items []what.Item, v pull.Voice) pull.Reply { return s.told.Say(items, v) }

// Close waits for what is under way; subscriptions stay.
func (s *source) Close() error {
	s.hub.stopWork()
	return nil
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

var _ sources.Factual = (*Settings)(nil)

// Facts lists the facts of the items.
func (*Settings) Facts() []string {
	return []string{factAuthor, factCategories, factPaywall, factCredit}
}
