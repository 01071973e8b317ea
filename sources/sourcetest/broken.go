package sourcetest

import (
	"context"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/who"
)

// broken is the case's source on a day on which it breaks down at one step.
type broken struct {
	pull.Source
	at string
}

func (b broken) breaks(at string) {
	if b.at == at {
		panic("a fault of the suite's own")
	}
}

// Key breaks down, or does what the source does.
func (b broken) Key(q pull.Query) (string, error) {
	b.breaks("key")
	return b.Source.Key(q)
}

// Fetch breaks down, or does what the source does.
func (b broken) Fetch(ctx context.Context, key string, last *pull.Snapshot) (pull.Snapshot, error) {
	b.breaks("fetch")
	return b.Source.Fetch(ctx, key, last)
}

// Select breaks down, or does what the source does.
func (b broken) Select(ctx context.Context, s pull.Snapshot, q pull.Query) (pull.Selection, error) {
	b.breaks("select")
	return b.Source.Select(ctx, s, q)
}

// breaksAlone: whatever a kind breaks down at, the reader gets an honest
// sentence, and the trace says why.
func (c Case) breaksAlone(t *testing.T) {
	for _, at := range []string{"key", "fetch", "select"} {
		r := c.start(t)
		cache := pull.NewCache(nil, time.Now)
		t.Cleanup(cache.Close)
		p := catalogue.Publisher{ID: "p", Name: "P", Languages: []string{"en"}, TimeZone: "UTC", Keywords: []catalogue.Keyword{{
			ID: "ask", Source: "test", Phrases: map[string][]string{"en": {"the word"}}, Query: r.Query.Argument, Count: r.Query.Count,
		}}}
		e, err := pull.NewEdition(p, map[string]pull.Opened{"test": {Source: broken{r.source, at}}}, map[string]pull.Channel{"c": {}}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		a := pull.Ask{ID: 1, Publisher: "p", Channel: "c", At: r.Query.At, Incoming: pull.Incoming{Text: "the word"}}
		o := (&pull.Resolver{Cache: cache, Clock: time.Now}).Resolve(t.Context(), pull.Request{Edition: e, Ask: a, Reader: who.Reader{}})
		why := strings.Contains(o.Trace.Error, "broke down")
		if at == "fetch" && strings.HasPrefix(r.key(t), pull.PrivateKey("")) {
			why = o.Trace.Error != "" // of what is for one reader alone no more is told
		}
		if o.Reply == nil || o.Trace.Outcome != journal.Refused || !why {
			t.Errorf("broken at its %s: %+v, %q: %s", at, o.Reply, o.Trace.Outcome, o.Trace.Error)
		}
	}
}
