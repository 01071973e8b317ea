package stem

import (
	"strings"
	"unicode/utf8"

	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
)

// stemmer takes off a folded word what its inflected forms do not share.
type stemmer func(word string) string

// tableOf returns the entries of a section of a language's rules in their order.
func tableOf(tag, section string) []string {
	var all []string
	for in, line := range languages.Lines(tag, "stem.txt") {
		if in == section {
			all = append(all, strings.Fields(line)...)
		}
	}
	return all
}

// endings takes the first ending of a section that fits off once, where at least
// so many letters stay.
func endings(tag, section string, least int) stemmer {
	all := tableOf(tag, section)
	return func(word string) string {
		for _, ending := range all {
			if rest, ok := strings.CutSuffix(word, ending); ok && utf8.RuneCountInString(rest) >= least {
				return rest
			}
		}
		return word
	}
}

// arabic takes the article with the prepositions written to it off, and the
// endings of the feminine and the sound plurals. The ta marbuta of a folded word
// is a ha.
func arabic() stemmer {
	articles, short := tableOf("ar", "articles"), endings("ar", "endings", minStem)
	return func(word string) string {
		for _, article := range articles {
			if rest, ok := strings.CutPrefix(word, article); ok && utf8.RuneCountInString(rest) >= minStem {
				word = rest
				break
			}
		}
		rest := short(word)
		if ending := word[len(rest):]; ending == "يه" || ending == "يات" {
			return rest + "ي"
		}
		return rest
	}
}

// hebrew takes the article and the endings of number and gender off, and writes
// the last letter as one inside of a word.
func hebrew() stemmer {
	short, finals := endings("he", "endings", minStem), tableOf("he", "finals")
	return func(word string) string {
		if rest, ok := strings.CutPrefix(word, "ה"); ok && utf8.RuneCountInString(rest) >= minStem {
			word = rest
		}
		word = short(word)
		for i := 0; i < len(finals); i += 2 {
			if rest, ok := strings.CutSuffix(word, finals[i]); ok {
				return rest + finals[i+1]
			}
		}
		return word
	}
}

// minHindi is less than minStem, since the vowel inherent in a letter is not
// written.
const minHindi = 2

// hindi writes long i and u short, since both spellings are common, and takes
// the endings of number and oblique case off.
func hindi() stemmer {
	vowels, short := strings.NewReplacer(tableOf("hi", "vowels")...), endings("hi", "endings", minHindi)
	return func(word string) string { return short(vowels.Replace(word)) }
}

// hungarian knows the cases that readers use around a resource. The t of the
// accusative stands right behind some consonants only.
func hungarian() stemmer {
	cases := endings("hu", "endings", minStem)
	return func(word string) string {
		short := cases(word)
		if n := len(short); short == word && n > minStem+1 && word[n-1] == 't' && strings.IndexByte("slnrzj", word[n-2]) >= 0 {
			short = word[:n-1]
		}
		return openEnd(short)
	}
}

// turkish takes plural, possessive and case off. The vowels of a folded word
// tell nothing of their harmony, and voiced ends are written unvoiced: kebabi,
// kebap.
func turkish() stemmer {
	plurals, cases := endings("tr", "plurals", minStem), endings("tr", "cases", minStem)
	return func(word string) string {
		short := cases(plurals(word))
		n := len(short)
		if n > minStem && textform.IsASCII(short) {
			if i := strings.IndexByte("bcdg", short[n-1]); i >= 0 {
				return short[:n-1] + "pctk"[i:i+1]
			}
		}
		return short
	}
}

// portugueseStem turns the plurals that lost their tilde or their l back: paes,
// limoes, pasteis, nuvens.
func portugueseStem() stemmer {
	plurals := tableOf("pt", "plurals")
	return func(word string) string {
		for i := 0; i < len(plurals); i += 2 {
			if rest, ok := strings.CutSuffix(word, plurals[i]); ok && rest != "" && len(word) >= 4 {
				word = rest + plurals[i+1]
				break
			}
		}
		return openEnd(portuguese1(word))
	}
}
