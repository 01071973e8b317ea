package what_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keypull/pull/what"
)

// written is a phrase of another script, and how people write it in Latin letters.
type written struct {
	section, language, phrase string
	latin                     []string
}

func (w *written) id() string { return w.section + " " + w.phrase }

func readTestdata(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name)) //nolint:gosec // the names stand in this file
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// readWritten reads lines of a phrase and its spellings; a section is a language
// and whether the words were looked at when the rules were made.
func readWritten(t *testing.T) (all []written) {
	t.Helper()
	section := ""
	for line := range strings.Lines(readTestdata(t, "latin.txt")) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "["); ok {
			section = strings.TrimSuffix(name, "]")
			continue
		}
		phrase, spellings, ok := strings.Cut(line, " ")
		if !ok {
			continue
		}
		language, _, _ := strings.Cut(section, " ")
		w := written{section: section, language: language, phrase: phrase}
		for s := range strings.SplitSeq(spellings, "|") {
			w.latin = append(w.latin, strings.TrimSpace(s))
		}
		all = append(all, w)
	}
	return all
}

// asian returns a catalogue in which each phrase is a keyword of its own.
func asian(all []written) *what.Index {
	keywords := make([]what.Keyword, 0, len(all))
	for _, w := range all {
		keywords = append(keywords, what.Keyword{ID: w.id(), Phrases: phrases(w.language, w.phrase)})
	}
	return what.NewIndex(keywords, what.Options{})
}

func TestPhrasesOfOtherScriptsAreReachedInLatinLetters(t *testing.T) {
	all := readWritten(t)
	ix := asian(all)
	reached, answered := map[string]int{}, map[string]int{}
	var missed []string
	for _, w := range all {
		for _, s := range w.latin {
			m := ix.Match(s)
			switch {
			case len(m.Candidates) == 1 && m.Candidates[0].Keyword == w.id():
				reached[w.section]++
				if m.Decision == what.Run {
					answered[w.section]++
				}
			case m.Decision == what.Run:
				t.Errorf("%q answers %s instead of %s", s, m.Candidates[0].Keyword, w.phrase)
			default:
				missed = append(missed, w.section+": "+s)
			}
		}
	}
	for section, least := range map[string][2]int{
		"zh seen": {66, 63}, "ja seen": {61, 58}, "th seen": {88, 72},
		"zh unseen": {34, 31}, "ja unseen": {30, 30}, "th unseen": {37, 26},
	} {
		if reached[section] < least[0] || answered[section] < least[1] {
			t.Errorf("%s: %d reached and %d answered, want %v; missed are %q", section, reached[section], answered[section], least, missed)
		}
	}
}

func TestEverydayWordsReachNothingOfOtherScripts(t *testing.T) {
	ix := asian(readWritten(t))
	for word := range strings.FieldsSeq(readTestdata(t, "latin_not.txt")) {
		if m := ix.Match(word); m.Decision == what.Run || m.Decision == what.Offer {
			t.Errorf("%q: %s", word, told(m))
		}
	}
}

func TestLatinLettersAreReadWithinWhatAsks(t *testing.T) {
	ix := what.NewIndex([]what.Keyword{
		{ID: "okonomiyaki", Phrases: phrases("ja", "お好み焼き")},
		{ID: "tomyum", Phrases: phrases("th", "ต้มยำกุ้ง")},
		{ID: "padthai", Phrases: phrases("th", "ผัดไทย")},
		{ID: "dumpling", Phrases: map[string][]string{"zh": {"小籠包"}, "ja": {"小籠包"}}},
		{ID: "kungpao", Phrases: phrases("zh", "宫保鸡丁")},
		{ID: "soba", Phrases: phrases("ja", "蕎麦")},
		{ID: "snow", Autocorrect: what.AutocorrectOff, Phrases: phrases("ja", "大雪警報")},
		{ID: "quake", Autocorrect: what.AutocorrectOffer, Phrases: phrases("ja", "地震速報")},
		{ID: "korean", Phrases: phrases("ko", "北京")},
	}, what.Options{})
	for _, tt := range []struct{ message, want string }{
		{"recipe for okonomiyaki please", "run okonomiyaki (script)"},
		{"Okonomi-yaki", "run okonomiyaki (script)"},
		{"receta de okonomiyaki por favor", "run okonomiyaki (script)"},
		{"please send me the recipe for tom yum goong", "run tomyum (script)"},
		{"tomyumgoong", "run tomyum (script)"},
		{"resep pad thai dong", "run padthai (script)"},
		{"how do I make xiao long bao?", "run dumpling (script)"},
		{"gonbao jidin", "offer kungpao (unsure)"},
		{"soba", "offer soba (unsure)"},
		{"ooyuki keihou", "none (unknown)"},
		{"jishin sokuho", "offer quake (unsure)"},
		{"beijing", "none (unknown)"},
		{"tom", "none (unknown)"},
		{"thai pad", "none (unknown)"},
		{"please no okonomiyaki", "none (unknown)"},
		{"I loved the okonomiyaki of yesterday", "none (unknown)"},
	} {
		if got := told(ix.Match(tt.message)); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.message, got, tt.want)
		}
	}
}
