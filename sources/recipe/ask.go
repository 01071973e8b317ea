package recipe

import (
	_ "embed"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
	"keypull/sources/fulltext"
)

//go:embed asks.txt
var asks string

// asking is what the words of asks do.
type asking struct {
	idle map[string]bool
	// joined are those of idle that stand within a word of a script without spaces,
	// the longest first.
	joined   []string
	diets    map[string][][]string
	servings []*regexp.Regexp
}

var askings = sync.OnceValue(func() asking {
	a, section := asking{idle: map[string]bool{}, diets: map[string][][]string{}}, ""
	for line := range strings.SplitSeq(asks, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			section = strings.Trim(line, "[]")
		case section == "servings":
			a.servings = append(a.servings, pattern(line))
		case section == "idle":
			for _, word := range fulltext.Words(line) {
				a.idle[word] = true
				if r, _ := utf8.DecodeRuneInString(word); textform.IsSpaceless(r) && utf8.RuneCountInString(word) > 1 {
					a.joined = append(a.joined, word)
				}
			}
		case section == "vegan" || section == "vegetarian":
			for _, word := range fulltext.Words(line) {
				a.diets[section] = append(a.diets[section], []string{word})
			}
		default:
			words := fulltext.Words(line)
			// Several forms of one word stand in a row, words of one phrase too.
			if len(words) > 1 && !strings.HasPrefix(words[1], words[0][:min(len(words[0]), 6)]) {
				a.diets[section] = append(a.diets[section], words)
				continue
			}
			for _, word := range words {
				a.diets[section] = append(a.diets[section], []string{word})
			}
		}
	}
	// The longest first: "for 8 people" before "for 8".
	slices.SortStableFunc(a.servings, func(x, y *regexp.Regexp) int { return len(y.String()) - len(x.String()) })
	slices.SortStableFunc(a.joined, func(x, y string) int { return len(y) - len(x) })
	return a
})

// pattern finds a line of asks.txt with a number in it.
func pattern(line string) *regexp.Regexp {
	before, after, _ := strings.Cut(line, "{n}")
	part := func(s string) string {
		return strings.ReplaceAll(regexp.QuoteMeta(s), " ", `\s+`)
	}
	head, tail := `(?:^|\s)`, `(?:\s|$)`
	if before == "" && after != "" && !strings.HasPrefix(after, " ") {
		head, tail = `(?:^|[^0-9])`, ``
	}
	return regexp.MustCompile(`(?i)` + head + part(before) + `([0-9]{1,3})` + part(after) + tail)
}

// wish is what a reader asks for.
type wish struct {
	// text is the argument without what is said of servings, which is of.
	text, of string
	servings int
	// words are those that must be found, diets what it must be fit for.
	words, diets []string
}

// maxServings is for how many a recipe is scaled at most.
const maxServings = 500

// understand takes an argument apart, in the languages that its words may be of.
func understand(argument string, tags []string) wish {
	w := wish{text: strings.TrimSpace(argument)}
	for _, p := range askings().servings {
		at := p.FindStringSubmatchIndex(w.text)
		if at == nil {
			continue
		}
		rest := strings.TrimSpace(w.text[:at[0]] + " " + w.text[at[1]:])
		n, err := strconv.Atoi(w.text[at[2]:at[3]])
		if err != nil || n < 1 || n > maxServings || rest == "" {
			continue
		}
		w.of, w.servings, w.text = strings.TrimSpace(w.text[at[0]:at[1]]), n, rest
		break
	}
	words := fulltext.Words(w.text)
	words, w.diets = withoutDiets(words)
	tongues := speech.Of("")
	for _, tag := range tags {
		tongues |= speech.Of(tag)
	}
	for _, word := range unjoined(words) {
		if !askings().idle[word] && !speech.IsFunction(word, tongues) && !speech.IsPolite(word) {
			w.words = append(w.words, word)
		}
	}
	if len(w.words) == 0 && len(w.diets) == 0 {
		w.words = words
	}
	return w
}

// particles are written to the words that they follow, in scripts without
// spaces.
const particles = "のをでにとがはも的を了"

// unjoined cuts what only asks out of words of scripts without spaces.
func unjoined(words []string) []string {
	var all []string
	for _, word := range words {
		if r, _ := utf8.DecodeRuneInString(word); !textform.IsSpaceless(r) {
			all = append(all, word)
			continue
		}
		for _, idle := range askings().joined {
			word = strings.ReplaceAll(word, idle, " ")
		}
		for part := range strings.FieldsSeq(word) {
			if part = strings.Trim(part, textform.Fold(particles)); part != "" {
				all = append(all, part)
			}
		}
	}
	return all
}

// withoutDiets takes the words of diets out of some.
func withoutDiets(words []string) (rest, diets []string) {
	rest = words
	for diet, forms := range askings().diets {
		for _, form := range forms {
			if i := place(rest, form); i >= 0 {
				rest = slices.Concat(rest[:i], rest[i+len(form):])
				if !slices.Contains(diets, diet) {
					diets = append(diets, diet)
				}
			}
		}
	}
	slices.Sort(diets)
	return rest, diets
}

// place returns where some words stand in a row, or -1 if they don't.
func place(words, form []string) int {
	for i := range words {
		if i+len(form) <= len(words) && slices.Equal(words[i:i+len(form)], form) {
			return i
		}
	}
	return -1
}

// dietsOf returns the diets that a text names. What is vegan is vegetarian.
func dietsOf(text string) []string {
	_, all := withoutDiets(fulltext.Words(text))
	if slices.Contains(all, "vegan") && !slices.Contains(all, "vegetarian") {
		all = append(all, "vegetarian")
	}
	return all
}

// folded returns the text of a wish as names are compared.
func (w wish) folded() string { return textform.Fold(w.text) }
