package shown

import (
	_ "embed"
	"regexp"
	"slices"
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
	partPieces      = "pieces"
	partNoise       = "noise"
	// partMade stands above a method where the ingredients stand before it.
	partMade = "made"
	// partBeside is what stands beside a part's name in its heading, partChatter what
	// is about the page.
	partBeside  = "for"
	partChatter = "chatter"
)

//go:embed headings.txt
var headings string

// names are the names of headings.txt by section, as they are written.
var names = sync.OnceValue(func() map[string][]string {
	all := map[string][]string{}
	textform.EachLine(headings, func(section, line string) { all[section] = append(all[section], line) })
	return all
})

// sections are the sections of headings.txt, of which the first counts that has a name.
var sections = []string{
	partIngredients, partMethod, partMade, partEnd, "total", "prep", "cook", partYield, partPeople, partPieces, partNoise,
}

// parts maps what stands above a part of a recipe, folded, to that part.
var parts = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, section := range sections {
		for _, name := range names()[section] {
			if folded := textform.Fold(name); all[folded] == "" {
				all[folded] = section
			}
		}
	}
	return all
})

// maxHeading is how long a heading or a label may be, in bytes.
const maxHeading = 60

var bracketed = regexp.MustCompile(`\s*[(\[][^)\]]*[)\]]\s*$`)

// partOf returns the part of a recipe that a line stands above, or "" if it is none.
func partOf(text string) string {
	part, _ := partFor(text)
	return part
}

// aroundHeading is what may stand before and behind a heading.
const aroundHeading = " :：-–—|.,▼▾+•¿?？¡!！「」«»【】"

// partFor returns the part of a recipe that a line stands above, and for how many the
// line says that it is: "Ingredients for 4 people".
func partFor(text string) (part, many string) {
	if len(text) > maxHeading {
		return "", ""
	}
	text = strings.Trim(text, aroundHeading)
	if in := bracketed.FindString(text); in != "" {
		text = strings.TrimSuffix(text, in)
		if many = strings.Trim(in, " ()[]"); !hasDigit(many) && (leaf{text: many}).yieldSaid(true, false) == "" {
			many = ""
		}
	}
	name := strings.Trim(text, aroundHeading)
	if part = parts()[textform.Fold(name)]; part == partPeople || part == partPieces {
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

// namedParts are the words by which classes call the two parts.
var namedParts = sync.OnceValue(func() map[string]string {
	all := textform.ByWord(nameTable, "parts")
	for name, part := range parts() {
		if (part == partIngredients || part == partMethod) && len(name) > 4 && !strings.Contains(name, " ") && textform.IsASCII(name) {
			all[name] = part
		}
	}
	return all
})

// longNames are those of them that may be a part of a longer word as well.
var longNames = sync.OnceValue(func() []string {
	var all []string
	for name := range namedParts() {
		if len(name) >= 7 {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
})
