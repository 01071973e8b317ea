package sound

import "strings"

var arabicSounds = map[rune]string{
	'ا': "a", 'ب': "b", 'ت': "t", 'ث': "th", 'ج': "j", 'ح': "h", 'خ': "kh", 'د': "d", 'ذ': "d", 'ر': "r", 'ز': "z",
	'س': "s", 'ش': "sh", 'ص': "s", 'ض': "d", 'ط': "t", 'ظ': "z", 'ع': "", 'غ': "gh", 'ف': "f", 'ق': "k", 'ك': "k",
	'ل': "l", 'م': "m", 'ن': "n", 'ه': "h", 'و': "u", 'ي': "i", 'ة': "a", 'ى': "i", 'پ': "p", 'چ': "ch", 'ژ': "zh",
	'گ': "g", 'ڤ': "v", 'ڨ': "g", 'ڭ': "g", 'ٹ': "t", 'ڈ': "d", 'ڑ': "r", 'ں': "n", 'ھ': "h", 'ے': "e", 'ئ': "i",
	'ؤ': "u", 'ک': "k", 'ی': "i", 'ۆ': "o", 'ێ': "e", 'ڕ': "r", 'ڵ': "l", 'ې': "e", 'ۋ': "v", 'ۇ': "u",
}

func sayArabic(dst []byte, word string) []byte {
	for i, r := range word {
		after, _ := next(word[i+width(r):])
		switch {
		case r == 'ه' && after == 0 && i > 0:
			dst = append(dst, 'a')
		case r == 'و' && i == 0 && after != 0:
			dst = append(dst, 'v')
		case r == 'ي' && i == 0 && after != 0:
			dst = append(dst, 'y')
		default:
			dst = append(dst, arabicSounds[r]...)
		}
	}
	return dst
}

// sayBareArabic says the letters for a skeleton. The article is not said where
// three letters follow.
func sayBareArabic(dst []byte, word string) []byte {
	if rest, ok := strings.CutPrefix(word, "ال"); ok && len(rest) >= 6 {
		word = rest
	}
	for i := 0; i < len(word); {
		r, size := next(word[i:])
		i += size
		after, afterSize := next(word[i:])
		switch {
		case r == 'ه' && after == 0:
		case r == 'ت' && (after == 'ش' || after == 'س' || after == 'ز'):
			dst = append(dst, "cha"...)
			i += afterSize
		default:
			dst = append(append(dst, arabicSounds[r]...), 'a')
		}
	}
	return dst
}

// hebrew says the letters from alef to tav, final forms among them, as they
// sound within a word.
var hebrewSounds = soundsFrom('א', "a v g d h o z h t i kh kh l m m n n s a f f ts ts k r sh t")

func sayHebrew(dst []byte, word string) []byte {
	for i := 0; i < len(word); {
		r, size := next(word[i:])
		after, afterSize := next(word[i+size:])
		switch {
		case i == 0 && hebrewFirst(r) != "":
			dst = append(dst, hebrewFirst(r)...)
		case r == 'ו' && after == 'ו':
			dst = append(dst, 'v')
			size += afterSize
		case r == 'ה' && after == 0:
			dst = append(dst, 'a')
		default:
			dst = append(dst, hebrewSounds.say(r)...)
		}
		i += size
	}
	return dst
}

// hebrewFirst returns the sound of a letter that differs at the beginning.
func hebrewFirst(r rune) string {
	switch r {
	case 'ב':
		return "b"
	case 'כ':
		return "k"
	case 'פ':
		return "p"
	case 'ו':
		return "v"
	case 'י':
		return "y"
	}
	return ""
}

func sayBareHebrew(dst []byte, word string) []byte {
	for i, r := range word {
		after, _ := next(word[i+width(r):])
		switch {
		case r == 'ה' && after == 0:
		case r == 'ו' && (after == 'ו' || i == 0):
			dst = append(dst, "va"...)
		case r == 'כ' || r == 'ך':
			dst = append(dst, "ka"...)
		default:
			dst = append(append(dst, hebrewSounds.say(r)...), 'a')
		}
	}
	return dst
}
