package settings

// Nearest returns the known name that a mistyped one most likely meant, or ""
// where none is near: at most one letter in three may differ, two swapped
// neighbours counting as one. The earlier name wins a tie.
func Nearest(name string, known []string) string {
	letters := []rune(name)
	if len(letters) > 64 {
		return ""
	}
	best, least := "", 1+(len(letters)+1)/3
	for _, k := range known {
		if d := distance(letters, []rune(k)); d < least {
			best, least = k, d
		}
	}
	return best
}

// distance counts insertions, deletions, replacements and swaps of neighbours
// (optimal string alignment).
func distance(a, b []rune) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
