package sources

// TagEnd returns the length of the tag that a text begins with, or -1 if it
// does not end; a ">" within quotes ends none.
func TagEnd(text []byte) int {
	var quote byte
	for i, c := range text {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1
		}
	}
	return -1
}
