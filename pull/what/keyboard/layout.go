package keyboard

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"keypull/pull/what/textform"
)

// Bounds of relayouts: longer texts are not typed blindly.
const (
	maxRelayout  = 64
	maxRelayouts = 6
)

// layout is what the keys of an English keyboard write in another script: the
// character at the place of a key in latinKeys. A space is a key that writes
// no letter.
type layout struct {
	script *unicode.RangeTable
	keys   string
	// shifted is what the same keys write with shift, where that is no capital.
	shifted string
}

const (
	latinKeys   = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./"
	latinShifts = `~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>?`
)

// layouts are the other keyboards, the commonest first.
var layouts = []layout{
	{script: unicode.Cyrillic, keys: "ёйцукенгшщзхъфывапролджэячсмитьбю "},
	{script: unicode.Cyrillic, keys: " йцукенгшщзхїфівапролджєячсмитьбю "},
	{script: unicode.Greek, keys: "  ςερτυθιοπ  ασδφγηξκλ  ζχψωβνμ   "},
	{script: unicode.Hebrew, keys: "  'קראטוןםפ  שדגכעיחלךף זסבהנמצתץ "},
	{script: unicode.Arabic, keys: "ذضصثقفغعهخحجدشسيبلاتنمكطئءؤرﻻىةوزظ"},
	{
		script:  unicode.Thai,
		keys:    " ๆไ\u0e33พะ\u0e31\u0e35รนยบลฟหกดเ\u0e49\u0e48าสวงผปแอ\u0e34\u0e37ทมใฝ",
		shifted: "  \"ฎฑธ\u0e4d\u0e4aณฯญฐ ฤฆฏโฌ\u0e47\u0e4bษศซ   ฉฮ\u0e3a\u0e4c ฒฬฦ",
	},
}

// lamAlef is the key that writes two letters, as its character in layouts.
const lamAlef = 'ﻻ'

// Relayouts returns what the keys that wrote a message would have written on
// other keyboards: ",kbys" is блины and "цуферук" is weather. It takes the
// message as it was written, since punctuation marks are keys. There are at
// most six results, and each consists of letters of the other script, digits
// and spaces. Texts of more than 64 characters have none.
func Relayouts(raw string) []string {
	if len(raw) > 4*maxRelayout || utf8.RuneCountInString(raw) > maxRelayout {
		return nil
	}
	raw = strings.TrimRight(strings.TrimSpace(norm.NFC.String(raw)), "!?")
	var all []string
	add := func(s string) {
		if s == "" || len(all) == maxRelayouts {
			return
		}
		if slices.Contains(all, s) {
			return
		}
		all = append(all, s)
	}
	if textform.IsASCII(raw) {
		for _, l := range layouts[:4] {
			add(l.write(raw))
		}
		add(dubeolsik(raw))
		for _, l := range layouts[4:] {
			add(l.write(raw))
		}
		return all
	}
	for _, l := range layouts {
		add(l.read(raw, true))
		add(l.read(raw, false))
	}
	add(undubeolsik(raw))
	return all
}

// write returns what Latin keys write in l, or "" where that is no word.
func (l layout) write(raw string) string {
	keys, shifted := []rune(l.keys), []rune(l.shifted)
	var b strings.Builder
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		if isFixed(rune(c)) {
			b.WriteByte(c)
			continue
		}
		at := strings.IndexByte(latinKeys, c)
		if at < 0 {
			at = strings.IndexByte(latinShifts, c)
			if at >= 0 && l.shifted != "" && shifted[at] != ' ' {
				b.WriteRune(shifted[at])
				continue
			}
		}
		switch {
		case at < 0, keys[at] == ' ' && c != ';':
			return ""
		case keys[at] == lamAlef:
			b.WriteString("لا")
		case keys[at] == ' ':
			// The accent of Greek, which folding drops all the same.
		default:
			b.WriteRune(keys[at])
		}
	}
	return written(b.String(), l.script)
}

// read returns what the keys that write raw in l write in Latin, or "" where
// that is no word. The two Arabic letters of one key are read as that key, or
// as two.
func (l layout) read(raw string, oneKey bool) string {
	if l.script == unicode.Greek {
		raw = textform.FoldNormal(strings.ToLower(raw))
	}
	if l.script == unicode.Arabic && oneKey {
		raw = strings.ReplaceAll(raw, "لا", string(lamAlef))
	}
	var b strings.Builder
	for _, r := range raw {
		if r < utf8.RuneSelf && isFixed(r) {
			b.WriteRune(r)
			continue
		}
		if at := keyOf(l.keys, unicode.ToLower(r)); at >= 0 {
			b.WriteByte(latinKeys[at])
		} else if at = keyOf(l.shifted, r); at >= 0 {
			b.WriteByte(latinKeys[at])
		} else {
			return ""
		}
	}
	return written(b.String(), unicode.Latin)
}

// keyOf returns the place of a key that writes r, or -1.
func keyOf(keys string, r rune) int {
	if r == utf8.RuneError || r == ' ' {
		return -1
	}
	at := 0
	for _, key := range keys {
		if key == r {
			return at
		}
		at++
	}
	return -1
}

// isFixed covers the keys that write the same everywhere.
func isFixed(r rune) bool { return r == ' ' || '0' <= r && r <= '9' }

// written returns s if it consists of words of a script, with digits.
func written(s string, script *unicode.RangeTable) string {
	letters := 0
	before := ' '
	for _, r := range s {
		switch {
		case unicode.IsMark(r) && before != ' ':
		case unicode.IsLetter(r) && (unicode.Is(script, r) || r == lamAlef):
			letters++
		case !isFixed(r):
			return ""
		}
		before = r
	}
	if letters < 2 {
		return ""
	}
	return s
}
