package what

import (
	"keypull/pull/what/keyboard"
	"keypull/pull/what/textform"
)

// far is more than any distance that is asked for.
const far = 99

// distance returns the number of letters to insert, drop, replace or swap with
// their neighbour to make b of a (Damerau–Levenshtein, optimal string
// alignment), or far if it takes more than limit.
func distance(a, b []rune, limit int) int {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	switch {
	case len(b)-len(a) > limit || len(b) > maxDistance:
		return far
	case len(a) == 0:
		return len(b)
	}
	var rows [3][maxDistance + 1]uint8
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		last[j] = uint8(j)
	}
	for i := 1; i <= len(a); i++ {
		row[0] = uint8(i)
		least := row[0]
		for j := 1; j <= len(b); j++ {
			cost := uint8(1)
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			row[j] = d
			least = min(least, d)
		}
		if int(least) > limit {
			return far
		}
		before, last, row = last, row, before
	}
	if d := int(last[len(b)]); d <= limit {
		return d
	}
	return far
}

// maxDistance is the longest text, in letters, that is compared.
const maxDistance = 64

// slip returns how likely a misspelling is among those of one distance, the lowest
// the likeliest: swapped, doubled and dropped double letters and neighbours on
// the keyboard first, another first letter last.
func slip(typed, meant []rune) int {
	n := 0
	for n < len(typed) && n < len(meant) && typed[n] == meant[n] {
		n++
	}
	likely := 2
	switch {
	case n+1 < len(typed) && n+1 < len(meant) && typed[n] == meant[n+1] && typed[n+1] == meant[n]:
		likely = 0
	case len(typed) > len(meant) && n > 0 && n < len(typed) && typed[n] == typed[n-1],
		len(typed) < len(meant) && n > 0 && n < len(meant) && meant[n] == meant[n-1]:
		likely = 0
	case len(typed) == len(meant) && n < len(typed) && keyboard.Neighbours(typed[n], meant[n]):
		likely = 1
	}
	if n == 0 && likely > 0 {
		likely += 3
	}
	return likely
}

// OneError reports whether two texts, letter by letter, differ by one typing
// error.
func OneError(a, b []rune) bool { return textform.OneError(a, b) }
