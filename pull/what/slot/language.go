package slot

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"keypull/pull/what/hashtable"
	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
)

// The names of the tables.
const (
	tableLanguages = "slot.languages"
	tableFrames    = "slot.frames"
)

// languageTable maps the normal and folded names of languages, and their base
// tags, to base tags.
var languageTable = sync.OnceValue(func() *hashtable.Frozen[string] {
	tags := languages.Tags()
	return hashtable.Open(languages.Table(tableLanguages), func(numbers []uint64) string { return tags[numbers[0]] })
})

// languageFrames are the folded words around the name of a language: "in French",
// "langue française", "ภาษาไทย".
var languageFrames = sync.OnceValue(func() []string { return strings.Split(languages.Table(tableFrames), "\n") })

// otherTags are those that readers write for the tags of folders.
var otherTags = map[string]string{"no": "nb", "nn": "nb", "cn": "zh", "jp": "ja", "gr": "el", "ua": "uk", "cz": "cs", "kr": "ko", "vn": "vi"}

// Compile returns the tables of what languages are called, by their names.
func Compile() (map[string][]byte, error) {
	tags := languages.Tags()
	table := map[string][]uint64{}
	var forms, frames []string
	enter := func(form, tag string) {
		if _, taken := table[form]; !taken {
			table[form], forms = []uint64{uint64(slices.Index(tags, tag))}, append(forms, form) //nolint:gosec // it is one of them
		}
	}
	for other, tag := range otherTags {
		enter(other, tag)
	}
	for _, tag := range tags {
		enter(tag, tag)
		for section, name := range languages.Lines(tag, "names.txt") {
			if section == "names" {
				enter(textform.Normal(name), tag)
				continue
			}
			frames = append(frames, textform.Fold(name))
		}
	}
	for _, in := range tags {
		for tag, name := range languages.Names(in) {
			enter(textform.Normal(name), tag)
		}
	}
	for _, form := range forms {
		for _, folded := range textform.FoldsNormal(form) {
			enter(folded, tags[table[form][0]])
		}
	}
	frozen, err := hashtable.Freeze(table)
	if err != nil {
		return nil, fmt.Errorf("freeze the names of languages: %w", err)
	}
	return map[string][]byte{tableLanguages: frozen, tableFrames: []byte(strings.Join(frames, "\n"))}, nil
}

// stemRunes is the least of the name of a language that is looked for within a word.
const stemRunes = 4

// LanguageWithin returns the tag of the language that a text which asks for one names in a form
// of its own: "po angielsku", "англійською", "英語で話して". It is the longest name of which all but
// the ending stands there; "" if none does.
func LanguageWithin(text string) (tag string) {
	folded, longest := textform.Fold(text), 0
	for _, in := range languages.Tags() {
		for named, name := range languages.Names(in) {
			stem := []rune(strings.TrimPrefix(textform.Fold(name), "ال"))
			least := stemRunes
			if textform.IsSpaceless(stem[0]) || unicode.Is(unicode.Hangul, stem[0]) {
				least = 2
			} else {
				stem = stem[:max(min(len(stem), stemRunes), len(stem)-2)]
			}
			if len(stem) >= least && len(stem) > longest && strings.Contains(folded, string(stem)) {
				tag, longest = named, len(stem)
			}
		}
	}
	return tag
}
