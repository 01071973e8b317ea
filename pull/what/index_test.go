package what_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"keypull/pull/what"
	"keypull/pull/what/command"
)

func phrases(language string, texts ...string) map[string][]string {
	return map[string][]string{language: texts}
}

// newsroom returns a catalogue with one of everything.
func newsroom() *what.Index {
	symbols := what.NewVocabulary([]what.Term{
		{Value: "WIPRO", Names: []string{"Wipro", "Wipro Limited", "विप्रो"}},
		{Value: "TCS", Names: []string{"Tata Consultancy"}},
		{Value: "LOREAL", Names: []string{"L'Oréal"}},
		{Value: "TATA", Names: []string{"Tata"}},
	})
	return what.NewIndex([]what.Keyword{
		{ID: "news", Phrases: map[string][]string{"en": {"News", "headlines"}, "fr": {"actus"}}},
		{ID: "pate", Phrases: phrases("fr", "pâté")},
		{ID: "dough", Phrases: phrases("fr", "pâte")},
		{ID: "cake", Phrases: phrases("fr", "gâteau")},
		{ID: "dumpling", Phrases: phrases("de", "Knödel")},
		{ID: "bread", Phrases: phrases("fr", "pain")},
		{ID: "ache", Phrases: phrases("en", "pain")},
		{ID: "bristol-city", Phrases: phrases("en", "Bristol")},
		{ID: "bristol-fc", Phrases: phrases("en", "Bristol", "The Robins")},
		{ID: "a", Phrases: phrases("", "many")}, {ID: "b", Phrases: phrases("", "many")},
		{ID: "c", Phrases: phrases("", "many")}, {ID: "d", Phrases: phrases("", "many")},
		{ID: "weather", Argument: what.ArgumentRequired, Phrases: map[string][]string{
			"en": {"weather", "weather forecast"}, "fr": {"météo"}, "zh": {"天气"}, "th": {"อากาศ"}, "ja": {"天気", "天気予報"}}},
		{ID: "ferry", Argument: what.ArgumentOptional, Phrases: phrases("de", "Fähre")},
		{ID: "price", Argument: what.ArgumentRequired, Phrases: phrases("en", "price", "cours de l'action"), Vocabulary: symbols, Bare: true},
		{ID: "chart", Argument: what.ArgumentOptional, Phrases: phrases("en", "chart"), Vocabulary: symbols},
		{ID: "tomato", Phrases: phrases("en", "🍅")},
		{ID: "cook", Phrases: phrases("en", "👩‍🍳")},
		{ID: "question", Phrases: phrases("en", "#")},
		{ID: "shadow", Phrases: phrases("en", "stop", "  ")},
	}, what.Options{Reserved: []what.ReservedWords{{Command: command.Human, Words: []string{"Redaktion", "newsroom"}}}})
}

func run(tier what.Tier, id, argument string) what.Match {
	return what.Match{Decision: what.Run, Tier: tier, Candidates: []what.Candidate{{Keyword: id, Argument: argument}}}
}

func offer(tier what.Tier, ids ...string) what.Match {
	m := what.Match{Decision: what.Offer, Tier: tier}
	for _, id := range ids {
		m.Candidates = append(m.Candidates, what.Candidate{Keyword: id})
	}
	return m
}

func commanded(c command.Command) what.Match {
	return what.Match{Decision: what.Reserved, Tier: what.TierCommand, Command: c}
}

func none(unknown string) what.Match { return what.Match{Decision: what.None, Unknown: unknown} }

// matches says what messages mean to the newsroom; the arguments of an offer
// are not compared.
var matches = []struct {
	name, text string
	languages  []string
	want       what.Match
}{
	{"a phrase in any case", "nEWS!", nil, run(what.TierExact, "news", "")},
	{"the exact one wins over the folded", "pâté", nil, run(what.TierExact, "pate", "")},
	{"without diacritics it is a tie", "pate", nil, offer(what.TierFolded, "pate", "dough")},
	{"a castle is no cake", "château", nil, none("château")},
	{"an umlaut as a", "knodel", nil, run(what.TierFolded, "dumpling", "")},
	{"an umlaut as ae", "Knoedel", nil, run(what.TierFolded, "dumpling", "")},
	{"one phrase in two languages", "pain", nil, offer(what.TierExact, "bread", "ache")},
	{"the reader's language chooses", "pain", []string{"en-GB", "fr"}, run(what.TierExact, "ache", "")},
	{"in its order", "pain", []string{"fr-CA", "en"}, run(what.TierExact, "bread", "")},
	{"another language chooses nothing", "pain", []string{"de"}, offer(what.TierExact, "bread", "ache")},
	{"a tie in the reader's language", "bristol", []string{"en"}, offer(what.TierExact, "bristol-city", "bristol-fc")},
	{"an offer of three", "many", []string{"en"}, offer(what.TierExact, "a", "b", "c")},
	{"an emoji", "🍅️", nil, run(what.TierExact, "tomato", "")},
	{"an emoji of several", "👩‍🍳!", nil, run(what.TierExact, "cook", "")},
	{"punctuation alone", "#", nil, run(what.TierExact, "question", "")},
	{"a command goes first", "stop", nil, commanded(command.Stop)},
	{"a command among politeness", "help please", nil, commanded(command.Help)},
	{"a word of the catalogue's own", "redaktion", nil, commanded(command.Human)},
	{"and politely", "newsroom please", nil, commanded(command.Human)},
	{"a phrase alone asks for its argument", "weather", nil, run(what.TierExact, "weather", "")},
	{"an argument behind", "weather New York", nil, run(what.TierArgument, "weather", "New York")},
	{"an argument before", "Graz météo?", nil, run(what.TierArgument, "weather", "Graz")},
	{"the longest phrase", "weather forecast Graz", nil, run(what.TierArgument, "weather", "Graz")},
	{"a folded phrase with an argument", "fahre Calais", nil, run(what.TierArgument, "ferry", "Calais")},
	{"signs between", "Weather: “Wien-Graz”!", nil, run(what.TierArgument, "weather", "Wien-Graz")},
	{"politeness is no argument", "weather please", nil, run(what.TierArgument, "weather", "")},
	{"a phrase without argument takes none", "news Graz", nil, offer(what.TierPart, "news")},
	{"no space between", "天气北京", nil, run(what.TierArgument, "weather", "北京")},
	{"no space between two scripts", "天气Graz", nil, run(what.TierArgument, "weather", "Graz")},
	{"the longest over characters", "天気予報東京", nil, run(what.TierArgument, "weather", "東京")},
	{"Thai without spaces", "อากาศเชียงใหม่", nil, run(what.TierArgument, "weather", "เชียงใหม่")},
	{"an argument of the vocabulary", "price wipro limited", nil, run(what.TierArgument, "price", "WIPRO")},
	{"and in another script", "विप्रो price", nil, run(what.TierArgument, "price", "WIPRO")},
	{"and folded", "cours de l’action loreal", nil, run(what.TierArgument, "price", "LOREAL")},
	{"an argument beyond the vocabulary", "price Infosys", nil, run(what.TierArgument, "price", "Infosys")},
	{"two phrases, each the argument of the other", "weather price", nil, offer(what.TierFiller, "weather", "price")},
	{"a term alone", "wipro", nil, run(what.TierVocabulary, "price", "WIPRO")},
	{"a folded term alone", "l oreal", nil, run(what.TierVocabulary, "price", "LOREAL")},
	{"a term goes before an argument", "Tata Consultancy", nil, run(what.TierVocabulary, "price", "TCS")},
	{"a keyword behind a wish to stop is let go, not run", "stop weather", nil, what.Match{
		Decision: what.Reserved, Tier: what.TierCommand, Command: command.Unsave, Candidates: []what.Candidate{{Keyword: "weather"}}}},
	{"nothing at all", " \n", nil, none("")},
	{"nothing known", "  quite\tthe thing ", nil, none("thing")},
	{"nothing known, said politely", "Please “unicorns”, thanks!?", nil, none("unicorns")},
	{"nothing known, and long", strings.Repeat("unicorns ", 100), nil, none(strings.Repeat("unicorns ", 6) + "unicor")},
}

func TestMatch(t *testing.T) {
	ix := newsroom()
	for _, tt := range matches {
		t.Run(tt.name, func(t *testing.T) {
			got := ix.Match(tt.text, tt.languages...)
			if got.Decision == what.Offer {
				for i := range got.Candidates {
					got.Candidates[i].Argument = ""
				}
			}
			for i := range got.Candidates {
				got.Candidates[i].Phrase, got.Candidates[i].Language = "", ""
			}
			got.Probes, got.Reason, got.Runners, got.Core, got.Corrected = 0, "", nil, "", false
			got.Certainty, got.Passed = what.Certainty{}, what.Certainty{}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Match(%q, %q) (-want +got):\n%s", tt.text, tt.languages, diff)
			}
		})
	}
}

func TestMatchTellsThePhraseAsItsEditorSpeltIt(t *testing.T) {
	want := what.Candidate{Keyword: "news", Phrase: "News", Language: "en"}
	if got := newsroom().Match("news").Candidates[0]; got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestALanguageWithARegionIsStillThatLanguage(t *testing.T) {
	ix := what.NewIndex([]what.Keyword{
		{ID: "bus", Phrases: phrases("pt-BR", "ônibus", "linha")},
		{ID: "line", Phrases: phrases("es", "linha")},
	}, what.Options{})
	want := []what.Candidate{{Keyword: "bus", Phrase: "linha", Language: "pt-BR"}}
	if got := ix.Match("linha", "pt"); got.Decision != what.Run || !slices.Equal(got.Candidates, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestAnEmptyIndexKnowsNothingButCommands(t *testing.T) {
	ix := what.NewIndex(nil, what.Options{})
	if got := ix.Match("weather Graz"); got.Decision != what.None {
		t.Errorf("got %+v", got)
	}
	if got := ix.Match("STOP"); got.Command != command.Stop {
		t.Errorf("got %+v", got)
	}
}

func TestOneThousandKeywordsMayShareAPhrase(t *testing.T) {
	var ks []what.Keyword
	for i := range 1000 {
		ks = append(ks, what.Keyword{ID: fmt.Sprint(i), Phrases: phrases("en", "same")})
	}
	if got := what.NewIndex(ks, what.Options{}).Match("same"); got.Decision != what.Offer || len(got.Candidates) != 3 {
		t.Errorf("got %+v", got)
	}
}

func TestEachOfManyKeywordsAnswersToItsOwnPhrase(t *testing.T) {
	ks := synthetic(10_000) // more than are worked out at once, twice
	ix := what.NewIndex(ks, what.Options{})
	for i := range ks {
		text := ks[i].Phrases["en"][0]
		if got := ix.Match(text, "en"); got.Decision != what.Run || got.Candidates[0].Keyword != ks[i].ID {
			t.Fatalf("%q is %+v, not %s", text, got, ks[i].ID)
		}
	}
}

func TestAHugeMessageCostsLittle(t *testing.T) {
	ix := newsroom()
	for _, text := range []string{
		strings.Repeat("a", 100_000), strings.Repeat("weather ", 20_000), strings.Repeat("天气", 30_000),
		strings.Repeat("e\u0301\u0302", 30_000), strings.Repeat("👩‍", 20_000), strings.Repeat("\xff", 100_000),
		"weather " + strings.Repeat("x ", 250), strings.Repeat("天", 500), strings.Repeat("ﷺ", 500),
		strings.Repeat("ال", 256), strings.Repeat("é", 512), strings.Repeat("е", 512), strings.Repeat("bitte", 100),
		strings.Repeat("สวัสดี", 80), strings.Repeat("a.", 250), strings.Repeat("한", 500),
	} {
		got := ix.Match(text)
		if n := testing.AllocsPerRun(1, func() { ix.Match(text) }); n > 10_000 {
			t.Errorf("%.20q: %.0f allocations", text, n)
		}
		if got.Probes > 400 {
			t.Errorf("%.20q took %d probes", text, got.Probes)
		}
		if n := utf8.RuneCountInString(got.Unknown); n > 60 {
			t.Errorf("%.20q: Unknown has %d characters", text, n)
		}
	}
}

func TestProbesDoNotDependOnTheNumberOfKeywords(t *testing.T) {
	small, large := what.NewIndex(synthetic(100), what.Options{}), what.NewIndex(synthetic(20_000), what.Options{})
	for _, text := range []string{"fdbf", "what is this", "wetter in Graz heute bitte", "天气北京"} {
		if a, b := small.Match(text).Probes, large.Match(text).Probes; a != b {
			t.Errorf("%q: %d probes among 100 keywords, %d among 20,000", text, a, b)
		}
	}
}

func TestAPhraseFindsItsKeywordInAnyDress(t *testing.T) {
	letters := []rune("abz éäößøçñ ёйж αώς أبى ガかー天한क ĳ")
	text := rapid.StringOfN(rapid.SampledFrom(letters), 1, 12, -1)
	dresses := []func(string) string{
		strings.ToUpper, strings.ToLower, strings.ToTitle, wide,
		func(s string) string { return " \t" + s + "!?" }, func(s string) string { return "#" + s },
		func(s string) string { return "“" + s + "”" }, func(s string) string { return strings.ReplaceAll(s, " ", "  ") },
	}
	rapid.Check(t, func(t *rapid.T) {
		var ks []what.Keyword
		texts := rapid.SliceOfN(text, 1, 8).Draw(t, "phrases")
		for i, p := range texts {
			ks = append(ks, what.Keyword{
				ID: fmt.Sprint(i), Phrases: phrases("en", p),
				Argument: rapid.SampledFrom([]what.Argument{what.ArgumentNone, what.ArgumentOptional}).Draw(t, "argument"),
			})
		}
		i := rapid.IntRange(0, len(texts)-1).Draw(t, "phrase")
		said := rapid.SampledFrom(dresses).Draw(t, "dress")(texts[i])
		if strings.TrimSpace(texts[i]) == "" || isCommand(said) {
			return
		}
		m := what.NewIndex(ks, what.Options{}).Match(said, "en")
		found := slices.ContainsFunc(m.Candidates, func(c what.Candidate) bool { return c.Keyword == fmt.Sprint(i) })
		if !found && len(m.Candidates) < 3 {
			t.Fatalf("Match(%q) = %+v, without %q", said, m, texts[i])
		}
		if m.Decision == what.Run && len(m.Candidates) != 1 || m.Decision == what.Offer && len(m.Candidates) > 3 {
			t.Fatalf("Match(%q) = %+v", said, m)
		}
	})
}

func isCommand(text string) bool {
	_, ok := command.Lookup(text)
	return ok
}

// wide writes Latin letters in full width.
func wide(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < unicode.MaxASCII {
			return r + 0xfee0
		}
		return r
	}, s)
}

// scripts draws messages of the kinds that readers and attackers send.
var scripts = rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune(
	"sßéİёйœ1½Ⅷ\u0336\u20e3'’-…&+#%$?!/ \u00a0\n\u200b\u200d\u00adأىـ\u064e٣שガか\u3099ｶﾞー天한하किข้ๆ👍🏽👩🍳🇸🇦️🏴\U000e0067≠<ﷺŉΐς",
))), rapid.Map(rapid.SliceOf(rapid.SampledFrom([]string{
	"news", "wipro", "cake", "北京", "much is", "'ow", "going for", "no", "i mean", "and", "le", "graz", "'", "-", "?", "\n", "\"",
})), func(parts []string) string { return strings.Join(parts, " ") }))

func TestMatchTakesAnyMessage(t *testing.T) {
	ix := newsroom()
	rapid.Check(t, func(t *rapid.T) { isSound(t, ix, scripts.Draw(t, "text")) })
}

func FuzzMatch(f *testing.F) {
	for _, s := range []string{"weather Graz", "天气北京", "wipro", "stop it", "🇸🇦🚜", "l oreal price", "'ow much is news goin' for then guv", "\xffweather", "อากาศๆ"} {
		f.Add(s)
	}
	ix := newsroom()
	f.Fuzz(func(t *testing.T, s string) { isSound(t, ix, s) })
}

// isSound checks what is true of the answer to every message.
func isSound(t interface{ Fatalf(string, ...any) }, ix *what.Index, text string) {
	m := ix.Match(text, "en", "fr")
	switch {
	case m.Decision == what.Run && len(m.Candidates) != 1,
		m.Decision == what.Offer && (len(m.Candidates) == 0 || len(m.Candidates) > 3),
		m.Decision == what.Reserved && m.Command == "",
		m.Decision == what.None && len(m.Candidates) > 0,
		!utf8.ValidString(m.Unknown), utf8.RuneCountInString(m.Unknown) > 60, m.Probes > 4000:
		t.Fatalf("Match(%q) = %+v", text, m)
	}
	for _, c := range m.Candidates {
		if c.Argument != "" && m.Tier == what.TierArgument && !strings.Contains(text, c.Argument) && strings.ToUpper(c.Argument) != c.Argument {
			t.Fatalf("Match(%q): argument %q was not typed", text, c.Argument)
		}
	}
	command.Closes(text)
	command.Split(text)
}

// TestAKeywordAndItsEntryAreOneThing asks for an entry of a keyword in sentences that name both.
func TestAKeywordAndItsEntryAreOneThing(t *testing.T) {
	symbols := what.NewVocabulary([]what.Term{{Value: "WIPRO", Names: []string{"Wipro"}}, {Value: "INFY", Names: []string{"Infosys"}}})
	ix := what.NewIndex([]what.Keyword{{
		ID: "quote", Argument: what.ArgumentOptional, Vocabulary: symbols, Bare: true,
		Phrases: map[string][]string{"en": {"quote", "share price"}, "fr": {"cours"}},
	}}, what.Options{})
	for _, text := range []string{"how much is the quote for infosys", "quel est le cours d'infosys", "combien vaut le cours d'infosys", "c'est combien le cours d'infosys"} {
		m := ix.Match(text, "en", "fr")
		if m.Decision != what.Run || len(m.Candidates) != 1 || m.Candidates[0].Argument != "INFY" {
			t.Errorf("%q: %v of %v; want INFY", text, m.Decision, m.Candidates)
		}
	}
}
