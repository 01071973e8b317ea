package textform

import "unicode"

// Cut is a place between two words of a message: one ends at End, the other
// begins at Next.
type Cut struct{ End, Next int }

// Cuts lists the places between the words of a text. In scripts without
// spaces every letter may end a word.
func Cuts(text string) []Cut {
	var cuts []Cut
	end, before := -1, rune(0)
	for i, r := range text {
		kind := kindAfter(before, r)
		if kind == gap {
			continue
		}
		if end >= 0 && (i > end || parts(before, r)) && kind != rider {
			cuts = append(cuts, Cut{end, i})
		}
		end = i + max(1, len(string(r)))
		if kind != rider {
			before = r
		}
	}
	return cuts
}

// kind is what a character is to the cutting of words.
type kind uint8

const (
	// gap stands between words, rider belongs to the character before it.
	gap kind = iota
	rider
	inWord
)

func kindOf(r rune) kind {
	switch {
	case isWordRune(r) && !isSmallKana(r), isEmoji(r), r == '&':
		return inWord
	case unicode.IsSpace(r):
		return gap
	case isSmallKana(r) || isTag(r) || isInvisible(r) || unicode.IsMark(r) || unified(r) == '\'':
		return rider
	default:
		return gap
	}
}

// kindAfter returns what a character is behind another: a small tsu belongs to hiragana, and
// begins a word behind all else, as in タクシーって.
func kindAfter(before, r rune) kind {
	if r == 'っ' && before != 0 && !unicode.Is(unicode.Hiragana, before) {
		return inWord
	}
	return kindOf(r)
}

// parts reports whether two characters that touch may belong to two words.
func parts(a, b rune) bool {
	if IsSpaceless(a) || IsSpaceless(b) {
		return true
	}
	return isEmoji(a) != isEmoji(b)
}
