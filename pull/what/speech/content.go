package speech

// Content returns the words without those that may be missing, unless nothing
// is left.
func Content(words []string) []string {
	kept := words[:0:0]
	for i, w := range words {
		if IsSmall(w) {
			if kept == nil {
				kept = append(make([]string, 0, len(words)), words[:i]...)
			}
			continue
		}
		if kept != nil {
			kept = append(kept, w)
		}
	}
	switch {
	case kept == nil:
		return words
	case len(kept) == 0:
		return words
	}
	return kept
}
