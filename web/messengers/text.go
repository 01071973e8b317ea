package messengers

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"unicode"

	"keypull/pull/what"
)

// maxSaid is the most bytes that are taken of a text: readers write far less.
const maxSaid = 20_000

// lineEnds are the ends of lines as some systems write them.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// Clean returns what somebody wrote as it is read on every channel: valid UTF-8 in
// lines that end with a line feed, without other control characters than the tab,
// without the space around, and no more than 20,000 bytes of it. The hook cleans
// all that an ask says; a kind cleans what it compares, or tells by.
func Clean(s string) string {
	if plainASCII(s) && len(s) <= maxSaid {
		return strings.TrimSpace(s)
	}
	s = lineEnds.Replace(strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s))
	return Bytes.Cut(s, maxSaid)
}

// cleanAsk cleans what a message of a reader says.
func cleanAsk(in *Incoming) {
	in.Text, in.Tap = Clean(in.Text), Clean(in.Tap)
	if in.Location != nil {
		in.Location.Name = Clean(in.Location.Name)
	}
	for i := range in.Attachments {
		in.Attachments[i].Alt = Clean(in.Attachments[i].Alt)
	}
}

// Cut returns as much from the beginning of a text as measures no more than so many
// units: whole characters, and no space at the end of what is cut.
func (u Unit) Cut(text string, most int) string {
	fits := frame{most, u}.fits
	if fits(text) {
		return text
	}
	return strings.TrimRightFunc(text[:longest(text, "", fits)], unicode.IsSpace)
}

// Join returns a text with a paragraph more, or without where there is no room for it.
func (u Unit) Join(text, paragraph string, most int) string {
	if text == "" {
		return paragraph
	}
	if longer := text + "\n\n" + paragraph; u.Count(longer) <= most {
		return longer
	}
	return text
}

// BreakMarked returns the best place to divide marked text within so many UTF-16
// units: at the end of a line or word, and never within what the markup holds
// together, of which held says after each character whether it goes on.
func BreakMarked(s string, most int, held func(r rune) bool) int {
	var line, space, whole int
	n, inside := 0, false
	for at, r := range s {
		if !inside && at > 0 {
			whole = at
			switch {
			case r == '\n':
				line = at
			case unicode.IsSpace(r):
				space = at
			}
		}
		if n += utf16Size(r); n > most {
			break
		}
		inside = held(r)
	}
	const quarter = 4
	switch {
	case line > whole/quarter:
		return line
	case space > 0:
		return space
	case whole > 0:
		return whole
	}
	return len(s) // a single link that is longer than all there is room for
}

// JSON returns a value of texts and numbers as JSON, the signs of HTML as they stand.
func JSON(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return nil // texts and numbers can always be encoded
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// Decode reads JSON as far as it is what is expected, and tells whether it is JSON at
// all: a value of another type is as if it were not there.
func Decode(text []byte, into any) bool {
	err := json.Unmarshal(text, into)
	var other *json.UnmarshalTypeError
	return err == nil || errors.As(err, &other)
}

// Hyphened returns a text as commands are called: letters and digits in lower case,
// hyphens between its words.
func Hyphened(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.In(r, unicode.Devanagari, unicode.Thai):
			b.WriteRune(unicode.ToLower(r))
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-") && !unicode.IsMark(r):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}

// Query returns a text as it stands in the query of an address, its spaces as %20.
func Query(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }

// Alphanumeric tells that a text has no characters but letters and digits of ASCII, and
// some signs.
func Alphanumeric(text, signs string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && !strings.ContainsRune(signs, r)
	})
}

// MediaOf returns what a file is by its MIME type.
func MediaOf(mime string) what.MediaType {
	mime, _, _ = strings.Cut(strings.ToLower(mime), ";")
	switch main, of, _ := strings.Cut(strings.TrimSpace(mime), "/"); {
	case main == "image":
		return what.Image
	case main == "audio":
		return what.Sound
	case main == "video":
		return what.Video
	case strings.TrimPrefix(of, "x-") == "vcard", mime == "text/directory":
		return what.Contact
	}
	return what.Document
}

// Opens returns what tells of an address whether a button can open it: one of so
// many bytes at most whose host has a dot. Many platforms refuse a whole message
// for a button that opens another.
func Opens(most int) func(address string) bool {
	return func(address string) bool {
		u, err := url.Parse(address)
		return err == nil && len(address) <= most && (u.Scheme == "http" || u.Scheme == "https") && strings.Contains(u.Hostname(), ".")
	}
}
