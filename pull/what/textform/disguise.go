package textform

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxDisguises bounds the forms that undisguise makes.
const maxDisguises = 6

// Undisguise returns further forms of a normal form whose writer has stretched
// or disguised it: letters repeated ("staaaade"), digits for letters
// ("n3t34s3"), letters spaced out ("a u c k l a n d"), words or emoji repeated.
// The likeliest comes first; there are at most six, and none is normal itself.
func Undisguise(normal string) []string {
	var d disguises
	d.normal = normal
	base := normal
	if joined := unspaced(normal); joined != "" {
		base = joined
		d.add(joined)
	}
	if !hasDisguise(base) {
		return d.forms
	}
	d.add(unrepeated(base))
	for _, most := range [...]int{2, 1} {
		d.addStretched(base, most)
	}
	if plain, other := unleet(base); plain != "" {
		for _, form := range [...]string{plain, other} {
			d.add(form)
			d.add(unrepeated(form))
			for _, most := range [...]int{2, 1} {
				d.addStretched(form, most)
			}
		}
	}
	return d.forms
}

// disguises collects forms, each once.
type disguises struct {
	normal string
	forms  []string
}

func (d *disguises) add(form string) {
	if form == "" || form == d.normal || len(d.forms) == maxDisguises {
		return
	}
	if slices.Contains(d.forms, form) {
		return
	}
	d.forms = append(d.forms, form)
}

func (d *disguises) addStretched(form string, most int) {
	if short := unstretched(form, most); short != "" {
		d.add(short)
		d.add(unrepeated(short))
	}
}

// hasDisguise reports whether there may be anything but spaced letters to undo:
// a character three times in a row, a word twice, a digit or sign for a letter.
func hasDisguise(s string) bool {
	before, run := rune(-1), 0
	word, start := "", 0
	for i, r := range s {
		if r == before {
			run++
		} else {
			before, run = r, 1
		}
		switch {
		case run >= 3, leet(r) != 0:
			return true
		case r == ' ':
			if s[start:i] == word && word != "" {
				return true
			}
			word, start = s[start:i], i+1
		}
	}
	return s[start:] == word && word != "" || strings.Count(s, " ") >= 3 && period(strings.Fields(s)) > 0
}

// unstretched cuts letters that stand three times or more in a row down to
// most. It returns "" where there are none.
func unstretched(s string, most int) string {
	var b strings.Builder
	done := 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		end, run := i+size, 1
		if size == 1 && r == utf8.RuneError {
			i = end
			continue
		}
		for strings.HasPrefix(s[end:], s[i:i+size]) {
			end += size
			run++
		}
		if run >= 3 && unicode.IsLetter(r) {
			b.WriteString(s[done : i+most*size])
			done = end
		}
		i = end
	}
	if done == 0 {
		return ""
	}
	b.WriteString(s[done:])
	return b.String()
}

// unrepeated drops words that stand twice or more in a row, or takes one turn
// of a text that is the same words again and again. It returns "" where there
// is nothing of that.
func unrepeated(s string) string {
	words := strings.Fields(s)
	if len(words) < 2 {
		return ""
	}
	if n := period(words); n > 0 {
		return strings.Join(words[:n], " ")
	}
	kept := words[:1]
	for _, w := range words[1:] {
		if w != kept[len(kept)-1] {
			kept = append(kept, w)
		}
	}
	if len(kept) == len(words) {
		return ""
	}
	return strings.Join(kept, " ")
}

// period returns how many words make a turn that fills all words two times or
// more, or 0. It is the failure function of Knuth, Morris and Pratt.
func period(words []string) int {
	borders := make([]int, len(words)+1)
	borders[0] = -1
	k := -1
	for i, w := range words {
		for k >= 0 && words[k] != w {
			k = borders[k]
		}
		k++
		borders[i+1] = k
	}
	n := len(words) - borders[len(words)]
	if n < len(words) && len(words)%n == 0 {
		return n
	}
	return 0
}

// unspaced joins letters that are spaced out: all words but at most one are
// single characters, at least four of them. It returns "" elsewhere.
func unspaced(s string) string {
	single, longer, letters := 0, 0, false
	for word := range strings.SplitSeq(s, " ") {
		if r, ok := oneLetter(word); ok {
			single++
			letters = letters || unicode.IsLetter(r)
		} else if longer++; longer > 1 {
			return ""
		}
	}
	if single < 4 || !letters {
		return ""
	}
	var b strings.Builder
	b.Grow(len(s))
	before := true
	for word := range strings.SplitSeq(s, " ") {
		_, one := oneLetter(word)
		if b.Len() > 0 && (!one || !before) {
			b.WriteByte(' ')
		}
		b.WriteString(word)
		before = one
	}
	return b.String()
}

// oneLetter reports whether a word is a single letter or digit, with the marks
// that stand on it.
func oneLetter(word string) (rune, bool) {
	r, size := utf8.DecodeRuneInString(word)
	if !isWordRune(r) {
		return r, false
	}
	for _, m := range word[size:] {
		if !unicode.IsMark(m) {
			return r, false
		}
	}
	return r, true
}
