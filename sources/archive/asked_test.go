package archive_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
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

func (l *listening) FindsPassages() bool { return true }

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

// wordless has nothing of any argument.
type wordless struct{}

func (wordless) Key(pull.Query) (string, error) { return "", nil }

func (wordless) Fetch(context.Context, string, *pull.Snapshot) (pull.Snapshot, error) {
	return pull.Snapshot{Fetched: time.Now(), Items: []what.Item{{ID: "1", Title: "Crossings"}}}, nil
}

func (wordless) Select(_ context.Context, s pull.Snapshot, q pull.Query) (pull.Selection, error) {
	if q.Argument != "" {
		return pull.Selection{}, nil
	}
	return pull.Selection{Items: s.Items}, nil
}

// TestAMissIsAskedOfTheArchive holds what is offered for messages that no keyword knows: the article whose
// passage answers, the headlines that come nearest to a question, and nothing for what asks for nothing.
func TestAMissIsAskedOfTheArchive(t *testing.T) { synctest.Test(t, testMissOfArchive) } // which has no time to run out of

func testMissOfArchive(t *testing.T) {
	english := outlets(t)[slices.IndexFunc(outlets(t), func(o *outlet) bool { return o.language == "en" })]
	source, _ := english.opened(t)
	cache := pull.NewCache(nil, time.Now)
	t.Cleanup(cache.Close)
	p := catalogue.Publisher{ID: "p", Name: "P", Languages: []string{"en"}, TimeZone: "UTC", Keywords: []catalogue.Keyword{
		{ID: "ask", Source: "news", Argument: "required", Phrases: map[string][]string{"en": {"ask"}}},
		{ID: "ferry", Source: "ferry", Argument: "optional", Phrases: map[string][]string{"en": {"ferry"}}},
	}}
	e, err := pull.NewEdition(p, map[string]pull.Opened{"news": {Source: source}, "ferry": {Source: wordless{}}}, map[string]pull.Channel{"c": {}}, map[string]*what.Vocabulary{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	resolver := &pull.Resolver{Cache: cache, Clock: time.Now}
	if err := resolver.Warm(t.Context(), e, "news"); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)
	long, err := source.Select(t.Context(), *cache.Last(t.Context(), e.Findable()[0]), pull.Query{Argument: strings.Repeat("how many cars cross the merrow bridge ", 4), Count: 1, Language: "en", At: at})
	if err != nil || len(long.Choices) == 0 || len(long.Choices[0].Value) > 120 {
		t.Errorf("a long question is offered %+v, %v, which no option holds", long.Choices, err)
	}
	for n, c := range []struct{ said, label, told string }{
		{"when does the merrow bridge reopen", "Merrow's iron bridge to close for eighteen months", "The county expects the bridge to reopen in November 2027."},
		{"Ruth Oyelaran", "Merrow's iron bridge to close for eighteen months", "Engineers found cracks in eleven of the forty hangers during an inspection last autumn. \"We could no longer sign off the structure with a clear conscience,\" said county engineer Ruth Oyelaran."},
		{"how many cars cross the merrow bridge every day", "Merrow's iron bridge to close for eighteen months", "It is the first full closure"},
		{"county engineer merrow", "Merrow's iron bridge to close for eighteen months", "Ruth Oyelaran"},
		{"cracks in hangers", "Merrow's iron bridge to close for eighteen months", "Engineers found cracks"},
		{"ferry cracks in eleven hangers", "Merrow's iron bridge to close for eighteen months", "Engineers found cracks"},
		{"my uncle is an engineer in merrow", "", ""},
		{"bridge", "Merrow's iron bridge to close for eighteen months", ""},
		{"hello bridge", "", ""},
		{"we crossed the bridge at merrow on our honeymoon", "", ""},
		{"who won the chess championship in Samarkand", "", ""},
	} {
		reader := who.Reader{}
		ask := func(id int, text string) *pull.Reply {
			a := pull.Ask{ID: uint64(id), Publisher: "p", Channel: "c", At: at, Incoming: pull.Incoming{Text: text, ID: text}} //nolint:gosec // small
			o := resolver.Resolve(t.Context(), pull.Request{Edition: e, Ask: a, Reader: reader})
			reader = o.Reader
			return o.Reply
		}
		r := ask(2*n+1, c.said)
		i := slices.IndexFunc(r.Buttons, func(b pull.Button) bool { return b.Label == c.label })
		if c.label == "" {
			if slices.ContainsFunc(r.Buttons, func(b pull.Button) bool { return strings.HasPrefix(b.Send, "o:") }) {
				t.Errorf("%q is offered %+v", c.said, r.Buttons)
			}
			continue
		}
		if i < 0 {
			t.Errorf("%q is answered by %+v, %+v; want %q", c.said, r.Blocks, r.Buttons, c.label)
			continue
		}
		if told := ask(2*n+2, r.Buttons[i].Send); !slices.ContainsFunc(told.Blocks, func(b pull.Block) bool { return strings.Contains(b.Text, c.told) }) {
			t.Errorf("%q: the tap tells %+v; want %q", c.said, told.Blocks, c.told)
		}
	}
}
