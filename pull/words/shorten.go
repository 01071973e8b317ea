package words

// Shorten returns a text as far as a sentence repeats it: so many characters of it, and
// an ellipsis where there are more.
func Shorten(text string, most int) string {
	if all := []rune(text); len(all) > most {
		return string(all[:most]) + "…"
	}
	return text
}
