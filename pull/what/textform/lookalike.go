package textform

import (
	"unicode"
	"unicode/utf8"
)

// Unmask returns a normal form with the letters that look alike in Latin and
// in Cyrillic or Greek written in one script: all in Latin, and all in the
// other one, which is Greek for texts with Greek and no Cyrillic letters. Only
// words change that are a mixture, or that consist of such letters alone, and
// only where a word of one script comes out. What changes nothing is "", and a
// Latin text has another form only where all of it looks like it.
func Unmask(normal string) (inLatin, inOther string) {
	if normal == "" {
		return "", ""
	}
	scripts := scriptsOf(normal)
	if scripts.foreign() {
		inLatin = rewrite(normal, latinLookalike)
	}
	if !scripts.latin {
		return inLatin, ""
	}
	like := cyrillicLookalike
	if scripts.greek && !scripts.cyrillic {
		like = greekLookalike
	}
	if scripts.foreign() || allLookalike(normal) {
		inOther = rewrite(normal, like)
	}
	return inLatin, inOther
}

// scriptSet says in which of three scripts a text has letters, and whether it
// has letters of others.
type scriptSet struct{ latin, cyrillic, greek, more bool }

func (s scriptSet) foreign() bool { return s.cyrillic || s.greek }

func scriptsOf(s string) (set scriptSet) {
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			set.latin = set.latin || 'a' <= r && r <= 'z'
		case unicode.Is(unicode.Latin, r):
			set.latin = true
		case unicode.Is(unicode.Cyrillic, r):
			set.cyrillic = true
		case unicode.Is(unicode.Greek, r):
			set.greek = true
		case unicode.IsLetter(r):
			set.more = true
		}
	}
	return set
}

// rewrite replaces the letters of the words of s that become words of one
// script by it. It returns "" where that changes nothing.
func rewrite(s string, like func(rune) rune) string {
	var out []byte
	done := 0
	for start := 0; start < len(s); {
		end := start
		for end < len(s) && s[end] != ' ' {
			end++
		}
		if word := s[start:end]; becomesPure(word, like) {
			if out == nil {
				out = make([]byte, 0, len(s)+len(s)/2)
			}
			out = append(out, s[done:start]...)
			for _, r := range word {
				if to := like(r); to != 0 {
					r = to
				}
				out = utf8.AppendRune(out, r)
			}
			done = end
		}
		start = end + 1
	}
	if out == nil {
		return ""
	}
	return string(append(out, s[done:]...))
}

// becomesPure reports whether a word has letters for which like has others,
// and none beside that would be of another script than those.
func becomesPure(word string, like func(rune) rune) bool {
	var made, kept scriptSet
	for _, r := range word {
		if r == utf8.RuneError {
			return false
		}
		if to := like(r); to != 0 {
			made.add(to)
		} else {
			kept.add(r)
		}
	}
	if made == (scriptSet{}) || kept.more {
		return false
	}
	return kept == (scriptSet{}) || kept == made
}

func (s *scriptSet) add(r rune) {
	one := scriptsOf(string(r))
	s.latin = s.latin || one.latin
	s.cyrillic = s.cyrillic || one.cyrillic
	s.greek = s.greek || one.greek
	s.more = s.more || one.more
}

// allLookalike reports whether every letter of a Latin text has a Cyrillic one
// that looks like it, and the text is more than a letter.
func allLookalike(s string) bool {
	letters := 0
	for _, r := range s {
		if r == ' ' {
			continue
		}
		if cyrillicLookalike(r) == 0 {
			return false
		}
		letters++
	}
	return letters > 2
}

// latinLookalike returns the Latin letter that a Cyrillic or Greek one looks
// like, small or as a capital, or 0.
func latinLookalike(r rune) rune {
	switch r {
	case 'а', 'α':
		return 'a'
	case 'в', 'β':
		return 'b'
	case 'с', 'ϲ':
		return 'c'
	case 'ԁ':
		return 'd'
	case 'е', 'ε', 'є':
		return 'e'
	case 'н', 'һ':
		return 'h'
	case 'і', 'ι':
		return 'i'
	case 'ј':
		return 'j'
	case 'к', 'κ':
		return 'k'
	case 'м', 'μ':
		return 'm'
	case 'η':
		return 'n'
	case 'о', 'ο', 'ө':
		return 'o'
	case 'р', 'ρ':
		return 'p'
	case 'ԛ':
		return 'q'
	case 'ѕ':
		return 's'
	case 'т', 'τ':
		return 't'
	case 'υ':
		return 'u'
	case 'ν', 'ѵ':
		return 'v'
	case 'ԝ', 'ω':
		return 'w'
	case 'х', 'χ':
		return 'x'
	case 'у', 'ү', 'γ':
		return 'y'
	case 'ζ':
		return 'z'
	}
	return 0
}

// cyrillicLookalike is the other way round.
func cyrillicLookalike(r rune) rune {
	switch r {
	case 'a':
		return 'а'
	case 'b':
		return 'в'
	case 'c':
		return 'с'
	case 'e':
		return 'е'
	case 'h':
		return 'н'
	case 'i':
		return 'і'
	case 'j':
		return 'ј'
	case 'k':
		return 'к'
	case 'm':
		return 'м'
	case 'o':
		return 'о'
	case 'p':
		return 'р'
	case 's':
		return 'ѕ'
	case 't':
		return 'т'
	case 'x':
		return 'х'
	case 'y':
		return 'у'
	}
	return 0
}

// greekLookalike is the same for Greek.
func greekLookalike(r rune) rune {
	switch r {
	case 'a':
		return 'α'
	case 'b':
		return 'β'
	case 'e':
		return 'ε'
	case 'h', 'n':
		return 'η'
	case 'i':
		return 'ι'
	case 'k':
		return 'κ'
	case 'm':
		return 'μ'
	case 'o':
		return 'ο'
	case 'p':
		return 'ρ'
	case 't':
		return 'τ'
	case 'u':
		return 'υ'
	case 'v':
		return 'ν'
	case 'w':
		return 'ω'
	case 'x':
		return 'χ'
	case 'y':
		return 'γ'
	case 'z':
		return 'ζ'
	}
	return 0
}
