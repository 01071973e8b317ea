package sound

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/pull/what/textform"
)

// romanise returns s in Latin letters, and reports whether all of its letters
// have a sound.
func romanise(s string) (string, bool) { return romaniseBy(s, speakers) }

// romaniseBones does the same for skeletons: the letters of Arabic and Hebrew
// are said with a vowel after each, so that none of them melt into one, and
// the Latin articles of Arabic are left out.
func romaniseBones(s string) (string, bool) {
	text, ok := romaniseBy(s, bareSpeakers)
	for len(text) > 3 && text[2] == ' ' && text[1] == 'l' && (text[0] == 'a' || text[0] == 'e') {
		text = text[3:]
	}
	return text, ok
}

// speaker romanises one script, which a word, or a part of one, is written in.
type speaker struct {
	lo, hi rune
	say    func(dst []byte, word string) []byte
}

// speakers are in the order of their letters.
var speakers = []speaker{
	{0x0080, 0x036f, saySilence},
	{0x0370, 0x03ff, sayGreek},
	{0x0400, 0x052f, sayCyrillic},
	{0x0531, 0x058f, sayArmenian},
	{0x0591, 0x05f4, sayHebrew},
	{0x0600, 0x077f, sayArabic},
	{0x0900, 0x0d7f, sayIndic},
	{0x0e01, 0x0e5b, sayThai},
	{0x10d0, 0x10ff, sayGeorgian},
	{0x1e00, 0x1eff, saySilence},
	{0x1f00, 0x1fff, sayGreek},
	{0x3041, 0x30ff, sayKana},
	{0xac00, 0xd7a3, sayHangul},
}

// bareSpeakers are the speakers of skeletons.
var bareSpeakers = func() []speaker {
	bare := append([]speaker(nil), speakers...)
	for i := range bare {
		switch bare[i].lo {
		case 0x0591:
			bare[i].say = sayBareHebrew
		case 0x0600:
			bare[i].say = sayBareArabic
		}
	}
	return bare
}()

func romaniseBy(s string, by []speaker) (string, bool) {
	if textform.IsASCII(s) {
		return s, true
	}
	dst := make([]byte, 0, len(s)+8)
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf {
			dst = append(dst, s[i])
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		who := speakerOf(r, by)
		if who == nil {
			if unicode.IsLetter(r) {
				return "", false
			}
			i += size
			continue
		}
		end := i + size
		for end < len(s) {
			r, size := utf8.DecodeRuneInString(s[end:])
			if r < who.lo || who.hi < r || r == utf8.RuneError {
				break
			}
			end += size
		}
		dst = who.say(dst, s[i:end])
		i = end
	}
	return string(dst), true
}

func speakerOf(r rune, by []speaker) *speaker {
	for i := range by {
		if r <= by[i].hi {
			if r < by[i].lo {
				return nil
			}
			return &by[i]
		}
	}
	return nil
}

// saySilence leaves out what folding has left of Latin letters.
func saySilence(dst []byte, _ string) []byte { return dst }

// sounds are what the letters from first on are read as; "-" is silence.
type sounds struct {
	first rune
	of    []string
}

func soundsFrom(first rune, list string) sounds {
	of := strings.Fields(list)
	for i := range of {
		if of[i] == "-" {
			of[i] = ""
		}
	}
	return sounds{first, of}
}

func (s sounds) say(r rune) string {
	if i := int(r - s.first); 0 <= i && i < len(s.of) {
		return s.of[i]
	}
	return ""
}

// next returns the first character of s and its length.
func next(s string) (rune, int) {
	if s == "" {
		return 0, 0
	}
	return utf8.DecodeRuneInString(s)
}

var cyrillicSounds = soundsFrom('а', `a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh s - y - e yu ya
	e yo dj gj ye dz i yi y ly ny ch kj i v dzh`)

// cyrillicOthers are the letters of Ukrainian and of the languages of Central Asia.
var cyrillicOthers = map[rune]string{
	'ґ': "g", 'ғ': "g", 'җ': "j", 'ҷ': "j", 'қ': "k", 'ҡ': "k", 'ң': "ng", 'ү': "o", 'ұ': "o", 'ө': "o", 'һ': "h", 'ҳ': "h", 'ә': "e",
}

func sayCyrillic(dst []byte, word string) []byte {
	for i, r := range word {
		switch r {
		case 'ъ':
			// The vowel of Bulgarian, the sign before a vowel of Russian.
			if after, _ := next(word[i+2:]); after != 0 && !strings.ContainsRune("еёюяи", after) {
				dst = append(dst, 'a')
			}
		case 'ь':
			if after, _ := next(word[i+2:]); after == 'о' {
				dst = append(dst, 'y')
			}
		default:
			if say, ok := cyrillicOthers[r]; ok {
				dst = append(dst, say...)
				continue
			}
			dst = append(dst, cyrillicSounds.say(r)...)
		}
	}
	return dst
}

var greekSounds = soundsFrom('α', "a v g d e z i th i k l m n x o p r s s t i f h ps o")

func sayGreek(dst []byte, word string) []byte {
	for i := 0; i < len(word); {
		r, size := next(word[i:])
		after, afterSize := next(word[i+size:])
		if pair := greekPair(r, after, i == 0); pair != "" {
			dst = append(dst, pair...)
			i += size + afterSize
			continue
		}
		if after == 'υ' && (r == 'α' || r == 'ε') {
			sign := byte('v')
			if hard, _ := next(word[i+size+afterSize:]); hard == 0 || strings.ContainsRune("θκξπσςτφχψ", hard) {
				sign = 'f'
			}
			dst = append(append(dst, greekSounds.say(r)...), sign)
			i += size + afterSize
			continue
		}
		dst = append(dst, greekSounds.say(r)...)
		i += size
	}
	return dst
}

// greekPair returns the sound of two letters that are read as one.
func greekPair(a, b rune, first bool) string {
	switch {
	case a == 'ο' && b == 'υ':
		return "u"
	case (a == 'ε' || a == 'ο' || a == 'υ') && b == 'ι':
		return "i"
	case a == 'γ' && b == 'γ':
		return "ng"
	case a == 'γ' && b == 'χ':
		return "nh"
	case !first:
		return ""
	case a == 'μ' && b == 'π':
		return "b"
	case a == 'ν' && b == 'τ':
		return "d"
	case a == 'γ' && b == 'κ':
		return "g"
	}
	return ""
}

var (
	armenianSounds = soundsFrom('ա', `a b g d e z e e t zh i l kh ts k h dz gh ch m y n sh o ch p j r s v t r
		ts v p k o f ev`)
	georgianSounds = soundsFrom('ა', "a b g d e v z t i k l m n o p zh r s t u p k gh k sh ch ts dz ts ch kh j h")
)

func sayArmenian(dst []byte, word string) []byte {
	for i := 0; i < len(word); {
		r, size := next(word[i:])
		after, afterSize := next(word[i+size:])
		switch {
		case r == 'ո' && after == 'ւ':
			dst = append(dst, 'u')
			size += afterSize
		case r == 'ո' && i == 0 && len(word) > size:
			dst = append(dst, "vo"...)
		default:
			dst = append(dst, armenianSounds.say(r)...)
		}
		i += size
	}
	return dst
}

func sayGeorgian(dst []byte, word string) []byte {
	for _, r := range word {
		dst = append(dst, georgianSounds.say(r)...)
	}
	return dst
}

// width returns how many bytes of valid text a character takes.
func width(r rune) int { return max(1, utf8.RuneLen(r)) }
