package what_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"keypull/pull/what"
)

// counter returns a publisher that lets one message run so many keywords.
func counter(wishes int) *what.Index {
	symbols := what.NewVocabulary([]what.Term{{Value: "INFY", Names: []string{"Infosys"}}, {Value: "WIPRO", Names: []string{"Wipro"}}, {Value: "SAP", Names: []string{"SAP SE"}}})
	return what.NewIndex([]what.Keyword{
		{ID: "news", Phrases: map[string][]string{"en": {"news", "headlines"}, "fr": {"actus"}, "de": {"Nachrichten"}, "es": {"noticias"}, "ko": {"뉴스"}, "zh": {"新闻"}, "he": {"חדשות"}, "ar": {"أخبار"}, "ru": {"новости"}, "fi": {"uutiset"}, "ja": {"ニュース"}, "th": {"ข่าว"}}},
		{ID: "weather", Argument: what.ArgumentOptional, Phrases: map[string][]string{"en": {"weather"}, "fr": {"météo"}, "de": {"Wetter"}, "es": {"el tiempo"}, "ko": {"날씨"}, "zh": {"天气"}, "he": {"מזג אוויר"}, "ar": {"الطقس"}, "ru": {"погода"}, "fi": {"sää"}, "ja": {"天気"}, "th": {"อากาศ"}}},
		{ID: "tiramisu", Phrases: phrases("en", "tiramisu")},
		{ID: "fish", Phrases: phrases("en", "fish and chips")},
		{ID: "soup", Phrases: map[string][]string{"en": {"lentil soup"}, "fr": {"soupe de lentilles"}}},
		{ID: "quote", Argument: what.ArgumentOptional, Bare: true, Vocabulary: symbols, Phrases: phrases("en", "quote", "share price")},
		{ID: "rovers", Phrases: phrases("en", "Bristol")}, {ID: "city", Phrases: phrases("en", "Bristol")},
		{ID: "vnm", Phrases: phrases("en", "VNM")}, {ID: "hagl", Phrases: phrases("en", "HAGL")},
	}, what.Options{Wishes: wishes})
}

// asked returns what a message runs or offers, in a line.
func asked(m what.Match) string {
	words := []string{string(m.Decision)}
	for _, c := range m.Candidates {
		words = append(words, strings.TrimSuffix(c.Keyword+":"+c.Argument, ":"))
	}
	return strings.Join(words, " ")
}

// wishful are messages, and what becomes of each where a message may run one
// keyword, two, or three, which is as with two where nothing is said.
var wishful = []struct{ message, one, two, three string }{
	// Linked by a word, a sign, or the end of a line.
	{"news and weather", "offer news weather", "run news weather", ""},
	{"weather and news", "offer weather news", "run weather news", ""},
	{"news & weather", "offer news weather", "run news weather", ""},
	{"news + weather", "offer news weather", "run news weather", ""},
	{"news+weather", "offer news weather", "run news weather", ""},
	{"+please news", "run news", "run news", ""},
	{"stop+news", "reserved news", "reserved news", ""},
	{"news, weather", "offer news weather", "run news weather", ""},
	{"news\nweather", "offer news weather", "run news weather", ""},
	{"News. Weather!", "offer news weather", "run news weather", ""},
	{"hi! could you send me the news and the weather, please", "offer news weather", "run news weather", ""},
	{"what's the news and how is the weather", "offer news weather", "run news weather", ""},
	{"fish and chips and news", "offer fish news", "run fish news", ""},
	// Each with what it is asked for.
	{"weather in Leeds and news", "offer weather:Leeds news", "run weather:Leeds news", ""},
	{"news and weather in Leeds", "offer news weather:Leeds", "run news weather:Leeds", ""},
	{"weather in Trinidad and Tobago and news", "offer weather:Trinidad and Tobago news", "run weather:Trinidad and Tobago news", ""},
	{"quote infosys and weather in Leeds", "offer quote:INFY weather:Leeds", "run quote:INFY weather:Leeds", ""},
	{"quote infosys, quote wipro", "offer quote:INFY quote:WIPRO", "run quote:INFY quote:WIPRO", ""},
	{"tiramisu, weather", "offer tiramisu weather", "run tiramisu weather", ""},
	{"HAGL & VNM", "offer hagl vnm", "run hagl vnm", ""},
	{"hagl vnm", "offer hagl vnm", "offer hagl vnm", ""},
	{"WEATHER & VNM", "offer weather vnm", "run weather vnm", ""},
	// One is one.
	{"news and news", "run news", "run news", ""},
	{"news and headlines", "run news", "run news", ""},
	{"news, headlines and weather", "offer news weather", "run news weather", ""},
	{"infosys, share price", "run quote:INFY", "run quote:INFY", ""},
	{"infosys and share price", "run quote:INFY", "run quote:INFY", ""},
	{"weather in Leeds", "run weather:Leeds", "run weather:Leeds", ""},
	// More than may be.
	{"news, weather and tiramisu", "offer news weather tiramisu", "offer news weather tiramisu", "run news weather tiramisu"},
	{"news, weather, tiramisu, lentil soup", "offer news weather tiramisu", "offer news weather tiramisu", "offer news weather tiramisu"},
	// One of the two may be meant.
	{"news or weather", "offer news weather", "offer news weather", ""},
	{"news and/or weather", "offer news weather", "offer news weather", ""},
	{"news and maybe weather", "offer news weather", "offer news weather", ""},
	{"news versus weather", "offer news weather", "offer news weather", ""},
	{"news/weather", "offer news weather", "offer news weather", ""},
	{"news (weather)", "offer news weather", "offer news weather", ""},
	{"news: weather", "offer news weather", "offer news weather", ""},
	{"news weather", "offer news weather", "offer news weather", ""},
	{"my husband asks about news and weather", "offer news weather", "offer news weather", ""},
	// One of them is not sure.
	{"bristol and news", "offer rovers city news", "offer rovers city news", ""},
	{"we talked about news and weather", "offer news weather", "offer news weather", ""},
	{"what is the difference between news and weather?", "offer news weather", "offer news weather", ""},
	{"I read the news, weather please", "offer weather", "offer weather", ""},
	{"not the news but weather and tiramisu", "offer weather tiramisu", "run weather tiramisu", ""},
	{"news and not weather", "run news", "run news", ""},
	// One takes back what stands before it, or may.
	{"news, sorry, weather", "run weather", "run weather", ""},
	{"news, no, weather", "run weather", "run weather", ""},
	{"news no hang on weather in Leeds", "run weather:Leeds", "run weather:Leeds", ""},
	{"could you send me the news, I mean the weather", "run weather", "run weather", ""},
	{"news no weather", "run weather", "run weather", ""},
	{"news, not weather", "run news", "run news", ""},
	{"news, no wait, weather and tiramisu", "offer weather tiramisu", "run weather tiramisu", ""},
	{"Nachrichten nein Wetter", "run weather", "run weather", ""},
	{"новости, то есть погода", "run weather", "run weather", ""},
	{"news? no, changed my mind", "none", "none", ""},
	{"news? no, tiramisu", "run tiramisu", "run tiramisu", ""},
	// One takes back what was said before the message.
	{"no, I mean weather", "run weather", "run weather", ""},
	{"I meant the weather in Leeds", "run weather:Leeds", "run weather:Leeds", ""},
	{"no no, the weather please", "run weather", "run weather", ""},
	{"sorry, I meant quote infosys", "run quote:INFY", "run quote:INFY", ""},
	{"weather I meant", "run weather", "run weather", ""},
	{"wait, I meant weather", "run weather", "run weather", ""},
	{"attends, je voulais dire météo", "run weather", "run weather", ""},
	{"nein, ich meine Wetter", "run weather", "run weather", ""},
	{"ach nee, ich wollte das Wetter", "run weather", "run weather", ""},
	{"non, je voulais dire météo", "run weather", "run weather", ""},
	{"no, quiero decir el tiempo", "run weather", "run weather", ""},
	{"perdón, quise decir noticias", "run news", "run news", ""},
	{"нет, я имел в виду новости", "run news", "run news", ""},
	{"не новости, погода", "run weather", "run weather", ""},
	{"いや、天気です", "run weather", "run weather", ""},
	{"不是新闻，是天气", "run weather", "run weather", ""},
	{"لا، أقصد الطقس", "run weather", "run weather", ""},
	{"아니 날씨요", "run weather", "run weather", ""},
	{"not news, weather", "run weather", "run weather", ""},
	{"no news", "none", "none", ""},
	{"новости а не погода", "run news", "run news", ""},
	{"Nachrichten nein danke", "none", "none", ""},
	{"Nachrichten nee vergiss es", "none", "none", ""},
	{"news nope forget it", "none", "none", ""},
	{"but the weather was nice", "none", "none", ""},
	{"no, the weather is awful", "none", "none", ""},
	{"I mean, the news was so boring again last night", "none", "none", ""},
	// Beside a command.
	{"save news and weather", "reserved news weather", "reserved news weather", ""},
	{"stop and news", "reserved news", "reserved news", ""},
	{"news and stop", "offer news", "offer news", ""},
	// In other languages.
	{"Nachrichten und Wetter in Köln", "offer news weather:Köln", "run news weather:Köln", ""},
	{"Nachrichten oder Wetter", "offer news weather", "offer news weather", ""},
	{"actus et météo à Lyon", "offer news weather:Lyon", "run news weather:Lyon", ""},
	{"actus ou météo", "offer news weather", "offer news weather", ""},
	{"뉴스랑 서울 날씨", "offer news weather:서울", "run news weather:서울", ""},
	{"请问北京天气和新闻", "offer weather:北京 news", "run weather:北京 news", ""},
	{"أخبار والطقس", "offer news weather", "run news weather", ""},
	{"новости и погода", "offer news weather", "run news weather", ""},
	{"новости или погода", "offer news weather", "offer news weather", ""},
	{"ニュースと天気", "offer news weather", "run news weather", ""},
	{"news y weather", "offer news weather", "run news weather", ""},
	{"weather i news", "offer weather news", "run weather news", ""},
}

func TestAMessageRunsAsManyKeywordsAsItMay(t *testing.T) {
	for _, tt := range wishful {
		three := tt.three
		if three == "" {
			three = tt.two
		}
		for wishes, want := range map[int]string{0: tt.one, 1: tt.one, 2: tt.two, 3: three} {
			if got := asked(counter(wishes).Match(tt.message)); got != want {
				t.Errorf("%q with %d wishes: %s, want %s", tt.message, wishes, got, want)
			}
		}
	}
}

func TestAMessageOfOneKeywordTakesNoMoreLookUpsWhereSeveralMayRun(t *testing.T) {
	one, three := counter(1), counter(3)
	for _, message := range []string{"news", "weather in Leeds", "please send me the news", "tirmisu", "unicorns", "news or weather"} {
		if a, b := one.Match(message).Probes, three.Match(message).Probes; a != b {
			t.Errorf("%q took %d look-ups, with several %d", message, a, b)
		}
	}
}

func TestWhateverStandsBetweenWishesNoMoreAreRunThanMay(t *testing.T) {
	indexes := []*what.Index{counter(1), counter(2), counter(3)}
	words := rapid.SampledFrom([]string{
		"news", "weather", "in Leeds", "tiramisu", "lentil soup", "infosys", "quote", "bristol", "and", "or", "&", "not", "please", "뉴스랑", "والطقس", "天气", "和", "stop", "save", "xyz", "😀",
	})
	gaps := rapid.SampledFrom([]string{" ", "", ", ", " + ", "+", "\n", ". ", ": ", "/", " and ", " or ", "("})
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		for range rapid.IntRange(1, 8).Draw(t, "words") {
			b.WriteString(words.Draw(t, "word") + gaps.Draw(t, "gap"))
		}
		for i, ix := range indexes {
			m := ix.Match(b.String())
			if m.Decision != what.Run {
				continue
			}
			seen := map[what.Candidate]bool{}
			for _, c := range m.Candidates {
				seen[what.Candidate{Keyword: c.Keyword, Argument: c.Argument}] = true
			}
			if n := len(m.Candidates); n < 1 || n > i+1 || len(seen) != n || n > 1 && m.Corrected {
				t.Fatalf("%q with %d: %s", b.String(), i+1, asked(m))
			}
		}
	})
}

// A code in small letters beside another entry of its keyword is meant as much as that one.
func TestEntriesOfOneKeywordAreNotDroppedForEachOther(t *testing.T) {
	t.Parallel()
	ix := what.NewIndex([]what.Keyword{{ID: "price", Phrases: map[string][]string{"en": {"price"}}, Argument: what.ArgumentOptional, Bare: true, Several: true,
		Vocabulary: what.NewVocabulary([]what.Term{{Value: "WIPRO"}, {Value: "INFY", Names: []string{"Infosys"}}, {Value: "ON", Names: []string{"Onsemi"}}})}}, what.Options{})
	for said, want := range map[string]string{
		"wipro or infosys": "INFY WIPRO", "infosys vs wipro": "INFY WIPRO", "did wipro beat infosys": "INFY WIPRO", "infosys oder wipro": "INFY WIPRO",
		"compare wipro and infosys": "INFY WIPRO", "wipro versus onsemi": "ON WIPRO",
		"infosys instead of wipro": "INFY", "not wipro, infosys": "INFY",
		"is infosys on the rise": "INFY", // no third entry, but a word
	} {
		m := ix.Match(said, "en")
		var got []string
		for _, c := range m.Candidates {
			got = append(got, c.Argument)
		}
		slices.Sort(got)
		if strings.Join(got, " ") != want || (m.Decision == what.Run) != (len(got) == 1) {
			t.Errorf("%q: %v of %v, want %s", said, m.Decision, got, want)
		}
	}
}
