package what

import "keypull/pull/what/hashtable"

// relation is the kind of text that was hashed, so that all kinds live in one
// table.
type relation uint64

const (
	byFold relation = iota + 1
	byBag
	byStem
	byLightStem
	byCompact
	bySound
	bySkeleton
	byLatinSkeleton
	byWord
	// byRough is about how a word is heard.
	byRough
	// byPinyin, byRomaji and byThaiLatin are spellings in Latin letters;
	// byLoosePinyin is one that confuses sounds.
	byPinyin
	byLoosePinyin
	byRomaji
	byThaiLatin
)

// hashOf hashes a text for one relation.
func hashOf(t *hashtable.Table, r relation, text string) uint64 { return t.Hash(uint64(r), text) }
