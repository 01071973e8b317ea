package textform

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// ties are the signs that make one word of what stands on both sides of them where
// no space does: DTE.DE, BTC-USD, EURUSD=X.
const ties = ".-_=^@:&/'"

// tie returns the sign as it is compared, 0 for one that ties nothing.
func tie(r rune) rune {
	if r = unified(r); unicode.Is(unicode.Pd, r) {
		r = '-'
	}
	if strings.ContainsRune(ties, r) {
		return r
	}
	return 0
}

// Written returns the normal form of a text that keeps the signs within one word, since
// they tell symbols apart: DTE.DE is neither DTE nor DTE-DE, and ^GSPC not GSPC. Of
// several words, and of one without such signs, it is Normal.
func Written(text string) string {
	text = strings.TrimLeft(Trim(text), "$")
	if IsPlain(text) || strings.ContainsFunc(text, unicode.IsSpace) {
		return Normal(text)
	}
	var b strings.Builder
	signs, from := 0, 0
	compatible := norm.NFKC.String(text)
	for i, r := range compatible {
		sign := tie(r)
		switch {
		case sign != 0:
			b.WriteString(Normal(compatible[from:i]))
			b.WriteRune(sign)
			signs, from = signs+1, i+len(string(r))
		case !isWordRune(r) && !unicode.IsMark(r) && !isInvisible(r):
			return Normal(text)
		}
	}
	if signs == 0 {
		return Normal(text)
	}
	return b.String() + Normal(compatible[from:])
}

// IsSymbol reports whether a text is one word without small letters, as symbols of
// exchanges are, whatever its signs, or one as RDSa.L: only who writes it so means it.
func IsSymbol(text string) bool {
	if strings.ContainsFunc(text, unicode.IsSpace) {
		return false
	}
	head, _, found := strings.Cut(text, ".")
	return IsCode(text) || found && len(head) > 2 && IsCode(head[:2])
}

// SameName reports whether two texts name one thing: a symbol by what is written, any
// other but for case, diacritics and signs.
func SameName(a, b string) bool {
	if IsSymbol(a) || IsSymbol(b) {
		return FoldNormal(Written(a)) == FoldNormal(Written(b))
	}
	return Fold(a) == Fold(b)
}

// tied reports whether what stands between two words makes one of them.
func tied(between string) bool {
	n := 0
	for _, r := range between {
		if tie(r) == 0 {
			return false
		}
		n++
	}
	return n == 1
}
