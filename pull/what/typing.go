package what

import (
	"math/bits"
	"slices"
	"unicode/utf8"
)

// typing finds the texts that are one or two typing errors away from another.
// Two texts that are so near become equal when each loses at most as many
// letters, so it holds the hash of what is left of each text without any one
// or two of its letters. What a look-up costs depends on the letters of the
// word that is looked for, and hardly on how many texts there are.
type typing struct {
	// starts holds where the list of a bucket begins in items.
	starts []uint32
	items  []uint32
	shift  uint
	text   string
	ends   []uint32
	marks  []letterMark
	// words is how many of the texts are single words; the others are phrases
	// without their spaces.
	words int
}

const (
	// window is how many letters at the beginning of a word may be taken out.
	window = 8
	// maxWordLetters bounds the words looked at, maxPhraseLetters the phrases.
	maxWordLetters, maxPhraseLetters = 40, 40
	// twoErrors is from how many letters on a word may have two errors.
	twoErrors = 5
	// maxBucket bounds what is looked at for one hash, maxLooked for all of
	// them, maxNear what is compared letter by letter: a catalogue of words that are all alike has no typing errors to
	// tell.
	maxBucket, maxLooked, maxNear = 256, 2048, 64
)

// Texts are hashed as numbers whose digits are their letters, the first one
// lowest; what is behind a letter that is taken out moves down by one place.
const (
	radix = 0x9e3779b97f4a7c15
	// down is what radix has to be multiplied by to give 1.
	down       = 0xf1de83e19937733d
	saltWord   = 0x2545f4914f6cdd1d
	saltPhrase = 0x9fb21c651e98df25
	saltFront  = 0xa0761d6478bd642f
)

// left hashes what is left of some letters without one or two of them.
type left struct {
	before [maxPhraseLetters + 1]uint64
	n      int
	salt   uint64
}

func (l *left) read(letters []rune, salt uint64) {
	l.n, l.salt = len(letters), salt
	height := uint64(1)
	for i, r := range letters {
		l.before[i+1] = l.before[i] + (uint64(r)+1)*height //nolint:gosec // letters are not negative
		height *= radix
	}
}

// first returns the hash of the first n letters.
func (l *left) first(n int) uint64 { return spread(l.before[n] ^ l.salt) }

// without returns the hash of the first n letters without one of them.
func (l *left) without(i, n int) uint64 {
	return spread((l.before[i] + (l.before[n]-l.before[i+1])*down) ^ l.salt)
}

// withoutTwo returns the hash of all letters without two of them.
func (l *left) withoutTwo(i, j int) uint64 {
	const twice = down * down & (1<<64 - 1)
	return spread((l.before[i] + (l.before[j]-l.before[i+1])*down + (l.before[l.n]-l.before[j+1])*twice) ^ l.salt)
}

func spread(h uint64) uint64 {
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	return h
}

// maxLeft is the most remainders of a text.
const maxLeft = max(2*(window+1)+window*(window-1)/2, 1+maxPhraseLetters)

// phrase appends the hashes of a phrase: whole, and without any one letter.
func (l *left) phrase(letters []rune, hashes []uint64) []uint64 {
	l.read(letters, saltPhrase)
	return l.one(letters, l.n, l.n, append(hashes, l.first(l.n)))
}

// word appends the hashes of a word for one error or two. It may have two
// errors in its first letters, which a whole word without these two tells; or
// one there and one behind, which the first letters alone tell without that
// one.
func (l *left) word(letters []rune, errors int, hashes []uint64) []uint64 {
	l.read(letters, saltWord)
	hashes = append(hashes, l.first(l.n))
	front := min(l.n, window)
	hashes = l.one(letters, front, l.n, hashes)
	if l.n < twoErrors || hasDigit(letters) {
		return hashes
	}
	if errors > 1 {
		for i := range front {
			for j := i + 1; j < front; j++ {
				hashes = append(hashes, l.withoutTwo(i, j))
			}
		}
	}
	if l.n >= window {
		l.salt = saltFront
		hashes = append(hashes, l.first(window))
		if errors > 1 {
			hashes = l.one(letters, window, window, hashes)
		}
	}
	return hashes
}

// one appends the hashes of the first n letters without any one of the front.
func (l *left) one(letters []rune, front, n int, hashes []uint64) []uint64 {
	for i := range front {
		if i == 0 || letters[i] != letters[i-1] {
			hashes = append(hashes, l.without(i, n))
		}
	}
	return hashes
}

// all appends the hashes of a word or a phrase for some errors.
func (l *left) all(letters []rune, phrase bool, errors int, hashes []uint64) []uint64 {
	if phrase {
		return l.phrase(letters, hashes)
	}
	return l.word(letters, errors, hashes)
}

func hasDigit(letters []rune) bool {
	return slices.ContainsFunc(letters, func(r rune) bool { return '0' <= r && r <= '9' })
}

// newTyping takes over words, and phrases without their spaces; fill makes them
// be found.
func newTyping(words, phrases []string) *typing {
	t := &typing{words: len(words), ends: make([]uint32, 0, len(words)+len(phrases))}
	size := 0
	for _, list := range [][]string{words, phrases} {
		for _, s := range list {
			size += len(s)
		}
	}
	text := make([]byte, 0, size)
	for _, list := range [][]string{words, phrases} {
		for _, s := range list {
			text = append(text, s...)
			t.ends = append(t.ends, uint32(len(text))) //nolint:gosec // far less than 4 GiB of words
		}
	}
	t.text = string(text)
	t.marks = make([]letterMark, len(t.ends))
	var buf [maxPhraseLetters]rune
	for i := range t.marks {
		t.marks[i] = markOf(appendLetters(buf[:0], t.at(i)))
	}
	return t
}

func (t *typing) at(i int) string {
	start := uint32(0)
	if i > 0 {
		start = t.ends[i-1]
	}
	return t.text[start:t.ends[i]]
}

// appendLetters appends the letters of a text, or none if there are too many.
func appendLetters(buf []rune, s string) []rune {
	if len(s) > maxPhraseLetters*utf8.UTFMax {
		return buf[:0]
	}
	for _, r := range s {
		if len(buf) == maxPhraseLetters {
			return buf[:0]
		}
		buf = append(buf, r)
	}
	return buf
}

// near is a text some errors away from what was typed.
type near struct {
	text string
	// phrase is its number among the phrases, -1 for a word.
	phrase int
	edits  int
}

// find returns the texts at most limit errors away from a word, or a phrase
// without spaces, and counts its look-ups. What was typed itself is among them
// if it is there. The list is whole unless crowded says otherwise.
func (t *typing) find(typed string, phrase bool, limit int, probes *int) (found []near, crowded bool) {
	var buf, other [maxPhraseLetters]rune
	letters := appendLetters(buf[:0], typed)
	if len(letters) == 0 || len(t.starts) == 0 {
		return nil, false
	}
	var l left
	var hashes [maxLeft]uint64
	seen, mark := make([]uint32, 0, 32), markOf(letters)
	looked := 0
	for _, h := range l.all(letters, phrase, limit, hashes[:0]) {
		*probes++
		at := h >> t.shift
		list := t.items[t.starts[at]:t.starts[at+1]]
		if len(list) > maxBucket || looked > maxLooked {
			list, crowded = list[:min(len(list), maxBucket)], true
		}
		if looked += len(list); looked > maxLooked+maxBucket {
			break
		}
		its := fingerprint(h)
		for _, item := range list {
			id := item & (1<<itemBits - 1)
			if item&^(1<<itemBits-1) != its || !mark.near(t.marks[id], limit) || (int(id) >= t.words) != phrase || slices.Contains(seen, id) {
				continue
			}
			if len(seen) == maxNear {
				return found, true
			}
			seen = append(seen, id)
			text := t.at(int(id))
			if d := distance(letters, appendLetters(other[:0], text), limit); d <= limit {
				n := near{text: text, phrase: -1, edits: d}
				if phrase {
					n.phrase = int(id) - t.words
				}
				found = append(found, n)
			}
		}
	}
	return found, crowded
}

// letterMark tells which letters a text has, in the low bits, and how many, in
// the high ones, so that most texts that are far are told at a glance.
type letterMark uint64

const markedLetters = 56

func markOf(letters []rune) letterMark {
	m := letterMark(len(letters)) << markedLetters
	for _, r := range letters {
		m |= 1 << (uint32(r) * 0x9e3779b1 >> 16 % markedLetters) //nolint:gosec // letters are not negative
	}
	return m
}

func (m letterMark) near(other letterMark, limit int) bool {
	longer := int(m>>markedLetters) - int(other>>markedLetters)
	if longer > limit || -longer > limit {
		return false
	}
	return bits.OnesCount64(uint64(m^other)<<(64-markedLetters)) <= 2*limit
}
