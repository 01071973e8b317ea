package sound

// minRough is the fewest consonants of a rough sound that tells words apart.
const minRough = 4

// Rough is about how a folded word in Latin letters is heard by those who write it
// as they hear it: its consonants, those that sound alike made one, and r as the
// English say it: crewsant is croissant. It is empty for
// other letters and where too little is left to tell words apart.
func Rough(word string) string {
	var buf [32]byte
	out := buf[:0]
	for i := 0; i < len(word); i++ {
		c := word[i]
		if c < 'a' || c > 'z' {
			return ""
		}
		heard, next := c, byte(0)
		if i+1 < len(word) {
			next = word[i+1]
		}
		switch c {
		case 'a', 'e', 'i', 'o', 'u', 'y', 'w', 'h':
			continue
		case 'c', 'q', 'k', 'x':
			heard = 'k'
			if c == 'c' && (next == 'e' || next == 'i' || next == 'y') {
				heard = 's'
			}
		case 'z':
			heard = 's'
		case 'p':
			if next == 'h' {
				heard = 'f'
			}
		case 'v':
			heard = 'f'
		case 'g':
			if next == 'e' || next == 'i' {
				heard = 'j'
			}
		case 'r':
			if i > 0 && isRomanVowel(word[i-1]) && !isRomanVowel(next) && next != 'y' {
				continue
			}
		}
		if len(out) == cap(buf[:]) {
			return ""
		}
		if len(out) == 0 || out[len(out)-1] != heard {
			out = append(out, heard)
		}
	}
	if len(out) < minRough {
		return ""
	}
	return string(out)
}

// SameBeginning reports whether two folded words begin alike to the ear: with a
// vowel, or with a consonant that sounds alike.
func SameBeginning(a, b string) bool {
	begins := func(s string) byte {
		switch {
		case s == "" || isRomanVowel(s[0]):
			return 0
		case s[0] == 'c' || s[0] == 'q' || s[0] == 'x':
			return 'k'
		case s[0] == 'z':
			return 's'
		case s[0] == 'p' || s[0] == 'v':
			return 'f'
		}
		return s[0]
	}
	return begins(a) == begins(b)
}
