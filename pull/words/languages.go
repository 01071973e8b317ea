package words

import (
	"slices"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"sync"
)

// fallback is the language in which everything is said.
const fallback = "en"

// Readers lists the languages in which readers are served.
func Readers() []string { return slices.Clone(readers) }

var readers = []string{"ar", "de", "en", "es", "fr", "hi", "id", "it", "ja", "nl", "pl", "pt", "ru", "th", "tr", "zh"}

// Editors lists the languages of the console, the API and the commands.
func Editors() []string { return []string{"en", "fr", "de", "es"} }

// matcher finds what fits best of Editors.
var matcher = sync.OnceValue(func() language.Matcher {
	var tags []language.Tag
	for _, l := range Editors() {
		tags = append(tags, language.Make(l))
	}
	return language.NewMatcher(tags)
})

// Accepted returns the language of Editors that fits best what a browser or program
// says by Accept-Language that it reads; English if nothing fits.
func Accepted(header string) string {
	_, i := language.MatchStrings(matcher(), header)
	return Editors()[i]
}

// Base returns a tag's language in small letters, without script and region.
func Base(tag string) string {
	for i := range len(tag) {
		if tag[i] == '-' || tag[i] == '_' {
			tag = tag[:i]
			break
		}
	}
	return strings.ToLower(tag)
}

// Serves reports whether readers of a language are served in it.
func Serves(tag string) bool { return slices.Contains(readers, Base(tag)) }

// forms names the plural forms of CLDR as message files write them.
var forms = map[string]plural.Form{
	"zero": plural.Zero, "one": plural.One, "two": plural.Two,
	"few": plural.Few, "many": plural.Many, "other": plural.Other,
}

// enough numbers show each form that whole numbers take in any language.
const enough = 200

// formsOf lists the plural forms that a language needs: those of whole
// numbers, and "other", which fractions take.
func formsOf(tag language.Tag) []plural.Form {
	needed := []plural.Form{plural.Other}
	for n := range enough {
		if f := plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0); !slices.Contains(needed, f) {
			needed = append(needed, f)
		}
	}
	return needed
}
