package feed

import (
	"bytes"
	"unicode/utf8"

	"keypull/sources"
)

// maxDecoded is how large a feed may be in UTF-8, in which other alphabets take
// more room.
const maxDecoded = maxFeedBytes * 3 / 2

// decodeDocument returns a document in valid UTF-8 whatever encoding it came in, and the
// name of that where it was guessed.
func decodeDocument(body []byte, e sources.Encoded) (text []byte, guessed string) {
	text, guessed = e.UTF8(body)
	return bytes.TrimSpace(clean(text)), guessed
}

// clean returns a copy of a text without the characters that XML 1.0 §2.2 has
// no place for, and with a mark for each run of bytes that are no letter. It
// ends where it would be larger than the largest feed.
func clean(text []byte) []byte {
	out := make([]byte, 0, min(len(text)+len(text)/8, maxDecoded))
	broken := false
	for len(text) > 0 && len(out) < maxDecoded {
		r, size := utf8.DecodeRune(text)
		switch wrong := r == utf8.RuneError && size == 1; {
		case wrong && !broken:
			out = append(out, "\uFFFD"...)
			broken = true
		case wrong || r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0xFFFE || r == 0xFFFF:
		default:
			out = append(out, text[:size]...)
			broken = false
		}
		text = text[size:]
	}
	return out
}
