package textform

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold returns the folded form of a text: its normal form without diacritics,
// apostrophes, tone marks and skin tones, with ligatures and barred letters
// written plainly (ø → o, œ → oe, ß → ss, ı → i), kana as katakana and Chinese
// characters in their simplified shape. Marks
// that make another letter of it stay: й is not и, が not か, and the vowels of
// Indic and South-East Asian scripts are letters. It is idempotent.
func Fold(s string) string { return FoldNormal(Normal(s)) }

// Folds returns the folded forms under which a phrase is found, Fold's first:
// ä is found as a and as ae (with ö, ü, å, ø, æ likewise), and words with an
// apostrophe as one word and as two.
func Folds(s string) []string { return FoldsNormal(Normal(s)) }

// FoldsNormal is Folds for a text that is in its normal form already.
func FoldsNormal(normal string) []string {
	all := []string{FoldNormal(normal)}
	if IsASCII(normal) && all[0] == normal {
		return all
	}
	add := func(variant string) {
		if f := FoldNormal(variant); f != all[0] && f != all[len(all)-1] {
			all = append(all, f)
		}
	}
	if strings.ContainsAny(normal, "äöüåøæ") {
		add(digraphs.Replace(normal))
	}
	if strings.Contains(normal, "'") {
		add(strings.ReplaceAll(normal, "'", " "))
	}
	return all
}

// digraphs writes the letters of German and Scandinavian as those do who have
// no key for them.
var digraphs = strings.NewReplacer(
	"ä", "ae", "ö", "oe", "ü", "ue", "å", "aa", "ø", "oe", "æ", "ae")

// FoldNormal is Fold for a text that is in its normal form already.
func FoldNormal(normal string) string {
	if IsASCII(normal) && !strings.Contains(normal, "'") {
		return normal
	}
	if all, ok := foldedChars.all(normal); ok && strings.TrimSpace(all) != "" && !strings.Contains(all, "  ") {
		return strings.TrimSpace(all)
	}
	return foldSlowly(normal)
}

// foldSlowly is fold for a text of any characters.
func foldSlowly(normal string) string {
	normal = simplified(normal)
	if strings.IndexFunc(normal, isSaid) < 0 {
		return normal
	}
	var b strings.Builder
	b.Grow(len(normal))
	base := rune(0)
	for _, r := range norm.NFD.String(normal) {
		if unicode.Is(unicode.Mn, r) {
			b.WriteString(mark(base, r))
			continue
		}
		if isSkinTone(r) && isEmoji(base) || unicode.Is(unicode.Me, r) && r != keycap {
			continue
		}
		base = r
		b.WriteString(letter(r))
	}
	folded := norm.NFC.String(strings.TrimRight(b.String(), " ๆฯ"))
	if strings.HasPrefix(folded, " ") || strings.Contains(folded, "  ") {
		folded = strings.Join(strings.Fields(folded), " ")
	}
	if folded == "" {
		return normal
	}
	return folded
}

// mark returns what is left of a mark that stands on base.
func mark(base, r rune) string {
	switch {
	case isNukta(r) || isToneMark(r) || unicode.In(base, unicode.Latin, unicode.Greek, unicode.Arabic):
		return ""
	case r == 'ँ':
		return "ं"
	case unicode.Is(unicode.Cyrillic, base):
		if r == '\u0306' || r == '\u0308' && base == 'і' {
			return string(r)
		}
		return ""
	case r < 0x0370 && isWordRune(base):
		return ""
	default:
		return string(r)
	}
}

// letter returns the plain spelling of a letter.
func letter(r rune) string {
	switch {
	case r == '\'':
		return ""
	case r < 0x80:
		return ascii[r : r+1]
	case 'ぁ' <= r && r <= 'ゖ':
		return string(r + 'ァ' - 'ぁ')
	}
	if s, ok := spelling[r]; ok {
		return s
	}
	return string(plain(r))
}

// ascii holds the first 128 characters, so that one of them costs no memory.
var ascii = func() string {
	var b strings.Builder
	for c := range byte(0x80) {
		b.WriteByte(c)
	}
	return b.String()
}()

// spelling lists the letters that Unicode does not decompose.
var spelling = map[rune]string{
	'ø': "o", 'đ': "d", 'ð': "d", 'ł': "l", 'æ': "ae", 'œ': "oe", 'þ': "th",
	'ħ': "h", 'ı': "i", 'ŋ': "n", 'ŧ': "t", 'ə': "e", 'ɓ': "b", 'ɗ': "d",
	'ƙ': "k", 'ɛ': "e", 'ɔ': "o",
	'ƴ': "y", 'ґ': "г", 'ة': "ه",
}

// isNukta covers the dot below of Indic scripts, which many leave out.
func isNukta(r rune) bool {
	switch r {
	case 0x093c, 0x09bc, 0x0a3c, 0x0abc, 0x0b3c:
		return true
	}
	return false
}

// isToneMark covers the tone marks and the silencer of Thai and Lao.
func isToneMark(r rune) bool {
	return 0x0e48 <= r && r <= 0x0e4c || 0x0ec8 <= r && r <= 0x0ecc
}
