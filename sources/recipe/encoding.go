package recipe

import (
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// utf8Body returns a page in UTF-8 by the rules of HTML: byte order mark,
// header, meta element, guess.
func utf8Body(body []byte, contentType string) []byte {
	if utf8.Valid(body) {
		return body
	}
	e, _, _ := charset.DetermineEncoding(body, contentType)
	decoded, err := e.NewDecoder().Bytes(body)
	if err != nil {
		return body
	}
	return decoded
}
