package textform

import (
	"strings"
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

// Letters that look alike, small or as capitals: the Cyrillic and the Greek ones
// in the places of the Latin ones from a to z, and behind each Latin letter those
// that look like it.
var (
	cyrillicLookalikes = []rune("авс е  ніјк м ор  ѕт   ху ")
	greekLookalikes    = []rune("αβ  ε  ηι κ μηορ   τυνωχγζ")
	latinLookalikes    = func() map[rune]rune {
		all := map[rune]rune{}
		for group := range strings.FieldsSeq("aаα bвβ cсϲ dԁ eеεє hнһ iіι jј kкκ mмμ nη oоοө pрρ qԛ sѕ tтτ uυ vνѵ wԝω xхχ yуүγ zζ") {
			for _, r := range group[1:] {
				all[r] = rune(group[0])
			}
		}
		return all
	}()
)

// latinLookalike returns the Latin letter that a Cyrillic or Greek one looks
// like, or 0.
func latinLookalike(r rune) rune { return latinLookalikes[r] }

// cyrillicLookalike and greekLookalike are the other way round.
func cyrillicLookalike(r rune) rune { return lookalikeOf(cyrillicLookalikes, r) }
func greekLookalike(r rune) rune    { return lookalikeOf(greekLookalikes, r) }

func lookalikeOf(letters []rune, r rune) rune {
	if r < 'a' || r > 'z' || letters[r-'a'] == ' ' {
		return 0
	}
	return letters[r-'a']
}
