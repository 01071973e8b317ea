package speech

import "slices"

// Content returns the words without those that may be missing, unless nothing
// is left.
func Content(words []string) []string {
	if kept := slices.DeleteFunc(slices.Clone(words), IsSmall); len(kept) > 0 {
		return kept
	}
	return words
}
