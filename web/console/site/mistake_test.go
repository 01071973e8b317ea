package site_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/web/console"
)

// fileWords are what only files and programs call things.
var fileWords = regexp.MustCompile(`\b(tie = |max_age|new_keys|as_of|stale_if_error|time_zone|IANA|BCP|RFC \d|argument = |urls\b|settings\.|_file\b|TOML|cidr)`)

// An editor who makes a mistake is told what to do in one sentence, in the words
// of the form.
func TestAMistakeInAFormIsToldInItsOwnWords(t *testing.T) {
	r, ann, world := atWork(t)
	r.trials.source = nil
	const feedNew, quoteNew, textNew, word = "sources/new?kind=feed", "sources/new?kind=quote", "sources/new?kind=text", "keywords/new"
	symbol := world + "/q?s={symbol}"
	for _, tt := range []struct {
		name, page string
		fields     []string
		says       string
	}{
		{"no address", feedNew, nil, "Address: Fill this in"},
		{"words for an address", feedNew, []string{"settings.url", "our news"}, "Write a whole address that begins with http:// or https://"},
		{"a mail address", feedNew, []string{"settings.url", "me@example.org"}, "Write a whole address"},
		{"another protocol", feedNew, []string{"settings.url", "ftp://example.org/feed"}, "Write a whole address"},
		{"too many items", feedNew, []string{"settings.url", world, "settings.items", "5000"}, "Items: Write 2000 or less"},
		{"a word for a number", feedNew, []string{"settings.url", world, "settings.items", "many"}, "Items: Write a whole number, such as 3"},
		{"a duration without its unit", feedNew, []string{"settings.url", world, "max_age", "60"}, "Fresh for: Write the unit too"},
		{"a duration in words", feedNew, []string{"settings.url", world, "max_age", "an hour"}, "Fresh for: Write a duration with its unit"},
		{"an odd schedule", feedNew, []string{"settings.url", world, "refresh", "often"}, "Fetch ahead: Write a cron line"},
		{"a short name with blanks", feedNew, []string{"settings.url", world, "id", "My feed"}, "Short name: Write 1 to 32 small letters"},
		{"a short name that is taken", feedNew, []string{"settings.url", world, "id", "news"}, "Short name: The id “news” is taken already; choose another"},
		{"no place for the symbol", quoteNew, []string{"settings.url", world + "/q"}, "Address: Write {symbol} in place of the symbol"},
		{"the symbol in the host", quoteNew, []string{"settings.url", "https://{symbol}.example.org/"}, "Address: "},
		{"a path that is none", quoteNew, []string{"settings.url", symbol, "settings.price", "$["}, "Price: This is no JSON path; write names with points between them"},
		{"a place that is none", quoteNew, []string{"settings.url", symbol, "settings.as_of_zone", "Atlantis"}, "Choose a time zone by its city"},
		{"a symbol without one", quoteNew, []string{"settings.url", symbol, "settings.symbols[0].name", "Acme"}, "Symbol: Fill this in"},
		{"no answer", textNew, nil, "Answers: There is no answer yet"},
		{"an answer that says nothing", textNew, []string{"settings.answers[0].title", "Hours"}, "Text: Fill this in"},
		{"an answer that ends first", textNew, []string{"settings.answers[0].text", "x", "settings.answers[0].from", "2027-01-02T00:00", "settings.answers[0].until", "2027-01-01T00:00"}, "ends before it begins; put “"},
		{"a link that is none", textNew, []string{"settings.answers[0].text", "x", "settings.answers[0].link", "see below"}, "Write a whole address"},
		{"no word", word, []string{"source", "news"}, "Which word shall readers send?: Fill this in"},
		{"no source", word, []string{"phrases.en", "x ray"}, "Source: Fill this in"},
		{"a source that is not there", word, []string{"phrases.en", "x ray", "source", "newz"}, "did you mean “news”"},
		{"the word that stops", word, []string{"phrases.en", "stop", "source", "news"}, "must always let readers stop; choose another phrase"},
		{"too many items of one", word, []string{"phrases.en", "x ray", "source", "news", "count", "50"}, "How many items: Write 10 or less"},
		{"odd hours", word, []string{"phrases.en", "x ray", "source", "news", "hours", "in the morning"}, "Write days and hours, such as mon-fri 09:15-15:30"},
		{"it ends first", word, []string{"phrases.en", "x ray", "source", "news", "from", "2027-01-02T00:00", "until", "2027-01-01T00:00"}, "put “Ends” after “Begins”"},
		{"a moment that is none", word, []string{"phrases.en", "x ray", "source", "news", "from", "soon"}, "Begins: Write a moment"},
		{"a template that does not close", word, []string{"phrases.en", "x ray", "source", "news", "reply_mode", "template", "template.all", "{{ item.title"}, "is not closed; write"},
		{"a name that the template does not have", word, []string{"phrases.en", "x ray", "source", "news", "reply_mode", "template", "template.all", "{{ titel }}"}, "there is no “titel”"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			form := ann.changed(room+tt.page, tt.fields...)
			section := strings.SplitN(tt.page, "/", 2)[0]
			p := ann.submit(room+section, form).wants(t, http.StatusUnprocessableEntity).page(t)
			p.says("summary", tt.says)
			if found := fileWords.FindString(said(p.by("summary"))); found != "" {
				t.Errorf("the form speaks of %q: %s", found, said(p.by("summary")))
			}
		})
	}
}

func TestADoubtIsToldInTheWordsOfTheForm(t *testing.T) {
	_, ann, _ := atWork(t)
	form := ann.changed(room+"keywords/new", "phrases.en", "news", "source", "news")
	ann.submit(room+"keywords/check", form).wants(t, http.StatusOK, "set “Shared on purpose” on both").lacks(t, "tie = true")
}

func TestAnAddressIsLookedAtAndTaken(t *testing.T) {
	r, ann, world := atWork(t)
	r.trials.found = func(address, argument string) (console.Discovery, error) {
		if strings.Contains(address, "{symbol}") && argument == "" {
			return console.Discovery{}, &pull.Error{Kind: pull.Invalid, Field: "argument", Hint: words.Text{Key: "source.argument_needed", Args: words.Args{"placeholder": "{symbol}"}}}
		}
		return console.Discovery{Address: "http://" + strings.TrimPrefix(address, "http://"), Found: []console.Found{
			{Kind: "feed", Title: "The Valley Post", Form: "Atom", Shows: []string{"Bridge opens"}, Settings: map[string]any{"url": world + "/feed.xml?all=1"}, Phrase: words.Verbatim("news")},
			{Kind: "quote", Title: "api", Settings: map[string]any{"url": world + "/q?s={symbol}"}, Open: []string{"price"}, Phrase: words.Verbatim("price"), Needs: true, Argument: "ACME"},
		}}, nil
	}
	ann.get(room+"sources/new").wants(t, http.StatusOK, "Paste an address")
	box := func(address string) answer { return ann.post(room+"sources/discover", "address", address) }
	box("").wants(t, http.StatusUnprocessableEntity, "Fill this in")
	box(world+"/{symbol}").wants(t, http.StatusUnprocessableEntity, "something that stands there", `name="argument"`)
	page := box("valley.example").wants(t, http.StatusOK, "Found: 2 sources", "The Valley Post", "Bridge opens", "Use its feed", "Choose the values", "https:// or http:// was added").page(t)
	card := url.Values{}
	for _, n := range page.all(func(n *html.Node) bool { kind, _ := attribute(n, "type"); return n.Data == "input" && kind == "hidden" }) {
		name, _ := attribute(n, "name")
		value, _ := attribute(n, "value")
		if strings.HasPrefix(name, "_") || !card.Has(name) {
			card[name] = append(card[name], value)
		}
	}
	if card.Get("_keyword_phrase") != "the valley post" || card.Get("settings.url") != world+"/feed.xml?all=1" {
		t.Fatalf("the card of the feed is %v", card)
	}
	ann.submit(room+"sources", card).leads(t, room+"keywords/new?argument=optional&phrase=the+valley+post&source=the-valley-post&done=source_saved_first")
	next := ann.get(room+"keywords/new?argument=optional&phrase=the+valley+post&source=the-valley-post").wants(t, http.StatusOK).page(t).form("thing")
	if next.Get("phrases.en") != "the valley post" || next.Get("source") != "the-valley-post" {
		t.Errorf("the keyword begins with %v", next)
	}
}

func TestAValueIsChosenInTheAnswer(t *testing.T) {
	r, ann, _ := atWork(t)
	r.trials.source = func(s catalogue.Source, q pull.Query) console.Trial {
		if q.Argument == "" {
			return console.Trial{Err: &pull.Error{Kind: pull.Invalid, Field: "argument", Hint: words.Verbatim("a symbol is needed")}}
		}
		settingsOf, price := s.Settings, ""
		if settingsOf["price"] == "data.price" {
			price = "12.40"
		}
		trial := console.Trial{Places: []settings.Place{{Name: "data"}, {Path: "data.price", Name: "price", Value: "12.40", Depth: 1}}}
		if price == "" {
			trial.Err = &pull.Error{Kind: pull.Unusable, Field: "price", Hint: words.Verbatim("there is nothing")}
			return trial
		}
		trial.Items = []what.Item{{ID: "ACME", Title: price}}
		return trial
	}
	form := ann.changed(room+"sources/new?kind=quote", "settings.url", "api.example.org/{symbol}", "settings.price", "last")
	ann.submit(room+"sources/try", form).wants(t, http.StatusOK, "Symbol to begin with", "A symbol is needed")
	form.Set("_try_argument", "ACME")
	ann.submit(room+"sources/try", form).wants(t, http.StatusUnprocessableEntity, "There is nothing", "What the service answered", `value="data.price"`, "12.40")
	form.Set("_spot", "settings.price")
	form.Set("_pick", "data.price")
	p := ann.submit(room+"sources/try", form).wants(t, http.StatusOK, "It works").page(t)
	if got := p.form("thing"); got.Get("settings.price") != "data.price" || got.Get("settings.url") != "https://api.example.org/{symbol}" || got.Get("_try_argument") != "ACME" {
		t.Errorf("the form is %v", got)
	}
}
