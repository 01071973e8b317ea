package messengers

// Nested reports whether the objects and lists of a JSON text are nested more than
// so deeply. It trusts nothing: of what is no JSON it says either.
func Nested(text []byte, most int) bool {
	now, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if now++; now > most {
				return true
			}
		case c == '}' || c == ']':
			now--
		}
	}
	return false
}
