package what

import (
	"slices"
	"strings"
	"unicode"

	"keypull/pull/what/command"
	"keypull/pull/what/hashtable"
	"keypull/pull/what/sound"
	"keypull/pull/what/speech"
	"keypull/pull/what/stem"
	"keypull/pull/what/textform"
)

// bag joins words in alphabetical order.
func bag(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	var buf [12]string
	sorted := append(buf[:0], words...)
	slices.Sort(sorted)
	return strings.Join(sorted, " ")
}

// analysis is what a lexicon keeps of a text.
type analysis struct {
	normal string
	// written is the form with the signs in it of an entry that has some.
	written string
	words   []string
	nature  nature
	keys    []uint64
	// whole is the text without spaces where it has several words.
	whole string
	stem  stemming
	// spelling is how the text is written in Latin letters.
	spelling sound.Spelling
}

// analyst works texts out, one after the other; many do side by side.
type analyst struct {
	table  *hashtable.Table
	tokens [24]textform.Token
}

// analyse works a text out. It depends on nothing but its arguments.
func (w *analyst) analyse(text, language string) analysis {
	a := analysis{normal: textform.Normal(text)}
	if a.normal == "" {
		return a
	}
	split := textform.Tokenise(text, w.tokens[:0])
	tongues := speech.Of(language)
	speech.Play(split, tongues)
	a.words = textform.Units(split, make([]string, 0, len(split)))
	if len(a.words) == 0 {
		a.words = []string{a.normal}
	}
	a.nature = natureOf(text, a.normal, split, a.words, tongues)
	add := func(r relation, key string) { a.keys = append(a.keys, hashOf(w.table, r, key)) }
	for _, form := range textform.FoldsNormal(a.normal) {
		if form != a.normal {
			add(byFold, form)
		}
	}
	a.relate(language, tongues, add)
	return a
}

// entry makes an analysis that of an entry of a vocabulary. A symbol is found as it
// is written, with its signs; what is merely near is asked about, if it has the same
// letters or a typing error.
func (w *analyst) entry(a *analysis, p *phrase) {
	written := textform.Written(p.text)
	if p.text != p.id || !textform.IsSymbol(p.text) || written == "" {
		if written != a.normal {
			a.written = written
		}
		return
	}
	a.normal, a.nature, a.stem, a.spelling, a.keys = written, a.nature|natureSymbol, stemming{}, sound.NoSpelling, nil
	if folded := textform.FoldNormal(written); folded != written {
		a.keys = append(a.keys, hashOf(w.table, byFold, folded))
	}
	if whole := textform.Compact(a.words); whole != written {
		a.keys = append(a.keys, hashOf(w.table, byCompact, whole))
	}
}

// relate adds the keys of all relations but spelling.
func (a *analysis) relate(language string, tongues speech.Tongues, add func(relation, string)) {
	rest := speech.Content(a.words)
	if len(a.words) > 1 {
		a.whole = textform.Compact(a.words)
		add(byCompact, a.whole)
	}
	if len(rest) > 1 || len(rest) < len(a.words) && textform.Weight(rest[0]) > 3 && !speech.IsCommon(rest[0], tongues) {
		add(byBag, bag(rest))
	}
	if a.nature&natureCode != 0 || hasNoLetter(a.normal) {
		return
	}
	folded := strings.Join(a.words, " ")
	if language, script := stem.Language(language, folded); language != "" {
		a.stem = stemming{language, script}
		stems := make([]string, 0, len(rest))
		for _, w := range rest {
			stems = append(stems, stem.Of(w, language))
		}
		add(byStem, language+":"+bag(stems))
	}
	light := make([]string, 0, len(rest))
	for _, w := range rest {
		light = append(light, stem.Light(w))
	}
	add(byLightStem, bag(light))
	if s := sound.Key(folded); textform.Weight(s) >= minSound {
		add(bySound, s)
	}
	a.spell(language, add)
	if len(a.words) == 1 && textform.Weight(folded) >= minHeard {
		if s := sound.Rough(stem.Light(folded)); s != "" {
			add(byRough, s)
		}
	}
	relation := byLatinSkeleton
	switch script := textform.WritingOf(folded); {
	case leavesVowelsOut(script):
		relation = bySkeleton
	case script != textform.WritingLatin:
		return
	}
	if s := sound.Skeleton(folded); textform.Weight(s) >= minSkeleton {
		add(relation, s)
	}
}

// spell adds the keys of how a text is written in Latin letters.
func (a *analysis) spell(language string, add func(relation, string)) {
	by, keys := sound.Spellings(a.normal, language)
	a.spelling = by
	for i, key := range keys {
		if len(key) < minSpelled {
			continue
		}
		add(spelledBy(by), key)
		if by == sound.Pinyin && i == 0 {
			add(byLoosePinyin, sound.Loosely(key))
		}
	}
}

// leavesVowelsOut covers the scripts in which vowels are not all written.
func leavesVowelsOut(w textform.Writing) bool {
	return w == textform.WritingArabic || w == textform.WritingHebrew || w == textform.WritingDevanagari
}

const (
	// minSound and minSkeleton are from how many letters on a sound tells
	// enough.
	minSound, minSkeleton = 4, 3
	// maxCode is the longest code, in letters.
	maxCode = 6
)

// natureOf tells what a phrase is like. Its editor shows a code by writing it
// in capitals or with digits: "RUN", "1COV", "7751".
func natureOf(text, normal string, tokens []textform.Token, words []string, tongues speech.Tongues) nature {
	n := nature(0)
	if len(words) == 1 && textform.Weight(words[0]) <= maxCode && textform.IsCode(text) {
		n |= natureCode
	}
	if len(words) == 1 && (textform.Weight(words[0]) <= 3 || speech.IsCommon(words[0], tongues)) && !textform.StartsWithEmoji(words[0]) {
		n |= natureCommon
	}
	if len(words) == 1 && n&natureCode == 0 && (isBrief(words[0]) || speech.IsFunction(words[0], tongues) && tongues != speech.Any && words[0] == normal) {
		n |= natureFunction
	}
	asks := len(tokens) > 0
	for i := range tokens {
		asks = asks && tokens[i].Roles&speech.Filler != 0
	}
	if asks {
		n |= natureSmall
	}
	if _, ok := command.Whole(normal); ok && !command.Yields(normal) {
		n |= natureReserved
	}
	return n
}

// isBrief covers words of one or two letters in scripts that write all vowels.
func isBrief(word string) bool {
	writing := textform.WritingOf(word)
	return textform.Weight(word) < 3 && (writing == textform.WritingLatin || writing == textform.WritingCyrillic) && !textform.StartsWithEmoji(word)
}

func hasNoLetter(normal string) bool { return strings.IndexFunc(normal, unicode.IsLetter) < 0 }
