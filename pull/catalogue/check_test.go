package catalogue_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
)

func keyword(id string, phrases ...string) catalogue.Keyword {
	return catalogue.Keyword{ID: id, Phrases: map[string][]string{"en": phrases}}
}

// early and late are two moments.
var (
	early = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	late  = early.Add(time.Hour)
)

func with(k catalogue.Keyword, changes ...func(*catalogue.Keyword)) catalogue.Keyword {
	for _, change := range changes {
		change(&k)
	}
	return k
}

func tie(k *catalogue.Keyword) { k.Tie = true }

func forLanguage(l string) func(*catalogue.Keyword) {
	return func(k *catalogue.Keyword) { k.Audience = map[string][]string{"language": {l}} }
}

// checks are catalogues and what is found in them.
var checks = []struct {
	name     string
	keywords []catalogue.Keyword
	want     []string
}{
	{"nothing in a good catalogue", []catalogue.Keyword{keyword("a", "news", "headlines"), keyword("b", "weather")}, nil},
	{"a phrase of two keywords, however it is written", []catalogue.Keyword{keyword("a", "news"), keyword("b", "x-ray", "NEWS!")},
		[]string{"error keyword[1].phrases.en[1] duplicate"}},
	{"a phrase of three keywords, told twice", []catalogue.Keyword{keyword("a", "news"), keyword("b", "news"), keyword("c", "news")},
		[]string{"error keyword[1].phrases.en[0] duplicate", "error keyword[2].phrases.en[0] duplicate"}},
	{"a tie that both mean", []catalogue.Keyword{with(keyword("a", "news"), tie), with(keyword("b", "news"), tie)}, nil},
	{"a tie that one means", []catalogue.Keyword{with(keyword("a", "news"), tie), keyword("b", "news")},
		[]string{"error keyword[1].phrases.en[0] duplicate"}},
	{"an audience, by which keywords may share a phrase", []catalogue.Keyword{with(keyword("a", "news"), forLanguage("fr")), with(keyword("b", "news"), forLanguage("de"))},
		[]string{"error keyword[1].audience.language[0] audience"}},
	{"an audience of nobody", []catalogue.Keyword{with(keyword("a", "news"), func(k *catalogue.Keyword) { k.Audience = map[string][]string{"group": nil} })},
		[]string{"error keyword[0].audience.group audience"}},
	{"one audience twice", []catalogue.Keyword{with(keyword("a", "news"), forLanguage("fr")), with(keyword("b", "news"), forLanguage("fr"))},
		[]string{"error keyword[1].phrases.en[0] duplicate"}},
	{"an audience told by what nobody knows", []catalogue.Keyword{with(keyword("a", "news"), func(k *catalogue.Keyword) {
		k.Audience = map[string][]string{"region": {"Styria"}, "channel": {"fax"}, "hours": {"always"}, "code": {"club"}, "language": {" "}}
	})}, []string{"error keyword[0].audience.channel[0] audience", "error keyword[0].audience.code[0] audience", "error keyword[0].audience.hours[0] audience",
		"error keyword[0].audience.language[0] audience", "error keyword[0].audience.region audience"}},
	{"an audience that no briefing may have", []catalogue.Keyword{with(keyword("a", "news"), forLanguage("fr"), func(k *catalogue.Keyword) {
		k.Audience, k.Briefing = map[string][]string{"hours": {"daily"}}, true
	})}, []string{"warning keyword[0].briefing audience"}},
	{"a text for others that is too long", []catalogue.Keyword{with(keyword("a", "news"), func(k *catalogue.Keyword) {
		k.Teaser = catalogue.Localised{"en": strings.Repeat("x", 1001)}
	})}, []string{"error keyword[0].teaser.en audience", "warning keyword[0].teaser audience"}},
	{"what is for others of an audience that has none", []catalogue.Keyword{with(keyword("a", "news"), func(k *catalogue.Keyword) {
		k.Audience, k.Teaser, k.Unsure = map[string][]string{"hours": {"daily"}}, catalogue.Localised{"": "Ask."}, "full"
	})}, []string{"warning keyword[0].teaser audience", "warning keyword[0].unsure audience"}},
	{"a phrase that keyword itself repeats: nothing", []catalogue.Keyword{keyword("a", "news", "News")}, nil},
	{"a phrase that differs by an accent", []catalogue.Keyword{keyword("a", "pate"), keyword("b", "pâté")},
		[]string{"warning keyword[1].phrases.en[0] shadowed"}},
	{"a phrase shared across languages", []catalogue.Keyword{keyword("a", "chat"), {ID: "b", Phrases: map[string][]string{"fr": {"chat"}}}},
		[]string{"warning keyword[1].phrases.fr[0] shadowed"}},
	{"phrases that one typing error turns into each other", []catalogue.Keyword{
		keyword("a", "cake", "recipe", "form", "ten", "part 1", "lamb"), keyword("b", "bake", "recipes", "from", "tent", "part 2", "ambl"),
	}, []string{
		"warning keyword[1].phrases.en[0] neighbour", "warning keyword[1].phrases.en[1] neighbour", "warning keyword[1].phrases.en[2] neighbour",
	}},
	{"no neighbours where a digit stands for a letter", []catalogue.Keyword{keyword("a", "part x", "day 1"), keyword("b", "part 1", "day x")}, nil},
	{"the word of a command but for diacritics, which goes before it", []catalogue.Keyword{keyword("a", "preço")}, nil},
	{"the word that stops", []catalogue.Keyword{keyword("a", "Stop", "halt the presses")}, []string{"error keyword[0].phrases.en[0] reserved"}},
	{"the end of what readers pay for, which is no command", []catalogue.Keyword{
		{ID: "a", Phrases: map[string][]string{"en": {"cancel subscription", "cancel my paper"}, "fr": {"résilier mon abonnement"}}},
	}, nil},
	{"no words", []catalogue.Keyword{keyword("a", "  ", "okra")}, []string{"error keyword[0].phrases.en[0] empty"}},
	{"a language without phrases", []catalogue.Keyword{keyword("a")}, []string{"error keyword[0].phrases.en empty"}},
	{"one letter, not one sign or picture", []catalogue.Keyword{{ID: "a", Phrases: map[string][]string{"en": {"x", "☀️", "7"}, "fr": {"雨"}}}},
		[]string{"warning keyword[0].phrases.en[0] too_short", "warning keyword[0].phrases.en[2] too_short", "warning keyword[0].phrases.fr[0] wrong_script"}},
	{"the same words in another inflection or order", []catalogue.Keyword{
		keyword("a", "baked potato", "chocolate cake", "boxes", "part 1"), keyword("b", "baking potatoes", "cake with chocolate", "boxing", "part 2"),
	}, []string{
		"warning keyword[1].phrases.en[0] same_stem", "warning keyword[1].phrases.en[1] same_stem", "warning keyword[1].phrases.en[2] same_stem",
	}},
	{"inflection of one language alone", []catalogue.Keyword{
		{ID: "a", Phrases: map[string][]string{"fr": {"danseur du jour"}}}, {ID: "b", Phrases: map[string][]string{"fr": {"jours des danseurs"}, "en": {"jour danseur"}}},
	}, []string{"warning keyword[1].phrases.fr[0] same_stem"}},
	{"codes, which are not inflected", []catalogue.Keyword{keyword("a", "BOXED"), keyword("b", "BOXING"), keyword("c", "NEWS"), keyword("d", "NEWER")}, nil},
	{"everyday words, unless a longer phrase stands beside them", []catalogue.Keyword{
		keyword("a", "it"), keyword("b", "without"), keyword("c", "run"), keyword("d", "on", "on semiconductor"), keyword("e", "weather", "news"),
	}, []string{
		"warning keyword[0].phrases.en[0] common_word", "warning keyword[1].phrases.en[0] common_word", "warning keyword[2].phrases.en[0] common_word",
	}},
	{"an everyday word of another language is none", []catalogue.Keyword{
		keyword("a", "pain", "chez nous"), {ID: "b", Phrases: map[string][]string{"fr": {"chez"}}},
	}, []string{"warning keyword[1].phrases.fr[0] common_word"}},
	{"politeness", []catalogue.Keyword{keyword("a", "good morning", "thanks", "christmas greetings")},
		[]string{"warning keyword[0].phrases.en[0] common_word", "warning keyword[0].phrases.en[1] common_word"}},
	{"what no message can be, or hardly one", []catalogue.Keyword{keyword("a", strings.Repeat("endless ", 80), "one two three four five six seven eight nine ten eleven")},
		[]string{"error keyword[0].phrases.en[0] unreachable", "warning keyword[0].phrases.en[1] unreachable"}},
	{"languages that the publisher lacks", []catalogue.Keyword{{
		ID: "a", Phrases: map[string][]string{"de": {"wetter"}, "en-GB": {"weather"}},
		Template: catalogue.Localised{"": "x", "it": "y"},
	}}, []string{
		"warning keyword[0].template.it wrong_language", "warning keyword[0].phrases.de wrong_language",
	}},
	{"letters that the language is not written in", []catalogue.Keyword{keyword("a", "погода", "天気", "погода 24 weather", "☂")},
		[]string{"warning keyword[0].phrases.en[0] wrong_script", "warning keyword[0].phrases.en[1] wrong_script"}},
	{"an end before the beginning", []catalogue.Keyword{with(keyword("a", "news"), func(k *catalogue.Keyword) { k.From, k.Until = &late, &early })},
		[]string{"error keyword[0].until unreachable"}},
	{"a query that is never asked", []catalogue.Keyword{with(keyword("a", "news"), func(k *catalogue.Keyword) { k.Argument, k.Query = "required", "x" })},
		[]string{"warning keyword[0].query unused"}},
}

func TestCheckFinds(t *testing.T) {
	for _, tt := range checks {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, f := range catalogue.Check(catalogue.Publisher{Languages: []string{"en", "fr"}, Keywords: tt.keywords}, nil) {
				got = append(got, string(f.Severity)+" "+f.Path+" "+f.Code)
				if !strings.HasSuffix(f.Message, ".") {
					t.Errorf("%q is no sentence", f.Message)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What an audience names is looked at also where no keyword is answered by it.
func TestAnAudienceThatNobodyCanJoinIsFound(t *testing.T) {
	about := map[string]catalogue.About{"hook": {Opened: true}, "club": {Opened: true, Codes: true}, "register": {Opened: true, OfReader: true}}
	sources, channels := []catalogue.Source{{ID: "hook"}, {ID: "club"}, {ID: "register"}}, []catalogue.Channel{{ID: "web", Kind: "page"}, {ID: "team", Kind: "slack"}}
	for _, c := range []struct {
		audience map[string][]string
		want     []string
	}{
		{map[string][]string{"code": {"club"}, "subscriber": {"register"}, "workspace": {"T1"}}, nil},
		{map[string][]string{"code": {"hook"}}, []string{"error keyword[0].audience.code[0]"}},
		{map[string][]string{"subscriber": {"hook"}}, []string{"error keyword[0].audience.subscriber[0]"}},
		{map[string][]string{"workspace": {"T1"}, "channel": {"web"}}, []string{"warning keyword[0].audience.workspace"}},
	} {
		p := catalogue.Publisher{Languages: []string{"en"}, Sources: sources, Channels: channels, Contact: "x", Privacy: "x",
			Keywords: []catalogue.Keyword{with(keyword("a", "news"), func(k *catalogue.Keyword) { k.Audience = c.audience })}}
		var got []string
		for _, f := range append(catalogue.Check(p, func(source string) catalogue.About { return about[source] }), catalogue.CheckWorkspaces(p, func(kind string) bool { return kind == "slack" })...) {
			got = append(got, string(f.Severity)+" "+f.Path)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%v: %s", c.audience, diff)
		}
	}
}

func TestLocalisedFallsBackToTheLanguageThenToEverybody(t *testing.T) {
	l := catalogue.Localised{"": "all", "pt": "pt", "zh-Hant": "hant"}
	for language, want := range map[string]string{
		"pt": "pt", "pt-BR": "pt", "zh-Hant-TW": "hant", "zh-Hans": "all", "": "all", "en": "all",
	} {
		if got := l.In(language); got != want {
			t.Errorf("%q gives %q, want %q", language, got, want)
		}
	}
}

func TestAPublisherIsOneSettingsStruct(t *testing.T) {
	var p catalogue.Publisher
	p.Defaults()
	anything := func(string) error { return nil }
	if err := settings.Verify(&p, settings.Checks{"cron": anything, "hours": anything}); err != nil {
		t.Error(err)
	}
	err := settings.Fill(&p, map[string]any{
		"id": "p", "name": "P", "languages": []any{"en"},
		"keyword": []any{map[string]any{"id": "k", "source": "s", "phrases": map[string]any{"en": []any{"k"}}, "template": "t"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := catalogue.Keyword{
		ID: "k", Source: "s", Phrases: map[string][]string{"en": {"k"}}, Argument: "none", Count: 1,
		Template: catalogue.Localised{"": "t"},
	}
	if diff := cmp.Diff(want, p.Keywords[0]); diff != "" {
		t.Error(diff)
	}
}

func TestLettersOfAnotherScriptAreToldByLanguage(t *testing.T) {
	for _, tt := range []struct {
		name     string
		language string
		phrases  []string
		want     []string
	}{
		{"Latin letters in Russian", "ru", []string{"погода", "pogoda"}, []string{"warning keyword[0].phrases.ru[1] wrong_script"}},
		{"codes and very short words", "ru", []string{"ЦБ РФ", "NATO", "F1", "vk", "USB 3"}, nil},
		{"a language in both", "sr", []string{"vreme", "време"}, nil},
		{"a script of the tag's own", "ru-Latn", []string{"pogoda"}, nil},
		{"a brand among words in Japanese", "ja", []string{"Nintendo", "任天堂"}, nil},
		{"nothing but a brand in Japanese, once", "ja", []string{"Nintendo", "Nintendo Switch"}, []string{"warning keyword[0].phrases.ja[0] wrong_script"}},
		{"Japanese in Chinese", "zh", []string{"にほん"}, []string{"warning keyword[0].phrases.zh[0] wrong_script"}},
		{"a language that nobody knows the script of", "tlh", []string{"погода", "weather"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			k := catalogue.Keyword{ID: "a", Phrases: map[string][]string{tt.language: tt.phrases}}
			for _, f := range catalogue.Check(catalogue.Publisher{Languages: []string{tt.language}, Keywords: []catalogue.Keyword{k}}, nil) {
				got = append(got, string(f.Severity)+" "+f.Path+" "+f.Code)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
