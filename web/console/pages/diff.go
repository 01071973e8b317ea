package pages

import "strings"

// maxDiff bounds the lines of which two texts are compared one by one; of
// longer ones everything counts as changed.
const maxDiff = 2000

// Diff is two versions beside each other; Before and After are their titles.
type Diff struct {
	Before, After string
	Lines         []DiffLine
}

// DiffLine is a line of either version; Gone and New say on which side it has
// changed.
type DiffLine struct {
	Before, After string
	Gone, New     bool
}

// NewDiff compares two texts line by line.
func NewDiff(beforeTitle, before, afterTitle, after string) Diff {
	return Diff{Before: beforeTitle, After: afterTitle, Lines: compareLines(splitLines(before), splitLines(after))}
}

func splitLines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

// compareLines keeps the longest common lines beside each other.
func compareLines(a, b []string) []DiffLine {
	if len(a) > maxDiff || len(b) > maxDiff {
		return appendChanged(nil, a, b)
	}
	// below and here are the lengths of the longest common lines of a[i+1:] and a[i:]
	// with b[j:]; left[i*len(b)+j] says that they are kept by leaving out a[i].
	below, here := make([]int, len(b)+1), make([]int, len(b)+1)
	left := make([]bool, len(a)*len(b))
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			left[i*len(b)+j] = below[j] >= here[j+1]
			here[j] = max(below[j], here[j+1])
			if a[i] == b[j] {
				here[j] = below[j+1] + 1
			}
		}
		below, here = here, below
	}
	var lines []DiffLine
	i, j, fromA, fromB := 0, 0, 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			lines = append(appendChanged(lines, a[fromA:i], b[fromB:j]), DiffLine{Before: a[i], After: b[j]})
			i, j = i+1, j+1
			fromA, fromB = i, j
		case left[i*len(b)+j]:
			i++
		default:
			j++
		}
	}
	return appendChanged(lines, a[fromA:], b[fromB:])
}

// appendChanged puts lines that differ beside each other.
func appendChanged(lines []DiffLine, a, b []string) []DiffLine {
	for i := range max(len(a), len(b)) {
		var line DiffLine
		if i < len(a) {
			line.Before, line.Gone = a[i], true
		}
		if i < len(b) {
			line.After, line.New = b[i], true
		}
		lines = append(lines, line)
	}
	return lines
}
