package ld

// Values returns all JSON-LD of a page, or of a document that is JSON itself,
// script by script. It is in UTF-8.
func Values(body []byte) []any {
	var all []any
	for _, script := range Scripts(body) {
		all = append(all, Decode(script)...)
	}
	return all
}
