package what

import (
	"io/fs"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Stems returns what two phrases of a language share if they have the same
// words, in any order and inflection, with or without articles and accents. It
// is a key for comparing and not for reading, and empty for what is never
// inflected: codes, numbers, signs.
func Stems(phrase, language string) string {
	var tokens [24]token
	words := units(tokenise(phrase, tokens[:0]), nil)
	if len(words) == 0 || hasNoLetter(phrase) || len(words) == 1 && weight(words[0]) <= maxCode && isCode(phrase) {
		return ""
	}
	rest := content(words)
	tag, _ := stemLanguage(language, rest[0])
	_, ruled := stemmers[tag]
	stems := make([]string, 0, len(rest))
	for _, w := range rest {
		if !ruled {
			stems = append(stems, stemLight(w))
			continue
		}
		stems = append(stems, stem(w, tag))
	}
	return bag(stems)
}

// FitsMessage reports whether a message can be as long as a phrase. What is
// longer is no part of an index.
func FitsMessage(phrase string) bool {
	text := strings.TrimSpace(phrase)
	return len(phrase) <= maxPhrase && utf8.RuneCountInString(text) <= maxRunes && len(Normal(text)) <= maxNormal
}

// Wordy reports whether a phrase has so many words that only a message of
// exactly these finds it: none with a word more, in another order, or misspelt.
func Wordy(phrase string) bool {
	if len(phrase) < 2*maxCore {
		return false
	}
	var tokens [24]token
	return len(units(tokenise(phrase, tokens[:0]), nil)) > maxCore
}

// IsOrdinary reports whether a phrase is a word that readers of a language
// write all the time without asking for it: an article, a pronoun, a preposition,
// a negation and the like, or one of the most common words if it has three
// letters at most. Of languages that the index knows no words of, none is. Words of scripts that write no vowels, or syllables
// as one sign, are short without being ordinary.
func IsOrdinary(phrase, language string) bool {
	words := knownOrdinary()[baseLanguage(language)]
	if words == nil {
		return false
	}
	folded := Fold(phrase)
	return words.function[folded] || words.short[folded]
}

// IsPolite reports whether a phrase of a language is a greeting, or thanks, or
// another form of politeness and nothing else.
func IsPolite(phrase, language string) bool {
	normal := Normal(phrase)
	folded := fold(normal)
	if greetingWords()[folded] {
		return true
	}
	words := knownOrdinary()[baseLanguage(language)]
	if words == nil {
		return politeWords()[normal]
	}
	return words.polite[folded] && (politeWords()[folded] || strings.Contains(folded, " "))
}

// greetingWords is a set of folded single words that are greetings in whatever
// language they stand.
var greetingWords = sync.OnceValue(func() map[string]bool {
	return set("hello|hallo|hi|hey|bye|goodbye|bonjour|salut|bonsoir|ciao|hola|olá|adiós|buongiorno|buonasera|cześć|hej|ahoj|merhaba|selam|" +
		"привет|здравствуйте|привіт|γεια|مرحبا|اهلا|سلام|שלום|नमस्ते|नमस्कार|こんにちは|こんばんは|ありがとう|안녕|안녕하세요|감사합니다|你好|您好|สวัสดี|halo|xin chào")
})

// ordinaryWords are folded words and phrases of one language.
type ordinaryWords struct{ function, short, polite map[string]bool }

// maxOrdinary is the most letters of a common word that is ordinary as a
// keyword: longer ones are what readers ask for, such as news and weather.
const maxOrdinary = 3

// maxFrequent is how many words of the section [common], which begins with the
// most frequent ones, are ordinary as keywords.
const maxFrequent = 1500

const functionRoles = roleGlue | roleArticle | roleJoint | roleOr | roleNegation

// knownOrdinary maps a base tag to the words of its language. Unlike those of
// knownSpeech they are kept apart: a French conjunction is an English vehicle.
var knownOrdinary = sync.OnceValue(func() map[string]*ordinaryWords {
	all := map[string]*ordinaryWords{}
	files, err := fs.ReadDir(languageFiles, "languages")
	if err != nil {
		return all // it is embedded, so it is there
	}
	for _, file := range files {
		text, err := languageFiles.ReadFile("languages/" + file.Name())
		if err != nil {
			continue
		}
		words := &ordinaryWords{function: map[string]bool{}, short: map[string]bool{}, polite: map[string]bool{}}
		words.read(string(text))
		all[strings.TrimSuffix(file.Name(), ".txt")] = words
	}
	return all
})

func (o *ordinaryWords) read(text string) {
	section, frequent := role(0), maxFrequent
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			section = sections[strings.Trim(line, "[] ")]
		case section&functionRoles != 0:
			o.function[Fold(line)] = true
		case section&(roleGreeting|roleRequest) != 0 && (section == roleGreeting || isPolite(Normal(line))):
			o.polite[Fold(line)] = true
		case section == roleCommon:
			for word := range strings.FieldsSeq(line) {
				if frequent--; frequent >= 0 && utf8.RuneCountInString(word) <= maxOrdinary && isAlphabetic(word) {
					o.short[Fold(word)] = true
				}
			}
		}
	}
}

// isAlphabetic reports whether a word is written in letters for both consonants
// and vowels.
func isAlphabetic(word string) bool {
	return strings.IndexFunc(word, func(r rune) bool {
		return unicode.IsLetter(r) && !unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek)
	}) < 0
}

// ScriptFits reports whether a phrase can be a word of a language by its
// letters: one of them at least is of a script that the language is written in,
// or there is none at all. Where a language is not written in Latin letters,
// capitals, figures and words of three letters are taken for names and codes,
// which keep them everywhere. Every phrase fits a language that is not known.
func ScriptFits(phrase, language string) bool {
	scripts := alphabetsOf(language)
	if scripts == nil {
		return true
	}
	letters, latin := 0, 0
	for _, r := range phrase {
		switch {
		case !unicode.IsLetter(r) || unicode.In(r, unicode.Common, unicode.Inherited):
			continue
		case unicode.In(r, scripts...):
			return true
		case unicode.Is(unicode.Latin, r):
			latin++
		}
		letters++
	}
	return letters == 0 || latin == letters && isForeignCode(phrase)
}

// isForeignCode covers codes and very short words in Latin letters.
func isForeignCode(phrase string) bool {
	for word := range strings.FieldsSeq(phrase) {
		if !isCode(word) && utf8.RuneCountInString(word) > maxOrdinary {
			return false
		}
	}
	return true
}

// Romanised reports whether readers of a language that has a script of its own
// often write it, or the names in it, in Latin letters.
func Romanised(language string) bool {
	return slices.Contains(romanised, baseLanguage(language))
}

var romanised = strings.Fields("ja zh yue ko hi ur bn mr ne pa gu ta te kn ml si ar fa ps th lo km my am ka hy")

// alphabetsOf returns the scripts of a language, nil if they are not known. A
// script in the tag itself goes first: "sr-Latn".
func alphabetsOf(language string) []*unicode.RangeTable {
	base := ""
	for part := range strings.FieldsFuncSeq(language, func(r rune) bool { return r == '-' || r == '_' }) {
		part = strings.ToLower(part)
		if base == "" {
			base = part
			continue
		}
		if len(part) == 4 && part[0] > '9' {
			return alphabetTags[part]
		}
	}
	return knownAlphabets()[base]
}

var (
	hanLetters    = []*unicode.RangeTable{unicode.Han, unicode.Bopomofo}
	koreanLetters = []*unicode.RangeTable{unicode.Hangul, unicode.Han}
	kanaLetters   = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana}
	latinLetters  = []*unicode.RangeTable{unicode.Latin}
	cyrilLetters  = []*unicode.RangeTable{unicode.Cyrillic}
	arabLetters   = []*unicode.RangeTable{unicode.Arabic}
	devaLetters   = []*unicode.RangeTable{unicode.Devanagari}
)

var alphabetTags = map[string][]*unicode.RangeTable{
	"latn": latinLetters, "cyrl": cyrilLetters, "arab": arabLetters, "deva": devaLetters, "hans": hanLetters, "hant": hanLetters,
	"hani": hanLetters, "jpan": kanaLetters, "kore": koreanLetters, "hang": koreanLetters,
	"grek": {unicode.Greek}, "hebr": {unicode.Hebrew}, "thai": {unicode.Thai},
}

// knownAlphabets maps a base tag to the scripts of its language.
var knownAlphabets = sync.OnceValue(func() map[string][]*unicode.RangeTable {
	all := map[string][]*unicode.RangeTable{}
	for _, group := range []struct {
		languages string
		scripts   []*unicode.RangeTable
	}{
		{"en fr de es it pt nl pl sv da nb nn no fi cs sk hu ro tr vi id ms hr sl et lv lt sq eu ca gl ga gd cy is mt af sw fil tl lb eo ht zu xh yo ig so", latinLetters},
		{"ru uk be bg mk ky tg ba cv", cyrilLetters},
		{"sr bs kk uz az tk tt mn cnr sh", []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Arabic, unicode.Mongolian}},
		{"ar fa ur ps ckb ug", arabLetters}, {"hi mr ne", devaLetters}, {"zh yue", hanLetters}, {"ja", kanaLetters}, {"ko", koreanLetters},
		{"el", []*unicode.RangeTable{unicode.Greek}}, {"he yi", []*unicode.RangeTable{unicode.Hebrew}},
		{"th", []*unicode.RangeTable{unicode.Thai}}, {"lo", []*unicode.RangeTable{unicode.Lao}},
		{"km", []*unicode.RangeTable{unicode.Khmer}}, {"my", []*unicode.RangeTable{unicode.Myanmar}},
		{"bn", []*unicode.RangeTable{unicode.Bengali}}, {"gu", []*unicode.RangeTable{unicode.Gujarati}},
		{"pa", []*unicode.RangeTable{unicode.Gurmukhi, unicode.Arabic}}, {"ta", []*unicode.RangeTable{unicode.Tamil}},
		{"te", []*unicode.RangeTable{unicode.Telugu}}, {"kn", []*unicode.RangeTable{unicode.Kannada}},
		{"ml", []*unicode.RangeTable{unicode.Malayalam}}, {"si", []*unicode.RangeTable{unicode.Sinhala}},
		{"ka", []*unicode.RangeTable{unicode.Georgian}}, {"hy", []*unicode.RangeTable{unicode.Armenian}},
		{"am ti", []*unicode.RangeTable{unicode.Ethiopic}},
	} {
		for language := range strings.FieldsSeq(group.languages) {
			all[language] = group.scripts
		}
	}
	return all
})
