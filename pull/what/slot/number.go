package slot

import (
	"strconv"
	"strings"
	"sync"

	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
)

// parseNumber reads digits or one of the words one to twelve.
func parseNumber(text string, preferred []string) (string, bool) {
	text = textform.Figures(text)
	if n, ok := spokenNumbers()[textform.FoldNormal(textform.Normal(text))]; ok {
		return strconv.Itoa(n), true
	}
	return decimalOf(text, preferred)
}

// decimalOf reads a number with whichever separators it has. One separator
// before three digits is read as the reader's first language writes: 1.234 is
// one thousand in German and a little more than one in English.
func decimalOf(text string, preferred []string) (string, bool) {
	sign := ""
	switch {
	case strings.HasPrefix(text, "-"):
		sign, text = "-", text[1:]
	case strings.HasPrefix(text, "+"):
		text = text[1:]
	}
	whole, fraction := text, ""
	if at := decimalPoint(text, preferred); at >= 0 {
		whole, fraction = text[:at], text[at+1:]
		if fraction == "" || !isDigits(fraction) {
			return "", false
		}
	}
	whole, ok := ungrouped(whole)
	if !ok {
		return "", false
	}
	value := whole
	if fraction != "" {
		value += "." + fraction
	}
	if strings.Trim(value, "0.") == "" {
		sign = ""
	}
	return sign + value, true
}

// decimalPoint returns where the fraction of a number begins, or -1.
func decimalPoint(text string, preferred []string) int {
	at := strings.LastIndexAny(text, ".,")
	if at < 0 {
		return -1
	}
	own, other := text[at:at+1], ","
	if own == "," {
		other = "."
	}
	switch {
	case strings.Contains(text[:at], own):
		return -1
	case strings.Contains(text[:at], other), strings.ContainsAny(text[:at], " '"):
		return at
	case len(text)-at-1 != 3 || at == 0 || at > 3 || text[0] == '0':
		return at
	case own == decimalSign(preferred):
		return at
	default:
		return -1
	}
}

// decimalSign returns the decimal sign of the reader's first language.
func decimalSign(preferred []string) string {
	if len(preferred) == 0 {
		return "."
	}
	tag := strings.ToLower(strings.ReplaceAll(preferred[0], "_", "-"))
	if commaLanguages[languages.Base(tag)] && !pointRegions[tag] {
		return ","
	}
	return "."
}

var (
	commaLanguages = textform.Set("de fr es it pt nl pl tr id ru uk bg sv da nb no nn fi cs sk sl hr sr hu ro el ca lt lv et vi")
	pointRegions   = textform.Set("de-ch it-ch de-li es-mx es-us es-gt es-hn es-ni es-pa es-pr es-do es-sv")
)

// ungrouped takes the separators of thousands out, which stand before three
// digits each, or before two as in India.
func ungrouped(whole string) (string, bool) {
	groups := strings.FieldsFunc(whole, func(r rune) bool { return strings.ContainsRune(".,' ", r) })
	if len(groups) == 0 || len(groups) > 1 && len(whole) != len(strings.Join(groups, " ")) {
		return "", false
	}
	for i, group := range groups {
		last := i == len(groups)-1
		switch {
		case !isDigits(group), len(groups) == 1 && group != whole,
			i == 0 && len(groups) > 1 && len(group) > 3,
			i > 0 && last && len(group) != 3,
			i > 0 && !last && len(group) != 3 && len(group) != 2:
			return "", false
		}
	}
	digits := strings.TrimLeft(strings.Join(groups, ""), "0")
	if digits == "" {
		digits = "0"
	}
	return digits, true
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// spokenNumbers maps the folded words one to twelve of every language to their
// numbers. A word that is two numbers is none.
var spokenNumbers = sync.OnceValue(func() map[string]int {
	table := map[string]int{}
	for _, tag := range languages.Tags() {
		n := 0
		for _, line := range languages.Lines(tag, "slots.txt", "numbers") {
			n++
			for name := range strings.FieldsSeq(line) {
				form := textform.Fold(name)
				if other, taken := table[form]; taken && other != n {
					table[form] = 0
					continue
				}
				table[form] = n
			}
		}
	}
	for form, n := range table {
		if n == 0 {
			delete(table, form)
		}
	}
	return table
})
