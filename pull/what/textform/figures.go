package textform

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Figures unifies width and digits and takes the space and the signs around a
// value away. Unlike Normal it keeps what stands between digits.
func Figures(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case isInvisible(r) || unicode.Is(unicode.Mn, r) && r < 0x370:
			return -1
		case unicode.IsSpace(r):
			return ' '
		case r == '\u2212':
			return '-'
		case r == '٫':
			return ','
		case r == '٬':
			return '\''
		case unicode.IsDigit(r):
			return plain(r)
		}
		return unified(r)
	}, norm.NFKC.String(text))
	return strings.Trim(strings.TrimSpace(text), "\"“”„«»:;!?¿¡。*_()[] ")
}
