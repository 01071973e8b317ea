package shown

import (
	_ "embed"
	"strings"
	"sync"

	"keypull/pull/what/textform"
)

//go:embed units.txt
var unitList string

// Fractions are those that are written as one sign.
const Fractions = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"

// UnitWords are the words of units.txt by section, folded: what quantities are measured
// in, and who a recipe is for.
var UnitWords = sync.OnceValue(func() map[string]map[string]bool {
	all := map[string]map[string]bool{}
	EachLine(unitList, func(section, line string) { AddWords(all, section, strings.Fields(line)...) })
	return all
})

// IsUnit reports whether a folded word is one of what quantities are measured in.
func IsUnit(folded string) bool {
	return UnitWords()["metric"][folded] || UnitWords()["kitchen"][folded]
}

// EachLine calls f with the lines of a text of words, and the section that each is in.
func EachLine(text string, f func(section, line string)) {
	section := ""
	for line := range strings.Lines(text) {
		switch line = strings.TrimSpace(line); {
		case line == "", strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			section = strings.Trim(line, "[]")
		default:
			f(section, line)
		}
	}
}

// AddWords takes words up in the set of a section, folded.
func AddWords(sets map[string]map[string]bool, section string, words ...string) {
	if sets[section] == nil {
		sets[section] = map[string]bool{}
	}
	for _, word := range words {
		sets[section][textform.Fold(word)] = true
	}
}
