package what

import (
	"slices"
	"strings"

	"keypull/pull/what/speech"
	"keypull/pull/what/stem"
	"keypull/pull/what/textform"
)

// maxAroundPart is how many words may ask, beside politeness, for an ordinary word
// that is part of a phrase: "is the post office open on sunday" does not ask for
// the visa office.
const maxAroundPart = 3

// parts offers the keywords whose phrases have all the words of the message
// and more, and the entries of vocabularies that call a keyword alone.
func (q *query) parts(c core) (Match, bool) {
	words := speech.Content(c.words)
	if len(words) > maxTypedWords || q.isOrdinary(words) && len(strings.Fields(speech.WithoutPoliteness(q.normal))) > 1+maxAroundPart && q.countTelling() > maxTold {
		return Match{}, false
	}
	var all []ranked
	for i := range q.ix.layers {
		l := &q.ix.layers[i]
		hits, total := l.having(q.partWords(l.lexicon, words), &q.probes)
		if total > len(hits) {
			return declinedMatch(TierPart, ReasonPart, q.candidates(nil, l, hits)), true
		}
		all = q.candidates(all, l, hits)
	}
	fitting := len(all)
	for i := range q.ix.bare {
		b := &q.ix.bare[i]
		hits, total := b.having(q.partWords(b.lexicon, words), &q.probes)
		if total > len(hits) && q.isOrdinary(words) {
			if len(all) == 0 {
				return declinedMatch(TierPart, ReasonPart, q.terms(nil, b, hits)), true
			}
			continue
		}
		all = q.terms(all, b, hits)
		fitting += total
	}
	if len(all) == 0 || len(all) == 1 && textform.Weight(words[0]) < 4 && q.isOrdinary(words) {
		return Match{}, false
	}
	slices.SortStableFunc(all, func(a, b ranked) int { return a.rank - b.rank })
	m := offeredMatch(TierPart, ReasonPart, all)
	m.Fitting = max(fitting, len(all))
	return m, true
}

// maxTold is how many words of a longer message may say more than that it asks: the word
// itself and a day.
const maxTold = 2

// countTelling returns how many words of a message say more than that it asks.
func (msg *message) countTelling() (n int) {
	for i := range msg.tokens {
		if msg.tokens[i].Roles&(speech.Filler|speech.Question|speech.QuestionBehind) == 0 {
			n++
		}
	}
	return n
}

// isOrdinary reports whether some words are one, and that says nothing alone.
func (msg *message) isOrdinary(words []string) bool {
	return len(words) == 1 && speech.IsCommon(words[0], msg.tongues)
}

// minPart is the fewest letters of a word that is taken for another one within a
// phrase, minPartPlural those where the ending of a plural is all that differs.
const minPart, minPartPlural = 6, 4

// partWords writes the words that no phrase of a lexicon has as the phrases do:
// in another inflection, or without a typing error.
func (q *query) partWords(l *lexicon, words []string) []string {
	meant := slices.Clone(words)
	for i, w := range words {
		if textform.Weight(w) < minPartPlural || l.knows(w, &q.probes) {
			continue
		}
		if form := q.inflectedPart(l, w, l.stemLanguages()); form != "" {
			meant[i] = form
			continue
		}
		found, _ := l.typing.find(w, false, 1, &q.probes)
		found = slices.DeleteFunc(found, func(n near) bool {
			if !l.knows(n.text, &q.probes) || !sameFigures(words[i:i+1], []string{n.text}) {
				return true
			}
			return stem.Light(n.text) != stem.Light(w) && (textform.Weight(w) < minPart || speech.IsKnown(w, q.tongues))
		})
		if len(found) == 0 {
			continue
		}
		meant[i] = slices.MinFunc(found, func(a, b near) int { return a.edits - b.edits }).text
	}
	return meant
}

// inflectedPart returns the word of some phrase that a word is another form of by the rules of some
// languages, "" where there is none: lunchen of "veckans lunch".
func (q *query) inflectedPart(l *lexicon, word string, languages []string) string {
	for _, language := range languages {
		base := stem.Of(word, language)
		if base == word {
			continue
		}
		if l.knows(base, &q.probes) {
			return base
		}
		found, _ := l.typing.find(base, false, 1, &q.probes)
		for _, n := range found {
			if l.knows(n.text, &q.probes) && stem.Of(n.text, language) == base {
				return n.text
			}
		}
	}
	return ""
}
