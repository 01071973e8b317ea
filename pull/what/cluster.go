package what

// ClusterKey is by which texts that nobody's keyword is are counted as one:
// their words in any order, without articles and without the endings of
// plurals, in whatever case, accents and signs. It is for comparing, not for
// reading.
func ClusterKey(text string) string {
	var tokens [16]token
	words := units(tokenise(text, tokens[:0]), nil)
	if len(words) == 0 {
		return Fold(text)
	}
	stems := make([]string, 0, len(words))
	for _, w := range content(words) {
		stems = append(stems, stemLight(w))
	}
	return bag(stems)
}
