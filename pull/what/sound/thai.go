package sound

import "strings"

// The consonants of Thai as they begin and as they end a syllable, and the
// vowels that follow a consonant. ฤ and ฦ stand among the consonants.
var (
	thaiInitials = soundsFrom('ก', `k kh kh kh kh kh ng ch ch ch s ch y d t th th th n d t th th th n b p ph f ph f
		ph m y r rue l lue w s s s h l - h`)
	thaiFinals = soundsFrom('ก', `k k k k k k ng t t t t t n t t t t t n t t t t t n p p p p p p
		p m i n rue n lue o t t t - n - -`)
	thaiVowels = soundsFrom('ะ', "a a a am i i ue ue u u")
)

func isThaiConsonant(r rune) bool { return 'ก' <= r && r <= 'ฮ' }

// isThaiVowel covers the vowels that are written after, above or below.
func isThaiVowel(r rune) bool { return 'ะ' <= r && r <= 'ู' || r == '็' || r == 'ํ' }

// thaiLeading returns the sound of a vowel that is written before its
// consonant.
func thaiLeading(r rune) string {
	switch r {
	case 'เ':
		return "e"
	case 'แ':
		return "ae"
	case 'โ':
		return "o"
	case 'ใ', 'ไ':
		return "ai"
	}
	return ""
}

// sayThai is a best guess: Thai does not write where a syllable ends, nor all
// of its vowels.
func sayThai(dst []byte, word string) []byte {
	var lead string
	open := false
	for i := 0; i < len(word); {
		r, size := next(word[i:])
		i += size
		if say := thaiLeading(r); say != "" {
			lead, open = say, false
			continue
		}
		if !isThaiConsonant(r) {
			continue
		}
		after, afterSize := next(word[i:])
		written := isThaiVowel(after) || after == 'อ'
		if open && !written {
			dst = append(dst, thaiFinals.say(r)...)
			open = false
			continue
		}
		dst = append(dst, thaiInitials.say(r)...)
		if isThaiCluster(r, after) {
			if third, _ := next(word[i+afterSize:]); lead != "" && third != 0 || isThaiVowel(third) {
				dst = append(dst, thaiInitials.say(after)...)
				i += afterSize
				after, afterSize = next(word[i:])
			}
		}
		switch {
		case lead != "":
			dst = append(dst, lead...)
			open = lead != "ai"
			lead = ""
			if isThaiVowel(after) {
				i += afterSize
			}
		case isThaiVowel(after) || after == 'อ':
			i += afterSize
			dst = append(dst, thaiRhyme(after, word[i:])...)
			open = after != 'ะ' && after != 'ำ'
		case isThaiConsonant(after):
			beyond, beyondSize := next(word[i+afterSize:])
			last, _ := next(word[i+afterSize+beyondSize:])
			if isThaiVowel(beyond) || isThaiConsonant(beyond) && !isThaiVowel(last) {
				dst = append(dst, 'a')
			} else {
				dst = append(dst, 'o')
				open = true
			}
		}
	}
	return dst
}

// isThaiCluster covers the consonants that are said together.
func isThaiCluster(a, b rune) bool {
	switch b {
	case 'ร':
		return strings.ContainsRune("กขคตปพ", a)
	case 'ล':
		return strings.ContainsRune("กขคปผพ", a)
	case 'ว':
		return strings.ContainsRune("กขค", a)
	}
	return false
}

// thaiRhyme returns the sound of a vowel sign before rest.
func thaiRhyme(sign rune, rest string) string {
	switch sign {
	case 'อ':
		return "o"
	case '็':
		return "e"
	case 'ํ':
		// The two halves of am.
		if strings.HasPrefix(rest, "า") {
			return "am"
		}
		return "m"
	}
	return thaiVowels.say(sign)
}
