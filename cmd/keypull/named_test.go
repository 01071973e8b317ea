package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/pull/who"
	"keypull/sources"
	"keypull/sources/quote"
	"keypull/sources/recipe"
	"keypull/sources/sourcetest"
)

// dishes are the pages of a small site of recipes: name and day.
var dishes = map[string][2]string{
	"1": {"Gâteau au chocolat", "2026-01-05"}, "2": {"Mousse au chocolat", "2026-01-04"}, "3": {"Ratatouille", "2026-01-09"},
	"4": {"Tiramisu", "2025-05-01"}, "5": {"Tiramisu", "2024-04-02"}, "6": {"Tarte aux pommes", "2026-01-03"},
	"7": {"Tarte aux poires", "2026-01-02"}, "8": {"Tarte aux prunes", "2026-01-01"}, "9": {"Tarte au citron", "2025-12-01"},
}

// counter is where a reader asks for recipes and quotes.
type counter struct {
	t        *testing.T
	edition  *pull.Edition
	resolver *pull.Resolver
	reader   who.Reader
	asked    uint64
	last     pull.Resolved
}

func newCounter(t *testing.T, keywords ...catalogue.Keyword) *counter {
	t.Helper()
	env := sourcetest.Env(t, "")
	env.Client = outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
		id := r.URL[strings.LastIndexAny(r.URL, "/=")+1:]
		body := fmt.Sprintf(`{"@type":"Recipe","name":%q,"datePublished":%q,"recipeInstructions":"Make the %s."}`, dishes[id][0], dishes[id][1], id)
		if strings.Contains(r.URL, "quote") {
			body = `{"price":10}`
		}
		return outside.Response{Status: http.StatusOK, URL: r.URL, Header: http.Header{}, Body: []byte(body)}, nil
	}})
	var pages []any
	for id := range dishes {
		pages = append(pages, "https://site.example/"+id)
	}
	opened, terms := map[string]pull.Opened{}, map[string]*what.Vocabulary{}
	for id, s := range map[string]struct {
		kind     sources.Kind
		settings map[string]any
	}{
		"recipes": {recipe.Kind, map[string]any{"urls": pages}},
		"free":    {quote.Kind, map[string]any{"url": "https://site.example/quote?s={symbol}", "price": "price"}},
		"quotes": {quote.Kind, map[string]any{"url": "https://site.example/quote?s={symbol}", "price": "price", "symbols": []any{
			map[string]any{"symbol": "TATAMOTORS", "name": "Tata Motors Limited"}, map[string]any{"symbol": "TATASTEEL", "name": "Tata Steel Limited"},
			map[string]any{"symbol": "WIPRO", "name": "Wipro Limited"},
		}}},
	} {
		source := sourcetest.Open(t, s.kind, env, s.settings)
		opened[id] = pull.Opened{Source: source}
		var last *pull.Snapshot
		if id == "recipes" {
			snapshot, err := source.Fetch(t.Context(), "book", nil)
			if err != nil {
				t.Fatal(err)
			}
			last = &snapshot
		}
		terms[id] = what.NewVocabulary(source.(pull.Vocabulary).Terms(last))
	}
	p := catalogue.Publisher{ID: "p", Name: "Paper", Languages: []string{"fr", "en"}, TimeZone: "Europe/Paris", Keywords: keywords}
	e, err := pull.NewEdition(p, opened, map[string]pull.Channel{"web": {}}, terms, nil)
	if err != nil {
		t.Fatal(err)
	}
	cache := pull.NewCache(nil, time.Now)
	t.Cleanup(cache.Close)
	return &counter{t: t, edition: e, resolver: &pull.Resolver{Cache: cache, Clock: time.Now}, reader: who.Reader{First: time.Unix(1, 0)}}
}

func (c *counter) say(text string) string {
	return c.send(pull.Ask{Incoming: pull.Incoming{Text: text}})
}

// send returns what a reader sees: words, and buttons in brackets.
func (c *counter) send(a pull.Ask) string {
	c.t.Helper()
	c.asked++
	a.ID, a.Publisher, a.Channel, a.At, a.Language = c.asked, "p", "web", time.Now(), "en"
	c.last = c.resolver.Resolve(c.t.Context(), pull.Request{Edition: c.edition, Ask: a, Reader: c.reader})
	c.reader = c.last.Reader
	var seen []string
	for _, b := range c.last.Reply.Blocks {
		seen = append(append(seen, b.Text), b.Lines...)
	}
	for _, b := range c.last.Reply.Buttons {
		if len(b.Send) > 64 {
			c.t.Errorf("the button %q sends %d bytes", b.Label, len(b.Send))
		}
		seen = append(seen, "["+b.Label+"]")
	}
	text := strings.Join(seen, " ")
	if strings.Contains(text, "https://site") || strings.Contains(text, "[1]") {
		c.t.Errorf("%q shows an id: %q", a.Text, text)
	}
	return text
}

func named(id, source, argument, query string, phrases ...string) catalogue.Keyword {
	return catalogue.Keyword{ID: id, Source: source, Argument: argument, Query: query, Count: 1, Phrases: map[string][]string{"fr": phrases, "en": phrases}}
}

func TestAKeywordOfASourceLookedUpByNameIsItsOwnArgument(t *testing.T) {
	c := newCounter(t,
		named("gateau", "recipes", "none", "", "gâteau au chocolat"),
		named("cake", "recipes", "optional", "", "chocolate cake", "gateau chocolat"),
		named("newest", "recipes", "none", "*", "nouveau"),
		named("either", "recipes", "optional", "*", "recette"),
		named("pizza", "recipes", "none", "", "pizza"),
		named("dish", "recipes", "optional", "", "plat"),
		named("sweet", "recipes", "none", "", "chocolat"),
		named("wipro", "quotes", "none", "", "Wipro"),
		named("stock", "quotes", "optional", "", "cours"),
		named("tsla", "free", "none", "", "tsla"),
		named("course", "free", "optional", "", "bourse"),
	)
	for _, tt := range []struct{ ask, want string }{
		{"gâteau au chocolat", "Gâteau au chocolat Method"}, {"GATEAU AU CHOCOLAT", "Gâteau au chocolat Method"},
		{"chocolate cake", "Gâteau au chocolat Method"}, {"nouveau", "Ratatouille"}, {"recette", "Ratatouille"}, {"recette citron", "Tarte au citron"},
		{"pizza", "“pizza” has nothing to tell right now"}, {"plat", "Which one? For example: Ratatouille, "},
		{"plat citron", "Tarte au citron"}, {"chocolat", "Several entries fit “chocolat”"},
		{"wipro", "WIPRO 10"}, {"cours", "Which one? For example: "}, {"tsla", "TSLA 10"}, {"bourse", "Send “bourse”"}, {"bourse abc", "ABC 10"},
	} {
		if got := c.say(tt.ask); !strings.Contains(got, tt.want) {
			t.Errorf("%q is answered %q; want %q", tt.ask, got, tt.want)
		}
	}
	// What a recipe was found not to be is not offered as that.
	for _, dish := range []string{"Gâteau au chocolat", "Mousse au chocolat"} {
		if got := c.say("recette " + dish + " végan"); !strings.Contains(got, "has nothing about") && !strings.Contains(got, "n'a rien") || strings.Contains(got, "["+dish) {
			t.Errorf("%q, and vegan, is answered %q", dish, got)
		}
	}
}

func TestWhereSeveralFitReadersAreAsked(t *testing.T) {
	bare := named("recipe", "recipes", "optional", "*", "recette")
	bare.Bare = true
	stock := named("stock", "quotes", "optional", "", "cours")
	stock.Bare = true
	const asked = "Several entries fit “chocolat”. Which one do you mean? [Gâteau au chocolat] [Mousse au chocolat]"
	for _, answer := range []string{"2", "mousse", "mousse au chocolat", "recette Mousse au chocolat", "the second"} {
		c := newCounter(t, bare, stock) // who chose it twice is asked no more
		if got := c.say("recette chocolat"); got != asked {
			t.Fatalf("got %q", got)
		}
		if c.last.Trace.Outcome != journal.Offered {
			t.Errorf("the outcome is %q", c.last.Trace.Outcome)
		}
		if got := c.say(answer); !strings.HasPrefix(got, "Mousse au chocolat") {
			t.Errorf("%q is answered %q", answer, got)
		}
	}
	c := newCounter(t, bare, stock)
	c.say("recette chocolat")
	tap := c.last.Reply.Buttons[0].Send
	if got := c.send(pull.Ask{Incoming: pull.Incoming{Tap: tap}}); !strings.HasPrefix(got, "Gâteau au chocolat") {
		t.Errorf("a tap is answered %q", got)
	}
	for _, tt := range []struct{ ask, want string }{
		{"chocolat", "[Gâteau au chocolat] [Mousse au chocolat]"},
		{"recette tarte", "4 entries fit “tarte”. Is it one of these? One more word narrows it down."},
		{"recette tarte citron", "Tarte au citron"},
		{"recette tiramisu", "[Tiramisu (2025-05-01)] [Tiramisu (2024-04-02)]"},
		{"2", "Tiramisu Method Make the 5."},
		{"tiramisu 2025-05-01", "Make the 4."},
		{"cours tata", "Several entries fit “tata”. Which one do you mean? [Tata Steel Limited] [Tata Motors Limited]"},
		{"1", "TATASTEEL 10"},
		{"cours tata motors", "TATAMOTORS 10"},
		{"tata", "[Tata Steel Limited] [Tata Motors Limited]"},
		{"cours tesla", "There is no “tesla” in “cours”"},
		{"recette sushi", "“recette” has nothing about “sushi”"},
		{"recette enregistrer sauvegarder", "I don't know “enregistrer sauvegarder”. Do you mean “enregistre recette”? [enregistre recette] [MENU]"},
	} {
		if got := c.say(tt.ask); !strings.Contains(got, tt.want) {
			t.Errorf("%q is answered %q; want %q", tt.ask, got, tt.want)
		}
	}
}

// What is left out is no part of a name, so that it tells the language.
func TestWhatIsLeftOutTellsTheLanguage(t *testing.T) {
	bare := named("recipe", "recipes", "optional", "*", "recette")
	bare.Bare = true
	c := newCounter(t, bare)
	for _, ask := range []string{"gâteau au chocolat sans oeufs", "mousse au chocolat sans beurre ni crème"} {
		c.say(ask)
		if got := c.last.Reply.Language; got != "fr" {
			t.Errorf("%q is answered in %s", ask, got)
		}
	}
}

func TestACountThatTakesAllThatFitIsNoQuestion(t *testing.T) {
	all := named("recipe", "recipes", "optional", "*", "recette")
	all.Count = 2
	c := newCounter(t, all)
	if got := c.say("recette chocolat"); !strings.HasPrefix(got, "Gâteau au chocolat") || !strings.Contains(got, "Mousse au chocolat") {
		t.Errorf("got %q", got)
	}
}
