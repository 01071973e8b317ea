package shown

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/pull/what/textform"
)

// naming is what the names of an element, its classes and its id, say of it.
type naming struct {
	// part is the part of a recipe that it is, by the words of one name; single
	// says that it is one entry of that part.
	part, by string
	single   bool
	// heads says that it is a heading, measure that it holds a time or a yield.
	heads   bool
	measure string
}

// maxNames is how many names of an element are looked at.
const maxNames = 12

var noName naming

func (e *element) namesOf() *naming {
	if e.naming == nil {
		e.naming = e.namingOf()
	}
	return e.naming
}

func (e *element) namingOf() *naming {
	if len(e.attr) == 0 {
		return &noName
	}
	var n naming
	left := maxNames
	keys := []string{"class", "id", "data-testid"}
	if e.tag == "input" || e.tag == "select" {
		keys = append(keys, "name")
	}
	for _, key := range keys {
		for name := range strings.FieldsSeq(e.attrOf(key)) {
			if left--; left < 0 {
				break
			}
			if name == "hentry" || strings.HasPrefix(name, "post-") || strings.HasPrefix(name, "type-") {
				// Its other names are those of its topics.
				return &noName
			}
			if len(name) <= maxHeading {
				n.addName(name, e.tag)
			}
		}
	}
	if n == noName {
		return &noName
	}
	switch e.tag {
	case "html", "body", "main", "a", "img", "input", "button", "svg", "label", "option", "h1", "h2", "h3", "h4", "h5", "h6":
		n.part = ""
	}
	return &n
}

// addName notes what one name says.
func (n *naming) addName(name, tag string) {
	part, isAside, last := "", false, ""
	single, several := false, false
	timed, words := false, 0
	of, unmeasured := "", false
	eachWord(name, func(word string) {
		words++
		last = word
		isAside = isAside || nameWords["aside"][word]
		if part == "" {
			part = partOfWord(word)
		}
		single, several = single || nameWords["one"][word], several || nameWords["several"][word]
		n.heads = n.heads || nameWords["heading"][word]
		timed = timed || nameWords["timed"][word]
		unmeasured = unmeasured || nameWords["unmeasured"][word]
		if of == "" {
			of = measured[word]
		}
	})
	if of == "" && words == 1 && timed && last == "duration" {
		of = "total"
	}
	// The name of an ingredient is none; a field of some name may be.
	if part != "" && !isAside && last != "name" && n.part == "" {
		n.part, n.by, n.single = part, tag+"."+name, single && !several
	}
	if n.measure == "" && !unmeasured && of != "" && (of == partYield || timed || of == "total" && words == 2) {
		n.measure = of
	}
}

// nameWords are the words of names by what they say, measured what a word says is held.
var (
	nameWords = textform.Sets(nameTable)
	measured  = textform.ByWord(nameTable, "measured")
)

// eachWord calls f with the words of recipe-ingredients__list or
// RecipeIngredients, folded.
func eachWord(name string, f func(word string)) {
	from, before := 0, rune(0)
	flush := func(to int) {
		if to > from {
			word := name[from:to]
			if !textform.IsASCII(word) || strings.ToLower(word) != word {
				word = textform.Fold(word)
			}
			f(word)
		}
	}
	for i, r := range name {
		if !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) {
			flush(i)
			from = i + len(string(r))
		} else if next, _ := utf8.DecodeRuneInString(name[i+len(string(r)):]); unicode.IsUpper(r) && from < i && (unicode.IsLower(before) || unicode.IsLower(next)) {
			flush(i)
			from = i
		}
		before = r
	}
	flush(len(name))
}

// partOfWord returns the part of a recipe that a word of a name tells.
func partOfWord(word string) string {
	if part := namedParts()[word]; part != "" {
		return part
	}
	for _, name := range longNames() {
		if len(word) > len(name) && strings.Contains(word, name) {
			return namedParts()[name]
		}
	}
	return ""
}
