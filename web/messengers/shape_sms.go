package messengers

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The encodings of an SMS.
const (
	GSM7 = "GSM-7"
	UCS2 = "UCS-2"
)

// SMSLimits returns those of a phone number: four segments a reply, words in
// place of buttons, links in place of pictures.
func SMSLimits() Limits {
	return Limits{Text: 4, Unit: Segment, Messages: 1, SMS: true, PlainLinks: true}
}

// Sizes of a segment, alone and as a part of several (3GPP TS 23.040: a
// header of six octets goes in front of each part).
const (
	septetsAlone, septetsPart = 160, 153
	unitsAlone, unitsPart     = 70, 67
)

// Segments tells how many SMS segments a text takes, and in which encoding. A
// single character outside the GSM alphabet (3GPP TS 23.038) makes the whole
// text UCS-2. No escaped character and no surrogate pair is divided.
func Segments(text string) (segments int, encoding string) {
	if text == "" {
		return 0, GSM7
	}
	if n, ok := count(text, gsmSize, septetsAlone, septetsPart); ok {
		return n, GSM7
	}
	n, _ := count(text, utf16Size, unitsAlone, unitsPart)
	return n, UCS2
}

// Septets returns how many septets a text takes, or false if it has a sign that the
// alphabet of short messages lacks.
func Septets(text string) (n int, ok bool) {
	for _, r := range text {
		size := gsmSize(r)
		if size == 0 {
			return 0, false
		}
		n += size
	}
	return n, true
}

// count packs runes into segments; it fails at a rune without a size.
func count(text string, size func(rune) int, alone, part int) (segments int, ok bool) {
	total, used, segments := 0, 0, 1
	for _, r := range text {
		n := size(r)
		if n == 0 {
			return 0, false
		}
		total += n
		if used+n > part {
			segments, used = segments+1, 0
		}
		used += n
	}
	if total <= alone {
		return 1, true
	}
	return segments, true
}

func utf16Size(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// The GSM 7 bit default alphabet beyond ASCII, its extension table, and the
// ASCII characters that it lacks or that need the extension.
const (
	gsmBeyondASCII = "£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà"
	gsmExtended    = "^{}\\[~]|€\f"
)

// gsmSize returns how many septets a rune takes; 0 if it has none.
func gsmSize(r rune) int {
	switch {
	case r == '\n' || r == '\r':
		return 1
	case r >= ' ' && r <= '~' && !strings.ContainsRune("^{}\\[~]|`", r):
		return 1
	case strings.ContainsRune(gsmExtended, r):
		return 2
	case strings.ContainsRune(gsmBeyondASCII, r):
		return 1
	}
	return 0
}

// thrifty returns the text with typographic characters replaced by those of
// the GSM alphabet where that saves a segment, else unchanged.
func thrifty(text string) string {
	was, encoding := Segments(text)
	if encoding == GSM7 {
		return text
	}
	simple := typewritten(text)
	if is, _ := Segments(simple); is < was {
		return simple
	}
	return text
}

// typewriter replaces what typesetters use by what a typewriter has.
var typewriter = strings.NewReplacer(
	"’", "'", "‘", "'", "‚", "'", "‛", "'", "ʼ", "'", "′", "'", "`", "'", "´", "'",
	"“", `"`, "”", `"`, "„", `"`, "‟", `"`, "«", `"`, "»", `"`, "″", `"`, "‹", "'", "›", "'",
	"–", "-", "—", "-", "‒", "-", "―", "-", "‐", "-", "\u2011", "-", "−", "-", "•", "-", "·", "-",
	"…", "...", "×", "x", "→", "->", "←", "<-",
	"\u00a0", " ", "\u202f", " ", "\u2009", " ", "\u2007", " ", "\u2002", " ", "\u2003", " ", "\t", " ",
	"\u200b", "", "\ufeff", "", "\u00ad", "", "\u2060", "",
)

func typewritten(text string) string {
	return Around(text, func(text string) string { return typewriter.Replace(norm.NFC.String(text)) })
}

// Count measures a text in the unit. No prefix of a text measures more than the
// text.
func (u Unit) Count(text string) int {
	switch u {
	case Bytes:
		return len(text)
	case UTF16:
		n := 0
		for _, r := range text {
			n += utf16Size(r)
		}
		return n
	case Segment:
		n, _ := Segments(thrifty(text))
		return n
	}
	return utf8.RuneCountInString(text)
}
