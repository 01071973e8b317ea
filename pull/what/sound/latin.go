package sound

import "strings"

// hear takes Latin letters. It looks ahead only from letters that no key has,
// and from i and j, which keys have only where nothing follows to change them.
func (e *ear) hear(s string) {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case ' ':
			e.space()
		case 'a', 'e', 'o':
			e.vowel(c)
		case 'u':
			e.vowel('o')
		case 'i', 'y':
			e.hearI(after(s, i))
		case 'j':
			e.glide()
		case 'c', 'd', 'q', 's', 'z':
			i += e.hearLong(s[i:])
		case 'w', 'v':
			if c == 'w' && e.bones {
				e.vowel('o')
			} else {
				e.consonant('v')
			}
		case 'x':
			e.consonant('k')
			e.consonant('s')
		case 'C', 'b', 'f', 'g', 'h', 'k', 'l', 'm', 'n', 'p', 'r', 't':
			e.consonant(c)
		case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			e.digit(c)
		}
	}
}

// after returns what follows s[i], or 0.
func after(s string, i int) byte {
	if i+1 < len(s) {
		return s[i+1]
	}
	return 0
}

// hearI takes i or y before next. Before e it is not heard: the Cyrillic е is
// romanised as e, ye and ie.
func (e *ear) hearI(next byte) {
	switch next {
	case 'a', 'o', 'u':
		if e.bones {
			e.vowel('i')
		} else {
			e.glide()
		}
	case 'e':
	default:
		e.vowel('i')
	}
}

// hearLong takes a letter that is read by what follows it, and returns how
// many more letters were taken.
func (e *ear) hearLong(s string) int {
	switch next := after(s, 0); s[0] {
	case 'c':
		return e.hearC(next, after(s, 1))
	case 'd':
		switch {
		case strings.HasPrefix(s, "dzh"), strings.HasPrefix(s, "dj") && e.bones:
			return 0
		case strings.HasPrefix(s, "dsch"):
			e.glide()
			return 3
		}
		e.consonant('d')
	case 'q':
		e.consonant('k')
		if n := after(s, 1); next == 'u' && (n == 'e' || n == 'i') {
			return 1
		}
	case 's':
		e.consonant('s')
		switch {
		case strings.HasPrefix(s, "scht") && (len(s) == 4 || s[4] == ' '):
			return 3
		case strings.HasPrefix(s, "sch"):
			return 2
		}
	case 'z':
		switch {
		case next == 'h':
			e.glide()
			return 1
		case next == 'z' && after(s, 1) != 'h':
			e.consonant('C')
			return 1
		}
		e.consonant('s')
	}
	return 0
}

// hearC takes a c before two letters.
func (e *ear) hearC(next, second byte) int {
	switch next {
	case 'h':
		if second == 'r' || second == 'l' {
			e.consonant('k')
		} else {
			e.consonant('C')
		}
		return 1
	case 'z':
		e.consonant('C')
		return 1
	case 'e', 'i', 'y':
		if e.bones {
			e.consonant('s')
		} else {
			e.consonant('C')
		}
	default:
		e.consonant('k')
	}
	return 0
}
