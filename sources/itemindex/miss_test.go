package itemindex_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/who"
	"keypull/pull/withdrawal"
	"keypull/sources/itemindex"
)

// monday is a moment in the opening hours of the test's outlet.
var monday = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

// list is a source that tells its items in their order.
type list struct {
	items  []what.Item
	hidden bool
}

func (l *list) Key(q pull.Query) (string, error) {
	if len(q.Reader) > 0 {
		return pull.PrivateKey(q.Reader["address"]), nil
	}
	return "list", nil
}

func (l *list) Fetch(context.Context, string, *pull.Snapshot) (pull.Snapshot, error) {
	return pull.Snapshot{Fetched: monday, Items: l.items, Requests: 1}, nil
}

func (l *list) Select(_ context.Context, s pull.Snapshot, q pull.Query) (pull.Selection, error) {
	items := s.Items
	if q.Argument != "" {
		items = slices.DeleteFunc(slices.Clone(items), func(it what.Item) bool { return !strings.Contains(it.Title, q.Argument) })
	}
	rest := items[min(q.Offset, len(items)):]
	return pull.Selection{Items: rest[:min(len(rest), q.Count)], More: len(rest) > q.Count}, nil
}

func (l *list) FoundByItself() bool { return !l.hidden }

// personal is a list that is told who asks.
type personal struct{ list }

func (*personal) Wants() []string { return []string{pull.ReaderAddress} }

// outlet is a publisher with its sources, whose readers are answered.
type outlet struct {
	t         *testing.T
	publisher catalogue.Publisher
	sources   map[string]pull.Opened
	cache     *pull.Cache
	index     *itemindex.Index
	edition   *pull.Edition
	resolver  *pull.Resolver
	asks      uint64
}

func newOutlet(t *testing.T) *outlet {
	t.Helper()
	now := func() time.Time { return monday }
	o := &outlet{t: t, sources: map[string]pull.Opened{}, cache: pull.NewCache(nil, now),
		publisher: catalogue.Publisher{ID: "paper", Name: "Paper", Languages: []string{"en", "de"}, TimeZone: "Europe/Paris"}}
	o.index = opened(t, &shelf{}, t.TempDir())
	o.index.Read = o.cache.Last
	o.cache.Changed = o.index.Changed
	o.resolver = &pull.Resolver{Cache: o.cache, Clock: now, Items: o.index}
	t.Cleanup(o.cache.Close)
	return o
}

// add adds a source with a keyword of its own; change may change that, or leave it out.
func (o *outlet) add(id string, s pull.Source, change ...func(*catalogue.Keyword) bool) {
	day := 24 * time.Hour
	o.sources[id] = pull.Opened{Source: s, Freshness: catalogue.Freshness{MaxAge: &day}}
	k := catalogue.Keyword{ID: id, Source: id, Phrases: map[string][]string{"en": {id}, "de": {id}}, Argument: "none", Count: 3}
	for _, f := range change {
		if !f(&k) {
			return
		}
	}
	o.publisher.Keywords = append(o.publisher.Keywords, k)
}

// publish has the outlet answer by what was added, with all of it brought.
func (o *outlet) publish() {
	o.t.Helper()
	e, err := pull.NewEdition(o.publisher, o.sources, nil, nil, o.edition)
	if e == nil {
		o.t.Fatal(err)
	}
	o.edition = e
	o.index.Follow(e.ID, e.Languages, e.Findable())
	for id := range o.sources {
		if err := o.resolver.Warm(o.t.Context(), e, id); err != nil {
			o.t.Fatal(err)
		}
	}
	for _, p := range e.Findable() {
		o.index.Changed(p)
	}
	flush(o.t, o.index)
}

// ask asks as a reader who is nobody yet.
func (o *outlet) ask(text string, of ...who.Reader) pull.Resolved {
	o.asks++
	a := pull.Ask{ID: o.asks, Publisher: "paper", Channel: "c", Reader: "r", At: monday, Incoming: pull.Incoming{Text: text, Address: "+15550001"}}
	if strings.HasPrefix(text, "o:") {
		a.Tap = text
	}
	reader := who.Reader{State: who.Active}
	if len(of) > 0 {
		reader = of[0]
	}
	return o.resolver.Resolve(o.t.Context(), pull.Request{Edition: o.edition, Ask: a, Reader: reader})
}

func said(r *pull.Reply) string {
	var b strings.Builder
	if r == nil {
		return ""
	}
	for _, block := range r.Blocks {
		b.WriteString(block.Text + "\n" + strings.Join(block.Lines, "\n"))
	}
	for _, button := range r.Buttons {
		b.WriteString("[" + button.Label + "]")
	}
	return b.String()
}

func TestAMissOffersWhatTheOutletHas(t *testing.T) {
	o := newOutlet(t)
	o.add("news", &list{items: []what.Item{item("1", "Old bridge closed until spring", "Drivers take the ring road."), item("2", "School choir wins in Ghent", ""), item("3", "Second bridge to open in June", "")}})
	o.add("events", &list{items: []what.Item{item("e", "Weihnachtsmarkt", "", what.Fact{Name: "place", Text: "Rathausplatz"})}})
	o.publish()
	r := o.ask("wann ist der weihnachtsmarkt")
	if r.Trace.Outcome != journal.Offered || r.Trace.What.Tier != "inside" || !strings.Contains(said(r.Reply), "„events“: Weihnachtsmarkt?") {
		t.Fatalf("%+v: %s", r.Trace.What, said(r.Reply))
	}
	for name, take := range map[string]string{"a tap": r.Reply.Buttons[0].Send, "yes": "ja", "its name": "Weihnachtsmarkt"} {
		reader := r.Reader
		if name == "a tap" {
			reader.Question = nil // long ago
		}
		got := o.ask(take, reader)
		if got.Trace.Outcome != journal.Answered || got.Trace.What.Keyword != "events" || !strings.Contains(said(got.Reply), "Weihnachtsmarkt") {
			t.Errorf("%s: %+v: %s", name, got.Trace, said(got.Reply))
		}
		if got.Trace.What.Accepted != "" {
			t.Errorf("%s proposes %q as a name of the keyword", name, got.Trace.What.Accepted)
		}
	}
	r = o.ask("is the bridge open")
	if !strings.Contains(said(r.Reply), "[news: Old bridge closed until spring]") || !strings.Contains(said(r.Reply), "[news: Second bridge to open in June]") {
		t.Errorf("several: %s", said(r.Reply))
	}
	got := o.ask("2", r.Reader)
	if text := said(got.Reply); !strings.Contains(text, "bridge") || strings.Contains(text, "choir") {
		t.Errorf("the second: %s", text)
	}
}

func TestOrdinarySentencesStayWhatTheyWere(t *testing.T) {
	o := newOutlet(t)
	o.add("news", &list{items: []what.Item{item("1", "Old bridge closed until spring", "Drivers take the ring road."), item("2", "School choir wins in Ghent", ""), item("3", "Cat rescued from a tree", "")}})
	o.publish()
	for _, text := range []string{"my cat is so tired today", "i love the choir my daughter sings in", "we drove over a bridge yesterday and had ice cream", "spring is here finally, thank you all", "ok", "no way", "du bist ja lustig heute", "meine katze schläft schon wieder auf dem sofa"} {
		if r := o.ask(text); r.Trace.What.Tier == "inside" {
			t.Errorf("%q: %s", text, said(r.Reply))
		}
	}
}

func TestWhatIsWithdrawnIsOfferedNoMore(t *testing.T) {
	o := newOutlet(t)
	o.add("news", &list{items: []what.Item{item("1", "Old bridge closed until spring", ""), item("2", "School choir wins in Ghent", "")}})
	o.publish()
	before := o.ask("old bridge")
	if before.Trace.What.Tier != "inside" {
		t.Fatal(said(before.Reply))
	}
	rule, err := o.cache.Withdraw(t.Context(), "paper", withdrawal.Rule{Source: "news", Item: "1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"old bridge", before.Reply.Buttons[0].Send} {
		if got := said(o.ask(text, before.Reader).Reply); strings.Contains(got, "closed until") {
			t.Errorf("%s: %s", text, got)
		}
	}
	flush(t, o.index)
	wantFound(t, found(t, o.index, o.edition.Findable(), "bridge"))
	if _, _, err := o.cache.Restore(t.Context(), "paper", rule.ID); err != nil {
		t.Fatal(err)
	}
	flush(t, o.index)
	if got := o.ask("old bridge"); got.Trace.What.Tier != "inside" {
		t.Errorf("restored: %s", said(got.Reply))
	}
}

// TestNobodyIsOfferedWhatNoKeywordTellsThem plants a secret wherever something may lie that
// this reader must not see now, and asks for it in many ways.
func TestNobodyIsOfferedWhatNoKeywordTellsThem(t *testing.T) {
	secret := func() *list {
		return &list{items: []what.Item{item("s", "Zanzibar merger signed", "The zanzibar papers are here.")}}
	}
	later, earlier := monday.Add(time.Hour), monday.Add(-time.Hour)
	places := map[string]func(o *outlet){
		"facts of a reader": func(o *outlet) { o.add("mine", &personal{*secret()}) },
		"no keyword":        func(o *outlet) { o.add("silent", secret(), func(*catalogue.Keyword) bool { return false }) },
		"no free argument": func(o *outlet) {
			s := secret()
			s.hidden = true
			o.add("plain", s)
		},
		"switched off": func(o *outlet) {
			o.add("off", secret(), func(k *catalogue.Keyword) bool { k.Argument = "optional"; return true })
			s, no := o.sources["off"], false
			s.Findable = &no
			o.sources["off"] = s
		},
		"a fixed query": func(o *outlet) {
			o.add("fixed", &list{items: append(secret().items, item("x", "Weather", ""))}, func(k *catalogue.Keyword) bool { k.Query = "Weather"; return true })
		},
		"before from": func(o *outlet) {
			o.add("soon", secret(), func(k *catalogue.Keyword) bool { k.From = &later; return true })
		},
		"after until": func(o *outlet) {
			o.add("past", secret(), func(k *catalogue.Keyword) bool { k.Until = &earlier; return true })
		},
		"outside hours": func(o *outlet) {
			o.add("shut", secret(), func(k *catalogue.Keyword) bool { k.Hours = []string{"sat 01:00-02:00"}; return true })
		},
		"another audience": func(o *outlet) {
			o.add("club", secret(), func(k *catalogue.Keyword) bool { k.Audience = map[string][]string{"group": {"members"}}; return true })
		},
		"a removed keyword": func(o *outlet) {
			o.add("gone", secret())
			o.publish()
			o.publisher.Keywords = slices.DeleteFunc(o.publisher.Keywords, func(k catalogue.Keyword) bool { return k.ID == "gone" })
		},
		"a removed source": func(o *outlet) {
			o.add("gone", secret())
			o.publish()
			delete(o.sources, "gone")
			o.publisher.Keywords = slices.DeleteFunc(o.publisher.Keywords, func(k catalogue.Keyword) bool { return k.ID == "gone" })
		},
	}
	wordings := []string{"%s", "what about %s", "is the %s true", "was ist mit %s", "tell me about the %s please", "%s news", "when is %s", "who signed the %s", "%s?", "the %s", "show %s", "gibt es %s"}
	for name, plant := range places {
		t.Run(name, func(t *testing.T) {
			o := newOutlet(t)
			o.add("news", &list{items: []what.Item{item("1", "Old bridge closed until spring", "")}})
			plant(o)
			o.publish()
			for _, about := range []string{"zanzibar", "zanzibar merger", "merger signed", "zanzibar papers", "Zanzibar merger signed"} {
				for _, wording := range wordings {
					r := o.ask(fmt.Sprintf(wording, about))
					if text := said(r.Reply); strings.Contains(text, "erger signed") && strings.Contains(text, "[") && r.Trace.What.Tier == "inside" {
						t.Errorf("%q: %s", fmt.Sprintf(wording, about), text)
					}
				}
			}
		})
	}
	o := newOutlet(t)
	o.add("open", secret())
	o.publish()
	if r := o.ask("zanzibar merger"); r.Trace.What.Tier != "inside" {
		t.Errorf("what may be told is not offered: %s", said(r.Reply))
	}
}

func TestAnIndexThatIsSlowOrBrokenLeavesTheMissAsItWas(t *testing.T) {
	o := newOutlet(t)
	o.add("news", &list{items: []what.Item{item("1", "Old bridge closed", "")}})
	o.publish()
	for name, items := range map[string]pull.ItemIndex{"slow": slow{o.index}, "broken": broken{o.index}} {
		o.resolver.Items = items
		if r := o.ask("old bridge"); r.Trace.Outcome != journal.Missed {
			t.Errorf("%s: %s", name, said(r.Reply))
		}
	}
}

type slow struct{ pull.ItemIndex }

func (slow) Search(ctx context.Context, _ string, _ pull.ItemQuery) ([]pull.ItemHit, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

type broken struct{ pull.ItemIndex }

func (broken) Search(context.Context, string, pull.ItemQuery) ([]pull.ItemHit, error) {
	panic("broken")
}
