package pull_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/who"
)

// curious is a source that asks for whatever may be known of a reader, and notes what
// it was told.
type curious struct{ told map[string]bool }

func (*curious) Wants() []string {
	return []string{pull.ReaderLanguage, pull.ReaderTimeZone, pull.ReaderAddress, "city", "name"}
}

func (c *curious) Key(q pull.Query) (string, error) {
	for name := range q.Reader {
		c.told[name] = true
	}
	return pull.PrivateKey("all"), nil
}

func (*curious) Fetch(context.Context, string, *pull.Snapshot) (pull.Snapshot, error) {
	return pull.Snapshot{Items: []what.Item{{ID: "x", Title: "x"}}, Fetched: time.Now()}, nil
}

func (*curious) Select(_ context.Context, s pull.Snapshot, _ pull.Query) (pull.Selection, error) {
	return pull.Selection{Items: s.Items}, nil
}

// TestWhatNobodyCanTellIsNeverTold has a reader write and press whatever there is, and
// asks a source after each what it was told: a fact is untold as long as nothing sets it,
// and told as soon as something does.
func TestWhatNobodyCanTellIsNeverTold(t *testing.T) {
	source := &curious{told: map[string]bool{}}
	cache := pull.NewCache(nil, time.Now)
	t.Cleanup(cache.Close)
	p := catalogue.Publisher{ID: "p", Name: "P", Languages: []string{"en", "de"}, TimeZone: "UTC", Keywords: []catalogue.Keyword{
		{ID: "here", Source: "s", Phrases: map[string][]string{"en": {"here"}, "de": {"hier"}}},
	}}
	e, err := pull.NewEdition(p, map[string]pull.Opened{"s": {Source: source}}, map[string]pull.Channel{"c": {}}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, reader, asks := &pull.Resolver{Cache: cache, Clock: time.Now}, who.Reader{}, uint64(0)
	ask := func(in pull.Incoming) {
		asks++
		in.Address, in.Language = "+43 1 2345", "de"
		reader = r.Resolve(t.Context(), pull.Request{Edition: e, Ask: pull.Ask{ID: asks, Publisher: "p", Channel: "c", At: time.Now(), Incoming: in}, Reader: reader}).Reader
	}
	said := []pull.Incoming{
		{Text: "language de"}, {Text: "Deutsch bitte"}, {Text: "sprache deutsch"}, {Text: "my time zone is Europe/Vienna"}, {Text: "I live in Graz"}, {Text: "my city is Graz"},
		{Text: "my name is Mia"}, {Text: "save city Graz"}, {Location: &pull.Location{Latitude: 47, Longitude: 15}},
	}
	for _, c := range command.All() {
		if c != command.Stop && c != command.Forget {
			said = append(said, pull.Incoming{Tap: "c:" + string(c)}, pull.Incoming{Tap: "c:" + string(c) + ":de"}, pull.Incoming{Text: string(c) + " de"})
		}
	}
	for _, in := range said {
		ask(in)
		ask(pull.Incoming{Text: "hier"})
	}
	untold := pull.Untold(source)
	for _, name := range source.Wants() {
		if source.told[name] == slices.Contains(untold, name) {
			t.Errorf("%s: told %v, although untold are %v", name, source.told[name], untold)
		}
	}
}
