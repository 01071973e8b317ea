package recipe

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/pull/what"
	"keypull/pull/what/languages"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
	"keypull/sources/fulltext"
)

// verdict is what a recipe tells of whether something is so.
type verdict int

const (
	no verdict = iota
	maybe
	yes
)

// termMatcher tells whether a term is in recipes that are written in some languages.
type termMatcher struct {
	vocabulary
	languages []string
	term      term
	// asked is the language of the wish.
	asked string
	// known says that these languages have words for its foods, broad that another word
	// of the same beginning is taken for one of the term: what is left out is in neither.
	known  bool
	broad  bool
	sieves []foodPhrases
	stems  map[string][]string
}

// foodPhrases are the phrases of a food in some languages, by what they tell.
type foodPhrases struct{ holds, lists, may, not []*phrases }

// newTermMatcher returns the matcher of a term for recipes in some languages.
func (k vocabulary) newTermMatcher(t term, asked string, tags []string) *termMatcher {
	j := &termMatcher{vocabulary: k, languages: tags, term: t, asked: asked, stems: map[string][]string{}}
	names := slices.Clone(t.foods)
	for i := 0; i < len(names); i++ {
		var s foodPhrases
		for _, table := range k {
			f := table.foods[names[i]]
			j.known = j.known || f != nil && table != k[0]
			s.holds, s.lists = append(s.holds, f[signName], f[signHolds]), append(s.lists, f[signLists])
			s.may, s.not = append(s.may, f[signMay]), append(s.not, f[signNot])
			if p := f[signOther]; p != nil {
				for other := range p.first {
					if !slices.Contains(names, other) {
						names = append(names, other)
					}
				}
			}
		}
		j.sieves = append(j.sieves, s)
	}
	return j
}

// matchRecipe says whether the term is in a recipe: by its ingredients, its title, and, where
// it is there, its steps. What it may be in, and a recipe without a list, may be.
func (j *termMatcher) matchRecipe(it what.Item) verdict {
	found := maybe
	all := [...][]string{listIn(it, factIngredients), recipeNames(it), listIn(it, factSteps)}
	if len(all[0]) > 0 {
		found = no
	}
	if !j.broad && len(j.term.foods) > 0 && strings.HasPrefix(j.term.foods[0], madeMark) {
		all, found = [...][]string{nil, recipeNames(it), listIn(it, factCategory)}, no
	}
	for i, lines := range all {
		for _, line := range lines {
			switch v := j.matchLine(line, i == 0); {
			case v == yes:
				return yes
			case v == maybe && i == 0:
				found = maybe
			}
		}
	}
	if found == no && !j.known && !j.mayRead(it.Language) {
		return maybe // what is written in another language is not known by its letters
	}
	return found
}

// mayRead reports whether a recipe may be written in the language of the term.
func (j *termMatcher) mayRead(language string) bool {
	return language == "" || j.asked == "" || languages.Base(language) == languages.Base(j.asked)
}

func (j *termMatcher) matchLine(text string, listed bool) (found verdict) {
	words := j.cutWords(text)
	for i := range words {
		if n := j.literalAt(words, i); n > 0 && !j.isDenied(words, i, n) && !j.isAnother(words, i) {
			return yes
		}
	}
	for _, s := range j.sieves {
		for i := 0; i < len(words); {
			holds, may, not := longestPhraseAt(s.holds, words, i), longestPhraseAt(s.may, words, i), longestPhraseAt(s.not, words, i)
			if listed {
				holds = max(holds, longestPhraseAt(s.lists, words, i))
			}
			n := max(holds, may, not)
			switch {
			case n == not || j.isDenied(words, i, n):
			case holds == n:
				return yes
			default:
				found = maybe
			}
			i += max(n, 1)
		}
	}
	return found
}

// isAnother reports whether one word, joined of the term, is the name of another food: soy
// milk that is written so.
func (j *termMatcher) isAnother(words []string, i int) bool {
	return words[i] != j.term.words[0] && slices.ContainsFunc(j.sieves, func(s foodPhrases) bool { return longestPhraseAt(s.not, words, i) == 1 })
}

// longestPhraseAt returns how many words the longest of some phrases takes at a place.
func longestPhraseAt(all []*phrases, words []string, i int) (n int) {
	for _, p := range all {
		if n = max(n, p.lengthAt(words, i)); n == 0 && p != nil {
			for _, joined := range p.joined {
				if strings.Contains(words[i], joined) {
					n = 1
				}
			}
		}
	}
	return n
}

// literalAt returns how many words are the term as it was written, in whatever form, or
// a word that is joined of it.
func (j *termMatcher) literalAt(words []string, i int) int {
	if len(j.term.words) == 0 || i+len(j.term.words) > len(words) {
		return 0
	}
	for n, word := range j.term.words {
		if !j.sameWord(words[i+n], word) {
			return 0
		}
	}
	return len(j.term.words)
}

// minJoined is how many letters a part of a joined word has at least.
const minJoined = 4

// sameWord reports whether a word is the one sought, inflected, or joined of it.
func (j *termMatcher) sameWord(word, sought string) bool {
	if word == sought {
		return true
	}
	if textform.BeginsSpaceless(sought) {
		return !j.known && strings.Contains(word, sought)
	}
	if j.broad && sharesBeginning(word, sought) {
		return true
	}
	for _, stem := range j.stemsOf(sought) {
		if slices.Contains(j.stemsOf(word), stem) {
			return true
		}
		if utf8.RuneCountInString(stem) < minJoined {
			continue
		}
		before, after, found := strings.Cut(word, stem)
		if found && j.stemBeforeEnding(word) == "" && (strings.ContainsAny(before, "aeiouyäöüåø") && utf8.RuneCountInString(before) > 2 || before == "" && utf8.RuneCountInString(after) >= minJoined) {
			return true
		}
	}
	return false
}

// sharesBeginning reports whether two words differ in their last letters alone.
func sharesBeginning(a, b string) bool {
	const least, ending = 6, 3
	x, y := []rune(a), []rune(b)
	n := 0
	for n < len(x) && n < len(y) && x[n] == y[n] {
		n++
	}
	return n >= least && len(x)-n <= ending && len(y)-n <= ending
}

func (j *termMatcher) stemsOf(word string) []string {
	stems, ok := j.stems[word]
	if !ok {
		stems = fulltext.Stems(word, j.languages)
		j.stems[word] = stems
	}
	return stems
}

// isDenied reports whether it is said of some words that they are not in it.
func (j *termMatcher) isDenied(words []string, from, n int) bool {
	const near = 3
	for i := max(0, from-near); i < from; i++ {
		if m := j.sectionAt("without", words, i); m > 0 && i+m <= from && from-(i+m) <= 1 {
			return true
		}
	}
	behind := from+n < len(words) && j.sectionAt("behind", words, from+n) > 0
	return behind || j.stemBeforeEnding(words[from]) != ""
}

// minutesOf is how long a recipe takes; 0 if it does not tell.
func minutesOf(it what.Item) int {
	if n := countIn(it, factTotal); n > 0 {
		return n
	}
	return countIn(it, factPrep) + countIn(it, factCook)
}

// judgeRecipe says of a recipe whether it is what is wished for, and whether it would be but
// for what is left out.
func (w wish) judgeRecipe(it what.Item, leftOut, wanted []*termMatcher) (found, otherwise verdict) {
	otherwise = yes
	switch takes := minutesOf(it); {
	case w.minutes > 0 && takes > w.minutes:
		return no, no
	case w.minutes > 0 && takes == 0:
		otherwise = maybe
	}
	for _, j := range wanted {
		if otherwise = min(otherwise, j.matchRecipe(it)); otherwise == no {
			return no, no
		}
	}
	found = otherwise
	for _, j := range leftOut {
		if found = min(found, yes-j.matchRecipe(it)); found == no {
			break
		}
	}
	return found, otherwise
}

// countExtraWords counts the words of a title that were not asked for.
func (w wish) countExtraWords(title string) int {
	asked := strings.Join(w.words, " ")
	return len(slices.DeleteFunc(fulltext.Words(title), func(word string) bool {
		return strings.Contains(asked, word) || speech.IsFunction(word, speech.Any) || !strings.ContainsFunc(word, unicode.IsLetter)
	}))
}
