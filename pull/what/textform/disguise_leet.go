package textform

import "strings"

// leetSigns and leetLetters are the digits and signs that stand for letters in
// disguise, and these letters. 1 is i here; it may be l as well.
const leetSigns, leetLetters = "0134@5$789", "oieaasstbg"

// leet returns the letter that a digit or sign stands for in disguise, or 0.
func leet(r rune) byte {
	if at := strings.IndexRune(leetSigns, r); at >= 0 {
		return leetLetters[at]
	}
	return 0
}

// unleet writes digits and signs within words that have Latin letters as the
// letters they stand for, 1 as i and in the second form as l. A dollar sign
// between two words is taken for a letter of both, since a normal form makes a
// word of it. It returns "" where nothing changes, and for the second form
// where it would be the first.
func unleet(normal string) (plain, other string) {
	s := normal
	if strings.Contains(s, " $ ") {
		s = strings.ReplaceAll(s, " $ ", "$")
	}
	out := []byte(s)
	changed, ones := false, false
	for start := 0; start < len(s); {
		end := start + 1
		for end < len(s) && s[end] != ' ' {
			end++
		}
		if hasLatin(s[start:end]) {
			for i := start; i < end; i++ {
				if c := leet(rune(s[i])); c != 0 {
					out[i] = c
					changed = true
					ones = ones || s[i] == '1'
				}
			}
		}
		start = end
	}
	if !changed {
		return "", ""
	}
	plain = string(out)
	if ones {
		for i := range out {
			if s[i] == '1' && out[i] == 'i' {
				out[i] = 'l'
			}
		}
		other = string(out)
	}
	return plain, other
}

func hasLatin(word string) bool {
	for i := range len(word) {
		if 'a' <= word[i] && word[i] <= 'z' {
			return true
		}
	}
	return false
}
