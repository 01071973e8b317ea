package textform

import (
	"strings"
	"unicode"
)

// Trim removes what stands around an argument but is no part of it.
func Trim(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("\"“”„«»‹›`,;:=…?!¿¡。、！？，：；*", r) || isInvisible(r)
	})
	s = strings.TrimLeft(s, "/#-–—.' ")
	return strings.TrimRight(s, "-–—.' ")
}
