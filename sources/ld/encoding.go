package ld

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// UTF8 returns a part of a page in UTF-8 by the rules of HTML: byte order
// mark, header, meta element, guess.
func UTF8(part []byte, contentType string, page []byte) []byte {
	if utf8.Valid(part) {
		return part
	}
	e, _, _ := charset.DetermineEncoding(page, contentType)
	decoded, err := e.NewDecoder().Bytes(part)
	if err != nil {
		return part
	}
	return decoded
}

// Wide returns a page of two bytes a letter in UTF-8, any other as it is:
// that alone hides where its scripts begin.
func Wide(page []byte) []byte {
	if !bytes.HasPrefix(page, []byte("\xFF\xFE")) && !bytes.HasPrefix(page, []byte("\xFE\xFF")) {
		return page
	}
	return UTF8(page, "", page)
}
