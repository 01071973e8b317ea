package pull_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/catalogue"
)

// outlet returns the publisher of the tests with keywords of one language each.
func outlet() catalogue.Publisher {
	p := publisher()
	p.Featured = []string{"nowhere", "soon", "quote", "paper-en", "paper-de"}
	for _, k := range []struct{ id, language, phrase string }{
		{"about-de", "de", "über uns"}, {"about-en", "en", "about us"}, {"about-fr", "fr", "à propos"}, {"paper-en", "en", "paper"}, {"paper-de", "de", "Zeitung"},
	} {
		p.Keywords = append(p.Keywords, catalogue.Keyword{ID: k.id, Source: "exchange", Query: "SAP", Phrases: map[string][]string{k.language: {k.phrase}}})
	}
	return p
}

func TestTheMenuIsInTheReadersLanguageWithTheBestFirst(t *testing.T) {
	for _, tt := range []struct{ language, menu, begins, has, lacks string }{
		{"en", "MENU", "Paper answers to: | [Wipro Limited] | [paper] | [quote] |", "[about us]", "[über uns]"},
		{"de", "MENU", "Paper antwortet auf: | [Wipro Limited] | [Zeitung] | [Kurs] |", "[über uns]", "[about us]"},
		{"fr", "MENU", "Paper répond à : | [Wipro Limited] | [cours] |", "[à propos]", "[about us]"},
	} {
		k := newTalk(t)
		var err error
		if k.edition, err = k.edit(outlet()); err != nil {
			t.Fatal(err)
		}
		k.reader.Language = tt.language
		got := labels(k.say(tt.menu)) + labels(k.say("c:menu:1"))
		if !strings.HasPrefix(got, tt.begins) || !strings.Contains(got, tt.has) || strings.Contains(got, tt.lacks) {
			t.Errorf("%s: %s", tt.language, got)
		}
		if strings.Count(strings.ToLower(got), "[paper]")+strings.Count(strings.ToLower(got), "[zeitung]") > 1 {
			t.Errorf("%s: what is put first stands there twice: %s", tt.language, got)
		}
	}
}

func TestAMenuWithoutAWordOfTheReadersLanguageIsInThePublishersOwn(t *testing.T) {
	k := newTalk(t)
	p := publisher()
	p.Keywords = nil
	for i := range 12 {
		p.Keywords = append(p.Keywords, catalogue.Keyword{ID: fmt.Sprintf("k%02d", i), Source: "exchange", Query: "SAP", Phrases: map[string][]string{"en": {fmt.Sprintf("word %02d", i)}}})
	}
	p.Keywords = append(p.Keywords, catalogue.Keyword{ID: "mot", Source: "exchange", Query: "SAP", Phrases: map[string][]string{"fr": {"mot"}}})
	var err error
	if k.edition, err = k.edit(p); err != nil {
		t.Fatal(err)
	}
	k.reader.Language = "de"
	first, second, beyond := labels(k.say("MENU")), labels(k.say("c:menu:1")), labels(k.say("c:menu:922337203685477580"))
	if strings.Count(first, "[word") != 10 || !strings.HasSuffix(first, "[Weitere]") || strings.Count(second, "[word") != 2 || strings.Contains(first+second, "[mot]") {
		t.Errorf("%s\n%s", first, second)
	}
	// What a button says may be typed, and MORE goes on with what is above it.
	for _, word := range []string{"MEHR", "weitere"} {
		k.say("MENU")
		if got := labels(k.say(word)); got != second {
			t.Errorf("%s behind the menu: %s", word, got)
		}
	}
	if got := labels(k.say("Weitere")); !strings.HasSuffix(got, "[MENU]") {
		t.Errorf("behind the end of the menu: %s", got)
	}
	if strings.Contains(beyond, "went wrong") || strings.Contains(beyond, "schief") {
		t.Errorf("a page that nobody has: %s", beyond)
	}
}

func TestAPageOfTheMenuFitsTheListOfItsChannel(t *testing.T) {
	k := newTalk(t)
	for _, tt := range []struct{ words, choices, pages int }{{10, 10, 1}, {11, 10, 2}, {19, 10, 2}, {20, 10, 3}, {10, 0, 1}, {11, 0, 2}, {11, 13, 2}, {6, 5, 2}, {5, 5, 1}} {
		p := publisher()
		p.Keywords = nil
		for i := range tt.words {
			p.Keywords = append(p.Keywords, catalogue.Keyword{ID: fmt.Sprintf("k%02d", i), Source: "exchange", Query: "SAP", Phrases: map[string][]string{"en": {fmt.Sprintf("word %02d", i)}}})
		}
		edition, err := pull.NewEdition(p, map[string]pull.Opened{"exchange": {Source: k.source}}, map[string]pull.Channel{"web": {Choices: tt.choices}}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		k.edition = edition
		pages, all := 1, labels(k.say("MENU"))
		for shown := all; strings.Contains(shown, "[More]"); pages++ {
			if n := strings.Count(shown, "["); tt.choices > 0 && n > tt.choices || n > 11 {
				t.Errorf("%+v: a page of %d: %s", tt, n, shown)
			}
			shown = labels(k.say(fmt.Sprintf("c:menu:%d", pages)))
			all += shown
		}
		for i := range tt.words {
			if strings.Count(all, fmt.Sprintf("[word %02d]", i)) != 1 {
				t.Errorf("%+v: word %d: %s", tt, i, all)
			}
		}
		if pages != tt.pages {
			t.Errorf("%+v: %d pages", tt, pages)
		}
	}
}

func TestTheBestStandBelowWhatNewcomersAreTold(t *testing.T) {
	k := newTalk(t)
	var err error
	if k.edition, err = k.edit(outlet()); err != nil {
		t.Fatal(err)
	}
	for _, message := range []string{"help", "start", "hello"} {
		if got := labels(k.say(message)); !strings.HasSuffix(got, "| [Wipro Limited] | [paper] | [MENU]") || message != "hello" && !strings.Contains(got, "For example: Wipro Limited") {
			t.Errorf("%s: %s", message, got)
		}
	}
	if got := k.say("o:0:.quote.V0lQUk8"); !strings.Contains(got, "WIPRO") || strings.Contains(got, "|") && strings.Contains(got, "MENU") {
		t.Errorf("the button of the first one leads to %q", got)
	}
	k.channel = "sms"
	if got := k.say("help"); strings.Contains(got, "[") || !strings.HasSuffix(got, "For example: Wipro Limited") {
		t.Errorf("by SMS: %s", got)
	}
}

func TestAPageGreetsWithWhatCanBeTapped(t *testing.T) {
	k := newTalk(t)
	edition, err := k.edit(outlet())
	if err != nil {
		t.Fatal(err)
	}
	for language, want := range map[string]string{
		"en": "This is Paper. Send a word and get what is current, right now. Nothing is sent unless you ask. MENU shows the words. | [Wipro Limited] | [paper] | [",
		"de": "Hier ist Paper. Ein Wort senden, sofort das Aktuelle bekommen. Nichts kommt ungefragt. MENU zeigt die Wörter. | [Wipro Limited] | [Zeitung] | [",
	} {
		reply := edition.Greeting(language, monday, nil)
		got := reply.Blocks[0].Text
		for _, b := range reply.Buttons {
			got += " | [" + b.Label + "]"
		}
		if !strings.HasPrefix(got, want) || len(reply.Buttons) > 6 || !strings.HasSuffix(got, "[MENU]") {
			t.Errorf("%s: %s", language, got)
		}
	}
}

func TestWhatIsBeingTypedIsCompleted(t *testing.T) {
	k := newTalk(t)
	edition, err := k.edit(outlet())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		language, typed string
		most            int
		want            string
	}{
		{"en", "pap", 9, "paper"}, {"de", "ZEIT", 9, "Zeitung"}, {"de", "zéit", 9, "Zeitung"}, {"en", "lim", 9, "Wipro Limited"},
		{"en", "zqx", 9, ""}, {"en", "", 1, "Wipro Limited"}, {"", "", 0, ""},
	} {
		var got []string
		for _, b := range edition.Suggest(tt.language, tt.typed, monday, tt.most) {
			got = append(got, b.Label)
		}
		if strings.Join(got, ", ") != tt.want {
			t.Errorf("%s %q: %v, want %s", tt.language, tt.typed, got, tt.want)
		}
	}
}

func TestNoIsNoWordThatIsMissing(t *testing.T) {
	k := newTalk(t)
	if got := labels(k.say("no thanks")); got != "All right. MENU shows what else I answer. | [MENU]" {
		t.Error(got)
	}
}

func TestALongMessageIsNotEchoed(t *testing.T) {
	k := newTalk(t)
	if got := labels(k.say(strings.Repeat("x", 3000))); got != "I don't know “"+strings.Repeat("x", 40)+"…”. Send MENU to see what I answer. | [MENU]" {
		t.Error(got)
	}
	if got := labels(k.say("weather in Atlantis")); !strings.Contains(got, "“weather in Atlantis”") {
		t.Error(got)
	}
}

// TestAPageOffersWhatIsAskedMost holds the order of a greeting: what the publisher puts
// first, then what is asked most, then the menu's own; nothing twice.
func TestAPageOffersWhatIsAskedMost(t *testing.T) {
	k := newTalk(t)
	edition, err := k.edit(outlet())
	if err != nil {
		t.Fatal(err)
	}
	plain := edition.Greeting("en", monday, nil).Buttons
	last := plain[len(plain)-2] // the menu stands behind it
	id := strings.TrimPrefix(last.Send, "k:")
	asked := edition.Greeting("en", monday, []string{"unheard-of", id, id}).Buttons
	featured := 0
	for featured < len(plain) && asked[featured] == plain[featured] {
		featured++
	}
	if featured == 0 || featured >= len(plain)-2 || asked[featured].Send != last.Send {
		t.Errorf("%q is asked most, and of %v it becomes %v", id, plain, asked)
	}
	for i, b := range asked {
		if slices.Contains(asked[:i], b) {
			t.Errorf("%v is offered twice", b)
		}
	}
}
