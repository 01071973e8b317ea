// Package textform makes texts comparable: their normal and folded forms, their
// words with the places where they stand, and the forms behind stretched,
// disguised and look-alike letters. It knows scripts and no languages: what a
// word means, and what it does in a message, is told elsewhere.
package textform

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// normalRooms are used again: each text that changes would allocate one. mostRoom is the
// largest that is kept, in bytes.
var normalRooms = sync.Pool{New: func() any { return new([]byte) }}

const mostRoom = 1 << 10

// Normal returns the exact normal form of a text: what two texts share that
// every reader takes for the same words. Case, width, kinds of apostrophe and
// hyphen, punctuation, Arabic vowel signs and letter variants, invisible
// characters and emoji presentation are gone; diacritics stay. Words are
// separated by one space, and emoji are words of their own. A text of nothing
// but punctuation keeps it, so that "?" can be a keyword.
//
// It is idempotent, and follows Unicode's NFKC_Casefold (UAX #31) for
// characters that are not named above.
func Normal(s string) string {
	if IsPlain(s) {
		return s
	}
	room := normalRooms.Get().(*[]byte) //nolint:forcetypeassert // what New gives
	*room = appendNormal((*room)[:0], s)
	out := s
	if string(*room) != s {
		out = string(*room)
	}
	if cap(*room) <= mostRoom {
		normalRooms.Put(room)
	}
	return out
}

// appendNormal appends the normal form of s to dst.
func appendNormal(dst []byte, s string) []byte {
	if !IsASCII(s) {
		s = compatible(s)
	}
	start := len(dst)
	w := writer{out: dst, start: start}
	w.write(s)
	if len(w.out) > start {
		return w.out
	}
	for field := range strings.FieldsSeq(s) {
		if len(w.out) > start {
			w.out = append(w.out, ' ')
		}
		for _, r := range field {
			w.out = utf8.AppendRune(w.out, unified(r))
		}
	}
	return w.out
}

// IsPlain reports whether s is in normal form already and shows it at first
// sight: small letters and digits of ASCII with single spaces between.
func IsPlain(s string) bool {
	before := byte(' ')
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && (c != ' ' || before == ' ') {
			return false
		}
		before = c
	}
	return before != ' ' || s == ""
}

// IsASCII reports whether a text has no character beyond the first 128.
func IsASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// compatible returns NFKC(fold(NFKC(s))) without the characters that nobody
// sees. They go first, since one of them can keep a letter and its accent from
// being composed.
func compatible(s string) string {
	if all, ok := compatibleChars.all(s); ok {
		return all
	}
	return compatibleSlowly(s)
}

// compatibleSlowly is compatible for a text of any characters.
func compatibleSlowly(s string) string {
	s = norm.NFKC.String(visible(s))
	if hidesMore(s) {
		// Letters that came with their marks in one character have them now.
		s = norm.NFKC.String(visible(s))
	}
	return norm.NFKC.String(cases.Fold().String(s))
}

// hidesMore reports whether a text has what visible drops or unifies.
func hidesMore(s string) bool {
	marks := 0
	for _, r := range s {
		switch {
		case isVowelSign(r), isTag(r), unified(r) != r:
			return true
		case r >= 0x300 && unicode.In(r, unicode.Mn, unicode.Me):
			if marks++; marks > maxMarks {
				return true
			}
		default:
			marks = 0
		}
	}
	return false
}

// maxMarks bounds the combining marks on one letter: no script needs more, and
// a heap of them is decoration.
const maxMarks = 6

// visible drops what is never seen, invalid bytes among it, and unifies what
// NFKC would tear apart.
func visible(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	marks := 0
	last := rune(0)
	for i, r := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size <= 1 {
			continue
		}
		if r == zeroWidthJoiner && isEmojiPart(last) && isEmoji(nextVisible(s[i+size:])) {
			b.WriteRune(r)
			continue
		}
		if isInvisible(r) || isVowelSign(r) || isTag(r) && !isEmojiPart(last) {
			continue
		}
		if unicode.In(r, unicode.Mn, unicode.Me) {
			if marks++; marks > maxMarks {
				continue
			}
		} else {
			marks = 0
		}
		last = unified(r)
		b.WriteRune(last)
	}
	return b.String()
}

// nextVisible returns the first character of s that is seen, or 0.
func nextVisible(s string) rune {
	for _, r := range s {
		if !isInvisible(r) {
			return r
		}
	}
	return 0
}

// writer builds a normal form out of compatible text, word by word.
type writer struct {
	out   []byte
	start int
	// space says that a word has ended; joiner that an emoji goes on.
	space, joiner bool
	// last is the last character written.
	last rune
	// flags counts the regional indicators in a row, which flags are pairs
	// of; letters counts the letters of the word, or of a dotted
	// abbreviation since its last dot.
	flags, letters int
}

func (w *writer) write(s string) {
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		i += size
		w.rune(r, s[i:])
	}
}

// rune takes one character; rest is what follows it.
func (w *writer) rune(r rune, rest string) {
	switch {
	case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
		w.letter(r)
	case 'A' <= r && r <= 'Z':
		w.letter(r + 'a' - 'A')
	case r == ' ':
		w.end()
	case r < utf8.RuneSelf || unified(r) == '\'':
		w.sign(unified(r), rest)
	case isEmojiPart(r) || r == zeroWidthJoiner:
		w.emoji(r)
	case unicode.IsLetter(r) || unicode.IsNumber(r):
		w.letter(plain(r))
	case unicode.IsMark(r):
		w.mark(r)
	case unicode.IsSymbol(r) && r != fractionSlash && r != utf8.RuneError && !unicode.Is(unicode.Sk, r):
		w.word(r)
	default:
		w.end()
	}
}

// sign takes an ASCII character that is neither letter nor digit. Most end a
// word; those that tell words apart (C++, C#, 100%, AT&T) stay.
func (w *writer) sign(r rune, rest string) {
	inWord := w.letters > 0 && !w.space
	next, _ := utf8.DecodeRuneInString(rest)
	switch r {
	case '\'':
		if inWord && isWordRune(next) && !isEmojiPart(next) && !isKeptSign(w.last) {
			w.append('\'')
			return
		}
	case '.':
		if inWord && w.letters == 1 && unicode.IsLetter(w.last) && isInitial(rest) {
			w.letters = 0
			return
		}
	case '+', '#', '%':
		if inWord && !isWordRune(next) && !unicode.IsMark(next) {
			w.append(r)
			return
		}
	case '&':
		w.word(r)
		return
	case '$':
		if len(w.out) > w.start {
			w.word(r)
			return
		}
	}
	w.end()
}

func (w *writer) letter(r rune) {
	if isEmojiPart(w.last) {
		w.end()
	}
	w.append(r)
	w.letters++
}

// mark keeps a combining mark where it stands on something.
func (w *writer) mark(r rune) {
	if !w.space && len(w.out) > w.start && !isEmojiPart(w.last) {
		w.append(r)
	}
}

// word writes a character that is a word of its own.
func (w *writer) word(r rune) {
	w.end()
	w.append(r)
	w.end()
}

func (w *writer) emoji(r rune) {
	switch {
	case r == zeroWidthJoiner:
		w.joiner = !w.space && isEmojiPart(w.last)
		return
	case w.joiner:
		w.out = utf8.AppendRune(w.out, zeroWidthJoiner)
	case isRegional(r):
		if w.flags%2 == 0 || w.space {
			w.end()
		}
	case !isModifier(r) || w.space || !isEmojiPart(w.last):
		w.end()
	}
	w.joiner = false
	flags := w.flags
	w.append(r)
	if isRegional(r) {
		w.flags = flags + 1
	}
}

func (w *writer) append(r rune) {
	if w.space && len(w.out) > w.start {
		w.out = append(w.out, ' ')
	}
	w.space = false
	w.joiner = false
	w.flags = 0
	w.last = r
	w.out = utf8.AppendRune(w.out, r)
}

func (w *writer) end() {
	w.space = true
	w.joiner = false
	w.letters = 0
}

// isInitial reports whether a dotted abbreviation goes on: s begins with one
// letter that is not the beginning of a longer word.
func isInitial(s string) bool {
	first, size := utf8.DecodeRuneInString(s)
	if !unicode.IsLetter(first) || !norm.NFC.PropertiesString(s).BoundaryBefore() {
		return false
	}
	second, _ := utf8.DecodeRuneInString(s[size:])
	return !isWordRune(second) && second != '\''
}
