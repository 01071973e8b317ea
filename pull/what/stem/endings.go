package stem

import (
	"iter"
	"maps"
	"strings"
	"unicode/utf8"

	"keypull/pull/what/languages"
)

// stemmer takes off a folded word what its inflected forms do not share.
type stemmer func(word string) string

// tableOf returns the entries of a section of a language's rules in their order.
func tableOf(tag, section string) []string {
	var all []string
	for _, line := range languages.Lines(tag, "stem.txt", section) {
		all = append(all, strings.Fields(line)...)
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

// stemByRules takes off a word what its language's rules tell: an article in front, an
// ending of each list in turn, and what core does, if there is one. How some
// forms end is written like the others before that, and how a stem ends behind
// it. Words that follow no rule have the stem that stands there with them, as
// have their stems.
func stemByRules(tag string, least int, core stemmer) stemmer {
	articles, irregular := tableOf(tag, "articles"), map[string]string{}
	maps.Insert(irregular, pairsOf(tag, "words"))
	steps := []stemmer{rewriteEnd(tag, "written", least)}
	for _, section := range []string{"plurals", "cases", "endings"} {
		steps = append(steps, endings(tag, section, least))
	}
	if core != nil {
		steps = append(steps, core)
	}
	steps = append(steps, endings(tag, "possessives", least), rewriteEnd(tag, "finals", least))
	return func(word string) string {
		word = withoutArticle(word, articles)
		for _, step := range steps {
			if stem, ok := irregular[word]; ok {
				return stem
			}
			word = step(word)
		}
		if stem, ok := irregular[word]; ok {
			return stem
		}
		return word
	}
}

// pairsOf yields the entries of a section of pairs in their order.
func pairsOf(tag, section string) iter.Seq2[string, string] {
	all := tableOf(tag, section)
	return func(yield func(string, string) bool) {
		for i := 0; i+1 < len(all); i += 2 {
			if !yield(all[i], all[i+1]) {
				return
			}
		}
	}
}

// rewriteEnd writes the first end of a section of pairs that fits as the other of
// its pair, where at least so many letters stay.
func rewriteEnd(tag, section string, least int) stemmer {
	all := tableOf(tag, section)
	return func(word string) string {
		for i := 0; i+1 < len(all); i += 2 {
			if rest, ok := strings.CutSuffix(word, all[i]); ok && utf8.RuneCountInString(rest+all[i+1]) >= least {
				return rest + all[i+1]
			}
		}
		return word
	}
}

func withoutArticle(word string, articles []string) string {
	for _, article := range articles {
		if rest, ok := strings.CutPrefix(word, article); ok && utf8.RuneCountInString(rest) >= minStem {
			return rest
		}
	}
	return word
}

// arabic takes the article with the prepositions written to it off, and the
// endings of the feminine and the sound plurals. The ta marbuta of a folded word
// is a ha.
func arabic() stemmer {
	articles, plain, short := tableOf("ar", "articles"), rewriteEnd("ar", "written", minStem+1), endings("ar", "endings", minStem)
	broken := maps.Collect(pairsOf("ar", "words"))
	return func(word string) string {
		word = plain(withoutArticle(word, articles))
		if singular, ok := broken[word]; ok {
			return singular
		}
		rest := short(word)
		if ending := word[len(rest):]; ending == "يه" || ending == "يات" {
			return rest + "ي"
		}
		return rest
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

// withoutAccusative takes the t of a Hungarian accusative off, which stands right behind
// some consonants only, and the vowel that forms end in.
func withoutAccusative(word string) string {
	if n := len(word); n > minStem+1 && word[n-1] == 't' && strings.IndexByte("slnrzjy", word[n-2]) >= 0 {
		word = word[:n-1]
	}
	return openEnd(word)
}
