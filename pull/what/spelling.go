package what

import (
	"slices"

	"keypull/pull/what/sound"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

const (
	// minSpelled is from how many letters on a phrase of another script is
	// recognised in Latin letters, surelySpelled from how many it is answered.
	minSpelled, surelySpelled = 4, 5
	// surelyThai is the same as typed, of Thai, of which one sound is written in
	// many ways.
	surelyThai = 6
	// ordinaryWords is from how many letters on several ordinary words may be a
	// phrase of another script, ordinaryWord from how many a single one may be one
	// that other languages have borrowed: tempura.
	ordinaryWords, ordinaryWord = 6, 7
	// maxSpelled bounds the letters, and maxSpelledWords the words.
	maxSpelled, maxSpelledWords = 64, 8
)

// spelledBy returns the relation of a spelling.
func spelledBy(by sound.Spelling) relation {
	switch by {
	case sound.Pinyin:
		return byPinyin
	case sound.Romaji:
		return byRomaji
	}
	return byThaiLatin
}

// latinSpellings are those that are tried; what is confused with others last.
var latinSpellings = [...]struct {
	by    sound.Spelling
	loose bool
}{{sound.Pinyin, false}, {sound.Romaji, false}, {sound.ThaiLatin, false}, {sound.Pinyin, true}}

// spelling is a run of words that may be a phrase of another script.
type spelling struct {
	text string
	// rare says that one of the words is no ordinary one anywhere, single that
	// there is one alone.
	rare, single bool
}

// tells reports whether a key says enough by which some words are looked up.
func (s *spelling) tells(key string, by sound.Spelling, loose bool) bool {
	switch {
	case s.rare && loose:
		return len(key) > surelySpelled
	case s.rare:
		return len(key) >= minSpelled
	case loose:
		return false
	case s.single:
		return by != sound.ThaiLatin && len(s.text) >= ordinaryWord && len(key) >= ordinaryWord-1
	}
	return len(s.text) >= ordinaryWords && len(key) >= surelySpelled
}

// sure reports whether what is found by a key is surely meant.
func (s *spelling) sure(key string, by sound.Spelling, loose bool) bool {
	return s.rare && !loose && len(key) >= surelySpelled && (by != sound.ThaiLatin || len(s.text) >= surelyThai)
}

// latin finds phrases in Chinese, Japanese and Thai that some words write in Latin
// letters, with or without the spaces; sure says whether there is no doubt.
func (q *query) latin(c core) (all []ranked, sure bool) {
	s, ok := q.spelling(c)
	if !ok {
		return nil, false
	}
	sure = true
	for _, way := range latinSpellings {
		if way.loose && len(all) > 0 {
			break
		}
		key, relation := sound.Spelled(way.by, s.text), spelledBy(way.by)
		if way.loose {
			key, relation = sound.Loosely(key), byLoosePinyin
		}
		if !s.tells(key, way.by, way.loose) {
			continue
		}
		found := q.everywhere(func(l *lexicon, hits []int32) []int32 {
			if !l.latin[way.by] {
				return hits
			}
			return l.by(relation, key, hits, &q.probes)
		})
		for _, r := range found {
			if r.autocorrect != AutocorrectOff {
				all = joinRanked(all, r)
				sure = sure && s.sure(key, way.by, way.loose)
			}
		}
	}
	return all, sure
}

// spelling returns what a core may write in Latin letters, or false if it does not, or
// where no phrase is of another script.
func (q *query) spelling(c core) (spelling, bool) {
	s := spelling{single: c.to-c.from == 1}
	if c.to-c.from > maxSpelledWords || !q.spells() {
		return s, false
	}
	s.text = textform.Compact(c.words)
	if len(s.text) < minSpelled || len(s.text) > maxSpelled || !textform.IsASCII(s.text) {
		return s, false
	}
	s.rare = slices.ContainsFunc(c.words, func(w string) bool {
		return textform.Weight(w) > 2 && !speech.IsCommon(w, speech.Any) && !speech.IsKnown(w, q.tongues)
	})
	return s, true
}

// spells reports whether the index has any phrase that is written otherwise in
// Latin letters.
func (q *query) spells() bool {
	has := func(l *lexicon) bool { return slices.Contains(l.latin[sound.NoSpelling+1:], true) }
	return slices.ContainsFunc(q.ix.layers, func(l layer) bool { return has(l.lexicon) }) ||
		slices.ContainsFunc(q.ix.bare, func(b bareVocabulary) bool { return has(b.lexicon) })
}

// inLatin answers or offers the phrase that a message writes in Latin letters.
func (t *tiers) inLatin(c core) (Match, bool) {
	all, sure := t.latin(c)
	switch outside := t.outside(c); {
	case len(all) == 0:
		return Match{}, false
	case outside.negations > 0:
		return declinedMatch(TierScript, ReasonNegated, all), true
	case !sure || !outside.asks():
		return offeredMatch(TierScript, ReasonUnsure, all), true
	}
	return t.respelt(all)
}
