package pages

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"keypull/pull/words"
)

// Languages returns those that the console speaks; the first is the one that is
// spoken where no other is known.
func Languages() []string { return words.Editors() }

// LanguageFor returns the console's language that fits a tag best: "fr-CA" is French,
// "pt" English.
func LanguageFor(tag string) string {
	if base := words.Base(tag); slices.Contains(Languages(), base) {
		return base
	}
	return Languages()[0]
}

// T returns the sentence of a key in a language, or English if the language has
// none, the key itself where English has none either. args are pairs of name
// and value for the places written {name}; numbers are written as the language
// writes them.
func T(language, key string, args ...any) string {
	filled := make(words.Args, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		filled[fmt.Sprint(args[i])] = args[i+1]
	}
	return words.Core().Say(LanguageFor(language), key, filled)
}

// sentence returns what T does; with a value that is HTML, such as a moment, it is HTML
// itself, and all else in it is escaped.
func sentence(language, key string, args ...any) any {
	const mark = "\x01" // which escaping leaves as it is, and nobody writes
	inner := map[string]template.HTML{}
	for i := 1; i < len(args); i += 2 {
		if markup, ok := args[i].(template.HTML); ok {
			place := mark + strconv.Itoa(i) + mark
			args[i], inner[place] = place, markup
		}
	}
	said := T(language, key, args...)
	if len(inner) == 0 {
		return said
	}
	said = template.HTMLEscapeString(said)
	for place, markup := range inner {
		said = strings.ReplaceAll(said, place, string(markup))
	}
	return template.HTML(said) //nolint:gosec // all that is no markup of ours was escaped
}

// Plural returns the sentence of a key in the form that n asks for in that
// language; {n} stands for the number.
func Plural(language, key string, n int, args ...any) string {
	return T(language, key, append([]any{"n", n}, args...)...)
}

// Has reports whether a key has a sentence.
func Has(key string) bool { return words.Core().Has(key) }
