package pull

import (
	"slices"
	"strings"

	"keypull/pull/what"
	"keypull/pull/what/stem"
	"keypull/pull/what/textform"
)

// Bounds of what comes nearest to a message that nothing answers: how much of it the names of a keyword
// have at least, and how many words tell what a message is about that asks for nothing by a word.
const (
	nearestShare = 0.5
	nearestWords = 3
)

// nearestNamed returns the keywords whose names have the most of what a message asks for, where that is half
// of it or more: "seniors lunch wednesday" comes near the lunches of the senior center. A day, or the most or least of
// something, is asked of those that know it.
func (w conversation) nearestNamed() (nearest []what.Candidate) {
	said := w.readInside(w.ask.Text)
	languages := w.edition.readingLanguages(w.language)
	if thing := slices.DeleteFunc(slices.Clone(said.words), func(word ItemWord) bool { return slices.Contains(said.aspects, word.Text) }); len(thing) > 0 {
		said.words = thing // the price of oil is near no metal
	}
	if day := what.DayIn(w.ask.Text, languages...); day != "" {
		said.words = slices.DeleteFunc(said.words, func(word ItemWord) bool { return partOfName(textform.Fold(day), textform.Fold(word.Text)) })
	}
	if len(said.words) == 0 || !said.asks && len(said.words) > nearestWords || w.ask.Tap != "" || w.match.Reason == what.ReasonNegated {
		return nil
	}
	all, most := 0.0, 0.0
	for _, word := range said.words {
		all += word.Weight
	}
	for _, k := range w.edition.order {
		if w.edition.keywordName(k, "") == "" || !w.mayTell(k) {
			continue
		}
		has, lacks := k.sharesWords(said.words, languages)
		if has < all*nearestShare || has < most || lacks {
			continue
		}
		if has > most {
			nearest, most = nil, has
		}
		c := what.Candidate{Keyword: k.ID, Language: w.language, Argument: w.timeMeant(k, w.edition.keywordName(k, w.language))}
		if c.Argument == "" {
			c.Argument = w.rankAsked(k, w.ask.Text)
		}
		nearest = append(nearest, c)
	}
	if len(nearest) > offerAtMost {
		return nil // a word that many have tells none
	}
	return nearest
}

// sharesWords returns how much the words weigh that stand in the phrases of a keyword, in any inflection; lacks
// says that one weighs as much that does not, where none of the phrases stands there whole, or more.
func (k *keyword) sharesWords(words []ItemWord, languages []string) (weight float64, lacks bool) {
	var phrases [][]string
	for _, all := range k.Phrases {
		for _, phrase := range all {
			phrases = append(phrases, strings.Fields(textform.Fold(phrase)))
		}
	}
	same := func(word ItemWord, name string) bool {
		folded := textform.Fold(word.Text)
		return name == folded || slices.ContainsFunc(languages, func(tag string) bool { return stem.Of(name, tag) == stem.Of(folded, tag) })
	}
	has, other := 0.0, 0.0 // what weighs most
	for _, word := range words {
		if slices.ContainsFunc(phrases, func(names []string) bool {
			return slices.ContainsFunc(names, func(name string) bool { return same(word, name) })
		}) {
			weight, has = weight+word.Weight, max(has, word.Weight)
		} else {
			other = max(other, word.Weight)
		}
	}
	whole := slices.ContainsFunc(phrases, func(names []string) bool {
		return !slices.ContainsFunc(names, func(name string) bool {
			return !slices.ContainsFunc(words, func(word ItemWord) bool { return same(word, name) })
		})
	})
	return weight, other > has || other == has && !whole
}
