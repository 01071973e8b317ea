package recipe

import (
	_ "embed" // doubts.txt
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"keypull/pull/what"
	"keypull/pull/what/textform"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/recipe/shown"
)

//go:embed doubts.txt
var doubtsText string

// doubts are the lines of doubts.txt by section, folded: phrases as they are,
// single words as a set.
var doubts = func() map[string]map[string]bool {
	all := map[string]map[string]bool{}
	textform.EachLine(doubtsText, func(section, line string) {
		if section == "wall" || section == "more" {
			shown.AddWords(all, section, line)
		} else {
			shown.AddWords(all, section, strings.Fields(line)...)
		}
	})
	return all
}()

// holdsPhrase reports whether a folded line holds a phrase of a section, at the beginning
// of a word.
func holdsPhrase(section, folded string) bool {
	for phrase := range doubts[section] {
		if at := strings.Index(folded, phrase); at >= 0 && (at == 0 || folded[at-1] == ' ' || phrase[0] >= 0x80) {
			return true
		}
	}
	return false
}

var (
	// codePattern is what programs write and people never do.
	codePattern = regexp.MustCompile(`[{,]\s*\\?"[@\w-]+\\?"\s*:|"@(?:type|context|id|graph)"|\bfunction\s*\w*\s*\(|\b(?:window|document)\.\w+|\bvar \w+ ?=|</?[a-zA-Z][^>]*>|\{\{|\}\}|\{%|\[/?[a-z]+[_-][a-z_-]+[^\]]*\]|^\s*[\[{]\s*[\]}]?\s*$|;\s*\}|\{[a-z-]+:[^}]*\}|\[object Object\]|^\s*(?:undefined|null|NaN)\s*$`)
	// timePattern is a time, or a number, and nothing else.
	timePattern = regexp.MustCompile(`(?i)^(?:P(?:\d+D)?T(?:\d+[HMS])+|[~≈]?\s*\d{1,3}(?:[.:]\d\d){0,2}\s*[.)]?|(?:\d{1,3}\s*(?:minutes?|mins?|m|hours?|hrs?|h|stunden?|std|minuten|heures?|horas?|minutos?|ore|ora|minut[io]|uur|uren|seconds?|secs?|sekunden|secondes|segundos|мин(?:ут[аы]?)?|час(?:а|ов)?|dk|dakika|saat|分鐘?|分钟|時間|小时|분|시간)\.?\s*(?:and|und|et|y|e|en)?\s*)+)$`)
	// labelPattern is the number of a step, with nothing behind it.
	labelPattern = regexp.MustCompile(`(?i)^\s*` + stepWords + `?\s*[#n°º]*\s*[0-9]{0,3}\s*[.):：\-–]*\s*$`)
	// morePattern is "and 10 more", "+ 4 weitere".
	morePattern = regexp.MustCompile(`(?i)^(?:\+|…|\.\.\.|and|und|et|y|e|en)?\s*\d{1,2}\s+(?:more|weitere|autres|más|altri|meer|mais)\b|^(?:\.\.\.|…)$`)
)

// isLabelOrTime reports whether a line is the head of a table, a label or a time by
// itself, and no part of a recipe.
func isLabelOrTime(line string) bool {
	if labelPattern.MatchString(line) || timePattern.MatchString(line) {
		return true
	}
	if head, rest, ok := strings.Cut(line, ":"); ok && timePattern.MatchString(strings.TrimSpace(rest)) {
		return isTableHead(head)
	}
	return isTableHead(line)
}

// isTableHead reports whether all words of a line are heads of tables.
func isTableHead(line string) bool {
	all := strings.FieldsFunc(textform.Fold(line), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return len(all) > 0 && len(all) <= 4 && !slices.ContainsFunc(all, func(w string) bool { return !doubts["head"][w] })
}

// keepRecipeLines returns the lines of a part that belong to a recipe. ok says that they are
// all of it, as far as that can be told: nothing stood between them that a page
// shows in the place of a recipe, and they do not go on elsewhere.
func keepRecipeLines(lines []string) (kept []string, ok bool) {
	ok = true
	dropped := 0
	for _, line := range lines {
		folded := textform.Fold(line)
		switch {
		case codePattern.MatchString(line):
			dropped++
		case holdsPhrase("wall", folded), holdsPhrase("more", folded), morePattern.MatchString(strings.TrimSpace(line)) && line != ellipsis:
			ok = false
		case isLabelOrTime(line):
		default:
			kept = append(kept, line)
		}
	}
	return kept, ok && len(kept) > 0 && dropped*2 <= len(kept)
}

// dropUntrusted returns a recipe without what cannot be told for sure. Where that is one of its
// two main parts it is told without both, by its title and link. doubt hears why.
func dropUntrusted(it what.Item, doubt func(words.Text)) what.Item {
	of, hasOf := it.Facts.Find(factIngredients)
	how, hasHow := it.Facts.Find(factSteps)
	said := func(key string) {
		if doubt != nil {
			doubt(own.Text(key, words.Args{"title": it.Title}))
		}
	}
	drop := map[string]bool{}
	if hasOf {
		kept, ok := keepRecipeLines(of.List)
		switch {
		case !ok || lostAmounts(kept) || countBareAmounts(of.List) > 1:
			drop[factIngredients], drop[factGroups] = true, true
			said("doubt_ingredients")
		case len(kept) < len(of.List):
			of.List, drop[factGroups] = kept, true // which count the lines
		}
	}
	if hasHow {
		kept, ok := keepRecipeLines(how.List)
		if how.List = kept; !ok || isNarration(kept) {
			drop[factSteps] = true
			said("doubt_steps")
		}
	}
	if drop[factIngredients] || drop[factSteps] {
		// Half a recipe is none: the page tells the rest.
		drop[factIngredients], drop[factGroups], drop[factSteps] = true, true, true
	}
	if total := countIn(it, factTotal); total > 0 && (countIn(it, factCook) > total || countIn(it, factPrep) > total) {
		drop[factTotal], drop[factCook], drop[factPrep] = true, true, true
		said("doubt_times")
	}
	facts := make(what.Facts, 0, len(it.Facts))
	for _, f := range it.Facts {
		switch {
		case drop[f.Name]:
			continue
		case f.Name == factIngredients:
			f = of
		case f.Name == factSteps:
			f = how
		}
		facts = append(facts, f)
	}
	it.Facts = facts
	return it
}

// listIn returns the lines of a fact; none if there is none.
func listIn(it what.Item, name string) []string {
	f, _ := it.Facts.Find(name)
	return f.List
}

// countIn returns the number of a fact, or 0 if there is none.
func countIn(it what.Item, name string) int { return sources.ParseNumber(it.Facts.Text(name)) }

// lostAmounts reports whether ingredients have lost their amounts: none has one, or
// several begin with a unit that no number stands before.
func lostAmounts(list []string) bool {
	amounts, bare := 0, 0
	for _, line := range list {
		switch first, _, _ := strings.Cut(textform.Fold(line), " "); {
		case strings.ContainsAny(line, "0123456789"+shown.Fractions):
			amounts++
		case shown.IsUnit(first):
			bare++
		}
	}
	const few, several = 4, 3
	return len(list) >= few && bare >= several && bare*3 >= len(list) || len(list) >= 2*few && amounts == 0 && bare > 0
}

// countBareAmounts counts the lines of ingredients that are an amount of nothing: a table
// whose cells were taken for lines.
func countBareAmounts(list []string) (n int) {
	for _, line := range list {
		words := strings.FieldsFunc(textform.Fold(line), func(r rune) bool { return !unicode.IsLetter(r) })
		number := strings.ContainsAny(line, "0123456789"+shown.Fractions)
		unit := len(words) == 1 && shown.IsUnit(words[0])
		if number && (len(words) == 0 || unit) {
			n++
		}
	}
	return n
}

// isNarration reports whether steps are an introduction: what its author tells of themselves.
func isNarration(steps []string) bool {
	told, of := 0, 0
	for _, s := range steps {
		if strings.ContainsAny(s, "0123456789") {
			continue // by a time, an amount, a heat
		}
		of++
		for w := range strings.FieldsFuncSeq(s, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' }) {
			if w != "i" && doubts["narrator"][textform.Fold(strings.ReplaceAll(w, "’", "'"))] {
				told++
				break
			}
		}
	}
	return of > 0 && of*2 > len(steps) && told*2 >= len(steps)
}

// decodeEmbeddedJSON returns what a text holds that is JSON, as templates put it where a text
// belongs; nil for any other text.
func decodeEmbeddedJSON(text string) any {
	text = strings.TrimSpace(html.UnescapeString(text))
	if !strings.HasPrefix(text, "[{") && !strings.HasPrefix(text, "{\"") && !strings.HasPrefix(text, "[\"") {
		return nil
	}
	v, err := sources.DecodeJSON(text)
	if err != nil {
		return nil
	}
	return v
}
