package feed

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
	"golang.org/x/text/transform"
)

// maxDecoded is how large a feed may be in UTF-8, in which other alphabets take
// more room.
const maxDecoded = maxFeedBytes * 3 / 2

// declaration finds the encoding that an XML document claims for itself.
var declaration = regexp.MustCompile(`^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']`)

// decode returns a document in valid UTF-8 whatever encoding it came in. A byte order mark decides first (RFC 7303
// §3.3). Then comes UTF-8 itself: text with other than ASCII letters that is
// valid UTF-8 is nothing else, whatever a misconfigured server says. Then the
// header, the document's own declaration, and a guess.
func decode(body []byte, contentType string) []byte {
	text, marked := unmark(body)
	if !marked && (!utf8.Valid(text) || isASCII(text)) {
		if e := claimed(text, contentType); e != nil {
			if other, err := decoded(text, e); err == nil {
				text = other
			}
		}
	}
	return bytes.TrimSpace(clean(text))
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

// decoded reads a text of another encoding, as far as a feed may be large.
func decoded(text []byte, e encoding.Encoding) ([]byte, error) {
	out := make([]byte, min(3*len(text), maxDecoded))
	n, err := io.ReadFull(transform.NewReader(bytes.NewReader(text), e.NewDecoder()), out)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return out[:n], err
}

// unmark decodes by the byte order mark, if there is one, and recognises
// UTF-16 without.
func unmark(body []byte) (text []byte, marked bool) {
	if wide := wideOf(body); wide != nil {
		text, err := decoded(body, wide)
		return text, err == nil
	}
	order := unicode.BigEndian
	switch {
	case bytes.HasPrefix(body, []byte("\xEF\xBB\xBF")):
		return body[3:], true
	case bytes.HasPrefix(body, []byte("\xFF\xFE")), begins(body, 1, 3):
		order = unicode.LittleEndian
	case bytes.HasPrefix(body, []byte("\xFE\xFF")), begins(body, 0, 2):
	default:
		return body, false
	}
	text, err := decoded(body, unicode.UTF16(order, unicode.UseBOM))
	if err != nil {
		text, err = decoded(body, unicode.UTF16(order, unicode.IgnoreBOM))
	}
	return text, err == nil
}

// claimed returns the encoding that header or document name, else the most
// likely one; nil where the text is UTF-8 by all accounts.
func claimed(text []byte, contentType string) encoding.Encoding {
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		if e := other(params["charset"], text); e != nil {
			return e
		}
	}
	if m := declaration.FindSubmatch(text); m != nil {
		if e := other(string(m[1]), text); e != nil {
			return e
		}
	}
	if mostlyUTF8(text) {
		return nil
	}
	e, _, _ := charset.DetermineEncoding(text, "")
	return e
}

// mostlyUTF8 tells a damaged UTF-8 text from one in another encoding: it has
// more whole letters beyond ASCII than broken ones.
func mostlyUTF8(text []byte) bool {
	whole, broken := 0, 0
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && size == 1:
			broken++
		case size > 1:
			whole++
		}
		text = text[size:]
	}
	return broken == 0 || whole > broken
}

// other returns the encoding of that name unless it is UTF-8, or UTF-16 where
// the text has no zero bytes: both are claimed out of habit.
func other(name string, text []byte) encoding.Encoding {
	if name == "" {
		return nil
	}
	e, canonical := charset.Lookup(name)
	if e == nil {
		return rare(name)
	}
	if canonical == "utf-8" || canonical == "replacement" {
		return nil
	}
	if strings.HasPrefix(canonical, "utf-16") && bytes.IndexByte(text, 0) < 0 {
		return nil
	}
	return e
}

func isASCII(text []byte) bool {
	for _, c := range text {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// begins says whether a text of two bytes for each letter begins with a "<",
// given where its zeros are.
func begins(body []byte, zero, second int) bool {
	return len(body) > 3 && body[zero] == 0 && body[second] == 0 && body[1-zero] == '<' && body[second^1] != 0
}

// wideOf recognises four bytes for each letter, and EBCDIC, which says its
// encoding in itself.
func wideOf(body []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(body, []byte("\xFF\xFE\x00\x00")), bytes.HasPrefix(body, []byte("<\x00\x00\x00")):
		return utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)
	case bytes.HasPrefix(body, []byte("\x00\x00\xFE\xFF")), bytes.HasPrefix(body, []byte("\x00\x00\x00<")):
		return utf32.UTF32(utf32.BigEndian, utf32.UseBOM)
	case !bytes.HasPrefix(body, []byte("\x4C\x6F\xA7\x94")):
		return nil
	}
	const head = 200
	plain, err := decoded(body[:min(len(body), head)], charmap.CodePage037)
	if m := declaration.FindSubmatch(plain); err == nil && m != nil {
		if e := rare(string(m[1])); e != nil {
			return e
		}
	}
	return charmap.CodePage037
}

// rare are encodings that no browser knows.
func rare(name string) encoding.Encoding {
	for _, spelt := range []string{name, strings.ToUpper(strings.Replace(strings.ToLower(name), "cp", "ibm", 1))} {
		if e, err := ianaindex.IANA.Encoding(spelt); err == nil && e != nil {
			return e
		}
	}
	return nil
}
