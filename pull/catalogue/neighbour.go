package catalogue

import (
	"fmt"
	"slices"
	"unicode"
)

// minNeighbour is from how many characters on typing errors are forgiven, and
// so from when two phrases can be too alike.
const minNeighbour = 4

// neighbours warns of phrases of two keywords in one language that a single
// typing error turns into each other. The index maps what is left of a phrase
// without one of its characters to the phrases: those one edit apart share an
// entry, so that no pair of strangers is ever compared.
func (c *checker) neighbours(u *use, path string) {
	letters := []rune(u.folded)
	if len(letters) < minNeighbour {
		return
	}
	told := false
	for _, rest := range shortened(letters) {
		key := u.language + "\x00" + rest
		for _, other := range c.near[key] {
			if !told && clash(other, u) && oneEdit(letters, []rune(other.folded)) {
				told = true
				c.add(Warning, path, CodeNeighbour, fmt.Sprintf(
					"%q is one typing error away from %q, which calls the keyword %q; who mistypes gets the other one.",
					u.phrase, other.phrase, other.keyword.ID))
			}
		}
		c.near[key] = append(c.near[key], u)
	}
}

// shortened lists the word itself and the word without each one character.
func shortened(letters []rune) []string {
	all := []string{string(letters)}
	for i := range letters {
		rest := string(letters[:i]) + string(letters[i+1:])
		if !slices.Contains(all, rest) {
			all = append(all, rest)
		}
	}
	return all
}

// oneEdit says whether one character more, less or other, or two neighbours
// swapped, makes b of a. Digits are no typing errors: "part 1" is not "part 2".
func oneEdit(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if i == len(b) || unicode.IsDigit(b[i]) {
		return false
	}
	if len(a) < len(b) {
		return slices.Equal(a[i:], b[i+1:])
	}
	swapped := i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && slices.Equal(a[i+2:], b[i+2:])
	return swapped || slices.Equal(a[i+1:], b[i+1:])
}
