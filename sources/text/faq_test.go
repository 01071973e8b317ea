package text_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/who"
	"keypull/sources/sourcetest"
	"keypull/sources/text"
)

func faq(question, answer string, more ...any) values {
	v := values{"questions": []any{question}, "text": answer}
	for i := 0; i+1 < len(more); i += 2 {
		v[more[i].(string)] = more[i+1]
	}
	return v
}

func shop() []any {
	return []any{
		values{"questions": []any{"How long does delivery take?", "When will my parcel arrive?"}, "text": "Two to three days."},
		faq("Do you deliver abroad?", "To all of Europe."),
		faq("How can I pay?", "By card.", "title", "Payment"),
		faq("Wie lange dauert die Lieferung?", "Zwei bis drei Tage.", "language", "de"),
		faq("When are you open?", "From 9 to 17.", "title", "Hours"),
		faq("When are you open?", "Closed for Easter.", "title", "Hours", "from", "2026-04-03T00:00:00Z", "until", "2026-04-06T23:59:59Z"),
	}
}

func TestQuestionsKeepThePromisesOfASource(t *testing.T) {
	sourcetest.Run(t, sourcetest.Case{
		Kind: text.Kind,
		Settings: func(string) map[string]any {
			return values{"answers": append(shop(), faq("Can I pay later?", "Within a month.")), "pasted": "questions,text\nIs there parking?,Behind the house."}
		},
		Query: pull.Query{Argument: "how long does delivery take", Count: 1, Language: "en"},
		Other: "how can i pay", Several: "pay",
		Bad: []sourcetest.Bad{
			{Name: "a table without the answers", Settings: values{"pasted": "questions,text\nWhy?,"}, Field: "pasted"},
			{Name: "a heading without an answer", Settings: values{"pasted": "# Why?\n"}, Field: "pasted"},
			{Name: "a file that is not there", Settings: values{"file": "nowhere.csv"}, Field: "file"},
			{Name: "a language that is none", Settings: values{"answers": []any{values{"text": "x", "language": "English"}}}, Field: "answers[0].language"},
		},
	})
}

func TestWhichQuestionIsAnswered(t *testing.T) {
	source := sourcetest.Open(t, text.Kind, sourcetest.Env(t, ""), values{"answers": shop()})
	s, err := source.Fetch(t.Context(), "text", nil)
	if err != nil {
		t.Fatal(err)
	}
	easter, later := time.Date(2026, 4, 5, 9, 0, 0, 0, time.UTC), time.Date(2026, 4, 7, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		argument, language string
		at                 time.Time
		text               string
		choices            []string
		near               bool
	}{
		"as it was written":         {"How long does delivery take?", "en", later, "Two to three days.", nil, false},
		"its other wording":         {"when will my parcel arrive", "en", later, "Two to three days.", nil, false},
		"among words that ask":      {"hi, how long does the delivery take please", "en", later, "Two to three days.", nil, false},
		"misspelt":                  {"when will my parsel arrive", "en", later, "Two to three days.", nil, false},
		"in another language":       {"wie lange dauern Lieferungen", "de", later, "Zwei bis drei Tage.", nil, false},
		"by its title":              {"payment", "en", later, "By card.", nil, false},
		"while it holds":            {"when are you open", "en", easter, "Closed for Easter.", nil, false},
		"when that is over":         {"when are you open", "en", later, "From 9 to 17.", nil, false},
		"a word of one answer":      {"europe", "en", later, "To all of Europe.", nil, false},
		"what nobody wrote":         {"how tall is the tower", "en", later, "", nil, false},
		"what only comes near":      {"do you deliver on sundays", "en", later, "", []string{"Do you deliver abroad?"}, true},
		"the other way round":       {"why do you not deliver abroad", "en", later, "", []string{"Do you deliver abroad?"}, true},
		"nothing beside the word":   {"", "en", later, "", []string{"How long does delivery take?", "Do you deliver abroad?", "Payment", "Hours"}, false},
		"the list of another":       {"", "de", later, "", []string{"How long does delivery take?", "Do you deliver abroad?", "Payment", "Wie lange dauert die Lieferung?", "Hours"}, false},
		"how much and not how long": {"how much does delivery cost", "en", later, "", []string{"How long does delivery take?"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := source.Select(t.Context(), s, pull.Query{Argument: c.argument, Language: c.language, At: c.at, Count: 1})
			if err != nil {
				t.Fatal(err)
			}
			told, offered := "", []string(nil)
			for _, it := range found.Items {
				told += it.Body
			}
			for _, term := range found.Choices {
				offered = append(offered, term.Names[0])
			}
			if told != c.text || found.Near != c.near || len(c.choices) > 0 && (len(offered) == 0 || offered[0] != c.choices[0]) || !c.near && !slices.Equal(offered, c.choices) {
				t.Errorf("got %q, %q, near %v; want %q, %q, near %v", told, offered, found.Near, c.text, c.choices, c.near)
			}
		})
	}
}

// TestTheListOfQuestionsCanBeAnswered walks a conversation.
func TestTheListOfQuestionsCanBeAnswered(t *testing.T) {
	var answers []any
	for n := range 14 {
		answers = append(answers, faq(fmt.Sprintf("What happens to the parcels of department number %d, please?", n+1), fmt.Sprintf("Answer %d.", n+1)))
	}
	source := sourcetest.Open(t, text.Kind, sourcetest.Env(t, ""), values{"answers": append(answers, shop()[0])})
	cache := pull.NewCache(nil, time.Now)
	t.Cleanup(cache.Close)
	p := catalogue.Publisher{ID: "p", Name: "P", Languages: []string{"en"}, TimeZone: "UTC", Keywords: []catalogue.Keyword{
		{ID: "faq", Source: "faq", Argument: "optional", Bare: true, Phrases: map[string][]string{"en": {"faq", "questions"}}},
		{ID: "news", Source: "faq", Query: "Answer", Phrases: map[string][]string{"en": {"news"}}},
	}}
	terms := map[string]*what.Vocabulary{"faq": what.NewVocabulary(source.(pull.Vocabulary).Terms(nil))}
	e, err := pull.NewEdition(p, map[string]pull.Opened{"faq": {Source: source}}, map[string]pull.Channel{"c": {}}, terms, nil)
	if err != nil {
		t.Fatal(err)
	}
	reader, asks := who.Reader{}, uint64(0)
	ask := func(said string) (string, []pull.Button) {
		asks++
		a := pull.Ask{ID: asks, Publisher: "p", Channel: "c", At: time.Now(), Incoming: pull.Incoming{Text: said, ID: fmt.Sprint(asks)}}
		o := (&pull.Resolver{Cache: cache, Clock: time.Now}).Resolve(t.Context(), pull.Request{Edition: e, Ask: a, Reader: reader})
		reader = o.Reader
		var all []string
		for _, b := range o.Reply.Blocks {
			all = append(all, b.Text)
		}
		return strings.Join(all, "\n"), o.Reply.Buttons
	}
	_, buttons := ask("faq")
	if len(buttons) < 11 || !strings.HasPrefix(buttons[1].Label, "What happens to the parcels") || buttons[10].Label != "More" {
		t.Fatalf("the list is %+v", buttons)
	}
	if got, _ := ask("3"); !strings.Contains(got, "Answer 3.") {
		t.Errorf("its third is %q", got)
	}
	if got, _ := ask(buttons[6].Send); !strings.Contains(got, "Answer 7.") {
		t.Errorf("a tap on its seventh gets %q", got)
	}
	_, _ = ask("faq")
	_, buttons = ask("more")
	if len(buttons) < 5 || len(buttons) > 6 {
		t.Errorf("what follows is %+v", buttons)
	}
	if got, _ := ask("1"); !strings.Contains(got, "Answer 11.") {
		t.Errorf("the first of what follows is %q", got)
	}
	for _, said := range []string{"How long does delivery take?", "hi, how long does delivery take please", "faq when will my parcel arrive", "when will my parsel arrive?"} {
		if got, _ := ask(said); !strings.Contains(got, "Two to three days.") {
			t.Errorf("%q gets %q", said, got)
		}
	}
	got, buttons := ask("faq how much does delivery cost")
	if strings.Contains(got, "Two to three days.") || !strings.Contains(got, "These come nearest") || len(buttons) == 0 {
		t.Errorf("what comes near gets %q with %+v", got, buttons)
	}
	if got, _ := ask("yes"); !strings.Contains(got, "Two to three days.") {
		t.Errorf("yes gets %q", got)
	}
}

func TestQuestionsComeFromTablesAndText(t *testing.T) {
	for name, c := range map[string]struct{ pasted, ask, want, link string }{
		"a table":                    {"questions,text,link\n\"How long? | When?\",\"Two days.\n\nNo more.\",https://example.org/d\n", "when?", "Two days.\n\nNo more.", "https://example.org/d"},
		"a table as people write it": {"\ufeffFrage;Antwort\nWie lange dauert es?;Zwei Tage.\n", "wie lange dauert es", "Zwei Tage.", ""},
		"tabs":                       {"Question\tAnswer\nHow long?\tTwo days.\n", "how long", "Two days.", ""},
		"headings":                   {"# Help\n\nWelcome.\n\n## How long?\n## When? ##\n\nTwo **days**.\n\n- by [bike](https://example.org/b)\n- by car\n\nhttps://example.org/d\n\n## Who?\nWe.\n", "When?", "Two days.\n\n• by bike (https://example.org/b)\n• by car", "https://example.org/d"},
		"parts with headings":        {"# Delivery\n\n## How long? | When?\r\n\r\nTwo days.\r\n# Money\n## How much?\nTen.\n", "How much?", "Ten.", ""},
	} {
		t.Run(name, func(t *testing.T) {
			source := sourcetest.Open(t, text.Kind, sourcetest.Env(t, ""), values{"pasted": c.pasted})
			s, err := source.Fetch(t.Context(), "text", nil)
			if err != nil {
				t.Fatal(err)
			}
			found, err := source.Select(t.Context(), s, pull.Query{Argument: c.ask, Language: "en", Count: 1})
			if err != nil || len(found.Items) != 1 || found.Items[0].Body != c.want || found.Items[0].Link != c.link {
				t.Errorf("got %+v, %v", found, err)
			}
		})
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "faq.md"), []byte("## How long?\nTwo days."), 0o600); err != nil {
		t.Fatal(err)
	}
	source := sourcetest.Open(t, text.Kind, sourcetest.Env(t, folder), values{"file": "faq.md"})
	if terms := source.(pull.Vocabulary).Terms(nil); len(terms) != 1 || terms[0].Names[0] != "How long?" {
		t.Errorf("the file holds %+v", terms)
	}
}

func TestWhatIsWrongIsToldByLine(t *testing.T) {
	for pasted, want := range map[string][]string{
		"questions,text,from\nA?,x,\nB?,,\nC?,y,tomorrow\n": {"Line 3: text: ", "Line 4: from: "},
		"questions,txt\nA?,x\n":                             {"Line 1: There is no column “txt”; did you mean “text”?"},
		"## A?\nx\n\n## B?\n\n# C\n## D?\n":                 {"Line 4: this question has no answer below it", "Line 7: this question"},
	} {
		err := settings.Fill(text.Kind.New(), values{"pasted": pasted})
		for _, part := range want {
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("%q is told as\n%v\nwithout %q", pasted, err, part)
			}
		}
	}
}

func FuzzPasted(f *testing.F) {
	for _, seed := range []string{"questions,text\nA?,x\n", "# A\n## B | C\nx [y](https://example.org)\n", "\"", "#\n# \n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, pasted string) {
		s := text.Kind.New()
		if settings.Fill(s, values{"pasted": pasted}) != nil {
			return
		}
		source, err := s.Open(sourcetest.Env(t, ""))
		if err != nil {
			return
		}
		snapshot, err := source.Fetch(t.Context(), "text", nil)
		if err != nil {
			t.Fatal(err)
		}
		sourcetest.Inspect(t, snapshot.Items)
		if _, err := source.Select(t.Context(), snapshot, pull.Query{Argument: pasted, Count: 1}); err != nil {
			t.Fatal(err)
		}
	})
}
