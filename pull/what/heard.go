package what

import (
	"slices"

	"keypull/pull/what/sound"
	"keypull/pull/what/speech"
	"keypull/pull/what/stem"
	"keypull/pull/what/textform"
)

// minHeard is the fewest letters of a word that is written as it is heard, maxHeard
// how many more or fewer it has than it should.
const minHeard, maxHeard = 7, 4

// heard offers the keywords that a single word, which no language knows, may have
// been written by ear for: "crewsant".
func (q *query) heard(c core) (Match, bool) {
	if len(c.words) != 1 || textform.Weight(c.words[0]) < minHeard || speech.IsKnown(c.words[0], speech.Any) || !q.outside(c).asks() {
		return Match{}, false
	}
	typed := stem.Light(c.words[0])
	key := sound.Rough(typed)
	if key == "" {
		return Match{}, false
	}
	all := q.everywhere(func(l *lexicon, hits []int32) []int32 { return l.by(byRough, key, hits, &q.probes) })
	all = slices.DeleteFunc(all, func(r ranked) bool {
		meant := stem.Light(textform.Fold(r.Phrase))
		more := textform.Weight(meant) - textform.Weight(typed)
		return r.autocorrect == AutocorrectOff || more > maxHeard || more < -maxHeard || !sound.SameBeginning(meant, typed)
	})
	if len(all) == 0 || len(all) > maxOffer {
		return Match{}, false
	}
	return offeredMatch(TierTyping, ReasonUnsure, all), true
}
