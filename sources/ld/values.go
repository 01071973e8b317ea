package ld

// Values returns all JSON-LD of a page, or of a document that is JSON itself,
// script by script.
func Values(body []byte, contentType string) []any {
	var all []any
	for _, script := range Scripts(Wide(body)) {
		all = append(all, Decode(UTF8(script, contentType, body))...)
	}
	return all
}
