package stem

import (
	"slices"
	"strings"

	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
)

// Language returns the language by whose rules a phrase is inflected: the one
// it is entered under, if it is written in its script, else the one that the
// script is best known for.
func Language(language, folded string) (string, textform.Writing) {
	script := textform.WritingOf(folded)
	language = languages.Base(language)
	switch script {
	case textform.WritingLatin:
		if slices.Contains(notLatin, language) || language == "" || language == "mul" || language == "und" {
			return "", script
		}
		return language, script
	case textform.WritingSpaceless, textform.WritingOther:
		return "", script
	}
	languages := languagesOf[script]
	if slices.Contains(languages, language) {
		return language, script
	}
	return languages[0], script
}

// languagesOf lists the languages that are written in a script, the one that
// it is best known for first.
var languagesOf = map[textform.Writing][]string{
	textform.WritingCyrillic: {"ru", "uk", "bg", "sr"}, textform.WritingGreek: {"el"}, textform.WritingArabic: {"ar", "fa", "ur"},
	textform.WritingHebrew: {"he"}, textform.WritingDevanagari: {"hi", "mr", "ne"}, textform.WritingHangul: {"ko"},
	textform.WritingBengali: {"bn"}, textform.WritingTamil: {"ta"}, textform.WritingTelugu: {"te"},
}

// notLatin are languages that are not written in Latin letters.
var notLatin = strings.Fields("ru uk bg sr mk be el ar fa ur he hi mr ne ko ja zh th lo km my bn ta te")
