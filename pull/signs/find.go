package signs

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxMessage is more than a message has that names a code, in bytes.
const MaxMessage = 200

// hyphens are how people's keyboards write what stands between groups.
const hyphens = "-‐‑‒–—−_."

// around are the signs that people write around a code.
const around = " \t\r\n\"'“”„‘’«»()[]<>*_~`#.,:;!?。、！？¿¡…："

// A code is written in so many groups at most, and so many bytes with what is between.
const (
	mostGroups = 3
	mostBytes  = Most + (mostGroups-1)*3
)

// Find returns the code that a message names, and the message without it: "" where it
// says no more. Read tells the code that a text is, and whether it looks like one; of
// several it is the first that is one, else the first that looks so, as "".
func Find(text string, read func(one string) (code string, looks bool)) (code, rest string, ok bool) {
	if len(text) > MaxMessage || !strings.ContainsAny(text, "0123456789"+hyphens) {
		return "", "", false // as nearly every message
	}
	words := strings.Fields(spaced(text))
	for i := range words {
		for n := 1; n <= mostGroups && i+n <= len(words); n++ {
			one := strings.Trim(strings.Join(words[i:i+n], " "), around)
			if len(one) > mostBytes {
				continue
			}
			found, looks := read(one)
			if !looks || ok && found == "" {
				continue
			}
			code, ok = found, true
			rest = strings.Trim(strings.Join(append(append([]string{}, words[:i]...), words[i+n:]...), " "), around)
			if code != "" {
				return code, rest, true
			}
		}
	}
	return code, rest, ok
}

// ReadGroups returns the code of groups of so many signs that a text is, with hyphens or
// spaces between them or nothing; it looks like one where it has so many signs. What is a
// word, or a number, is none by chance.
func ReadGroups(text string, groups ...int) (code string, looks bool) {
	typed, hyphened := make([]byte, 0, Most), 0
	for i, n := range groups {
		if i > 0 {
			r, size := utf8.DecodeRuneInString(text)
			switch {
			case r == ' ':
				text = text[size:]
			case strings.ContainsRune(hyphens, r):
				text, hyphened = text[size:], hyphened+1
			}
		}
		if len(text) < n {
			return "", false
		}
		typed, text = append(typed, text[:n]...), text[n:]
	}
	digit, letter := false, false
	for _, b := range typed {
		switch {
		case b >= '0' && b <= '9':
			digit = true
		case b|0x20 >= 'a' && b|0x20 <= 'z':
			letter = true
		default:
			return "", false
		}
	}
	if text != "" || !letter || !digit && hyphened < len(groups)-1 {
		return "", false
	}
	code, _, _ = Read(string(typed))
	return code, true
}

// ReadAlone returns the code of n signs that a text is that can be nothing else, with hyphens or spaces anywhere: one of
// letters alone, too. It is "" where the text is none.
func ReadAlone(text string, n int) (code string) {
	code, _, ok := Read(strings.Map(func(r rune) rune {
		if strings.ContainsRune(hyphens+around, r) {
			return -1
		}
		return r
	}, text))
	if !ok || len(code) != n {
		return ""
	}
	return code
}

// spaced puts a space between a sign of ours and a letter of a script that writes
// none.
func spaced(text string) string {
	var b strings.Builder
	before := false // a sign of ours
	joined := false
	for _, r := range text {
		own := r < utf8.RuneSelf && (r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z')
		other := unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai)
		if before && other || joined && own {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		before, joined = own, other
	}
	return b.String()
}
