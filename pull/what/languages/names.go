package languages

import (
	"iter"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Names goes through the languages that have a folder, each by its tag, with what it is
// called in one of them, as the Unicode CLDR has it. Other names stand in names.txt.
func Names(in string) iter.Seq2[string, string] {
	return func(yield func(tag, name string) bool) {
		namer := display.Languages(language.Make(in))
		if namer == nil {
			return
		}
		for _, tag := range Tags() {
			named := tag
			if tag == "nb" {
				named = "no" // readers ask for Norwegian, not for one way to write it
			}
			if name := namer.Name(language.Make(named)); name != "" && !yield(tag, name) {
				return
			}
		}
	}
}

// OwnName returns what a language is called in itself, or its tag.
func OwnName(tag string) string {
	name := display.Self.Name(language.Make(tag))
	if name == "" {
		return tag
	}
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}
