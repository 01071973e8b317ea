package keyboard

import (
	"strings"
	"unicode"
)

// The keys of the Korean keyboard, two sets of letters: for each initial, vowel
// and final of Hangul, in the order of Unicode, the Latin keys that write it.
var (
	initialKeys = strings.Fields("r R s e E f a q Q t T d w W c z x v g")
	vowelKeys   = strings.Fields("k o i O j p u P h hk ho hl y n nj np nl b m ml l")
	finalKeys   = append([]string{""}, strings.Fields("r R rt s sw sg e f fr fa fq ft fx fv fg a q qt t T d w c z x v g")...)
)

// dubeolsik returns the Hangul that Latin keys write on a Korean keyboard, or
// "" where whole syllables do not come of it.
func dubeolsik(raw string) string {
	var b strings.Builder
	keys := hangulKeys(raw)
	for i := 0; i < len(keys); {
		if isFixed(rune(keys[i])) {
			b.WriteByte(keys[i])
			i++
			continue
		}
		initial, n := longestKey(initialKeys, keys[i:])
		if n == 0 {
			return ""
		}
		i += n
		vowel, n := longestKey(vowelKeys, keys[i:])
		if n == 0 {
			return ""
		}
		i += n
		final, n := longestKey(finalKeys, keys[i:])
		// The last consonant before a vowel begins the next syllable.
		if n > 0 {
			if _, v := longestKey(vowelKeys, keys[i+n:]); v > 0 {
				n--
				final, _ = longestKey(finalKeys, keys[i:i+n])
			}
		}
		i += n
		b.WriteRune(0xac00 + initial*588 + vowel*28 + final)
	}
	return written(b.String(), unicode.Hangul)
}

// hangulKeys writes capitals small that no Korean letter is typed with.
func hangulKeys(raw string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("QWERTOP", r) {
			return r
		}
		return unicode.ToLower(r)
	}, raw)
}

// longestKey returns the longest of all that s begins with, and its length.
func longestKey(all []string, s string) (at rune, length int) {
	place := rune(0)
	for _, keys := range all {
		if len(keys) > length && strings.HasPrefix(s, keys) {
			at, length = place, len(keys)
		}
		place++
	}
	return at, length
}

// undubeolsik returns what the keys of Hangul syllables write in Latin.
func undubeolsik(raw string) string {
	var b strings.Builder
	for _, r := range raw {
		switch {
		case 0xac00 <= r && r <= 0xd7a3:
			r -= 0xac00
			b.WriteString(initialKeys[r/588])
			b.WriteString(vowelKeys[r%588/28])
			b.WriteString(finalKeys[r%28])
		case isFixed(r):
			b.WriteRune(r)
		default:
			at := strings.IndexRune("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ", r)
			if at >= 0 {
				b.WriteString(initialKeys[at/3])
				continue
			}
			if r < 'ㅏ' || r > 'ㅣ' {
				return ""
			}
			b.WriteString(vowelKeys[r-'ㅏ'])
		}
	}
	return written(strings.ToLower(b.String()), unicode.Latin)
}
