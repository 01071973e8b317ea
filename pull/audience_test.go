package pull_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
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
)

// secret is what none but members may read.
const secret = "topsecret"

// vault is a source whose items are for members alone.
type vault struct{}

func (vault) FoundByItself() bool { return true }

func (vault) Key(pull.Query) (string, error) { return "all", nil }

func (vault) Fetch(context.Context, string, *pull.Snapshot) (pull.Snapshot, error) {
	s := pull.Snapshot{Fetched: monday}
	for _, name := range []string{"m", "n", "o"} {
		s.Items = append(s.Items, what.Item{ID: name, Title: secret + " " + name, Summary: secret})
	}
	return s, nil
}

func (vault) Select(_ context.Context, s pull.Snapshot, q pull.Query) (pull.Selection, error) {
	at := min(q.Offset, len(s.Items))
	end := min(at+q.Count, len(s.Items))
	return pull.Selection{Items: s.Items[at:end], More: end < len(s.Items)}, nil
}

// club is a source that readers join by a code.
type club struct{ *exchange }

func (club) Code(text string) (string, bool) {
	return "2026", strings.EqualFold(strings.TrimSpace(text), "ROSE-4711-INK")
}
func (club) HasForm(text string) bool {
	return regexp.MustCompile(`(?i)^[a-z]{4}-?[0-9]{4}-?[a-z]{3,4}$`).MatchString(strings.ReplaceAll(text, " ", ""))
}
func (club) Counts(mark string) bool { return mark == "2026" }
func (club) Called(string) string    { return "Rose Club" }

// outletSystem is an outlet's own system, which knows subscribers by where they write from.
type outletSystem struct {
	asked int
	down  bool
	// fails, where set, is what it brings in place of an answer, newKeys the budget for it, and
	// forgets has an answer hold no longer than it is fresh.
	fails   error
	newKeys int
	forgets bool
}

func (*outletSystem) Wants() []string { return []string{pull.ReaderAddress} }

func (*outletSystem) Key(q pull.Query) (string, error) {
	return pull.PassingKey(q.Reader[pull.ReaderAddress]), nil
}

func (r *outletSystem) Fetch(_ context.Context, key string, _ *pull.Snapshot) (pull.Snapshot, error) {
	if r.asked++; r.down {
		return pull.Snapshot{}, &pull.Error{Kind: pull.Unavailable, Err: errors.New("down")}
	}
	if r.fails != nil {
		return pull.Snapshot{}, r.fails
	}
	s := pull.Snapshot{Fetched: monday}
	if strings.HasSuffix(key, "+49170") {
		s.Items = []what.Item{{ID: "1", Title: "yes"}}
	}
	return s, nil
}

func (*outletSystem) Select(_ context.Context, s pull.Snapshot, _ pull.Query) (pull.Selection, error) {
	return pull.Selection{Items: s.Items}, nil
}

// house is a talk with a publisher of whose keywords some are not for everybody.
type house struct {
	*talk
	publisher catalogue.Publisher
	register  *outletSystem
}

func newHouse(t testing.TB, change ...func(*catalogue.Publisher)) *house {
	t.Helper()
	k := &house{talk: newTalk(t), register: &outletSystem{}}
	in := func(words ...string) map[string][]string { return map[string][]string{"en": words, "de": words} }
	code := map[string][]string{"code": {"club"}}
	k.publisher = catalogue.Publisher{
		ID: "p", Name: "Paper", Languages: []string{"en", "de"}, TimeZone: "UTC", Featured: []string{"insider", "news"}, Wishes: 2,
		Sources:  []catalogue.Source{{ID: "exchange"}, {ID: "vault"}, {ID: "club"}, {ID: "register"}},
		Channels: []catalogue.Channel{{ID: "web"}, {ID: "sms"}, {ID: "asking"}, {ID: "assistant"}, {ID: "team"}},
		Keywords: []catalogue.Keyword{
			{ID: "news", Source: "exchange", Phrases: in("news"), Query: "SAP"},
			{ID: "news-club", Source: "vault", Phrases: in("news", "clubnews"), Audience: code},
			{ID: "insider", Source: "vault", Phrases: in("insider report"), Audience: code},
			{ID: "table", Source: "vault", Phrases: in("league table"), Argument: "optional", Audience: code, StandIn: standIn(secret), Teaser: catalogue.Localised{"": "Ask at the gate."}},
		},
	}
	for _, f := range change {
		f(&k.publisher)
	}
	k.edition = k.open(t)
	return k
}

// standIn is a text that answers for a keyword.
func standIn(text string) catalogue.StandIn {
	until := monday.Add(time.Hour)
	return catalogue.StandIn{Text: catalogue.Localised{"": text}, Until: &until}
}

func (k *house) open(t testing.TB) *pull.Edition {
	t.Helper()
	minute := time.Minute
	hour := time.Hour
	register := k.register
	if register == nil {
		register = &outletSystem{}
	}
	if register.forgets {
		hour = 0
	}
	sources := map[string]pull.Opened{
		"exchange": {Source: k.source}, "vault": {Source: vault{}}, "club": {Source: club{k.source}},
		"register": {Source: register, Freshness: catalogue.Freshness{MaxAge: &minute, StaleIfError: &hour}, NewKeys: register.newKeys},
	}
	if k.register == nil {
		sources["register"] = pull.Opened{Problem: errors.New("it can't be opened")}
	}
	cut := func(pull.Reply) (pull.Reply, bool) {
		return pull.Reply{Blocks: []pull.Block{{Kind: pull.Paragraph, Text: secret}}}, true
	}
	channels := map[string]pull.Channel{
		"web": {Cut: cut, Room: 1000}, "sms": {SMS: true}, "asking": {Consent: "May we remember?"}, "assistant": {Proxy: true, Data: true, Guests: true}, "team": {},
	}
	e, err := pull.NewEdition(k.publisher, sources, channels, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// whole returns all that a reply tells.
func (k *house) whole() string {
	b, _ := json.Marshal(k.last.Reply)
	return string(b)
}

// leaks reports whether the last reply tells what is for members.
func (k *house) leaks() bool { return strings.Contains(k.whole(), secret) }

// join has the reader send the code.
func (k *house) join() {
	k.t.Helper()
	if got := k.say("rose-4711-ink"); !strings.Contains(got, "Rose Club") {
		k.t.Fatalf("the code got %q", got)
	}
}

// ways are those by which somebody who is no member may come to a members' keyword; plants
// are what the reader's document may hold of a time when they were one.
var ways = map[string]func(k *house){
	"its phrase":             func(k *house) { k.say("insider report") },
	"another of its phrases": func(k *house) { k.say("clubnews") },
	"a typing error":         func(k *house) { k.say("insidre report"); k.say("yes") },
	"words around it":        func(k *house) { k.say("please give me the insider report") },
	"an argument":            func(k *house) { k.say("league table of 2026") },
	"its stand-in":           func(k *house) { k.say("league table") },
	"a tap":                  func(k *house) { k.say("k:insider") },
	"a tap with an argument": func(k *house) {
		k.say("k:table")
		k.send(pull.Ask{Incoming: pull.Incoming{Text: "Table", Tap: "o:1:x.table.MjAyNg"}})
	},
	"two wishes":        func(k *house) { k.say("insider report and league table") },
	"saving it, and MY": func(k *house) { k.say("save insider report"); k.say("MY") },
	"MY of before":      func(k *house) { k.reader.Saved = []who.Saved{{Keyword: "insider", At: monday}}; k.say("MY") },
	"MORE of before":    func(k *house) { k.reader.Cursor = cursorAt("insider"); k.say("MORE") },
	"MORE of what was cut": func(k *house) {
		c := cursorAt("insider")
		c.Cut = 7
		k.reader.Cursor = c
		k.resolver.Past = cutBefore{}
		k.say("MORE")
		k.resolver.Past = nil
	},
	"more of what was asked last": func(k *house) {
		k.reader.Recent = []who.Pull{{Keyword: "insider", At: monday, Language: "en"}}
		k.say("the last 3")
	},
	"an open question of before": func(k *house) {
		k.reader.Question = &who.Question{Token: "t", Expires: monday.Add(time.Minute), Options: []who.Option{{Keyword: "insider", Label: "Insider"}, {Keyword: "news", Label: "News"}}}
		k.say("1")
	},
	"an item of an option of before": func(k *house) {
		k.send(pull.Ask{Incoming: pull.Incoming{Text: "x", Tap: "o:1:x.insider.." + withdrawal.Mark("m")}})
	},
	"a slot of before": func(k *house) {
		k.reader.Question = &who.Question{Token: "t", Expires: monday.Add(time.Minute), Slot: "table"}
		k.say("2026")
	},
	"an order of before": func(k *house) { k.due(who.Later{Entry: 9, Due: monday, Keyword: "insider", At: monday}) },
	"an order now": func(k *house) {
		k.say("insider report in 10 minutes")
		k.due(who.Later{Entry: 9, Due: monday, Keyword: "insider", At: monday})
	},
	"an owed answer": func(k *house) {
		k.due(who.Later{Entry: 9, Due: monday.Add(time.Hour), Said: "insider report", At: monday})
	},
	"words of an item":          func(k *house) { k.say("museum"); k.say("1"); k.say("yes") },
	"a group":                   func(k *house) { k.send(pull.Ask{Incoming: pull.Incoming{Text: "insider report", Group: true}}) },
	"a program":                 func(k *house) { k.channel = "assistant"; k.say("insider report"); k.channel = "web" },
	"a short message":           func(k *house) { k.channel = "sms"; k.say("insider report"); k.channel = "web" },
	"a channel that asks first": func(k *house) { k.channel = "asking"; k.say("insider report"); k.say("yes"); k.channel = "web" },
	"the consent of before": func(k *house) {
		k.reader.Question = &who.Question{Token: "t", Expires: monday.Add(time.Minute), Wish: "save insider report"}
		k.say("no")
	},
	"the own matcher": func(k *house) {
		k.edition.Matcher = named{}
		k.say("whatever that may be")
		k.say("1")
		k.edition.Matcher = nil
	},
}

// cursorAt goes on with a list.
func cursorAt(keyword string) *who.Cursor {
	return &who.Cursor{Place: who.Place{Keyword: keyword, Offset: 1, Language: "en", Began: monday}, Expires: monday.Add(time.Minute)}
}

// cutBefore remembers an answer to members that was cut.
type cutBefore struct{ remembered }

func (cutBefore) Settled(context.Context, uint64) (journal.Trace, *pull.Reply, bool, error) {
	return journal.Trace{What: journal.What{Keyword: "insider"}}, &pull.Reply{Blocks: []pull.Block{{Text: secret}}}, true, nil
}

// named is a matcher that proposes what is for members.
type named struct{}

func (named) Match(context.Context, pull.MatcherAsk) ([]pull.Scored, error) {
	return []pull.Scored{{Keyword: "insider", Score: 1}}, nil
}

// due has an order carried out.
func (k *house) due(l who.Later) {
	k.asked++
	k.last = k.resolver.Resolve(k.t.Context(), pull.Request{Edition: k.edition, Reader: k.reader, Later: &l,
		Ask: pull.Ask{ID: k.asked, Publisher: "p", Channel: k.channel, At: k.at, Incoming: pull.Incoming{Text: l.Said}}})
}

// anyWay reports whether any reply on a way leaks.
func (k *house) anyWay(way func(k *house)) (leaked bool) {
	k.heard = func() { leaked = leaked || k.leaks() }
	defer func() { k.heard = nil }()
	way(k)
	return leaked || k.leaks()
}

func TestNoWayLeadsToWhatIsForMembers(t *testing.T) {
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			k := newHouse(t)
			k.resolver.Items = oneItem{}
			if k.anyWay(way) {
				t.Errorf("a stranger got %s", k.whole())
			}
			// Without the gate the way leads there, so that it is one.
			k = newHouse(t)
			k.resolver.Items, k.edition = oneItem{}, k.edition.Ungated()
			if !k.anyWay(way) {
				t.Errorf("the way leads nowhere: %s", k.whole())
			}
		})
	}
}

func TestNothingThatListsNamesWhatIsForMembers(t *testing.T) {
	lists := func(e *pull.Edition, k *house) string {
		var all []string
		for a := range e.Askables("en") {
			all = append(all, a.Title)
		}
		for _, b := range e.Suggest("en", "", monday, 50) {
			all = append(all, b.Label)
		}
		for _, b := range e.Greeting("en", monday, []string{"insider", "table", "news-club", "news"}).Buttons {
			all = append(all, b.Label)
		}
		_, _, entries := e.Shown("en", monday, 50)
		k.edition = e
		for _, text := range []string{"MENU", "HELP", "START", "nothing of that kind"} {
			k.say(text)
			all = append(all, k.whole())
		}
		return fmt.Sprint(all, entries)
	}
	k := newHouse(t)
	e := k.edition
	for _, name := range []string{"insider", "clubnews", "league"} {
		if got := lists(e, k); strings.Contains(got, name) {
			t.Errorf("%q is listed: %s", name, got)
		}
		if name != "clubnews" && !strings.Contains(lists(e.Ungated(), k), name) {
			t.Errorf("%q would not be listed at all", name)
		}
	}
	k.edition = e
	k = newHouse(t, func(p *catalogue.Publisher) {
		p.Keywords = append(p.Keywords, catalogue.Keyword{ID: "rota", Source: "vault", Phrases: map[string][]string{"en": {"desk rota"}}, Audience: map[string][]string{"workspace": {"T1"}}})
	})
	k.reader.Saved = []who.Saved{{Keyword: "rota", At: monday}, {Keyword: "rota", List: "work", At: monday}, {Keyword: "news", At: monday}}
	if k.say("what have i saved?"); strings.Contains(k.whole(), "rota") || strings.Contains(k.whole(), "work") || !strings.Contains(k.whole(), "news") {
		t.Errorf("of what was saved is named %s", k.whole())
	}
	if k.reader.Saved = k.reader.Saved[:1]; strings.Contains(k.say("what have i saved?"), "rota") {
		t.Errorf("of what was saved is named %s", k.whole())
	}
	k.join()
	if k.say("MENU"); !strings.Contains(k.whole(), "insider") {
		t.Errorf("a member's menu is %s", k.whole())
	}
}

// TestAThousandOthersGetNothing: whatever they are and however they come.
func TestAThousandOthersGetNothing(t *testing.T) {
	k := newHouse(t)
	k.resolver.Items = oneItem{}
	random := rand.New(rand.NewPCG(4, 7)) //nolint:gosec // the same each time
	var all []string
	for name := range ways {
		all = append(all, name)
	}
	slices.Sort(all)
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	for range 1000 {
		k.reader = who.Reader{Language: pick("", "en", "de", "it"), First: monday, Memberships: []string{pick("club:2025", "club:", "club", "exchange:2026", ":2026", "CLUB:2026")}}
		k.channel, k.language = pick("web", "sms", "asking", "team"), pick("", "en", "de-AT", "fr")
		name := all[random.IntN(len(all))]
		if k.anyWay(ways[name]) {
			t.Fatalf("%s on %s leaks to %+v", name, k.channel, k.reader)
		}
	}
}

func TestMembersAreAnswered(t *testing.T) {
	for _, channel := range []string{"web", "sms", "team"} {
		k := newHouse(t)
		k.channel = channel
		k.join()
		if k.reader.Memberships[0] != "club:2026" {
			t.Errorf("the reader's memberships are %v", k.reader.Memberships)
		}
		for _, text := range []string{"insider report", "insidre report", "clubnews", "news", "k:insider", "k:news", "league table"} {
			if k.say(text); !k.leaks() {
				t.Errorf("%s: %q got %s", channel, text, k.whole())
			}
		}
		if got := k.say("rose-4711-INK"); !strings.Contains(got, "already") {
			t.Errorf("the code again got %q", got)
		}
		b, err := k.reader.Encode()
		if r, again := who.Decode(b); err != nil || again != nil || !slices.Equal(r.Memberships, k.reader.Memberships) {
			t.Errorf("%v, %v: the document keeps %v", err, again, r.Memberships)
		}
	}
}

// The most specific keyword of a phrase answers, and the trace says why.
func TestTheMostSpecificKeywordAnswers(t *testing.T) {
	variant := func(id string, a map[string][]string) catalogue.Keyword {
		return catalogue.Keyword{ID: id, Source: "exchange", Query: "SAP", Phrases: map[string][]string{"en": {"sport"}, "de": {"sport"}}, Audience: a,
			Template: catalogue.Localised{"": "told by " + id}}
	}
	k := newHouse(t, func(p *catalogue.Publisher) {
		p.Keywords = []catalogue.Keyword{
			variant("all", nil), variant("german", map[string][]string{"language": {"de"}}), variant("web", map[string][]string{"channel": {"web", "team"}}),
			variant("german-web", map[string][]string{"channel": {"web"}, "language": {"de"}}), variant("staff", map[string][]string{"workspace": {"T1"}}),
			variant("desk", map[string][]string{"workspace": {"T1"}, "group": {"C7"}}), variant("night", map[string][]string{"hours": {"mon-sun 20:00-24:00"}, "channel": {"web"}, "language": {"de", "en"}}),
		}
	})
	k.resolver.Cache.KnowGroups(func(_, _, id string) who.Key { return who.Key("key of " + id) })
	for _, c := range []struct {
		channel, language, workspace string
		group                        who.Key
		late                         time.Duration
		want                         string
	}{
		{channel: "sms", want: "all"}, {channel: "sms", language: "de", want: "german"}, {channel: "web", language: "en", want: "web"},
		{channel: "web", language: "de-AT", want: "german-web"}, {channel: "team", language: "de", want: "german"},
		{channel: "sms", workspace: "t1", want: "staff"}, {channel: "sms", workspace: "T2", want: "all"},
		{channel: "sms", workspace: "T1", group: "key of C7", want: "desk"}, {channel: "sms", workspace: "T1", group: "key of C8", want: "staff"},
		{channel: "web", language: "de", late: 11 * time.Hour, want: "night"}, {channel: "sms", late: 11 * time.Hour, want: "all"},
	} {
		k.at = monday.Add(c.late)
		k.channel, k.language, k.reader = c.channel, c.language, who.Reader{First: monday, Language: c.language}
		for _, text := range []string{"sport", "k:german", "k:all"} {
			got := k.send(pull.Ask{Reader: c.group, Incoming: pull.Incoming{Text: text, Workspace: c.workspace, Group: c.group != ""}})
			if want := "told by " + c.want; !strings.Contains(got, want) {
				t.Errorf("%+v: %q got %q", c, text, got)
			}
		}
		v := k.last.Trace.What.Variants
		if len(v) != 7 || v[0].Keyword != c.want || v[0].Stand != "open" {
			t.Errorf("%+v: the trace has %+v", c, v)
		}
	}
}

// An order is carried out in the workspace that it was made in.
func TestAnOrderOfAWorkspaceIsCarriedOut(t *testing.T) {
	k := newHouse(t, func(p *catalogue.Publisher) {
		p.Keywords[2].Audience = map[string][]string{"workspace": {"T1"}}
	})
	k.send(pull.Ask{Incoming: pull.Incoming{Text: "insider report in 10 minutes", Workspace: "T1"}})
	k.accept()
	if len(k.last.Orders) != 1 {
		t.Fatal(k.whole())
	}
	if k.carryOut(k.last.Orders[0]); !k.leaks() {
		t.Errorf("the order brings %s", k.whole())
	}
}

// A code is kept nowhere as it was written, nor is what only looks like one.
func TestNoCodeIsWrittenDown(t *testing.T) {
	k := newHouse(t)
	for _, text := range []string{"rose-4711-ink", "ROSE-4711-INK", "rose-4712-ink"} {
		k.say(text)
		kept, _ := json.Marshal(k.reader)
		trace, _ := json.Marshal(k.last.Trace)
		for _, of := range []string{string(kept), string(trace)} {
			if strings.Contains(strings.ToLower(of), "rose") || strings.Contains(of, "4711") || strings.Contains(of, "4712") {
				t.Errorf("%q stands in %s", text, of)
			}
		}
	}
}

func TestACodeNeedsConsent(t *testing.T) {
	k := newHouse(t)
	k.channel = "asking"
	if got := k.say("rose-4711-ink"); !strings.Contains(got, "May we remember?") || len(k.reader.Memberships) > 0 {
		t.Fatalf("got %q and %v", got, k.reader.Memberships)
	}
	kept, _ := k.reader.Encode()
	if strings.Contains(strings.ToLower(string(kept)), "4711") {
		t.Error("the code waits in the document")
	}
	if k.say("insider report"); k.leaks() {
		t.Error("it is told before the answer")
	}
	k.say("rose-4711-ink")
	if got := k.say("no"); len(k.reader.Memberships) > 0 {
		t.Errorf("who refuses is a member: %q", got)
	}
	k.say("rose-4711-ink")
	if got := k.say("yes"); !strings.Contains(got, "Rose Club") {
		t.Fatalf("who agrees got %q", got)
	}
	if k.say("insider report"); !k.leaks() {
		t.Errorf("a member got %s", k.whole())
	}
}

// Whoever goes on by another channel stays a member.
func TestAMembershipGoesAlongToAnotherChannel(t *testing.T) {
	k, past := newHouse(t), newElsewhere(t)
	k.resolver.Past, past.reader = past, who.Reader{Memberships: []string{"club:2026", "club:2025"}}
	if k.say(past.code.String()); !strings.Contains(k.whole(), "Member: Rose Club") || len(k.reader.Memberships) > 0 {
		t.Fatalf("%s, %v", k.whole(), k.reader.Memberships)
	}
	k.say("yes")
	if k.say("insider report"); !k.leaks() {
		t.Errorf("a member got %s", k.whole())
	}
}

func TestCodesCannotBeTriedOutOrSentForOthers(t *testing.T) {
	k := newHouse(t)
	for i := range 10 {
		k.say(fmt.Sprintf("rose-%d-ink", 1000+i))
	}
	if got := k.say("rose-4711-ink"); !strings.HasPrefix(got, "Too many") || len(k.reader.Memberships) > 0 {
		t.Errorf("the eleventh code got %q", got)
	}
	if wrong := k.say("rose-9999-ink"); !strings.HasPrefix(wrong, "Too many") {
		t.Errorf("a wrong one is told apart: %q", wrong)
	}
	k.at = k.at.Add(time.Hour + time.Second)
	k.join()

	k = newHouse(t)
	if got := k.send(pull.Ask{Incoming: pull.Incoming{Text: "rose-4711-ink", Group: true}}); !strings.Contains(got, "in private") {
		t.Errorf("a group got %q", got)
	}
	k.channel = "assistant"
	if got := k.say("rose-4711-ink"); !strings.HasPrefix(got, "Not here") || len(k.reader.Memberships) > 0 {
		t.Errorf("a program got %q", got)
	}
}

// Whoever holds a token asks in its name, so that it has neither memberships nor subscriptions.
func TestATokenIsNoMember(t *testing.T) {
	k := newHouse(t, func(p *catalogue.Publisher) {
		p.Keywords = append(p.Keywords, catalogue.Keyword{ID: "dossier", Source: "vault", Phrases: map[string][]string{"en": {"dossier"}}, Audience: map[string][]string{"subscriber": {"register"}}})
	})
	by := func(text string) string {
		return k.send(pull.Ask{Reader: "p.+49170", Incoming: pull.Incoming{Text: text, Address: "+49170", Proxied: true}})
	}
	if got := by("rose-4711-ink"); !strings.HasPrefix(got, "Not here") || len(k.reader.Memberships) > 0 {
		t.Errorf("the code got %q", got)
	}
	k.join()
	for _, text := range []string{"insider report", "k:insider", "dossier"} {
		if got := by(text); k.leaks() || strings.Contains(got, "send your membership code") {
			t.Errorf("%q got %q", text, got)
		}
	}
}

// While a person is in charge a code counts without a word, and nobody sees it.
func TestACodeCountsSilentlyWhileAPersonIsInCharge(t *testing.T) {
	for channel, joins := range map[string]bool{"web": true, "asking": false} {
		k := newHouse(t)
		k.channel, k.reader.Mode = channel, who.Human
		if got := k.say("rose-4711-ink"); got != "" || k.last.Trace.Outcome != journal.Silent || k.last.Handed != nil || (len(k.reader.Memberships) > 0) != joins {
			t.Errorf("%s: got %q, %+v, %v", channel, got, k.last.Handed, k.reader.Memberships)
		}
		k.reader.Mode = who.Bot
		if k.say("insider report"); k.leaks() != joins {
			t.Errorf("%s: afterwards %s", channel, k.whole())
		}
	}
}

// Whatever a reader writes with digits in it is no try but what has the form of a code.
func TestOrdinaryWordsAreNoCodes(t *testing.T) {
	k := newHouse(t)
	for range 4 {
		for _, text := range []string{"rechnung nr 4711", "order 12345678", "seat 12b please", "rose-471-ink", "iphone15promax"} {
			if got := k.say(text); strings.HasPrefix(got, "Too many") {
				t.Fatalf("%q got %q", text, got)
			}
		}
	}
	k.join()
}

// Who has tried too many loses no word that is for a person or answers a question, and learns by
// none which code is right.
func TestAfterTooManyCodesWordsStillArrive(t *testing.T) {
	for name, open := range map[string]func(k *house){
		"a person in charge": func(k *house) { k.reader.Mode = who.Human },
		"a person asked for": func(k *house) { k.reader.Mode = who.Waiting },
		"an open question":   func(k *house) { k.say("insidre report") },
	} {
		for _, text := range []string{"rose-4711-ink", "rose-9999-ink", "rechnung nr 4711"} {
			k := newHouse(t)
			for i := range 11 {
				k.say(fmt.Sprintf("rose-%d-ink", 1000+i))
			}
			open(k)
			got := k.say(text)
			if strings.HasPrefix(got, "Too many") || len(k.reader.Memberships) > 0 {
				t.Errorf("%s: %q got %q", name, text, got)
			}
			if h := k.last.Handed; k.reader.Mode == who.Human && (h == nil || h.Said != text) {
				t.Errorf("%s: of %q a person is told %+v", name, text, h)
			}
		}
	}
}

// A code is tried whatever else its words may mean.
func TestATryCountsWhateverElseIsMeant(t *testing.T) {
	k := newHouse(t, func(p *catalogue.Publisher) {
		p.Keywords = append(p.Keywords, catalogue.Keyword{ID: "rose", Source: "exchange", Phrases: map[string][]string{"en": {"rose"}}, Argument: "optional"})
	})
	for i := range 10 {
		k.say(fmt.Sprintf("rose %d ink", 1000+i))
	}
	if got := k.say("rose-4711-ink"); len(k.reader.Memberships) > 0 {
		t.Errorf("the eleventh code got %q", got)
	}
}

func TestOthersAreToldForWhomItIs(t *testing.T) {
	k := newHouse(t)
	if got := k.say("insider report"); !strings.HasPrefix(got, "“insider report” is for members only. If you are one, send") {
		t.Errorf("got %q", got)
	}
	if got := k.say("league table"); !strings.HasPrefix(got, "Ask at the gate.") || k.last.Trace.Outcome != journal.Refused {
		t.Errorf("got %q", got)
	}
	if got := k.say("news"); !strings.HasPrefix(got, "SAP") {
		t.Errorf("who is no member gets %q by the shared phrase", got)
	}
	k.join()
	k.resolver.Past = remembered{}
	if k.say("MYDATA"); !strings.Contains(k.whole(), "Member: Rose Club") {
		t.Errorf("MYDATA is %s", k.whole())
	}
	k.say("FORGET ME")
	k.say("yes")
	if len(k.reader.Memberships) > 0 {
		t.Errorf("FORGET ME leaves %v", k.reader.Memberships)
	}
}

// The outlet's own system says who is a subscriber: it is asked once in a while, and what
// holds while it is down is as set.
func TestSubscribersAreKnownByTheOutlet(t *testing.T) {
	for unsure, want := range map[string]bool{"": false, "teaser": false, "full": true} {
		k := newHouse(t, func(p *catalogue.Publisher) {
			in := map[string][]string{"en": {"dossier"}}
			p.Keywords = append(p.Keywords, catalogue.Keyword{ID: "dossier", Source: "vault", Phrases: in, Unsure: unsure, Audience: map[string][]string{"subscriber": {"register"}}})
		})
		ask := func(address, text string) {
			t.Helper()
			k.send(pull.Ask{Reader: who.Key("p." + address), Incoming: pull.Incoming{Text: text, Address: address}})
		}
		for range 3 {
			for _, text := range []string{"dossier", "k:dossier"} {
				if ask("+49170", text); !k.leaks() {
					t.Fatalf("a subscriber got %s", k.whole())
				}
				if ask("+49171", text); k.leaks() || !strings.Contains(k.whole(), "for subscribers of Paper only") {
					t.Fatalf("another got %s", k.whole())
				}
			}
		}
		if ask("+49170", "MENU"); k.register.asked != 2 {
			t.Errorf("the system was asked %d times", k.register.asked)
		}
		k.register.down, k.at = true, k.at.Add(2*time.Minute)
		if ask("+49170", "dossier"); !k.leaks() {
			t.Errorf("%q: who was a subscriber lately got %s", unsure, k.whole())
		}
		if ask("+49171", "dossier"); k.leaks() {
			t.Errorf("%q: who was none lately got %s", unsure, k.whole())
		}
		if ask("+49172", "dossier"); k.leaks() != want {
			t.Errorf("%q: who was never known got %s", unsure, k.whole())
		}
		k.at = k.at.Add(time.Hour)
		if ask("+49170", "dossier"); k.leaks() != want {
			t.Errorf("%q: after an hour a subscriber got %s", unsure, k.whole())
		}
		k.register.down, k.at = false, k.at.Add(time.Minute)
		if ask("+49170", "dossier"); !k.leaks() {
			t.Errorf("%q: a subscriber got %s", unsure, k.whole())
		}
		k.send(pull.Ask{Reader: "p.+49170", Incoming: pull.Incoming{Text: "dossier", Address: "+49170", Group: true}})
		if k.leaks() {
			t.Error("a group is answered for one of its members")
		}
	}
}

// newFullHouse opens a house where all see a keyword for subscribers while it can't be known who is one.
func newFullHouse(t *testing.T, register *outletSystem) *house {
	t.Helper()
	k := newHouse(t, func(p *catalogue.Publisher) {
		p.Keywords = append(p.Keywords, catalogue.Keyword{ID: "dossier", Source: "vault", Phrases: map[string][]string{"en": {"dossier"}}, Unsure: "full", Audience: map[string][]string{"subscriber": {"register"}}})
	})
	k.register = register
	k.edition = k.open(t)
	return k
}

// askFrom has a reader ask for what is for subscribers, from one address for all.
func (k *house) askFrom(address string) {
	k.send(pull.Ask{Reader: who.Key("p." + address), From: 7, Incoming: pull.Incoming{Text: "dossier", Address: address}})
}

// Only that the outlet's own system is down opens anything: not that it refuses, nor that we do.
func TestOnlyASystemThatIsDownOpens(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"silent":                {&pull.Error{Kind: pull.Unavailable}, true},
		"given up by ourselves": {&pull.Error{Kind: pull.Unavailable, Err: context.Canceled}, false},
		"no turn at it":         {&pull.Error{Kind: pull.Crowded}, false},
		"no new keys":           {&pull.Error{Kind: pull.Spent}, false},
		"left alone":            {&pull.Error{Kind: pull.Limited}, false},
		"an answer of no use":   {&pull.Error{Kind: pull.Unusable}, false},
		"a bad question":        {&pull.Error{Kind: pull.Invalid}, false},
		"broken here":           {errors.New("no memory"), false},
	} {
		k := newFullHouse(t, &outletSystem{fails: c.err})
		for range 2 {
			if k.askFrom("+49171"); k.leaks() != c.want {
				t.Errorf("%s: got %s", name, k.whole())
			}
		}
	}
}

func TestASpentBudgetOpensNothing(t *testing.T) {
	for _, forgets := range []bool{false, true} {
		k := newFullHouse(t, &outletSystem{newKeys: 2, forgets: forgets})
		for range 3 {
			for i := range 6 {
				if k.askFrom(fmt.Sprint("+4980", i)); k.leaks() {
					t.Fatalf("stranger %d got %s after %d were asked for", i, k.whole(), k.register.asked)
				}
			}
			if k.at = k.at.Add(time.Second); k.register.asked == 0 || k.register.asked > 6 {
				t.Errorf("it was asked %d times", k.register.asked)
			}
			k.at = k.at.Add(time.Minute)
		}
	}
}

func TestASystemThatIsNotThereOpensNothing(t *testing.T) {
	k := newFullHouse(t, nil)
	if k.askFrom("+49170"); k.leaks() {
		t.Errorf("got %s", k.whole())
	}
}

// While a person is waited for, or answers, no word of a reader is lost to the count of codes: a
// right code and a wrong one are passed on alike.
func TestWordsForAPersonAreNoCodesBeyondTheLimit(t *testing.T) {
	for _, mode := range []who.Mode{who.Waiting, who.Human} {
		k := newHouse(t)
		for i := range 11 {
			k.say(fmt.Sprintf("rose-%d-ink", 1000+i))
		}
		k.reader.Mode = mode
		for _, text := range []string{"rose-4800-ink", "rose-4711-ink"} {
			if got := k.say(text); strings.HasPrefix(got, "Too many") || len(k.reader.Memberships) > 0 {
				t.Errorf("%s: %q got %q", mode, text, got)
			}
		}
	}
}

// A code with a typing error is none of those that readers move by, whatever its groups.
func TestAMistypedCodeIsNoMoveCode(t *testing.T) {
	for _, text := range []string{"rose-4712-ink", "quay-8813-zinc", "QUAY 8813 ZINC"} {
		k := newHouse(t)
		if got := k.say(text); !strings.HasPrefix(got, "I don't know") {
			t.Errorf("%q got %q", text, got)
		}
	}
}
