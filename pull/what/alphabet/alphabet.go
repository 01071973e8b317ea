// Package alphabet tells which scripts a language is written in, and so whether a
// phrase can be one of its own. It looks at letters alone, never at words.
package alphabet

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
)

// Fits reports whether a phrase can be a word of a language by its
// letters: one of them at least is of a script that the language is written in,
// or there is none at all. Where a language is not written in Latin letters,
// capitals, figures and words of three letters are taken for names and codes,
// which keep them everywhere. Every phrase fits a language that is not known.
func Fits(phrase, language string) bool {
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
		if !textform.IsCode(word) && utf8.RuneCountInString(word) > maxNameLetters {
			return false
		}
	}
	return true
}

// Romanised reports whether readers of a language that has a script of its own
// often write it, or the names in it, in Latin letters.
func Romanised(language string) bool {
	return slices.Contains(romanised, languages.Base(language))
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

// maxNameLetters is how many letters a name has at most that is told from words by
// its shortness alone.
const maxNameLetters = 3
