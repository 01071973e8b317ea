package pull_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/what"
	"keypull/pull/who"
	"keypull/pull/words"
)

// city is a source that answers for the reader's own city.
type city struct {
	mu      sync.Mutex
	keys    []string
	open    bool
	fetches int
	err     error
}

func (*city) Wants() []string { return []string{"city", pull.ReaderTimeZone} }

func (c *city) Key(q pull.Query) (string, error) {
	key := q.Reader["city"] + "/" + q.Reader[pull.ReaderTimeZone]
	if !c.open && len(q.Reader) > 0 {
		key = pull.PrivateKey(key)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keys = append(c.keys, key)
	return key, nil
}

func (c *city) Fetch(_ context.Context, key string, _ *pull.Snapshot) (pull.Snapshot, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fetches++
	return pull.Snapshot{Items: []what.Item{{ID: "x", Title: "For " + key}}, Fetched: time.Now(), Warnings: []words.Text{words.Verbatim("odd: " + key)}}, c.err
}

func (*city) Select(_ context.Context, s pull.Snapshot, _ pull.Query) (pull.Selection, error) {
	return pull.Selection{Items: s.Items}, nil
}

// noSnapshots fails where anything is written down.
type noSnapshots struct{ t *testing.T }

func (noSnapshots) Snapshot(context.Context, pull.SnapshotID) (pull.Snapshot, bool, error) {
	return pull.Snapshot{}, false, nil
}

func (n noSnapshots) Keep(_ context.Context, p pull.SnapshotID, _ pull.Snapshot) error {
	if strings.Contains(p.Key, "Graz") {
		n.t.Errorf("%q is written down", p.Key)
	}
	return nil
}

func (n noSnapshots) Renew(ctx context.Context, p pull.SnapshotID, s pull.Snapshot) error {
	return n.Keep(ctx, p, s)
}

// ofGraz returns a reader in Graz who asks the city.
func ofGraz(t *testing.T, c *city, consent string) (ask func(who.Reader, bool) pull.Resolved, cache *pull.Cache) {
	t.Helper()
	cache = pull.NewCache(noSnapshots{t}, time.Now)
	t.Cleanup(cache.Close)
	age := time.Minute
	p := catalogue.Publisher{ID: "p", Name: "P", Languages: []string{"en"}, TimeZone: "UTC", Keywords: []catalogue.Keyword{
		{ID: "here", Source: "city", Phrases: map[string][]string{"en": {"here"}}},
	}}
	e, err := pull.NewEdition(p, map[string]pull.Opened{"city": {Source: c, Freshness: catalogue.Freshness{MaxAge: &age, StaleIfError: &age}}},
		map[string]pull.Channel{"c": {Consent: consent}}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &pull.Resolver{Cache: cache, Clock: time.Now, Proofs: &codes{}}
	return func(reader who.Reader, group bool) pull.Resolved {
		return r.Resolve(t.Context(), pull.Request{Edition: e, Ask: pull.Ask{ID: 1, Publisher: "p", Channel: "c", At: time.Now(), Incoming: pull.Incoming{Text: "here", Group: group}}, Reader: reader})
	}, cache
}

func TestASourceIsToldOfAReaderWhatItMayKnow(t *testing.T) {
	graz := who.Reader{First: monday, TimeZone: "Europe/Vienna", Preferences: map[string]string{"city": "Graz", "diet": "vegan"}, Language: "en"}
	agreed := graz
	agreed.Consent.Given = true
	for name, c := range map[string]struct {
		reader  who.Reader
		consent string
		group   bool
		want    string
	}{
		"what it wants":             {graz, "", false, "~Graz/Europe/Vienna"},
		"nothing of who is unknown": {who.Reader{First: monday}, "", false, "/"},
		"nothing without consent":   {graz, "May we?", false, "/"},
		"all with it":               {agreed, "May we?", false, "~Graz/Europe/Vienna"},
		"nothing of a group":        {graz, "", true, "/"},
	} {
		t.Run(name, func(t *testing.T) {
			source := &city{}
			ask, _ := ofGraz(t, source, c.consent)
			o := ask(c.reader, c.group)
			if o.Reply.Blocks[0].Text != "For "+c.want || source.keys[0] != c.want {
				t.Errorf("it is asked by %q", source.keys)
			}
		})
	}
}

func TestWhatIsFetchedForOneReaderIsNowhereButInMemoryAndNotForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		graz := who.Reader{First: monday, Preferences: map[string]string{"city": "Graz"}}
		source := &city{}
		ask, cache := ofGraz(t, source, "")
		ask(graz, false)
		ask(graz, false)
		if source.fetches != 1 {
			t.Errorf("a crowd of one took %d fetches", source.fetches)
		}
		place := pull.SnapshotID{Publisher: "p", Source: "city", Key: "~Graz/"}
		time.Sleep(59 * time.Second)
		if cache.Last(t.Context(), place) == nil {
			t.Error("it is gone before max_age")
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if cache.Held() != 0 || cache.Last(t.Context(), place) != nil {
			t.Error("it is held past max_age")
		}
		source.err = &pull.Error{Kind: pull.Unavailable, Op: "fetch Graz", Hint: words.Verbatim("no answer for Graz"), Err: errors.New("GET /Graz")}
		o := ask(graz, false)
		health := cache.HealthOf("p")["city"]
		if told := o.Trace.Error + health.Error.In("en") + fmt.Sprint(health.Warnings); strings.Contains(told, "Graz") || health.Error.IsZero() {
			t.Errorf("it is written down: %q", told)
		}
	})
}

func TestAKeyThatNamesAReaderMustBePrivate(t *testing.T) {
	source := &city{open: true}
	ask, _ := ofGraz(t, source, "")
	o := ask(who.Reader{First: monday, Preferences: map[string]string{"city": "Graz"}}, false)
	if source.fetches != 0 || o.Trace.Error == "" || strings.Contains(o.Trace.Error, "Graz") {
		t.Errorf("%d fetches, %q", source.fetches, o.Trace.Error)
	}
}
