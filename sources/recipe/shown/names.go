package shown

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"
	"unicode"

	"keypull/pull/what/textform"
)

// Parts of a recipe as headings.txt tells them.
const (
	partIngredients = "ingredients"
	partMethod      = "method"
	partEnd         = "end"
	partYield       = "yield"
	partPeople      = "people"
	partNoise       = "noise"
)

//go:embed headings.txt
var headings string

// parts maps what stands above a part of a recipe, folded, to that part.
var parts = sync.OnceValue(func() map[string]string {
	all, part := map[string]string{}, ""
	for line := range strings.SplitSeq(headings, "\n") {
		switch line = strings.TrimSpace(line); {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			part = strings.Trim(line, "[]")
		default:
			if name := textform.Fold(line); all[name] == "" {
				all[name] = part
			}
		}
	}
	return all
})

// maxHeading is how long a heading or a label may be, in bytes.
const maxHeading = 60

var bracketed = regexp.MustCompile(`\s*[(\[][^)\]]*[)\]]\s*$`)

// partOf is the part of a recipe that a line stands above; "" where it is none.
func partOf(text string) string {
	part, _ := partFor(text)
	return part
}

// aroundHeading is what may stand before and behind a heading.
const aroundHeading = " :：-–—|.,▼▾+•"

// partFor is the part of a recipe that a line stands above, and for how many the
// line says that it is: "Ingredients for 4 people".
func partFor(text string) (part, many string) {
	if len(text) > maxHeading {
		return "", ""
	}
	text = strings.Trim(text, aroundHeading)
	if in := bracketed.FindString(text); in != "" {
		text = strings.TrimSuffix(text, in)
		if many = strings.Trim(in, " ()[]"); !hasDigit(many) {
			many = ""
		}
	}
	name := strings.Trim(text, aroundHeading)
	if part = parts()[textform.Fold(name)]; part == partPeople {
		return "", ""
	}
	at := strings.IndexFunc(name, unicode.IsDigit)
	if part != "" || at < 0 {
		return part, many
	}
	// The word before the number is "for", in some language.
	words := strings.Fields(name[:at])
	for n := len(words); n > 0 && n >= len(words)-2; n-- {
		if parts()[textform.Fold(strings.Trim(strings.Join(words[:n], " "), aroundHeading+"("))] == partIngredients {
			return partIngredients, name[at:]
		}
	}
	return "", ""
}

// named are the words by which classes call the two parts, and the least letters
// of those that may be a part of a word as well.
var named = sync.OnceValue(func() map[string][]string {
	all := map[string][]string{
		partIngredients: {"ingredient", "ingred"},
		partMethod:      {"instruction", "instructions", "directions", "direction", "step", "steps", "steptext", "cookingsteps"},
	}
	for name, part := range parts() {
		if _, ok := all[part]; ok && len(name) > 4 && !strings.Contains(name, " ") && name != "recette" && textform.IsASCII(name) {
			all[part] = append(all[part], name)
		}
	}
	return all
})

// Words of a class that say that what bears it is about a part, but not that part.
var aside = func() map[string]bool {
	all := map[string]bool{}
	for word := range strings.FieldsSeq(`time times temps tempo tiempo zeit dauer duration minutes note notes tip tips nutrition nutritional rating ratings comment comments review
		reviews nav navigation menu search filter filters title heading header headline label button btn toggle print video image images img photo picture icon link links related ad ads
		unit units amount quantity qty name number num count counter checkbox metric scale serving servings yield shop cart buy equipment tooltip modal popup share author footer text-size
		separator subtitle select switch tabs nutrients calculator template head index position category tag post type taxonomy term`) {
		all[word] = true
	}
	return all
}()

// headingWords are those of classes of headings within a part.
var headingWords = map[string]bool{"heading": true, "title": true, "separator": true, "subtitle": true, "header": true, "subheading": true, "headline": true}

// sayings are the words of every class and the id of an element.
func (e *element) sayings() [][]string {
	var all [][]string
	for name := range strings.FieldsSeq(e.get("class") + " " + e.get("id") + " " + e.get("data-testid")) {
		if len(name) <= maxHeading {
			all = append(all, wordsOfName(name))
		}
	}
	return all
}

// wordsOfName are the words of recipe-ingredients__list or RecipeIngredients.
func wordsOfName(name string) []string {
	var all []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			all = append(all, textform.Fold(string(word)))
		}
		word = nil
	}
	letters := []rune(name)
	for i, r := range letters {
		if !unicode.IsLetter(r) {
			flush()
			continue
		}
		if i > 0 && unicode.IsUpper(r) && (unicode.IsLower(letters[i-1]) || i+1 < len(letters) && unicode.IsLower(letters[i+1])) {
			flush()
		}
		word = append(word, r)
	}
	flush()
	return all
}

// part is the part of a recipe that an element is by its names, and by which of
// them.
func (e *element) part() (part, by string) {
	switch e.tag {
	case "", "html", "body", "main", "a", "img", "input", "button", "svg", "label", "option", "h1", "h2", "h3", "h4", "h5", "h6":
		return "", ""
	}
	for _, words := range e.sayings() {
		if part = partNamed(words); part != "" {
			return part, e.tag + "." + strings.Join(words, "-")
		}
	}
	return "", ""
}

func partNamed(words []string) string {
	found := ""
	for i, word := range words {
		if aside[word] && (word != "name" || i == len(words)-1) {
			return ""
		}
		if found == "" {
			found = partOfWord(word)
		}
	}
	return found
}

func partOfWord(word string) string {
	for _, part := range []string{partIngredients, partMethod} {
		for _, name := range named()[part] {
			if word == name || len(name) >= 7 && strings.Contains(word, name) {
				return part
			}
		}
	}
	return ""
}

// heads reports whether an element is called a heading.
func (e *element) heads() bool {
	if !e.has("class") {
		return false
	}
	for _, words := range e.sayings() {
		for _, word := range words {
			if headingWords[word] {
				return true
			}
		}
	}
	return false
}
