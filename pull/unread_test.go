package pull_test

import (
	"context"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/who"
	"keypull/pull/words"
)

// library is a source whose names come with a fetch, some more of them each time.
type library struct {
	pages int
	read  atomic.Int64
	err   error
}

func (*library) Key(pull.Query) (string, error) { return "all", nil }

func (l *library) Fetch(_ context.Context, _ string, last *pull.Snapshot) (pull.Snapshot, error) {
	if l.err != nil {
		return pull.Snapshot{}, l.err
	}
	read := int(l.read.Load())
	s := pull.Snapshot{Fetched: monday, Read: read, Listed: l.pages, Unfinished: read < l.pages}
	s.Unchanged = last != nil && last.Read == read
	for i := range read {
		s.Items = append(s.Items, what.Item{ID: strconv.Itoa(i), Title: "dish" + strconv.Itoa(i)})
	}
	return s, nil
}

func (*library) Select(_ context.Context, s pull.Snapshot, q pull.Query) (found pull.Selection, err error) {
	for _, it := range s.Items {
		if it.Title == q.Argument {
			found.Items = append(found.Items, it)
		}
	}
	return found, nil
}

func (*library) Terms(last *pull.Snapshot) (terms []what.Term) {
	if last == nil {
		return nil
	}
	for _, it := range last.Items {
		terms = append(terms, what.Term{Value: it.Title})
	}
	return terms
}

// reading returns a resolver, and what makes an edition of the names that are known.
func reading(t *testing.T, l *library) (*pull.Resolver, func() *pull.Edition) {
	t.Helper()
	// No rest is as long as the time from one look at the clock to the next.
	var looks atomic.Int64
	clock := func() time.Time { return monday.Add(time.Duration(looks.Add(1)) * time.Minute) }
	cache := pull.NewCache(nil, clock)
	t.Cleanup(cache.Close)
	opened := pull.Opened{Source: l}
	p := catalogue.Publisher{ID: "p", Name: "Paper", Languages: words.Readers(), TimeZone: "Europe/Paris", Keywords: []catalogue.Keyword{
		{ID: "k", Source: "s", Phrases: map[string][]string{"en": {"recipe"}}, Argument: "optional", Bare: true}}}
	return &pull.Resolver{Cache: cache, Clock: clock}, func() *pull.Edition {
		place, _ := opened.VocabularyPlace("p", "s", p.Languages)
		terms := map[string]*what.Vocabulary{"s": what.NewVocabulary(opened.Terms(cache.Last(t.Context(), place)))}
		e, err := pull.NewEdition(p, map[string]pull.Opened{"s": opened}, nil, terms, nil)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
}

func TestNothingIsUnknownWhileItsListIsBeingRead(t *testing.T) {
	l := &library{pages: 5000}
	l.read.Store(770)
	r, edition := reading(t, l)
	ask := func(text, language string) pull.Resolved {
		return r.Resolve(t.Context(), pull.Request{Edition: edition(), Ask: pull.Ask{ID: 1, Publisher: "p", At: monday, Incoming: pull.Incoming{Text: text, Language: language}}, Reader: who.Reader{First: monday}})
	}
	for _, language := range words.Readers() {
		for _, text := range []string{"dish4000", "Spaghetti aglio e olio"} {
			o := ask(text, language)
			if got := o.Reply.Blocks[0].Text; !strings.Contains(got, "recipe") || strings.ContainsAny(got, "0123456789") && !strings.Contains(got, "1") || o.Trace.Outcome != journal.Refused {
				t.Errorf("%s: before anything is read %q is answered %q", language, text, got)
			}
		}
	}
	if u := r.Unread(t.Context(), edition()); len(u) != 1 || u[0].Source != "s" || u[0].Read != 0 {
		t.Errorf("to be read are %v", u)
	}
	if err := r.Learn(t.Context(), edition(), "s"); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"dish4000", "recipe dish4000"} {
		if got, want := ask(text, "en").Reply.Blocks[0].Text, "“recipe” is still being read: 770 of 5,000 pages. Please ask again in a minute."; got != want {
			t.Errorf("half way %q is answered %q", text, got)
		}
	}
	if got := ask("dish700", "en").Trace.Outcome; got != journal.Answered {
		t.Errorf("what has been read is %s", got)
	}
	if got := ask("hello", "en").Trace.What.Command; got != journal.Greeting {
		t.Errorf("a greeting is %q", got)
	}
	l.read.Store(5000)
	// A fetch that an ask has begun may be under way with less.
	for len(r.Unread(t.Context(), edition())) > 0 {
		if err := r.Learn(t.Context(), edition(), "s"); err != nil {
			t.Fatal(err)
		}
	}
	if got := ask("dish4000", "en").Trace.Outcome; got != journal.Answered {
		t.Errorf("when all is read it is %s", got)
	}
	if o := ask("dish9000", "en"); o.Trace.Outcome == journal.Answered || strings.Contains(o.Reply.Blocks[0].Text, "still") {
		t.Errorf("what is not there is answered %q", o.Reply.Blocks[0].Text)
	}
}

func TestAListThatIsRefusedIsNotWaitedFor(t *testing.T) {
	for kind, want := range map[pull.ErrorKind]string{pull.Unavailable: "still being read", pull.Crowded: "still being read", pull.Unusable: "I don't know “dish1”"} {
		l := &library{err: &pull.Error{Kind: kind, Hint: words.Verbatim("no")}}
		r, edition := reading(t, l)
		if err := r.Learn(t.Context(), edition(), "s"); err == nil {
			t.Fatal("it is there")
		}
		o := r.Resolve(t.Context(), pull.Request{Edition: edition(), Ask: pull.Ask{ID: 1, Publisher: "p", At: monday, Incoming: pull.Incoming{Text: "dish1", Language: "en"}}, Reader: who.Reader{First: monday}})
		if got := o.Reply.Blocks[0].Text; !strings.Contains(got, want) {
			t.Errorf("%s: %q", kind, got)
		}
	}
}
