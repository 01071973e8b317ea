package shown

import (
	"html"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"keypull/pull/what/textform"
)

// maxLongHeading is how long the heading of a part may be that names the dish, in bytes.
const maxLongHeading = 160

// headWords finds the names of parts in headings by their first and by their last words.
type headWords struct {
	first, last map[string][]headName
	// joined are the names in scripts without spaces.
	joined []headName
}

// headName is the name of a part, in folded words.
type headName struct {
	words []string
	part  string
}

// headNames are the names of parts whose headings may say more.
var headNames = sync.OnceValue(func() *headWords {
	all := &headWords{first: map[string][]headName{}, last: map[string][]headName{}}
	for _, part := range [...]string{partIngredients, partMethod, partMade, partEnd} {
		for _, name := range names()[part] {
			words := wordsOf(name)
			if len(words) == 0 {
				continue
			}
			h := headName{words, part}
			if textform.BeginsSpaceless(words[0]) {
				all.joined = append(all.joined, headName{[]string{strings.Join(words, "")}, part})
				continue
			}
			first, last := words[0], words[len(words)-1]
			all.first[first], all.last[last] = append(all.first[first], h), append(all.last[last], h)
		}
	}
	return all
})

// setOf returns the names of a section as a set, folded.
func setOf(section string) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		all := map[string]map[string]bool{}
		AddWords(all, section, names()[section]...)
		return all[section]
	})
}

var (
	besideWords  = setOf(partBeside)
	chatterWords = setOf(partChatter)
)

// wordsOf returns the folded words of a text.
func wordsOf(text string) []string {
	return strings.FieldsFunc(textform.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
}

// markHeadings notes which lines of a page are headings of parts that name the dish or say for
// whom it is, and where the recipe ends.
func (p *Page) markHeadings() {
	dish := wordsOf(html.UnescapeString(p.Heading()))
	for i := range p.lines {
		l := &p.lines[i]
		switch {
		case l.part != "" || l.row > 0 || len(l.text) > maxLongHeading:
		case l.level > 1 || l.level == 0 && (l.strong || strings.HasSuffix(l.text, ":") || strings.HasSuffix(l.text, "：")):
			l.part = partNamed(l.text, dish)
		default:
			if l.part = partBegun(l.text); l.part == "" && len(l.text) <= maxHeading && !strings.HasSuffix(l.text, ".") {
				if part := partNamed(l.text, dish); part == partIngredients || part == partMethod {
					l.part = part
				}
			}
		}
	}
}

// partNamed returns the part that a heading names among other words, which are of the
// dish or say nothing.
func partNamed(text string, dish []string) (part string) {
	words := withoutNumber(wordsOf(strings.TrimSuffix(text, bracketed.FindString(text))))
	if len(words) == 0 {
		return ""
	}
	longest := 0
	try := func(h headName, rest []string) {
		if len(h.words) <= longest || h.part != partEnd && slices.ContainsFunc(rest, func(w string) bool { return !isBeside(w, dish) }) {
			return
		}
		part, longest = h.part, len(h.words)
	}
	for _, h := range headNames().first[words[0]] {
		if len(words) >= len(h.words) && slices.Equal(words[:len(h.words)], h.words) {
			try(h, words[len(h.words):])
		}
	}
	for _, h := range headNames().last[words[len(words)-1]] {
		if at := len(words) - len(h.words); at >= 0 && slices.Equal(words[at:], h.words) && h.part != partEnd {
			try(h, words[:at])
		}
	}
	if part == "" {
		part = joinedPart(strings.Join(words, ""), strings.Join(dish, ""))
	}
	return part
}

// isBeside reports whether a word of a heading is one of the dish, in whatever form, a
// number, or says nothing.
func isBeside(word string, dish []string) bool {
	const stem, ending = 3, 3
	if besideWords()[word] || UnitWords()["people"][word] || parts()[word] == partPeople || parts()[word] == partPieces || hasDigit(word) {
		return true
	}
	least := max(stem, utf8.RuneCountInString(word)-ending)
	return slices.ContainsFunc(dish, func(of string) bool {
		if of == word {
			return true
		}
		runes, common := []rune(of), 0
		for _, r := range word {
			if common == len(runes) || runes[common] != r {
				break
			}
			common++
		}
		return common >= least
	})
}

// joinedPart is partNamed for scripts without spaces.
func joinedPart(text, dish string) (part string) {
	longest := 0
	for _, h := range headNames().joined {
		name := h.words[0]
		rest, ok := strings.CutPrefix(text, name)
		if !ok {
			rest, ok = strings.CutSuffix(text, name)
		}
		if rest = strings.Trim(rest, textform.Fold("の的")); ok && len(name) > longest && (h.part == partEnd || rest == "" || strings.Contains(dish, rest)) {
			part, longest = h.part, len(name)
		}
	}
	return part
}

// partBegun returns partEnd where a line is, or begins with, what ends a recipe: of one
// word only with a sign behind it.
func partBegun(text string) string {
	head, signed := text, false
	if at := strings.IndexAny(text, ":：!！|(.…"); at > 0 {
		head, signed = text[:at], true
	}
	words := withoutNumber(wordsOf(head))
	if len(words) == 0 {
		return ""
	}
	for _, h := range headNames().first[words[0]] {
		begins := h.part == partEnd && len(words) >= len(h.words) && slices.Equal(words[:len(h.words)], h.words)
		if begins && (len(h.words) > 1 || len(words) == 1 && (signed || head == text)) {
			return partEnd
		}
	}
	return ""
}

// withoutNumber returns words without a number before them: "3 comments".
func withoutNumber(words []string) []string {
	if len(words) > 1 && hasDigit(words[0]) {
		return words[1:]
	}
	return words
}

// isChatter reports whether a line is about the page and its site.
func isChatter(text string) bool {
	return strings.Contains(text, "@") || slices.ContainsFunc(wordsOf(text), func(w string) bool {
		return chatterWords()[w] || textform.BeginsSpaceless(w) && slices.ContainsFunc(names()[partChatter], func(name string) bool { return strings.Contains(text, name) })
	})
}
