package archive_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/what"
	"keypull/pull/who"
)

// listening notes what an archive is asked.
type listening struct {
	pull.Source
	mu    sync.Mutex
	asked []string
}

func (l *listening) Select(ctx context.Context, snapshot pull.Snapshot, q pull.Query) (pull.Selection, error) {
	l.mu.Lock()
	l.asked = append(l.asked, q.Argument)
	l.mu.Unlock()
	return l.Source.Select(ctx, snapshot, q)
}

func (l *listening) ByQuestion() bool {
	asked, ok := l.Source.(pull.Questioned)
	return ok && asked.ByQuestion()
}

// TestAQuestionReachesTheArchiveAsItWasAsked walks from a message to its answer: the
// words that only ask say what kind of answer is wanted.
func TestAQuestionReachesTheArchiveAsItWasAsked(t *testing.T) {
	var english *outlet
	for _, o := range outlets(t) {
		if o.language == "en" && english == nil {
			english = o
		}
	}
	source, _ := english.opened(t)
	heard := &listening{Source: source}
	cache := pull.NewCache(nil, time.Now)
	t.Cleanup(cache.Close)
	p := catalogue.Publisher{ID: "p", Name: "P", Languages: []string{"en"}, TimeZone: "UTC", Keywords: []catalogue.Keyword{
		{ID: "ask", Source: "news", Argument: "required", Phrases: map[string][]string{"en": {"ask"}}},
	}}
	e, err := pull.NewEdition(p, map[string]pull.Opened{"news": {Source: heard}}, map[string]pull.Channel{"c": {}}, map[string]*what.Vocabulary{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for n, c := range []struct{ said, argument, answer string }{
		{"ask when does the county expect the Merrow bridge to reopen?", "when does the county expect the Merrow bridge to reopen", "The county expects the bridge to reopen in November 2027."},
		{"Ask: why was the line to Orrin closed", "why was the line to Orrin closed", ""},
	} {
		heard.asked = nil
		a := pull.Ask{ID: uint64(n + 1), Publisher: "p", Channel: "c", At: time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC), Incoming: pull.Incoming{Text: c.said, ID: c.said}}
		o := (&pull.Resolver{Cache: cache, Clock: time.Now}).Resolve(t.Context(), pull.Request{Edition: e, Ask: a, Reader: who.Reader{}})
		if len(heard.asked) != 1 || heard.asked[0] != c.argument {
			t.Errorf("%q reaches the archive as %q; want %q", c.said, heard.asked, c.argument)
		}
		if told := slices.ContainsFunc(o.Reply.Blocks, func(b pull.Block) bool { return b.Text == c.answer }); told != (c.answer != "") {
			t.Errorf("%q is answered by %+v; want %q", c.said, o.Reply.Blocks, c.answer)
		}
	}
}
