package catalogue

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/pull/what"
)

// The rules of Check.
const (
	// CodeDuplicate: two keywords share a phrase in one language.
	CodeDuplicate = "duplicate"
	// CodeShadowed: two keywords share a phrase across languages, or but for
	// accents, so that one may be taken for the other.
	CodeShadowed = "shadowed"
	// CodeNeighbour: one typing error makes a phrase of another keyword's.
	CodeNeighbour = "neighbour"
	// CodeReserved: a phrase is a command of the service itself.
	CodeReserved = "reserved"
	// CodeEmpty: nothing is left of a phrase, or a language has none.
	CodeEmpty = "empty"
	// CodeTooShort: a phrase is a single letter or digit.
	CodeTooShort = "too_short"
	// CodeWrongLanguage: a language is none of the publisher's.
	CodeWrongLanguage = "wrong_language"
	// CodeUnreachable: no message can ever call the keyword.
	CodeUnreachable = "unreachable"
	// CodeUnused: a setting has no effect beside the others.
	CodeUnused = "unused"
)

// Check looks at a publisher as a whole, as it is saved or shown by keypull
// check: what each field's own check can't see. It asks no source and no
// clock. Findings come in the order of the keywords.
func Check(p Publisher) []Finding {
	c := checker{publisher: p, exact: map[string][]*use{}, folded: map[string][]*use{}, near: map[string][]*use{}}
	for i, k := range p.Keywords {
		c.path = "keyword[" + strconv.Itoa(i) + "]"
		c.keyword(k)
		for _, language := range slices.Sorted(maps.Keys(k.Phrases)) {
			c.phrases(k, language)
		}
	}
	return c.findings
}

// use is one keyword's use of a phrase.
type use struct {
	keyword  *Keyword
	language string
	phrase   string
	folded   string
}

// checker goes through the keywords once; the maps hold the phrases seen, by
// normal form, by folded form, and by what is left without one character.
type checker struct {
	publisher Publisher
	path      string
	exact     map[string][]*use
	folded    map[string][]*use
	near      map[string][]*use
	findings  []Finding
}

func (c *checker) add(s Severity, path, code, message string) {
	c.findings = append(c.findings, Finding{Severity: s, Path: c.path + path, Code: code, Message: message})
}

// keyword checks what is not about phrases.
func (c *checker) keyword(k Keyword) {
	if k.From != nil && k.Until != nil && !k.From.Before(*k.Until) {
		c.add(Error, ".until", CodeUnreachable, "The keyword ends before it begins; put until after from.")
	}
	if k.Argument == string(what.ArgumentRequired) && k.Query != "" {
		c.add(Warning, ".query", CodeUnused, `The query is never asked, since readers must give an argument; write argument = "optional".`)
	}
	for _, language := range slices.Sorted(maps.Keys(k.Template)) {
		if language != "" && !c.speaks(language) {
			c.add(Warning, ".template."+language, CodeWrongLanguage, c.wrongLanguage(language))
		}
	}
	audience := k.Audience["language"]
	if len(audience) > 0 && !slices.ContainsFunc(audience, c.speaks) {
		c.add(Warning, ".audience.language", CodeUnreachable,
			"No reader can have one of these languages; add one to the publisher's languages.")
	}
}

// speaks says whether a language is one of the publisher's, region aside.
func (c *checker) speaks(language string) bool {
	return slices.ContainsFunc(c.publisher.Languages, func(own string) bool {
		return strings.EqualFold(base(own), base(language))
	})
}

func base(language string) string {
	b, _, _ := strings.Cut(language, "-")
	return b
}

func (c *checker) wrongLanguage(language string) string {
	return fmt.Sprintf("The publisher does not speak %q; add it to its languages, which are %s.",
		language, strings.Join(c.publisher.Languages, ", "))
}

func (c *checker) phrases(k Keyword, language string) {
	path := ".phrases." + language
	if !c.speaks(language) {
		c.add(Warning, path, CodeWrongLanguage, c.wrongLanguage(language))
	}
	if len(k.Phrases[language]) == 0 {
		c.add(Error, path, CodeEmpty, "Give at least one phrase, or leave the language out.")
	}
	for i, phrase := range k.Phrases[language] {
		c.phrase(&use{&k, language, phrase, what.Fold(phrase)}, path+"["+strconv.Itoa(i)+"]")
	}
}

func (c *checker) phrase(u *use, path string) {
	normal := what.Normal(u.phrase)
	if normal == "" {
		c.add(Error, path, CodeEmpty, "Nothing is left of this phrase once signs are put aside; write a word.")
		return
	}
	if tooShort(normal) {
		c.add(Warning, path, CodeTooShort, "A single letter or digit is sent by mistake and answers offers; use a word.")
	}
	c.reserved(u, path)
	c.shared(u, normal, path)
	c.neighbours(u, path)
	c.exact[normal] = append(c.exact[normal], u)
	c.folded[u.folded] = append(c.folded[u.folded], u)
}

// tooShort knows the scripts in which one sign is no word.
func tooShort(normal string) bool {
	r, size := utf8.DecodeRuneInString(normal)
	return size == len(normal) && (unicode.IsDigit(r) ||
		unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Arabic, unicode.Hebrew))
}

func (c *checker) reserved(u *use, path string) {
	command, ok := what.LookupCommand(u.phrase)
	if !ok {
		return
	}
	if command == what.CommandStop {
		c.add(Error, path, CodeReserved, fmt.Sprintf("%q must always let readers stop; choose another phrase.", u.phrase))
		return
	}
	c.add(Warning, path, CodeReserved,
		fmt.Sprintf("%q is the command %s, which comes first; this phrase is never reached.", u.phrase, command))
}

// shared reports the first earlier keyword that is called by the same phrase:
// an error in one language, a doubt across languages or but for accents.
func (c *checker) shared(u *use, normal, path string) {
	for _, other := range c.exact[normal] {
		if other.language == u.language && clash(other, u) {
			c.add(Error, path, CodeDuplicate, fmt.Sprintf(
				"%q of the keyword %q is a duplicate: it calls the keyword %q too; change one, or set tie = true on both to have readers asked which.",
				u.phrase, u.keyword.ID, other.keyword.ID))
			return
		}
	}
	for _, other := range c.folded[u.folded] {
		if clash(other, u) {
			c.add(Warning, path, CodeShadowed, fmt.Sprintf(
				"%q is easily taken for %q, which calls the keyword %q in %q; readers may be asked which.",
				u.phrase, other.phrase, other.keyword.ID, other.language))
			return
		}
	}
}

// clash says whether two keywords may not share a phrase.
func clash(a, b *use) bool {
	meant := a.keyword.Tie && b.keyword.Tie
	return a.keyword.ID != b.keyword.ID && !meant && sameAudience(a.keyword, b.keyword)
}

func sameAudience(a, b *Keyword) bool {
	return maps.EqualFunc(a.Audience, b.Audience, func(x, y []string) bool {
		return slices.Equal(slices.Sorted(slices.Values(x)), slices.Sorted(slices.Values(y)))
	})
}
