package instruction_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull/what/instruction"
	"keypull/pull/what/slot"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// read reads a message as the index does.
func read(text string, languages ...string) []instruction.Instruction {
	tokens := textform.Tokenise(text, nil)
	speech.Mark(tokens, languages...)
	return instruction.Read(text, tokens, func(words []textform.Token, before bool) bool {
		return speech.IsPolite(textform.Normal(text[words[0].Start:words[len(words)-1].End])) || before && len(words) == 1 && words[0].Roles&speech.Request != 0
	}, filled, languages)
}

// filled reports whether what is to be a language is one.
func filled(in instruction.Instruction) bool {
	if in.Kind != instruction.Language && in.Kind != instruction.LanguageAgain {
		return true
	}
	_, ok := slot.Parse(slot.Language, in.Gaps[instruction.Value], time.Time{}, in.Language)
	return ok
}

func TestInstructionsAreReadWithWhatStandsInThem(t *testing.T) {
	t.Parallel()
	type gaps = map[string]string
	for _, c := range []struct {
		said string
		kind instruction.Kind
		gaps gaps
	}{
		{"my city Lyon", instruction.City, gaps{"<value>": "Lyon"}},
		{"My city is New York, please", instruction.City, gaps{"<value>": "New York"}},
		{"please remember Saint-Étienne as my city", instruction.City, gaps{"<value>": "Saint-Étienne"}},
		{"add INFY to my stocks", instruction.ListAdd, gaps{"<words>": "INFY", "<list>": "stocks"}},
		{"add WIPRO, INFY to my tech stocks", instruction.ListAdd, gaps{"<words>": "WIPRO, INFY", "<list>": "tech stocks"}},
		{"my team is Rapid Wien", instruction.Prefer, gaps{"<name>": "team", "<value>": "Rapid Wien"}},
		{"forget my city", instruction.ForgetCity, nil},
		{"forget my team", instruction.Unprefer, gaps{"<name>": "team"}},
		{"unsubscribe from the news", instruction.Unsave, gaps{"<words>": "the news"}},
		{"short answers", instruction.Short, nil},
	} {
		got := read(c.said, "en")
		if len(got) == 0 || got[0].Kind != c.kind || !cmp.Equal(got[0].Gaps, c.gaps) {
			t.Errorf("%q is read as %+v", c.said, got)
		}
	}
}

// TestSmallWordsTellOfNoHome asks sentences that begin with a small word of another language,
// which tells there where somebody lives.
func TestSmallWordsTellOfNoHome(t *testing.T) {
	t.Parallel()
	for language, said := range map[string][]string{
		"pl": {"o której jest Kopernik", "o której zamykacie w piątek", "o pogodzie", "o czym piszecie"},
		"cs": {"o čem píšete", "o víkendu", "o Spartě"}, "sk": {"o koľkej zatvárate"}, "pt": {"o Benfica joga hoje", "o tempo no Porto"},
		"it": {"o Milano o Roma", "a Natale siete aperti"}, "hu": {"ő Petőfi"}, "sl": {"o Ljubljani"}, "uk": {"я з понеділка у відпустці", "я з Олею прийду"},
		"hr": {"o Dinamu", "u petak u Zagrebu"}, "es": {"o Madrid o Sevilla", "a Sevilla mañana"}, "vi": {"ở Hà Nội có mưa không"},
	} {
		for _, text := range said {
			for _, in := range read(text, language) {
				if in.Kind == instruction.Lives || in.Kind == instruction.City {
					t.Errorf("%s: %q is read as %+v", language, text, in)
				}
			}
		}
	}
}

func TestOtherMessagesAreNoInstructions(t *testing.T) {
	t.Parallel()
	for _, said := range []string{"", "news", "the city is beautiful today", "i would add that it is late", "my", "to my stocks"} {
		if got := read(said, "en"); len(got) > 0 {
			t.Errorf("%q is read as %+v", said, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("add INFY to my stocks")
	f.Add("我的城市是北京")
	f.Fuzz(func(t *testing.T, text string) {
		for _, in := range read(text, "en", "zh") {
			for name, gap := range in.Gaps {
				if gap == "" || len(gap) > len(text) {
					t.Fatalf("%q: the gap %s is %q", text, name, gap)
				}
			}
		}
	})
}
