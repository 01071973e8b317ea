// Package stem tells what the inflected forms of a word share, by the rules of
// its language or, for names, by endings that many languages have in common. It
// compares words and leaves to others which words belong together.
package stem

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/norwegian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/romanian"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/swedish"
)

// Bounds of the words that have a stem: letters that must stay, and the bytes
// of a word, since nobody inflects a longer one.
const (
	minStem     = 3
	maxStemWord = 80
)

// Of returns what the inflected forms of a word share: the word without the
// endings of number, case and gender. The word is one folded word, language a
// base tag ("en"). A word of a language without rules comes back as it is, and
// no word becomes empty. Stems are for comparing, not for reading.
func Of(word, language string) string {
	if len(word) > maxStemWord || !hasStem(word) {
		return word
	}
	run, ok := stemmers()[language]
	if !ok {
		return word
	}
	if s := run(word); s != "" {
		return s
	}
	return word
}

// HasRules reports whether the rules of a language are known.
func HasRules(language string) bool { return stemmers()[language] != nil }

// Languages returns those whose rules are known; it is not to be changed.
var Languages = sync.OnceValue(func() []string { return slices.Sorted(maps.Keys(stemmers())) })

// hasStem keeps numbers, tickers and very short words from being inflected.
func hasStem(word string) bool {
	letters := 0
	for _, r := range word {
		if r == utf8.RuneError || r < 'a' {
			return false
		}
		letters++
	}
	return letters >= minStem
}

// stemmers maps a base tag to the rules of its language.
var stemmers = sync.OnceValue(func() map[string]stemmer {
	all := map[string]stemmer{
		"ar": arabic(),
		"da": stemByRules("da", minStem, danish1),
		"de": stemByRules("de", minStem, stemGerman),
		"en": stemByRules("en", minStem, snowball(english.Stem)),
		"es": stemByRules("es", minStem, func(w string) string { return stemTwice(spanish1)(plainSpanish(w)) }),
		"fi": stemByRules("fi", minStem, func(w string) string { return openFinnish(finnish1(w)) }),
		"fr": stemByRules("fr", minStem, stemFrench),
		"hi": hindi(),
		"hu": stemByRules("hu", minStem, withoutAccusative),
		"it": stemByRules("it", minStem, snowball(italian.Stem)),
		"ko": stemByRules("ko", minKorean, nil),
		"lt": stemByRules("lt", minLithuanian, nil),
		"nb": stemByRules("nb", minStem, norwegian1),
		"nl": stemByRules("nl", minStem, func(w string) string { return plainDutch(stemTwice(dutch1)(w)) }),
		"pt": stemByRules("pt", minStem, func(w string) string { return openEnd(stemTwice(portuguese1)(w)) }),
		"ro": stemByRules("ro", minStem, func(w string) string { return openEnd(romanian1(w)) }),
		"ru": stemByRules("ru", minStem, russian1),
		"sv": stemByRules("sv", minStem, func(w string) string { return swedish1(plainSwedish(w)) }),
		"ur": stemByRules("ur", minUrdu, nil),
	}
	for tag := range strings.FieldsSeq("bg bn ca cs el fa he hr id lv pl sk ta te tr uk") {
		all[tag] = stemByRules(tag, minStem, nil)
	}
	all["ms"], all["nn"], all["no"] = all["id"], all["nb"], all["nb"]
	return all
})

// How many letters stay in front of an ending where words are shorter than
// minStem: a letter of Korean is a syllable, and Urdu writes no short vowels.
const (
	minKorean     = 2
	minLithuanian = 2
	minUrdu       = 2
)

// Stemmers that get a word prepared, or have their result finished, because
// folded words lack the diacritics by which they know an ending.
var (
	danish1     = snowball(danish.Stem)
	dutch1      = snowball(dutch.Stem)
	finnish1    = snowball(finnish.Stem)
	french1     = snowball(french.Stem)
	german1     = snowball(german.Stem)
	norwegian1  = snowball(norwegian.Stem)
	portuguese1 = snowball(portuguese.Stem)
	romanian1   = snowball(romanian.Stem)
	russian1    = snowball(russian.Stem)
	spanish1    = snowball(spanish.Stem)
	swedish1    = snowball(swedish.Stem)
)

// environments are used again, since a message of ten words would allocate one
// for each word and language.
var environments = sync.Pool{New: func() any { return snowballstem.NewEnv("") }}

// snowball makes a function of an algorithm of the Snowball project. It keeps
// the word where less than minStem letters would be left of it.
func snowball(algorithm func(*snowballstem.Env) bool) stemmer {
	return func(word string) string {
		env, ok := environments.Get().(*snowballstem.Env)
		if !ok {
			return word
		}
		env.SetCurrent(word)
		algorithm(env)
		s := env.Current()
		environments.Put(env)
		if len(s) < minStem {
			return word
		}
		return s
	}
}

// stemTwice takes off what a stemmer leaves of a form but takes off the base form: talleres, taller.
func stemTwice(core stemmer) stemmer {
	return func(word string) string { return core(core(word)) }
}

// stemGerman takes the n off datives that the algorithm leaves (Knoedeln), and
// keeps the s of short words (Kurs), which is no genitive.
func stemGerman(word string) string {
	word = plainUmlauts(word)
	n := len(word)
	if n <= 4 && word[n-1] == 's' {
		return word
	}
	if n > 5 && (strings.HasSuffix(word, "eln") || strings.HasSuffix(word, "ern")) {
		word = word[:n-1]
	}
	return german1(word)
}

// plainUmlauts writes the umlauts of those who have no key for them like the
// folded ones: aepfel, apfel.
func plainUmlauts(word string) string {
	if !strings.Contains(word, "ae") && !strings.Contains(word, "oe") && !strings.Contains(word, "ue") {
		return word
	}
	var b strings.Builder
	b.Grow(len(word))
	for i := range len(word) {
		if word[i] == 'e' && i > 0 && isUmlaut(word[:i]) {
			continue
		}
		b.WriteByte(word[i])
	}
	return b.String()
}

// isUmlaut reports whether an e behind s makes an umlaut of its last letter:
// not in treue, blaue, quelle.
func isUmlaut(s string) bool {
	last, before := s[len(s)-1], byte(' ')
	if len(s) > 1 {
		before = s[len(s)-2]
	}
	switch last {
	case 'a', 'o':
		return true
	case 'u':
		return before != 'a' && before != 'e' && before != 'q' && before != 'o'
	}
	return false
}

// stemFrench takes the feminine and the plural off participles, whose accent is
// gone, and off adjectives in -ais, which the algorithm takes for verbs.
func stemFrench(word string) string {
	n := len(word)
	switch {
	case strings.HasSuffix(word, "ees") && n > 5:
		word = word[:n-2]
	case strings.HasSuffix(word, "ee") && n > 4, strings.HasSuffix(word, "oux"), strings.HasSuffix(word, "eux"):
		word = word[:n-1]
	case strings.HasSuffix(word, "ais") && n > 6:
		return word
	case strings.HasSuffix(word, "aise") && n > 7:
		return word[:n-1]
	case strings.HasSuffix(word, "aises") && n > 8:
		return word[:n-2]
	}
	return french1(word)
}

// plainSwedish takes the article off the end of words: kakan, receptet.
func plainSwedish(word string) string {
	switch n := len(word); {
	case n > 4 && strings.HasSuffix(word, "an"):
		return word[:n-1]
	case n > 5 && strings.HasSuffix(word, "et") && !strings.HasSuffix(word, "het"):
		return word[:n-2]
	}
	return word
}

// plainSpanish makes one of the plurals in -ces and their singular in -z, and
// takes -es off after the consonants that had an accent before them.
func plainSpanish(word string) string {
	stemmed, ok := strings.CutSuffix(word, "ces")
	if ok && len(stemmed) >= minStem-1 {
		return stemmed + "z"
	}
	if stemmed, ok = strings.CutSuffix(word, "ones"); ok && len(stemmed) >= minStem-1 {
		return stemmed + "on"
	}
	return word
}

// plainDutch writes the long vowel of a closed syllable like the one of an open
// syllable: brood, broden.
func plainDutch(word string) string {
	n := len(word)
	if n >= 4 && word[n-2] == word[n-3] && strings.IndexByte("aeou", word[n-2]) >= 0 {
		return word[:n-2] + word[n-1:]
	}
	return word
}

// openFinnish drops the vowel that the algorithm leaves at the end of words of
// two syllables, and which their plurals lack: koira, koiria.
func openFinnish(word string) string {
	if n := len(word); n > minStem+1 && (word[n-1] == 'a' || word[n-1] == 'i') && strings.IndexByte("aeiouy", word[n-2]) < 0 {
		return word[:n-1]
	}
	return word
}

// openEnd drops the vowel that some forms of a word end in and others do not.
func openEnd(word string) string {
	if n := len(word); n > minStem && strings.IndexByte("aeiou", word[n-1]) >= 0 {
		return word[:n-1]
	}
	return word
}
