package publishing_test

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"testing"
	"time"

	"keypull/cmd/keypull/publishing"
	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/sources"
	"keypull/sources/feed"
	"keypull/store"
	"keypull/web/messengers"
)

// drawers are a Store that holds what a test puts in.
type drawers struct {
	kept []store.Stored
	err  error
}

func (d drawers) Load(context.Context) iter.Seq2[store.Stored, error] {
	return func(yield func(store.Stored, error) bool) {
		for _, k := range d.kept {
			if !yield(k, nil) {
				return
			}
		}
		if d.err != nil {
			yield(store.Stored{}, d.err)
		}
	}
}

func (drawers) Write(context.Context, []store.Writing) ([]uint64, error) { return nil, nil }

func (drawers) Put(context.Context, store.Stored, uint64) (uint64, error) { return 0, nil }

func (drawers) Delete(context.Context, catalogue.Resource, string, string, uint64) error { return nil }

func loaded(t *testing.T, d drawers) *publishing.Publishers {
	t.Helper()
	cache := pull.NewCache(nil, time.Now)
	t.Cleanup(cache.Close)
	n := publishing.New(publishing.Options{
		Sources: []sources.Kind{feed.Kind}, Cache: cache, Resolver: &pull.Resolver{Cache: cache, Clock: time.Now},
		Channels: &messengers.Channels{}, Clock: time.Now, Logger: slog.New(slog.DiscardHandler), Folder: t.TempDir(), Store: d,
	})
	_ = n.Load(t.Context()) // what it says is for the operator
	t.Cleanup(func() { _ = n.Close() })
	return n
}

func TestSnapshotsOfWhatCouldNotBeOpenedAreKept(t *testing.T) {
	whole := []store.Stored{
		{Resource: catalogue.ResourcePublisher, Publisher: "lecker", Value: []byte(`{"id": "lecker", "name": "Lecker", "languages": ["en"], "time_zone": "UTC"}`)},
		{Resource: catalogue.ResourceSource, Publisher: "lecker", ID: "news", Value: []byte(`{"id": "news", "kind": "feed", "settings": {"url": "https://example.org/feed"}}`)},
	}
	odd := store.Stored{Resource: catalogue.ResourceSource, Publisher: "lecker", ID: "odd", Value: []byte(`{"id": "odd", "kind": "feed", "settings": {"url": "no address"}}`)}
	torn := store.Stored{Resource: catalogue.ResourceSource, Publisher: "lecker", ID: "odd", Value: []byte(`{"id": "od`)}
	foreign := store.Stored{Resource: catalogue.ResourceSource, Publisher: "lecker", ID: "odd", Value: []byte(`{"id": "odd", "kind": "of a later keypull"}`)}
	for _, tt := range []struct {
		name      string
		in        drawers
		publisher string
		source    string
		marked    bool
		kept      bool
		parked    bool
	}{
		{"a source that is open: those of its mark", drawers{kept: whole}, "lecker", "news", true, true, false},
		{"none of a source that is not there", drawers{kept: whole}, "lecker", "gone", false, false, false},
		{"nor of a publisher that is not there", drawers{kept: whole}, "gone", "news", false, false, false},
		{"all of a source that cannot be opened", drawers{kept: append(whole, odd)}, "lecker", "odd", false, true, false},
		{"those of its neighbour as ever", drawers{kept: append(whole, odd)}, "lecker", "news", true, true, false},
		{"all of a source whose kind is not known", drawers{kept: append(whole, foreign)}, "lecker", "odd", false, true, true},
		{"all of a publisher of which something cannot be read", drawers{kept: append(whole, torn)}, "lecker", "odd", false, true, true},
		{"all of a publisher that cannot be read", drawers{kept: []store.Stored{torn}}, "lecker", "news", false, true, true},
		{"all where the store cannot be read", drawers{err: errors.New("no")}, "lecker", "news", false, true, true},
	} {
		n := loaded(t, tt.in)
		mark, kept := n.Keeps(tt.publisher, tt.source)
		if kept != tt.kept || (mark != "") != tt.marked || n.Parked(tt.publisher) != tt.parked {
			t.Errorf("%s: mark %q, kept %v, parked %v", tt.name, mark, kept, n.Parked(tt.publisher))
		}
	}
}

func TestAPublisherOfTheFileThatCannotBeMadeIsParked(t *testing.T) {
	n := loaded(t, drawers{})
	err := n.Open(t.Context(), catalogue.Publisher{ID: "lecker", Name: "Lecker", Languages: []string{"en"}, TimeZone: "Nowhere/Land"})
	if err == nil {
		t.Fatal("it was opened")
	}
	if _, kept := n.Keeps("lecker", "news"); !kept || !n.Parked("lecker") {
		t.Error("what is kept for it goes")
	}
}
