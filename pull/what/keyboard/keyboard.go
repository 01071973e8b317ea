// Package keyboard knows which keys lie side by side and what the same keys write
// on the keyboards of other scripts. Whether somebody mistyped is decided where
// it is asked.
package keyboard

import (
	"strings"
	"unicode/utf8"
)

// keyRows are the usual keyboards, row by row from the digits down, with a
// plain and a shifted line for each row. A space is a key without a letter,
// and every key touches two of the row below it: the one under it and the one
// to the left of that.
var keyRows = [][]string{
	{"", "", "qwertyuiop", "", "asdfghjklñ", "", "zxcvbnm", ""},
	{"         ß", "", "qwertzuiopü", "", "asdfghjklöä", "", "yxcvbnm", ""},
	{" é    è çà", "", "azertyuiop", "", "qsdfghjklmù", "", "wxcvbn", ""},
	{"", "", "йцукенгшщзхъ", "           ї", "фывапролджэ", " і        є", "ячсмитьбю", ""},
	{"", "", "  ερτυθιοπ", "", "ασδφγηξκλ", "", "ζχψωβνμ", ""},
	{"", "", "ضصثقفغعهخحجد", "       ة", "شسيبلاتنمكط", "  ى  أآ", "ئءؤر ىةوزظ", "    إ"},
	{
		"", "",
		"\u0949\u0948\u093e\u0940\u0942बहगदजड", "औऐआईऊभङघधझढञ",
		"\u094b\u0947\u094d\u093f\u0941परकतचट", "ओएअइउफ खथछठ",
		" \u0902मनवलस  य", " \u0901ण  ळश",
	},
	{
		"   ภถ\u0e38\u0e36คตจขช", "     \u0e39",
		"ๆไ\u0e33พะ\u0e31\u0e35รนยบล", "  ฎฑธ\u0e4d ณฯญฐ",
		"ฟหกดเ  าสวง", "ฤฆฏโฌ\u0e47 ษศซ",
		"ผปแอ\u0e34\u0e37ทมใฝ", "  ฉฮ   ฒฬฦ",
	},
}

// beside lists for every letter those on the keys beside it and on its own.
var beside = func() map[rune]string {
	all := map[rune]string{}
	for _, board := range keyRows {
		for row := 0; row < len(board); row += 2 {
			for shift := range 2 {
				for col, r := range keysOf(board[row+shift]) {
					if r != ' ' {
						all[r] += lettersAround(board, row, col, r)
					}
				}
			}
		}
	}
	return all
}()

// besideLatin is beside for the small letters of ASCII, a bit for each.
var besideLatin = func() (all ['z' - 'a' + 1]uint32) {
	for r, others := range beside {
		for _, other := range others {
			if isKeyLetter(r) && isKeyLetter(other) {
				all[r-'a'] |= 1 << (other - 'a')
			}
		}
	}
	return all
}()

// Neighbours reports whether two small letters lie side by side, or on one
// key, on a usual keyboard of any script. A letter is no neighbour of itself.
func Neighbours(a, b rune) bool {
	if isKeyLetter(a) && isKeyLetter(b) {
		return besideLatin[a-'a']&(1<<(b-'a')) != 0
	}
	if a == utf8.RuneError || b == utf8.RuneError {
		return false
	}
	return strings.ContainsRune(beside[a], b)
}

func isKeyLetter(r rune) bool { return 'a' <= r && r <= 'z' }

func keysOf(row string) []rune { return []rune(row) }

// lettersAround returns the letters on and around the key of r on a board.
func lettersAround(board []string, row, col int, r rune) string {
	var b strings.Builder
	take := func(row, col int) {
		for shift := range 2 {
			if row < 0 || row >= len(board) {
				return
			}
			keys := keysOf(board[row+shift])
			if 0 <= col && col < len(keys) && keys[col] != ' ' && keys[col] != r {
				b.WriteRune(keys[col])
			}
		}
	}
	take(row, col)
	take(row, col-1)
	take(row, col+1)
	take(row-2, col)
	take(row-2, col+1)
	take(row+2, col)
	take(row+2, col-1)
	return b.String()
}
