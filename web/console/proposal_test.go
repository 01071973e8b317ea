package console_test

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
	"keypull/pull/words"
	"keypull/web/console"
)

// TestWhatIsProposedCanBePublishedAsItStands has more than fits, names that are
// taken, and topics that no keyword may have.
func TestWhatIsProposedCanBePublishedAsItStands(t *testing.T) {
	pub := catalogue.Publisher{
		ID: "valley", Languages: []string{"en", "de"},
		Sources:  []catalogue.Source{{ID: "old", Kind: "feed"}},
		Keywords: []catalogue.Keyword{{ID: "sport", Source: "old", Phrases: map[string][]string{"en": {"sport"}}}},
	}
	found := console.Discovery{Address: "https://example.org/", Language: "de-AT", Found: []console.Found{
		{Kind: "feed", Title: "Talbote", StaleIfError: 24 * time.Hour, Settings: map[string]any{"url": "https://example.org/feed"}, Phrase: words.Verbatim("news"),
			Topics: []string{"Sport", "Stop", "Politik", "Wirtschaft", "X"}, Count: 3},
		{Kind: "feed", Title: "Talbote Sport", Settings: map[string]any{"url": "https://example.org/sport/feed"}, Phrase: words.Verbatim("sport")},
		{Kind: "table", Title: "Linie 7: Bahnhof – Klinik", Settings: map[string]any{"url": "https://example.org/linie-7"}, Phrase: words.Verbatim("Linie 7: Bahnhof – Klinik")},
	}}
	found.Found[0].Topics = append(found.Found[0].Topics, strings.Fields("Gemeinderat Landwirtschaft Theater Handball Feuerwehr Verkehr Schulen Gesundheit Kirche "+
		"Vereine Wirtshaus Museum Konzerte Almabtrieb Wanderwege Bergrettung Jagd Fischerei Tourismus Skigebiet Imkerei Musikkapelle Volksschule Bücherei Markttag "+
		"Krankenhaus Polizei Gericht Energie Holzbau Wasserkraft Gastronomie Leserbriefe Kinderseite")...)
	out := console.Proposed(t.Context(), found, pub)
	if len(out.Sources) != 3 || len(out.Keywords) > 30 || len(out.Keywords) < 10 {
		t.Fatalf("%d sources and %d keywords", len(out.Sources), len(out.Keywords))
	}
	if out.Sources[0]["stale_if_error"] != "1d" || out.Sources[1]["stale_if_error"] != nil {
		t.Errorf("for how long the last good answers are told: %v", out.Sources)
	}
	var phrases []string
	whole := pub
	for _, d := range out.Keywords {
		k := catalogue.Keyword{ID: d["id"].(string), Source: d["source"].(string), Argument: d["argument"].(string), Phrases: map[string][]string{}}
		for tag, list := range d["phrases"].(map[string]any) {
			for _, one := range list.([]any) {
				k.Phrases[tag] = append(k.Phrases[tag], one.(string))
				phrases = append(phrases, tag+" "+one.(string))
			}
		}
		whole.Keywords = append(whole.Keywords, k)
	}
	for _, d := range out.Sources {
		whole.Sources = append(whole.Sources, catalogue.Source{ID: d["id"].(string), Kind: d["kind"].(string)})
	}
	for _, f := range catalogue.Check(whole, nil) {
		if f.Severity == catalogue.Error || f.Code != "dead-source" {
			t.Errorf("the linter says of what is proposed: %s %s", f.Path, f.Message)
		}
	}
	for _, want := range []string{"de politik", "de wirtschaft", "en linie 7"} {
		if !slices.Contains(phrases, want) {
			t.Errorf("%q is not proposed among %q", want, phrases)
		}
	}
	for _, never := range []string{"en sport", "de sport", "de stop", "en stop", "de x"} {
		if slices.Contains(phrases, never) {
			t.Errorf("%q is proposed", never)
		}
	}
}

// onTrial is a publisher on trial that answers everything, and notes what it was asked.
type onTrial struct {
	held  console.Held
	ids   []string
	asked []string
}

func (o *onTrial) Source(context.Context, string, string) console.Held { return o.held }
func (o *onTrial) Close() error                                        { return nil }

func (o *onTrial) Publish(keywords []catalogue.Keyword) error {
	for _, k := range keywords {
		o.ids = append(o.ids, k.ID)
	}
	return nil
}

func (o *onTrial) Ask(_ context.Context, text, _ string) pull.Resolved {
	o.asked = append(o.asked, text)
	r := pull.Resolved{}
	r.Trace.Outcome, r.Trace.What.Keyword = journal.Answered, o.ids[0]
	return r
}

// TestNewsIsAskedForByANameOnTrial holds that the example of what it is to know is no verb.
func TestNewsIsAskedForByANameOnTrial(t *testing.T) {
	for title, want := range map[string]string{
		"Vale equalised against Nordlach 2:2": "news Nordlach", "bridge closed for repairs": "news repairs", "橋が閉鎖": "news 橋が閉鎖",
	} {
		stage := &onTrial{held: console.Held{Items: []what.Item{{Title: title, Link: "https://vale.example/a"}}, Enough: true}}
		found := console.Discovery{Address: "https://vale.example/", Language: "en", Found: []console.Found{{Kind: "feed", Title: "Vale", Settings: map[string]any{"url": "https://vale.example/feed"}, Phrase: words.Verbatim("news")}}}
		found.Rehearse = func(context.Context, catalogue.Publisher) (console.Rehearsal, error) { return stage, nil }
		console.Proposed(t.Context(), found, catalogue.Publisher{ID: "vale", Languages: []string{"en"}})
		if !slices.Contains(stage.asked, want) {
			t.Errorf("of %q it is asked %q, want %q", title, stage.asked, want)
		}
	}
}

// TestHoursAndPricesOfOneThingAreAskedForBesideIt holds that where several pages tell prices, those of one thing
// are asked for by it, as its hours are.
func TestHoursAndPricesOfOneThingAreAskedForBesideIt(t *testing.T) {
	found := console.Discovery{Address: "https://vale.example/", Language: "en", Found: []console.Found{
		{Kind: "calendar", Title: "Pool", Settings: map[string]any{"hours": "1"}, Phrase: words.Text{Key: "asked.hours"}, Subject: "Pool"},
		{Kind: "table", Title: "Pool", Settings: map[string]any{"url": "https://vale.example/pool"}, Phrase: words.Verbatim("pool"), Called: "Prices", Subject: "Pool", Also: []string{"pool", "prices", "price"}, Prices: true},
		{Kind: "table", Title: "Canteen", Settings: map[string]any{"url": "https://vale.example/canteen"}, Phrase: words.Verbatim("canteen"), Prices: true},
	}}
	out := console.Proposed(t.Context(), found, catalogue.Publisher{ID: "vale", Languages: []string{"en"}})
	for i, want := range []string{"[pool opening hours", "[pool ", "[canteen"} {
		phrases, _ := out.Keywords[i]["phrases"].(map[string]any)
		said := fmt.Sprint(phrases["en"])
		if !strings.HasPrefix(said, want) || i == 1 && !strings.Contains(said, "prices pool") || strings.Contains(said, "how much is it") {
			t.Errorf("it is asked for by %s, which begins otherwise than %s", said, want)
		}
	}
}

// TestPartsOfAPageAreAskedForBesideIt holds that what stands below one heading of a page is called by that beside what
// the page is about, and that of two with the same name the texts take one of their headings in place of a number.
func TestPartsOfAPageAreAskedForBesideIt(t *testing.T) {
	at := map[string]any{"url": "https://vale.example/cinema"}
	found := console.Discovery{Address: "https://vale.example/", Language: "en", Found: []console.Found{
		{Kind: "table", Title: "Prices", Settings: at, Phrase: words.Verbatim("prices"), Subject: "Cinema", Part: true, Prices: true},
		{Kind: "table", Title: "Rex Grumbold", Settings: at, Phrase: words.Verbatim("rex grumbold"), Subject: "Cinema", Part: true},
		{Kind: "page", Title: "Cinema", Settings: at, Phrase: words.Verbatim("cinema"), Guess: true},
		{Kind: "page", Title: "Cinema", Settings: map[string]any{"url": "https://vale.example/cinema-2"}, Phrase: words.Verbatim("cinema"), Guess: true, Shows: []string{"Cinema", "Gift vouchers"}},
	}}
	out := console.Proposed(t.Context(), found, catalogue.Publisher{ID: "vale", Languages: []string{"en"}})
	for i, want := range []string{"[cinema prices prices cinema", "[rex grumbold cinema rex grumbold", "[cinema]", "[cinema gift vouchers]"} {
		phrases, _ := out.Keywords[i]["phrases"].(map[string]any)
		if said := fmt.Sprint(phrases["en"]); !strings.HasPrefix(said, want) {
			t.Errorf("it is asked for by %s, which begins otherwise than %s", said, want)
		}
	}
}

// TestThePagesNamesAskForItsData holds that what a page is called asks for what it tells, but for what another page is
// called by, too, and what readers ask an outlet for.
func TestThePagesNamesAskForItsData(t *testing.T) {
	table := func(at string, phrase string, names ...string) console.Found {
		return console.Found{Kind: "table", Title: phrase, Settings: map[string]any{"url": "https://bank.example" + at}, Phrase: words.Verbatim(phrase), Names: names}
	}
	found := console.Discovery{Address: "https://bank.example/", Language: "en", Found: []console.Found{
		table("/mortgage/rates", "mortgages", "Mortgage rates: by bank", "rates"),
		table("/savings/rates", "savings", "Savings rates", "opening hours"),
	}, Rehearse: func(context.Context, catalogue.Publisher) (console.Rehearsal, error) {
		return &onTrial{held: console.Held{Items: []what.Item{{Title: "Marsh bank", Summary: "3 %"}}}}, nil
	}}
	var got []any
	for _, k := range console.Proposed(t.Context(), found, catalogue.Publisher{ID: "bank", Languages: []string{"en"}}).Keywords {
		got = append(got, k["phrases"].(map[string]any)["en"])
	}
	if want := `[[mortgages mortgage rates mortgage home loan rates mortgage rate] [savings savings rates savings account savings interest best savings rate]]`; fmt.Sprint(got) != want {
		t.Errorf("they are asked for by %v, want %s", got, want)
	}
}

// TestSourcesOfOnePageAreToldApart holds that what one page holds is called by its words, where it would be called alike.
func TestSourcesOfOnePageAreToldApart(t *testing.T) {
	found := console.Discovery{Address: "https://mill.example/", Language: "en", Found: []console.Found{
		{Kind: "text", Title: "Fell Mill", Settings: map[string]any{"answers": "1"}, Phrase: words.Verbatim("contact")},
		{Kind: "calendar", Title: "Fell Mill", Settings: map[string]any{"hours": "2"}, Phrase: words.Verbatim("opening hours")},
		{Kind: "table", Title: "Prices", Settings: map[string]any{"url": "https://mill.example/prices"}, Phrase: words.Verbatim("prices")},
	}}
	out := console.Proposed(t.Context(), found, catalogue.Publisher{ID: "mill", Languages: []string{"en"}})
	var titles []any
	for _, d := range out.Sources {
		titles = append(titles, d["title"])
	}
	if want := []any{"Fell Mill: contact", "Fell Mill: opening hours", "Prices"}; !slices.Equal(titles, want) {
		t.Errorf("the sources are called %v, want %v", titles, want)
	}
}
