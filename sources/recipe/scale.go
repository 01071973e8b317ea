package recipe

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"keypull/pull/what"
	"keypull/pull/what/textform"
	"keypull/sources"
	"keypull/sources/duration"
	"keypull/sources/fulltext"
	"keypull/sources/recipe/shown"
)

var (
	quantityNumber = `(?:[0-9]+\s+[0-9]+\s*[/⁄]\s*[0-9]+|[0-9]+\s*[/⁄]\s*[0-9]+|[0-9]+\s*[` + shown.Fractions + `]|[` + shown.Fractions + `]|[0-9]+(?:[.,][0-9]+)?)`
	// quantityPattern is a number, or two with a dash or a word between them, and the word
	// behind.
	quantityPattern = regexp.MustCompile(`(` + quantityNumber + `)(?:(\s*[-–—]\s*|\s+(?:to|or|à|ou|bis|oder|a|o|do|или|до)\s+)(` + quantityNumber + `))?(\s*)(\p{L}[\p{L}\p{M}.]*)?`)
	leadingNoise    = regexp.MustCompile(`^(?:[^\p{L}0-9` + shown.Fractions + `]*|(?:ca|about|approx|environ|etwa|circa|około|примерно)\.?\s+)$`)
)

// fractionBar parts a number from what it is divided by.
var fractionBar = regexp.MustCompile(` *[/⁄] *`)

var fractionOf = map[rune]float64{
	'½': 1.0 / 2, '⅓': 1.0 / 3, '⅔': 2.0 / 3, '¼': 1.0 / 4, '¾': 3.0 / 4, '⅕': 1.0 / 5, '⅖': 2.0 / 5, '⅗': 3.0 / 5, '⅘': 4.0 / 5,
	'⅙': 1.0 / 6, '⅚': 5.0 / 6, '⅛': 1.0 / 8, '⅜': 3.0 / 8, '⅝': 5.0 / 8, '⅞': 7.0 / 8,
}

// scaleRecipe returns a recipe for so many, as far as its page tells for how many it is.
// What could not be worked out is listed.
func scaleRecipe(it what.Item, servings int) what.Item {
	it = sources.Copy([]what.Item{it})[0]
	it.Facts = append(it.Facts, what.Fact{Name: factServings, Kind: what.Integer, Text: strconv.Itoa(servings)})
	written := it.Facts.Text(factYield)
	base, ok := servingsOf(written)
	if !ok {
		return it
	}
	factor := float64(servings) / base
	var unscaled []string
	for i, f := range it.Facts {
		if f.Name != factIngredients {
			continue
		}
		for j, line := range f.List {
			told, ok := scaleLine(line, factor)
			if it.Facts[i].List[j] = told; !ok {
				unscaled = append(unscaled, line)
			}
		}
	}
	it.Facts = append(it.Facts, what.Fact{Name: factScaledFrom, Text: written})
	if len(unscaled) > 0 {
		it.Facts = append(it.Facts, what.Fact{Name: factUnscaled, Kind: what.List, List: unscaled})
	}
	return it
}

// servingsOf returns for how many people a yield is, the middle of a range; false if it
// counts something else, such as cookies, or nothing.
func servingsOf(yield string) (float64, bool) {
	m := quantityPattern.FindStringSubmatch(yield)
	if m == nil {
		return 0, false
	}
	n := valueOf(m[1])
	if m[3] != "" {
		n = (n + valueOf(m[3])) / 2
	}
	if n <= 0 || n > maxServings {
		return 0, false
	}
	words, named := fulltext.Words(strings.Replace(yield, m[0], m[5], 1)), false
	for _, word := range words {
		named = named || shown.UnitWords()["people"][word]
	}
	rest := strings.Trim(strings.Replace(yield, m[0], m[5], 1), " .:~")
	return n, named || rest == ""
}

// scaleLine multiplies the quantity of an ingredient. It is false where the line has
// numbers and none that is surely its quantity.
func scaleLine(line string, factor float64) (string, bool) {
	all := quantityPattern.FindAllStringSubmatchIndex(line, -1)
	if len(all) == 0 {
		return line, true
	}
	at := all[0]
	first := leadingNoise.MatchString(line[:at[0]])
	switch {
	case strings.HasPrefix(strings.TrimSpace(line[at[8]:]), "%"):
		return line, false
	case !first && (len(all) != 1 || !isMeasure(matchGroup(line, at, 5)) && strings.TrimSpace(line[at[1]:]) != ""):
		return line, false
	}
	var b strings.Builder
	from := 0
	for i, at := range all {
		// What follows a measure in brackets or behind a slash is the same again.
		again := isMeasure(matchGroup(line, all[0], 5)) && isMeasure(matchGroup(line, at, 5)) && opensAlternative(line[from:at[0]])
		if i > 0 && !again {
			continue
		}
		b.WriteString(line[from:at[0]])
		b.WriteString(multiplyQuantity(line, at, factor))
		from = at[8]
	}
	return b.String() + line[from:], true
}

// opensAlternative reports whether what stands before a quantity opens another way to say
// the one before.
func opensAlternative(between string) bool {
	between = strings.TrimSpace(between)
	return strings.HasSuffix(between, "(") || strings.HasSuffix(between, "/") || strings.HasSuffix(between, "=")
}

func matchGroup(line string, at []int, group int) string {
	if at[2*group] < 0 {
		return ""
	}
	return line[at[2*group]:at[2*group+1]]
}

func isMeasure(word string) bool {
	return shown.IsUnit(textform.Fold(strings.Trim(word, ".")))
}

// multiplyQuantity returns a quantity times a factor, written as it was.
func multiplyQuantity(line string, at []int, factor float64) string {
	metric := shown.UnitWords()["metric"][textform.Fold(strings.Trim(matchGroup(line, at, 5), "."))]
	out := formatLike(valueOf(matchGroup(line, at, 1))*factor, matchGroup(line, at, 1), metric)
	if to := matchGroup(line, at, 3); to != "" {
		out += matchGroup(line, at, 2) + formatLike(valueOf(to)*factor, to, metric)
	}
	return out
}

// valueOf reads a number as ingredients have it.
func valueOf(s string) float64 {
	total := 0.0
	for sign, value := range fractionOf {
		if strings.ContainsRune(s, sign) {
			total, s = total+value, strings.Replace(s, string(sign), "", 1)
		}
	}
	s = fractionBar.ReplaceAllString(strings.ReplaceAll(s, ",", "."), "/")
	return total + duration.Number(s)
}

// formatLike formats a quantity like the one it replaces: grams and the like as decimals, all else by the
// fractions of the kitchen where one is near enough.
func formatLike(n float64, as string, metric bool) string {
	whole, rest := math.Floor(n+0.02), n-math.Floor(n+0.02)
	if math.Abs(rest) <= 0.02 {
		return strconv.FormatFloat(whole, 'f', 0, 64)
	}
	if !metric && !strings.ContainsAny(as, ".,") && n < 20 {
		for _, sign := range "½⅓⅔¼¾⅛⅜⅝⅞" {
			if math.Abs(fractionOf[sign]-rest) > 0.02 {
				continue
			}
			if whole == 0 {
				return string(sign)
			}
			return strconv.FormatFloat(whole, 'f', 0, 64) + " " + string(sign)
		}
	}
	places := 2
	switch {
	case n >= 100:
		places = 0
	case n >= 10:
		places = 1
	}
	out := strconv.FormatFloat(n, 'f', places, 64)
	if strings.Contains(out, ".") {
		out = strings.TrimRight(strings.TrimRight(out, "0"), ".")
	}
	if strings.Contains(as, ",") {
		out = strings.Replace(out, ".", ",", 1)
	}
	return out
}
