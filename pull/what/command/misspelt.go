package command

import (
	"strings"
	"unicode/utf8"

	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// minMisspelt is the fewest letters of a word that is taken for a misspelt one, minSwapped
// that of one with two letters swapped, which is the whole message; maxMisspelt is the most
// words of a message that has some.
const minMisspelt, minSwapped, maxMisspelt = 5, 4, 8

// spelling is what misspelt words are looked up by: few err in the first letter.
type spelling struct {
	first   rune
	letters int
}

// spellings are the words by which wordings are known, those of wishes and of what
// they are about, with spaces between them.
type spellings map[spelling]string

// spellingOf returns what a word is looked up by.
func spellingOf(word string) spelling {
	first, _ := utf8.DecodeRuneInString(word)
	return spelling{first, utf8.RuneCountInString(word)}
}

// openSpellings reads the words that are looked up by the same, a line each.
func openSpellings(table string) spellings {
	all := spellings{}
	for line := range strings.Lines(table) {
		word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		all[spellingOf(word)] = line
	}
	return all
}

// tells reports whether a piece says a wish of some command, or what it is about.
func (k *kinds) tells() bool {
	for _, kind := range k.of {
		if kind&(wish|saysObject) != 0 {
			return true
		}
	}
	return false
}

// Misspelt returns the command that a message says with a typing error in words of
// five letters or more, which are no words of any language. It is for what means
// nothing else.
func Misspelt(normal string) (Command, bool) {
	words := strings.Split(normal, " ")
	if len(words) > maxMisspelt || AsksToGoOn(normal) {
		return "", false
	}
	for _, find := range [...]func(string) (Command, bool){swapped, doubled} {
		if c, ok := find(speech.WithoutPoliteness(normal)); ok {
			return c, true
		}
	}
	var places [][]string
	for _, typed := range words {
		places = append(places, respelt(typed))
	}
	found := Command("")
	for _, spelt := range phrasesOf(places, maxSpellings) {
		c, ok := saysSpelt(spelt)
		switch {
		case !ok || spelt == normal:
		case found != "" && found != c:
			return "", false
		default:
			found = c
		}
	}
	return found, found != ""
}

// phrasesOf returns the first phrases, at most so many, that have one of the alternatives at each place.
func phrasesOf(places [][]string, most int) []string {
	all := []string{""}
	for _, alternatives := range places {
		var longer []string
		for _, begun := range all {
			for _, next := range alternatives {
				longer = append(longer, strings.TrimSpace(begun+" "+next))
			}
		}
		all = longer[:min(len(longer), most)]
	}
	return all
}

// doubled finds the command that a word is without one of two equal letters in a row.
func doubled(normal string) (Command, bool) {
	if len(normal) > maxStutter || strings.Contains(normal, " ") {
		return "", false
	}
	before := rune(0)
	for i, r := range normal {
		if r == before {
			if w, ok := tabledWord(normal[:i] + normal[i+utf8.RuneLen(r):]); ok && !w.closes {
				return w.command, true
			}
		}
		before = r
	}
	return "", false
}

// swapped finds the command of four letters that a message is with two neighbours swapped.
func swapped(normal string) (Command, bool) {
	letters := []rune(normal)
	if len(letters) != minSwapped || speech.IsKnown(textform.FoldNormal(normal), speech.Any) {
		return "", false
	}
	for i := range letters[1:] {
		letters[i], letters[i+1] = letters[i+1], letters[i]
		if w, ok := tabledWord(string(letters)); ok {
			return w.command, true
		}
		letters[i], letters[i+1] = letters[i+1], letters[i]
	}
	return "", false
}

// maxSpellings bounds the ways in which a message is read.
const maxSpellings = 16

// leastLanguage is how many letters a name of a language has at least that is found by a typing
// error: shorter ones are one letter away from the names of towns.
const leastLanguage = 6

// saysSpelt returns the command that a message says once it is spelt otherwise.
func saysSpelt(normal string) (Command, bool) {
	c, ok := Whole(normal)
	if !ok {
		c, ok = Worded(normal, speech.Any)
	}
	return c, ok && (c != Lang || utf8.RuneCountInString(normal) >= leastLanguage)
}

// respelt finds the words that a misspelt one may stand for; a word of whatever language stands
// for itself.
func respelt(word string) (all []string) {
	itself := []string{word}
	n := utf8.RuneCountInString(word)
	if n < minMisspelt || speech.IsKnown(textform.FoldNormal(word), speech.Any) {
		return itself
	}
	letters := []rune(word)
	for length := n - 1; length <= n+1; length++ {
		for other := range strings.FieldsSeq(knownGrammars().spelt[spelling{letters[0], length}]) {
			switch {
			case other == word:
				return itself
			case textform.OneError(letters, []rune(other)):
				all = append(all, other)
			}
		}
	}
	if len(all) == 0 {
		return itself
	}
	return all
}
