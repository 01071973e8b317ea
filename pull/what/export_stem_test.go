package what

// Stem and StemLight are stem and stemLight, for the tests.
func Stem(word, language string) string { return stem(word, language) }

// StemLight is stemLight, for the tests.
func StemLight(word string) string { return stemLight(word) }
