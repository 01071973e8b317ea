package pull_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what"
)

// page is a source of one page of a host.
type page struct {
	client *outside.Client
	url    string
}

func (*page) Key(pull.Query) (string, error) { return "page", nil }

func (p *page) Fetch(ctx context.Context, _ string, _ *pull.Snapshot) (pull.Snapshot, error) {
	res, err := p.client.Do(ctx, outside.Request{URL: p.url})
	if err != nil {
		return pull.Snapshot{}, err
	}
	return pull.Snapshot{Items: []what.Item{{ID: "a", Title: string(res.Body)}}, Fetched: res.Fetched, Requests: 1}, nil
}

func (*page) Select(_ context.Context, s pull.Snapshot, _ pull.Query) (pull.Selection, error) {
	return pull.Selection{Items: s.Items}, nil
}

func TestWaitingForAHostIsNoSilenceOfTheSource(t *testing.T) {
	arrived, open := make(chan struct{}, 1), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			arrived <- struct{}{}
			<-open
		}
		_, _ = w.Write([]byte(r.URL.Path))
	}))
	defer server.Close()
	client := outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Fetches: 1})
	defer client.Close()
	k := pull.NewCache(nil, time.Now)
	defer k.Close()
	ask := func(path string, wait time.Duration) (pull.Found, error) {
		return k.Bring(t.Context(), pull.Want{ID: pull.SnapshotID{Publisher: "p", Source: path, Key: "page"},
			Source: &page{client, server.URL + path}, At: time.Now(), Wait: wait})
	}
	slow := make(chan error, 1)
	go func() {
		_, err := ask("/slow", time.Minute)
		slow <- err
	}()
	<-arrived
	if _, err := ask("/other", time.Second); pull.KindOf(err) != pull.Crowded {
		t.Errorf("who waited for a place is told %v", err)
	}
	for _, h := range k.Health() {
		if h.Source == "/other" {
			t.Errorf("the source that was not asked has a record: %+v", h)
		}
	}
	close(open)
	if err := <-slow; err != nil {
		t.Error(err)
	}
	if kept, err := ask("/other", time.Minute); err != nil || kept.Snapshot.Items[0].Title != "/other" {
		t.Errorf("afterwards: %+v, %v", kept, err)
	}
}
