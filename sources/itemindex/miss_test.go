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
	terms     map[string]*what.Vocabulary
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
	o.resolver = &pull.Resolver{Cache: o.cache, Clock: now, Items: o.index, LookTime: time.Minute}
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
	e, err := pull.NewEdition(o.publisher, o.sources, nil, o.terms, o.edition)
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

// TestWhatIsJoinedToAKeywordAndNotToldByItIsOffered holds for questions of a part of what a keyword tells, or of another's.
func TestWhatIsJoinedToAKeywordAndNotToldByItIsOffered(t *testing.T) {
	o := newOutlet(t)
	o.add("phone number", &list{items: []what.Item{item("1", "The Packet", "01632 960140, ask for the newsroom")}})
	o.publish()
	for text, want := range map[string]journal.Outcome{
		"what's the phone number of the packet?":          journal.Answered,
		"what's the phone number of the newsroom please?": journal.Answered,
		"what's your phone number today?":                 journal.Answered,
		"what's the phone number of the aquarium?":        journal.Offered,
	} {
		if r := o.ask(text); r.Trace.Outcome != want {
			t.Errorf("%s: %s: %s", text, r.Trace.Outcome, said(r.Reply))
		}
	}
}

// TestNamesThatAreJoinedAreLookedForEach asks for several items by words that each has alone.
func TestNamesThatAreJoinedAreLookedForEach(t *testing.T) {
	o := newOutlet(t)
	o.add("metals", &list{items: []what.Item{item("g", "Gold (troy ounce)", ""), item("s", "Silver (troy ounce)", ""), item("c", "Copper (tonne)", "")}})
	o.publish()
	for text, want := range map[string]int{"gold and silver": 2, "gold, silver or copper": 3, "gold oder kupfer": 0, "gold and pepper": 0, "mum and dad": 0} {
		r := o.ask(text)
		if got := strings.Count(said(r.Reply), "[metals: "); got != want {
			t.Errorf("%q offers %d: %s", text, got, said(r.Reply))
		}
		if want != 2 {
			continue
		}
		if both := said(o.ask("both", r.Reader).Reply); !strings.Contains(both, "Gold (troy ounce)") || !strings.Contains(both, "Silver (troy ounce)") {
			t.Errorf("both of %q: %s", text, both)
		}
	}
}

// TestWhatIsOfferedHasAnAnswer asks a keyword in passing for what it has, and for what it has not.
func TestWhatIsOfferedHasAnAnswer(t *testing.T) {
	o := newOutlet(t)
	o.add("metals", &list{items: []what.Item{item("g", "Gold (troy ounce)", ""), item("b", "Brent crude (barrel)", "")}}, func(k *catalogue.Keyword) bool {
		k.Argument, k.Phrases = string(what.ArgumentOptional), map[string][]string{"en": {"metals", "price"}}
		return true
	})
	o.publish()
	for text, offers := range map[string]string{"gold price": "\n[Gold (troy ounce)][MENU]", "oil price": "\n[MENU]", "price goes back over": "\n[metals][MENU]"} {
		if got := said(o.ask(text).Reply); !strings.HasSuffix(got, offers) {
			t.Errorf("%q: %s", text, got)
		}
	}
}

// TestAFactIsEnough asks for what stands in the facts of an item alone.
func TestAFactIsEnough(t *testing.T) {
	o := newOutlet(t)
	dessert := what.Fact{Name: "ingredients", Kind: what.List, List: []string{"4 eggs", "500 g mascarpone", "300 ml strong coffee"}}
	bread := what.Fact{Name: "ingredients", Kind: what.List, List: []string{"400 g flour", "100 g butter", "2 eggs"}}
	o.add("recipes", &list{items: []what.Item{item("t", "Tiramisu", "", dessert), item("s", "Scones", "", bread)}})
	o.publish()
	for _, text := range []string{"mascarpone", "mascarpone?"} {
		if r := o.ask(text); !strings.Contains(said(r.Reply), "Tiramisu") || strings.Contains(said(r.Reply), "Scones") {
			t.Errorf("%q: %s", text, said(r.Reply))
		}
	}
	for _, text := range []string{"we had coffee with my sister yesterday and it rained", "the butter on his head"} {
		if r := o.ask(text); strings.Contains(said(r.Reply), "Tiramisu") || strings.Contains(said(r.Reply), "Scones") {
			t.Errorf("%q: %s", text, said(r.Reply))
		}
	}
}

// TestACellIsEnough asks for what stands in a cell of a table: a number that few rows
// have.
func TestACellIsEnough(t *testing.T) {
	o := newOutlet(t)
	row := func(id, name, number, line string) what.Item {
		return item(id, name, "", what.Fact{Name: "number", Kind: what.Integer, Text: number}, what.Fact{Name: "line", Text: line})
	}
	o.add("squad", &list{items: []what.Item{row("1", "Ada Crane", "1", "keeper"), row("2", "Bea Hill", "9", "wing"), row("3", "Cleo Marsh", "4", "wing")}})
	o.publish()
	for text, want := range map[string]string{"who is number 9": "Bea Hill", "number 4": "Cleo Marsh"} {
		if r := o.ask(text); r.Trace.What.Tier != "inside" || !strings.Contains(said(r.Reply), want+"?") {
			t.Errorf("%q: %s", text, said(r.Reply))
		}
	}
	for _, text := range []string{"see you at 9", "i have 4 cats", "the keeper of my heart", "zirconium and quartz of crane"} {
		if r := o.ask(text); r.Trace.What.Tier == "inside" {
			t.Errorf("%q: %s", text, said(r.Reply))
		}
	}
}

// TestAQuestionFindsWhatItAsksFor asks by a keyword's words, for a price, by joined words, by a
// word of a text, and at length.
func TestAQuestionFindsWhatItAsksFor(t *testing.T) {
	o := newOutlet(t)
	o.publisher.Languages = []string{"en", "sv"}
	price := func(id, name, price string) what.Item {
		return item(id, name, "", what.Fact{Name: "adults", Text: price})
	}
	o.add("vaults", &list{items: []what.Item{item("1", "Cellar", "", what.Fact{Name: "light", Text: "dim"})}}, func(k *catalogue.Keyword) bool {
		k.Phrases = map[string][]string{"en": {"wine vaults"}}
		return true
	})
	o.add("fees", &list{items: []what.Item{price("1", "Lanyard", "£24.00"), price("2", "Second lanyard", "£3.00")}})
	o.add("entré", &list{items: []what.Item{price("1", "Garage Norr", "75 kr"), price("2", "Garage Torget", "90 kr")}})
	o.add("questions", &list{items: []what.Item{item("1", "Where do I wear a brooch?", "At the desk."), item("2", "Computers", "The epidiascope is free with your number.")}})
	o.publish()
	for text, want := range map[string]string{
		"vaults cellar light":                "[Cellar]",
		"what does a lanyard cost":           "[fees: Lanyard][fees: Second lanyard][MENU]",
		"parkeringsgarage":                   "[entré: Garage Norr]",
		"do you have an epidiascope":         "[Computers]",
		"where is it to be worn, the brooch": "In “questions”: Where do I wear a brooch? ",
	} {
		r := o.ask(text)
		if told := strings.ReplaceAll(said(r.Reply), "\n", " "); r.Trace.What.Tier != "inside" || !strings.Contains(told, want) {
			t.Errorf("%q: %s", text, told)
		}
	}
}

// TestOfAnotherKeywordOnlyWhatIsCalledSoIsOffered asks a keyword for what it does not have.
func TestOfAnotherKeywordOnlyWhatIsCalledSoIsOffered(t *testing.T) {
	o := newOutlet(t)
	o.add("news", &list{items: []what.Item{item("1", "Old bridge closed", "")}}, func(k *catalogue.Keyword) bool {
		k.Argument = string(what.ArgumentOptional)
		return true
	})
	mushrooms := what.Fact{Name: "ingredients", Kind: what.List, List: []string{"200 g Paris mushrooms", "1 onion"}}
	o.add("recipes", &list{items: []what.Item{item("s", "Beef stew", "", mushrooms)}})
	o.add("events", &list{items: []what.Item{item("e", "Lyon half marathon", "")}})
	o.publish()
	if r := o.ask("news from paris"); strings.Contains(said(r.Reply), "stew") {
		t.Errorf("a recipe: %s", said(r.Reply))
	}
	if r := o.ask("news from lyon"); !strings.Contains(said(r.Reply), "Lyon half marathon") {
		t.Errorf("an event: %s", said(r.Reply))
	}
}

// TestWhatHasAllOfAMessageGoesBeforeAnEntry asks for what an entry of a keyword has one word of.
func TestWhatHasAllOfAMessageGoesBeforeAnEntry(t *testing.T) {
	o := newOutlet(t)
	o.terms = map[string]*what.Vocabulary{"price": what.NewVocabulary([]what.Term{{Value: "Orbit", Names: []string{"Orbit"}}})}
	o.add("price", &list{items: []what.Item{item("o", "Orbit", "54.10")}}, func(k *catalogue.Keyword) bool {
		k.Argument, k.Bare = string(what.ArgumentRequired), true
		return true
	})
	o.add("reports", &list{items: []what.Item{item("1", "Quarterly results of Orbit", "More was sold than before.")}})
	o.add("launch-dates", &list{items: []what.Item{item("1", "Orbit", "", what.Fact{Name: "day", Kind: what.Text, Text: "Thursday"})}}, func(k *catalogue.Keyword) bool {
		k.Phrases = map[string][]string{"en": {"launch dates"}}
		return true
	})
	o.publish()
	for _, text := range []string{"results orbit", "show me orbit quarterly results"} {
		if r := o.ask(text); r.Trace.Outcome != journal.Offered || !strings.Contains(said(r.Reply), "[reports: Quarterly results of Orbit][Orbit]") {
			t.Errorf("%q: %s", text, said(r.Reply))
		}
	}
	for _, text := range []string{"orbit launch dates"} {
		if r := o.ask(text); r.Trace.What.Keyword != "launch-dates" || r.Trace.Outcome != journal.Answered {
			t.Errorf("%q: %s", text, said(r.Reply))
		}
	}
	o.add("tables", &list{items: []what.Item{item("1", "Orbit", "7 points")}}, func(k *catalogue.Keyword) bool {
		k.Argument, k.Bare = string(what.ArgumentRequired), true
		return true
	})
	o.terms["tables"] = o.terms["price"]
	o.publish()
	for text, lacked := range map[string]string{"when is the orbit camogie": "camogie"} {
		if r := o.ask(text); r.Trace.Outcome != journal.Offered || !strings.Contains(said(r.Reply), "I don't know “"+lacked+"”") || !strings.Contains(said(r.Reply), "[price: Orbit][tables: Orbit]") {
			t.Errorf("%q: %s", text, said(r.Reply))
		}
	}
	o.publisher.Keywords = o.publisher.Keywords[:len(o.publisher.Keywords)-1]
	o.publish()
	for _, text := range []string{"orbit", "orbit please", "price orbit"} {
		if r := o.ask(text); r.Trace.What.Keyword != "price" || r.Trace.Outcome != journal.Answered {
			t.Errorf("%q: %s", text, said(r.Reply))
		}
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

// TestWhatIsRemovedIsFoundNoMore removes a keyword, and a source with its own, and asks for
// what they held before the index has been written, by words and by what was offered before.
func TestWhatIsRemovedIsFoundNoMore(t *testing.T) {
	remove := map[string]func(*outlet){
		"a keyword": func(o *outlet) {
			o.publisher.Keywords = slices.DeleteFunc(o.publisher.Keywords, func(k catalogue.Keyword) bool { return k.ID == "news" })
		},
		"a source": func(o *outlet) {
			delete(o.sources, "news")
			o.publisher.Keywords = slices.DeleteFunc(o.publisher.Keywords, func(k catalogue.Keyword) bool { return k.Source == "news" })
		},
	}
	for name, f := range remove {
		o := newOutlet(t)
		o.add("news", &list{items: []what.Item{item("1", "Old bridge closed until spring", "")}})
		o.add("events", &list{items: []what.Item{item("e", "Weihnachtsmarkt", "")}})
		o.publish()
		before := o.ask("old bridge")
		if before.Trace.What.Tier != "inside" {
			t.Fatal(said(before.Reply))
		}
		f(o)
		e, err := pull.NewEdition(o.publisher, o.sources, nil, o.terms, o.edition)
		if e == nil {
			t.Fatal(err)
		}
		o.edition = e
		o.index.Follow(e.ID, e.Languages, e.Findable())
		for _, text := range []string{"old bridge", before.Reply.Buttons[0].Send} {
			if got := said(o.ask(text, before.Reader).Reply); strings.Contains(got, "closed until") {
				t.Errorf("%s, %q: %s", name, text, got)
			}
		}
		if got := o.ask("weihnachtsmarkt"); got.Trace.What.Tier != "inside" {
			t.Errorf("%s: the other source: %s", name, said(got.Reply))
		}
	}
}

// TestOfWhatComesEachWeekTheNextIsOffered has a source that holds the same event of several
// weeks, the first of which is over and told no more.
func TestOfWhatComesEachWeekTheNextIsOffered(t *testing.T) {
	weekly := &list{}
	for _, day := range []string{"21", "28", "35"} {
		weekly.items = append(weekly.items, item("pottery "+day, "Pottery evening", "", what.Fact{Name: "start", Text: "2026-03-02T19:00:00Z"}))
	}
	o := newOutlet(t)
	o.add("events", &upcoming{weekly})
	o.publish()
	r := o.ask("pottery")
	if len(r.Reply.Buttons) != 2 || !strings.HasSuffix(r.Reply.Buttons[0].Send, withdrawal.Mark("pottery 28")) {
		t.Errorf("offered: %+v", r.Reply.Buttons)
	}
}

// upcoming is a list whose first item is over.
type upcoming struct{ *list }

func (u *upcoming) Select(ctx context.Context, s pull.Snapshot, q pull.Query) (pull.Selection, error) {
	s.Items = s.Items[1:]
	return u.list.Select(ctx, s, q)
}

// duties is a list of which one item is for today.
type duties struct{ *list }

func (*duties) ByDay() bool { return true }

func (*duties) IsMeant(text string, _ time.Time, _ ...string) bool {
	return text == "today" || text == "was ist am wochenende los"
}

func (d *duties) Select(ctx context.Context, s pull.Snapshot, q pull.Query) (pull.Selection, error) {
	if d.IsMeant(q.Argument, monday) {
		return pull.Selection{Items: s.Items[:1]}, nil
	}
	return d.list.Select(ctx, s, q)
}

// Which chemist is open today is not the one of another day that has the word in its name.
func TestADayThatIsAskedForGoesBeforeAName(t *testing.T) {
	o := newOutlet(t)
	o.add("duty", &duties{&list{items: []what.Item{item("1", "Harbour pharmacy", ""), item("2", "The castle chemist", "")}}}, func(k *catalogue.Keyword) bool {
		k.Argument = "optional"
		return true
	})
	o.publish()
	for text, want := range map[string]string{"which chemist is open today": "today", "which chemist is open": "The castle chemist"} {
		if r := o.ask(text); len(r.Reply.Buttons) == 0 || r.Reply.Buttons[0].Label != want {
			t.Errorf("%q: offered %+v, want %q", text, r.Reply.Buttons, want)
		}
	}
}

// What only asks is no argument, but of news there may be none of today.
func TestAKeywordIsAskedForAsItIsNow(t *testing.T) {
	o := newOutlet(t)
	optional := func(k *catalogue.Keyword) bool {
		k.Argument = "optional"
		return true
	}
	old := item("1", "Bridge closed", "")
	old.Published = monday.AddDate(0, 0, -2)
	o.add("news", &list{items: []what.Item{old}}, optional)
	o.add("inflation", &list{items: []what.Item{item("1", "October", "2.6 %")}}, optional)
	o.publish()
	for text, want := range map[string]bool{"inflation today": true, "inflation right now please": true, "inflation tomorrow": false, "news today": false} {
		if r := o.ask(text); (r.Trace.Outcome == journal.Answered) != want {
			t.Errorf("%q: %s %s", text, r.Trace.Outcome, said(r.Reply))
		}
	}
}

// texts is a list that is asked what its texts tell.
type texts struct{ *list }

func (*texts) ByQuestion() bool { return true }

// library has the texts of what a list names, which come near to what has a word of their titles.
type library struct{ *list }

func (library) ByQuestion() bool { return true }

func (library) FindsPassages() bool { return true }

func (l library) Select(_ context.Context, s pull.Snapshot, q pull.Query) (found pull.Selection, err error) {
	title, asked, chosen := strings.Cut(q.Argument, pull.ChoiceDetail)
	for _, it := range s.Items {
		switch {
		case chosen && it.Title == title:
			found.Items = []what.Item{it}
		case !chosen && slices.ContainsFunc(strings.Fields(q.Argument), func(word string) bool { return strings.Contains(strings.ToLower(it.Title), word) }):
			found.Choices = append(found.Choices, what.Term{Value: it.Title + pull.ChoiceDetail + q.Argument, Names: []string{it.Title}, Link: it.Link})
		}
	}
	if !chosen || asked != "" {
		found.Evidence = &journal.Inside{Coverage: 0.4, Certainty: 0.1}
	}
	return found, nil
}

// TestAnOfferedArticleIsToldByItsText has a feed and an archive with one article: a feed tells its summary alone. What is
// only called like an article is none.
func TestAnOfferedArticleIsToldByItsText(t *testing.T) {
	o := newOutlet(t)
	at := func(link string, it what.Item) what.Item {
		it.Link = link
		return it
	}
	o.add("news", &list{items: []what.Item{at("https://paper.example/crane/?from=feed", item("1", "Harbour repairs begin", "The crane is there.")), item("2", "Choir wins in Ghent", "")}})
	o.add("calendar", &list{items: []what.Item{at("https://paper.example/events/7", item("1", "Quay run", "On Sunday at ten."))}})
	o.add("ask", library{&list{items: []what.Item{at("https://paper.example/crane", item("a", "Harbour repairs begin", "A meeting is held at 6pm.")), at("https://paper.example/run", item("b", "Quay run", "The first one was won in rain."))}}}, func(k *catalogue.Keyword) bool {
		k.Argument = "required"
		return true
	})
	o.publish()
	for text, want := range map[string]struct{ label, told string }{
		"when do the harbour repairs begin": {"Harbour repairs begin", "A meeting is held at 6pm."},
		"harbour repairs crane meeting":     {"Harbour repairs begin", "A meeting is held at 6pm."},
		"harbour repairs":                   {"Harbour repairs begin", "The crane is there."},
		"when is the quay run":              {"Quay run", "On Sunday at ten."},
	} {
		r := o.ask(text)
		if r.Trace.Outcome != journal.Offered || len(r.Reply.Buttons) == 0 || r.Reply.Buttons[0].Label != want.label {
			t.Errorf("%q: %s", text, said(r.Reply))
			continue
		}
		if got := said(o.ask(r.Reply.Buttons[0].Send, r.Reader).Reply); !strings.Contains(got, want.told) {
			t.Errorf("%q: the tap tells %s; want %q", text, got, want.told)
		}
	}
}

// known is a library that is sure that a text answers what has some words.
type known struct {
	library
	coverage float64
}

func (l known) Select(ctx context.Context, s pull.Snapshot, q pull.Query) (pull.Selection, error) {
	found, err := l.library.Select(ctx, s, q)
	if len(found.Choices) > 0 {
		found.Evidence = &journal.Inside{Coverage: l.coverage, Certainty: 0.9}
	}
	return found, err
}

// TestAnEntryIsOfferedToAQuestionOfWhichItLacksAWord asks something of an entry that it does not tell.
func TestAnEntryIsOfferedToAQuestionOfWhichItLacksAWord(t *testing.T) {
	o := newOutlet(t)
	o.add("markets", &list{items: []what.Item{item("1", "Lauterbach", "Every Tuesday from eight."), item("2", "Brandeck", "Every Friday.")}}, func(k *catalogue.Keyword) bool {
		k.Argument, k.Bare = "optional", true
		return true
	})
	o.terms = map[string]*what.Vocabulary{"markets": what.NewVocabulary([]what.Term{{Value: "Lauterbach"}, {Value: "Brandeck"}})}
	o.publish()
	for text, want := range map[string]string{
		"what is the bishop of Lauterbach called": "I don't know “bishop",
		"is there a market in Lauterbach":         "Every Tuesday",
		"Lauterbach":                              "Every Tuesday",
	} {
		if got := said(o.ask(text).Reply); !strings.Contains(got, want) {
			t.Errorf("%q got %s, want %s", text, got, want)
		}
	}
}

// TestATextIsOfferedByAnOrdinaryWordThatNamesIt holds that one word is looked for in texts where it names a thing, however
// ordinary it is, and not where it greets, or tells something.
func TestATextIsOfferedByAnOrdinaryWordThatNamesIt(t *testing.T) {
	o := newOutlet(t)
	o.add("ask", known{library{&list{items: []what.Item{item("a", "A wolf in the valley", "Filmed at night.")}}}, 0.95}, func(k *catalogue.Keyword) bool {
		k.Argument = "required"
		return true
	})
	o.publish()
	for text, want := range map[string]bool{"wolf": true, "the wolf": true, "hello wolf": false, "I saw a wolf": false, "no wolf": false} {
		if got := said(o.ask(text).Reply); strings.Contains(got, "A wolf in the valley") != want {
			t.Errorf("%q got %s", text, got)
		}
	}
}

// TestAnOfferedTextIsChosenForGood takes the same text twice, however it was asked for.
func TestAnOfferedTextIsChosenForGood(t *testing.T) {
	o := newOutlet(t)
	o.add("ask", known{library{&list{items: []what.Item{item("a", "Bell tower closed", "Until May."), item("b", "Bell ringers wanted", "On Thursdays.")}}}, 0.9}, func(k *catalogue.Keyword) bool {
		k.Argument = "required"
		return true
	})
	o.publish()
	reader := who.Reader{State: who.Active, Consent: who.Consent{Given: true}}
	for i, text := range []string{"what about the bell tower?", "What about the bell tower", "what about the bell tower"} {
		r := o.ask(text, reader)
		got := said(r.Reply)
		if answers := strings.Contains(got, "Until May.") && strings.Contains(got, "As you chose before."); answers != (i == 2) || !answers && len(r.Reply.Buttons) < 2 {
			t.Fatalf("%d: %q got %s", i, text, got)
		}
		if reader = r.Reader; i < 2 {
			reader = o.ask(r.Reply.Buttons[0].Send, reader).Reader
		}
	}
}

// TestTextsGoBeforeAKeywordThatTellsLess holds when a keyword that a message calls is offered behind a text that has more of
// what it says: not where the rest may be a slip, or cannot be parted into words.
func TestTextsGoBeforeAKeywordThatTellsLess(t *testing.T) {
	o := newOutlet(t)
	o.publisher.Languages = append(o.publisher.Languages, "zh")
	const person, text = "Anna Lund, 0117 496", "Rules for a letter to the editor"
	o.add("desk", &list{items: []what.Item{item("1", "Editor", person), item("2", "主编", person), item("3", "Printer", "0117 500")}}, func(k *catalogue.Keyword) bool {
		k.Argument, k.Bare = "optional", true
		return true
	})
	o.add("ask", known{library{&list{items: []what.Item{item("a", text, ""), item("b", "主编的信", "")}}}, 0.9}, func(k *catalogue.Keyword) bool {
		k.Argument = "required"
		return true
	})
	o.terms = map[string]*what.Vocabulary{"desk": what.NewVocabulary([]what.Term{{Value: "Editor", Names: []string{"Editor"}}, {Value: "主编", Names: []string{"主编"}}, {Value: "Printer"}})}
	o.publish()
	for _, tt := range []struct{ text, want string }{
		{"how long can a letter to the editor be", "[" + text + "]"},
		{"how long can a letter to the edittor be", person},
		{"主编的信", person},
		{"who is the editor", person},
		{"editor", person},
	} {
		r := o.ask(tt.text)
		got := said(r.Reply)
		if offers := tt.want != person; strings.Contains(got, "["+text) != offers || !strings.Contains(got, tt.want) {
			t.Errorf("%q got %s, %s, want %s", tt.text, r.Trace.What.Tier, got, tt.want)
		} else if told := r.Trace.What; offers && (told.Inside == nil || told.Inside.Coverage != 0.9 || told.Tier != journal.TierInside) {
			t.Errorf("%q: of the text the trace says %+v, tier %s", tt.text, told.Inside, told.Tier)
		}
	}
}

// What is asked for by the words of one keyword and an entry of another goes to the one that tells of it.
func TestAnEntryIsOfTheKeywordThatIsAskedFor(t *testing.T) {
	o := newOutlet(t)
	optional := func(phrases ...string) func(*catalogue.Keyword) bool {
		return func(k *catalogue.Keyword) bool {
			k.Argument, k.Bare, k.Phrases = "optional", true, map[string][]string{"en": phrases}
			return true
		}
	}
	o.add("rates", &list{items: []what.Item{item("1", "Leeds", "410"), item("2", "York", "405")}}, optional("gold rate"))
	o.add("guide", &texts{&list{items: []what.Item{item("1", "How is the rate of gold made?", "Twice a day.")}}}, optional("gold rate today"))
	o.add("editions", &list{items: []what.Item{item("1", "Weekend", "The paper of the weekend.")}}, optional("editions"))
	o.add("calendar", &duties{&list{items: []what.Item{item("1", "Jumble sale", "")}}}, func(k *catalogue.Keyword) bool {
		k.Argument, k.Phrases = "optional", map[string][]string{"de": {"was ist los"}}
		return true
	})
	o.terms = map[string]*what.Vocabulary{
		"rates":    what.NewVocabulary([]what.Term{{Value: "Leeds", Names: []string{"Leeds"}}, {Value: "York", Names: []string{"York"}}}),
		"editions": what.NewVocabulary([]what.Term{{Value: "Weekend", Names: []string{"Wochenende"}}}),
	}
	o.publish()
	for text, want := range map[string]string{
		"gold rate today in leeds":  "Leeds",
		"was ist am wochenende los": "Jumble sale",
	} {
		r := o.ask(text)
		if got := said(r.Reply); r.Trace.Outcome != journal.Answered || !strings.Contains(got, want) {
			t.Errorf("%q got %s, want %s", text, got, want)
		}
	}
}

// TestAKeywordIsNarrowedByWhatStandsBesideIt holds that words which a keyword has are never left out of an answer.
func TestAKeywordIsNarrowedByWhatStandsBesideIt(t *testing.T) {
	o := newOutlet(t)
	o.add("course", &list{items: []what.Item{item("1", "Sourdough for beginners", ""), item("2", "stews and gravy", "")}}, func(k *catalogue.Keyword) bool {
		k.Argument = "optional"
		return true
	})
	o.add("stews", &list{items: []what.Item{item("1", "Stew of the week", "")}})
	o.publish()
	for text, want := range map[string]struct{ has, lacks string }{
		"when is the course on gravy":  {"stews and gravy", "Sourdough"},
		"so when is the next course":   {"Sourdough", ""},
		"when is the course for plums": {"nothing about “plums”", "Sourdough"},
		"not the stews, the course":    {"Sourdough", ""},
	} {
		got := said(o.ask(text).Reply)
		if !strings.Contains(got, want.has) || want.lacks != "" && strings.Contains(got, want.lacks) {
			t.Errorf("%q got %s, want %+v", text, got, want)
		}
	}
}

// wordings are a thousand messages that ask for what stands in a title and its text: every
// subject in every sentence, as people write it.
func wordings() (all []string) {
	subjects := []string{"zanzibar", "zanzibar merger", "merger signed", "zanzibar papers", "the papers", "zanzibar merger signed", "signed papers", "zanzibars merger", "mergers", "zanzibar papers signed"}
	sentences := []string{
		"%s", "%s?", "%s please", "the %s", "news %s", "news about %s", "%s news", "what about the %s", "is the %s true", "tell me about the %s please",
		"when is the %s", "who signed the %s", "where is the %s now", "why %s", "how much was the %s", "show me %s", "anything on %s", "i want %s", "latest %s", "send %s",
		"was ist mit %s", "gibt es %s", "wann ist %s", "wer hat %s unterschrieben", "zeig mir %s bitte",
	}
	written := []func(string) string{func(s string) string { return s }, strings.ToUpper, func(s string) string { return "hello, " + s }, func(s string) string { return s + " thanks!!" }}
	for _, subject := range subjects {
		for _, sentence := range sentences {
			for _, write := range written {
				all = append(all, write(fmt.Sprintf(sentence, subject)))
			}
		}
	}
	return all
}

// TestNobodyIsToldWhatNoKeywordTellsThem plants a secret wherever something may lie that
// this reader must not see now, and asks for all of them in a thousand ways. No wording has
// the name of the secret's place, which stands in its title.
func TestNobodyIsToldWhatNoKeywordTellsThem(t *testing.T) {
	o := newOutlet(t)
	o.add("news", &list{items: []what.Item{item("1", "Old bridge closed until spring", "")}})
	later, earlier, no := monday.Add(time.Hour), monday.Add(-time.Hour), false
	change := func(f func(*catalogue.Keyword)) func(*catalogue.Keyword) bool {
		return func(k *catalogue.Keyword) bool { f(k); return true }
	}
	never := func(*catalogue.Keyword) bool { return false }
	secret := func(name string) list {
		return list{items: []what.Item{item(name, "Zanzibar merger signed in Quollport "+name, "The zanzibar papers are here.")}}
	}
	plant := func(name string, how ...func(*catalogue.Keyword) bool) {
		s := secret(name)
		o.add(name, &s, how...)
	}
	o.add("mine", &personal{secret("mine")})
	plant("silent", never)
	hidden := secret("plain")
	hidden.hidden = true
	o.add("plain", &hidden)
	plant("off", change(func(k *catalogue.Keyword) { k.Argument = "optional" }))
	off := o.sources["off"]
	off.Findable = &no
	o.sources["off"] = off
	fixed := secret("fixed")
	fixed.items = append(fixed.items, item("x", "Weather", ""))
	o.add("fixed", &fixed, change(func(k *catalogue.Keyword) { k.Query = "Weather" }))
	plant("soon", change(func(k *catalogue.Keyword) { k.From = &later }))
	plant("past", change(func(k *catalogue.Keyword) { k.Until = &earlier }))
	plant("shut", change(func(k *catalogue.Keyword) { k.Hours = []string{"sat 01:00-02:00"} }))
	plant("club", change(func(k *catalogue.Keyword) { k.Audience = map[string][]string{"group": {"members"}} }))
	plant("dropped")
	plant("gone")
	o.publish()
	if before := said(o.ask("zanzibar merger").Reply); !strings.Contains(before, "Quollport dropped") || !strings.Contains(before, "Quollport gone") {
		t.Fatalf("what may be told is not offered: %s", before)
	}
	// One keyword is a draft: it was taken out of what is published, not yet put back.
	delete(o.sources, "gone")
	o.publisher.Keywords = slices.DeleteFunc(o.publisher.Keywords, func(k catalogue.Keyword) bool { return k.ID == "dropped" || k.ID == "gone" })
	o.publish()
	all := wordings()
	if len(all) < 1000 {
		t.Fatalf("%d wordings", len(all))
	}
	for _, text := range all {
		if got := said(o.ask(text).Reply); strings.Contains(strings.ToLower(got), "quollport") {
			t.Errorf("%q: %s", text, got)
		}
	}
	plant("open")
	o.publish()
	shown := 0
	for _, text := range all {
		if strings.Contains(said(o.ask(text).Reply), "Quollport open") {
			shown++
		}
	}
	if shown < 300 {
		t.Errorf("%d of %d wordings find what may be told", shown, len(all))
	}
}

func TestAnIndexThatIsSlowOrBrokenLeavesTheMissAsItWas(t *testing.T) {
	o := newOutlet(t)
	o.add("news", &list{items: []what.Item{item("1", "Old bridge closed", "")}})
	o.publish()
	o.resolver.LookTime = 0
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
