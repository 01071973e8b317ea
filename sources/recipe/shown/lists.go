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
	textform.EachLine(unitList, func(section, line string) { AddWords(all, section, strings.Fields(line)...) })
	return all
})

// IsUnit reports whether a folded word is one of what quantities are measured in.
func IsUnit(folded string) bool {
	return UnitWords()["metric"][folded] || UnitWords()["kitchen"][folded]
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
