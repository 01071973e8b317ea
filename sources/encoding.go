package sources

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
	"golang.org/x/text/transform"

	"keypull/pull/words"
)

// Encoded is what is known of how a document is written, beside its bytes.
type Encoded struct {
	// Type is the media type that came with it, Named the encoding that the
	// settings name.
	Type, Named string
	// Languages are the publisher's.
	Languages []string
}

// UTF8 returns the text of a document in UTF-8, whatever encoding it came in. A
// byte order mark decides first (RFC 7303 §3.3), then what the settings name.
// Then comes UTF-8 itself: text with other than ASCII letters that is valid
// UTF-8 is nothing else, whatever a misconfigured server says. Then the header
// and the document's own declaration, as far as the bytes bear them out, and a
// guess, which is named: by the letters of 200 bytes or more, else by the
// publisher's languages.
func (e Encoded) UTF8(body []byte) (text []byte, guessed string) {
	text, marked := unmark(body)
	switch {
	case marked:
		return text, ""
	case e.Named != "":
		if c := Charset(e.Named); c != nil {
			if text, ok := decoded(body, c); ok {
				return text, ""
			}
		}
		return text, ""
	}
	declared := e.declared(body)
	if countNonASCII(body) == 0 {
		for _, d := range declared {
			if strings.HasPrefix(d.name, "iso-2022-") || d.rare {
				text, _ = decoded(body, d.Encoding)
			}
		}
		return text, ""
	}
	whole, broken := letters(body)
	if broken == 0 || whole > 9*broken {
		return text, ""
	}
	g := newGuess(body, e.Languages)
	for _, d := range declared {
		if out, ok := decoded(body, d.Encoding); ok && g.bearsOut(d) {
			return out, ""
		}
	}
	if whole > broken {
		return text, "" // UTF-8 with some damage
	}
	best := g.bestEncoding(declared)
	if best.Encoding == nil {
		return text, ""
	}
	text, _ = decoded(body, best.Encoding)
	return text, best.name
}

// telling is how much of a long document says how it is written, from where it is no
// longer plain ASCII.
const telling = 1 << 20

// Reader reads in UTF-8 a document that is too long to lie in memory, by the rule of
// UTF8 over what of it tells.
func (e Encoded) Reader(f io.ReadSeeker) (text io.Reader, guessed string, err error) {
	sample := make([]byte, telling)
	for at := int64(0); ; at += telling {
		n, err := io.ReadFull(f, sample)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, "", fmt.Errorf("look how it is written: %w", err)
		}
		first := slices.IndexFunc(sample[:n], func(b byte) bool { return b >= utf8.RuneSelf })
		if first < 0 && n == telling {
			continue
		}
		if sample = sample[:n]; first > 0 && n == telling {
			if _, err := f.Seek(at+int64(first), io.SeekStart); err != nil {
				return nil, "", fmt.Errorf("look how it is written: %w", err)
			}
			n, _ = io.ReadFull(f, sample)
			sample = sample[:n]
		}
		break
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, "", fmt.Errorf("read it from its beginning: %w", err)
	}
	_, guessed = e.UTF8(sample)
	decoder := encoding.Nop.NewDecoder()
	if c := Charset(guessed); guessed != "" && c != nil {
		decoder = c.NewDecoder()
	}
	return transform.NewReader(f, unicode.BOMOverride(decoder)), guessed, nil
}

const guessedKey = "source.encoding_guessed"

// Warned returns what editors are told of a document, with what was guessed of its
// encoding, since none was declared or the bytes don't bear it out; "" if nothing was.
func Warned(guessed string, all []words.Text) []words.Text {
	if guessed == "" {
		return all
	}
	return append([]words.Text{{Key: guessedKey, Args: words.Args{"encoding": guessed}}}, slices.DeleteFunc(slices.Clone(all), func(w words.Text) bool {
		return w.Key == guessedKey // of a document that has not changed since
	})...)
}

// named is an encoding with its name; rare is one that no browser knows.
type named struct {
	encoding.Encoding
	name string
	rare bool
}

// What a document says of its encoding itself: an XML declaration, the head of a
// web page, a property of an old calendar.
var declarations = []*regexp.Regexp{
	regexp.MustCompile(`<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']`),
	regexp.MustCompile(`(?i)<meta\s[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]+)`),
	regexp.MustCompile(`^\s*BEGIN:VCALENDAR(?s:.*?);CHARSET="?([A-Za-z0-9._:-]+)`),
}

// declaredWithin is how far into a document its declaration is looked for.
const declaredWithin = 4096

// declared returns the encodings other than UTF-8 that header and document name.
func (e Encoded) declared(body []byte) []named {
	var all []named
	add := func(name string) {
		c := Charset(name)
		_, canonical := charset.Lookup(name)
		switch {
		case c == nil, canonical == "utf-8", canonical == "replacement":
		case strings.HasPrefix(canonical, "utf-16") && bytes.IndexByte(body, 0) < 0: // claimed out of habit
		case strings.Contains(strings.ToLower(name), "ascii"):
		default:
			if canonical == "" {
				canonical = strings.ToLower(name)
				all = append(all, named{c, canonical, true})
				return
			}
			all = append(all, named{c, canonical, false})
		}
	}
	if _, params, err := mime.ParseMediaType(e.Type); err == nil && params["charset"] != "" {
		add(params["charset"])
	} else if _, name, ok := strings.Cut(strings.ToLower(e.Type), "charset="); ok {
		add(strings.Trim(name, ` "';`))
	}
	head := body[:min(len(body), declaredWithin)]
	for _, d := range declarations {
		if m := d.FindSubmatch(head); m != nil {
			add(string(m[1]))
		}
	}
	return all
}

// Charset returns the encoding of a name, or nil if there is none.
func Charset(name string) encoding.Encoding {
	if e, _ := charset.Lookup(name); e != nil {
		return e
	}
	if name == "" {
		return nil
	}
	for _, spelt := range []string{name, strings.ToUpper(strings.Replace(strings.ToLower(name), "cp", "ibm", 1))} {
		if e, err := ianaindex.IANA.Encoding(spelt); err == nil && e != nil {
			return e
		}
	}
	return nil
}

// decoded returns a text of another encoding. ok says that hardly a byte of it has no
// meaning there.
func decoded(body []byte, e encoding.Encoding) (text []byte, ok bool) {
	other := countNonASCII(body)
	// A byte elsewhere takes at most three in UTF-8, and two of UTF-16 as many.
	text = make([]byte, max(len(body)+2*other, len(body)*3/2+utf8.UTFMax))
	n, err := io.ReadFull(transform.NewReader(bytes.NewReader(body), e.NewDecoder()), text)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return body, false
	}
	return text[:n], sound(text[:n], other)
}

// sound says whether hardly any letter of a decoded text was none; other is how
// many bytes beyond ASCII it had.
func sound(text []byte, other int) bool {
	bad := bytes.Count(text, []byte("\uFFFD"))
	for i := 0; i+1 < len(text); i++ {
		if text[i] == 0xC2 && text[i+1] >= 0x80 && text[i+1] < 0xA0 && text[i+1] != 0x85 {
			bad++ // controls that nobody writes
		}
	}
	const one, of = 1, 50
	return bad <= max(one*other/of, min(1, other/10))
}

func countNonASCII(text []byte) (n int) {
	for _, c := range text {
		if c >= utf8.RuneSelf {
			n++
		}
	}
	return n
}

// letters counts the letters beyond ASCII that are whole in UTF-8, and the bytes
// that are of none.
func letters(text []byte) (whole, broken int) {
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
	return whole, broken
}

// unmark decodes by the byte order mark, if there is one, and recognises
// UTF-16 without.
func unmark(body []byte) (text []byte, marked bool) {
	by := func(e encoding.Encoding) ([]byte, bool) {
		text, _ := decoded(body, e)
		return text, true
	}
	if wide := wideOf(body); wide != nil {
		return by(wide)
	}
	order := unicode.BigEndian
	switch {
	case bytes.HasPrefix(body, []byte("\xEF\xBB\xBF")):
		return body[3:], true
	case bytes.HasPrefix(body, []byte("\xFF\xFE")), spaced(body, 1):
		order = unicode.LittleEndian
	case bytes.HasPrefix(body, []byte("\xFE\xFF")), spaced(body, 0):
	default:
		return body, false
	}
	return by(unicode.UTF16(order, unicode.UseBOM))
}

// spaced says whether a text begins with letters of ASCII in two bytes each,
// given where their zeros are.
func spaced(body []byte, zero int) bool {
	const letters = 4
	if len(body) < 2*letters {
		return len(body) > 3 && body[zero] == 0 && body[zero+2] == 0 && body[1-zero] == '<' && body[3-zero] != 0
	}
	for i := 0; i < 2*letters; i += 2 {
		if body[i+zero] != 0 || body[i+1-zero] == 0 || body[i+1-zero] >= utf8.RuneSelf {
			return false
		}
	}
	return true
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
	plain, err := charmap.CodePage037.NewDecoder().Bytes(body[:min(len(body), head)])
	if m := declarations[0].FindSubmatch(plain); err == nil && m != nil {
		if e := Charset(string(m[1])); e != nil {
			return e
		}
	}
	return charmap.CodePage037
}
