package shown

import (
	"strings"
	"unicode"

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
		isAside = isAside || aside[word]
		if part == "" {
			part = partOfWord(word)
		}
		single, several = single || singular[word], several || plural[word]
		n.heads = n.heads || headingWords[word]
		timed = timed || timeWords[word]
		unmeasured = unmeasured || unmeasuredWords[word]
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

var (
	// aside are words of names that say that what bears them is about a part, but
	// not that part.
	aside = textform.Set(`time times temps tempo tiempo zeit dauer duration minutes note notes tip tips nutrition nutritional rating ratings comment comments review
		reviews nav navigation menu search filter filters title heading header headline label button btn toggle print video image images img photo picture icon link links related ad ads
		unit units amount quantity qty number num count counter checkbox metric scale servings serving yield shop cart buy equipment tooltip modal popup share author footer
		separator subtitle select switch tabs nutrients calculator template head index position category tag post type taxonomy term`)
	headingWords = textform.Set("heading title separator subtitle header subheading headline")
	// singular are words of one entry, plural those of what holds several.
	singular = textform.Set("ingredient step instruction direction steptext item row zutat schritt etape paso passo")
	plural   = textform.Set("list lists group groups wrapper section sections body block blocks wrap area panel tab box table")
	// Words of the names of elements that hold a time or a yield.
	timeWords       = textform.Set("totaltime preptime cooktime time temps tiempo tempo zeit duration czas tijd")
	unmeasuredWords = textform.Set("nutrition size per label unit")
	measured        = func() map[string]string {
		all := map[string]string{}
		for part, names := range map[string]string{
			"total":   "total totaltime gesamt totale ready all",
			"prep":    "prep preptime preparation vorbereitung preparazione preparo active",
			"cook":    "cook cooktime cooking cuisson coccion cottura bake baking kochzeit backzeit",
			partYield: "serves serving servings yield yields portions portionen porciones porzioni porcje raciones person persons personnes personen personas",
		} {
			for word := range strings.FieldsSeq(names) {
				all[word] = part
			}
		}
		return all
	}()
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
		} else if unicode.IsUpper(r) && from < i && (unicode.IsLower(before) || lowerAfter(name[i+len(string(r)):])) {
			flush(i)
			from = i
		}
		before = r
	}
	flush(len(name))
}

func lowerAfter(rest string) bool {
	for _, r := range rest {
		return unicode.IsLower(r)
	}
	return false
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
