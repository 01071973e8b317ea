package textform

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	zeroWidthJoiner = '\u200d'
	fractionSlash   = '\u2044'
	keycap          = '\u20e3'
)

// invisible characters carry no meaning of their own in a message: joiners and
// spaces of no width, direction marks, hyphenation points, variation selectors.
var invisible = runeRanges(
	0x00ad, 0x00ad, 0x034f, 0x034f, 0x061c, 0x061c, 0x0640, 0x0640, 0x115f, 0x1160, 0x17b4, 0x17b5,
	0x180b, 0x180f, 0x200b, 0x200f, 0x202a, 0x202e, 0x2060, 0x206f, 0x3164, 0x3164, 0xfe00, 0xfe0f,
	0xfeff, 0xfeff, 0xffa0, 0xffa0, 0xfff0, 0xfffb, 0xe0001, 0xe0001, 0xe0100, 0xe01ef,
)

// vowelSigns are the points of Arabic and Hebrew, which readers leave out.
var vowelSigns = runeRanges(
	0x0591, 0x05bd, 0x05bf, 0x05bf, 0x05c1, 0x05c2, 0x05c4, 0x05c5, 0x05c7, 0x05c7, 0x0610, 0x061a,
	0x064b, 0x065f, 0x0670, 0x0670, 0x06d6, 0x06dc, 0x06df, 0x06e4, 0x06e7, 0x06e8, 0x06ea, 0x06ed,
)

// runeRanges makes a table of the first and the last of each run of characters, in
// their order.
func runeRanges(bounds ...rune) *unicode.RangeTable {
	t := &unicode.RangeTable{}
	for i := 0; i < len(bounds); i += 2 {
		t.R32 = append(t.R32, unicode.Range32{Lo: uint32(bounds[i]), Hi: uint32(bounds[i+1]), Stride: 1}) //nolint:gosec // characters are not negative
	}
	return t
}

// spaceless are the scripts that write words without spaces between them.
var spaceless = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana,
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

// zeros lists the zeros of the decimal digits that NFKC leaves as they are.
var zeros = []rune{
	0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6,
	0x0c66, 0x0ce6, 0x0d66, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x17e0, 0x1810,
}

func isInvisible(r rune) bool { return r >= 0xad && unicode.Is(invisible, r) }

func isVowelSign(r rune) bool { return 0x591 <= r && r <= 0x6ed && unicode.Is(vowelSigns, r) }

// IsSpaceless covers the letters of scripts that write no spaces between words.
func IsSpaceless(r rune) bool { return r >= 0xe00 && unicode.In(r, spaceless...) }

// EndsAsking reports whether a text ends as a question does.
func EndsAsking(text string) bool {
	text = strings.TrimSpace(text)
	return strings.HasSuffix(text, "?") || strings.HasSuffix(text, "？") || strings.HasSuffix(text, "؟")
}

// BeginsSpaceless reports whether a word is of a script that writes no spaces.
func BeginsSpaceless(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return IsSpaceless(r)
}

func isRegional(r rune) bool { return 0x1f1e6 <= r && r <= 0x1f1ff }

func isSkinTone(r rune) bool { return 0x1f3fb <= r && r <= 0x1f3ff }

// isTag covers the invisible letters that spell the flags of regions.
func isTag(r rune) bool { return 0xe0020 <= r && r <= 0xe007f }

func isModifier(r rune) bool { return isSkinTone(r) || isTag(r) }

// isEmojiPart covers every character that emoji are made of, but the joiner.
func isEmojiPart(r rune) bool { return isEmoji(r) || isTag(r) }

// isEmoji covers pictographs and dingbats. Arrows and other signs of the same
// blocks count as well: they are words of their own all the same.
func isEmoji(r rune) bool {
	switch {
	case r < 0x2190:
		return false
	case r <= 0x2bff:
		return unicode.IsSymbol(r)
	default:
		return 0x1f000 <= r && r <= 0x1faff
	}
}

// isKeptSign covers the signs that stay at the end of a word.
func isKeptSign(r rune) bool { return r == '+' || r == '#' || r == '%' }

// isWordRune covers what words are made of.
func isWordRune(r rune) bool {
	if r < 0x80 {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return (unicode.IsLetter(r) || unicode.IsNumber(r)) && unified(r) != '\''
}

// isSaid covers what is left of a text that is more than punctuation.
func isSaid(r rune) bool { return isWordRune(r) || isEmojiPart(r) }

// unified maps the many apostrophes onto one.
func unified(r rune) rune {
	switch r {
	case '`', '\u1fef', '´', 'ʹ', '\u0374', 'ʻ', 'ʼ', 'ʽ', 'ʾ', 'ʿ', 'ˈ', '‘', '’', '‛', '′', '‵', 'ꞌ', '＇', '｀':
		return '\''
	default:
		return r
	}
}

// plain maps letters and digits of one sound and meaning onto one: the alef,
// yeh and kaf of Arabic, the two cases of Cherokee, and the digits of every
// script.
func plain(r rune) rune {
	if r < 0x622 {
		return r
	}
	switch r {
	case 'أ', 'إ', 'آ', 'ٱ', 'ٲ', 'ٳ', 'ٵ':
		return 'ا'
	case 'ى', 'ی':
		return 'ي'
	case 'ک', 'ڪ':
		return 'ك'
	case 'ہ', 'ە':
		return 'ه'
	}
	switch {
	case 0xab70 <= r && r <= 0xabbf:
		return r - 0xab70 + 0x13a0
	case 0x13f8 <= r && r <= 0x13fd:
		return r - 8
	}
	if !unicode.Is(unicode.Nd, r) {
		return r
	}
	for _, zero := range zeros {
		if zero <= r && r <= zero+9 {
			return '0' + r - zero
		}
	}
	return r
}

// isSmallKana covers the kana that never begin a word.
func isSmallKana(r rune) bool {
	switch r {
	case 'ー', 'ｰ', 'ゃ', 'ゅ', 'ょ', 'っ', 'ャ', 'ュ', 'ョ', 'ッ', 'ァ', 'ィ', 'ゥ', 'ェ', 'ォ', 'ﾞ', 'ﾟ':
		return true
	}
	return false
}

// IsKatakana reports whether a text begins with a letter of katakana.
func IsKatakana(s string) bool {
	for _, r := range s {
		return unicode.Is(unicode.Katakana, r)
	}
	return false
}

// StartsWithEmoji reports whether the first character of a text is an emoji.
func StartsWithEmoji(s string) bool {
	const least = 0xe2 // the first byte of all emoji at least
	if s == "" || s[0] < least {
		return false
	}
	r, _ := utf8.DecodeRuneInString(s)
	return isEmojiPart(r)
}
