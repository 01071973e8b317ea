package sound

// kana says the letters from the small a of katakana to vo.
var kanaSounds = soundsFrom('ァ', `a a i i u u e e o o ka ga ki gi ku gu ke ge ko go sa za shi ji su zu se ze so zo
	ta da chi ji - tsu zu te de to do na ni nu ne no ha ba pa hi bi pi fu bu pu he be pe ho bo po ma mi mu me mo
	ya ya yu yu yo yo ra ri ru re ro wa wa i e o n vu ka ke va vi ve vo`)

func sayKana(dst []byte, word string) []byte {
	start := len(dst)
	for _, r := range word {
		if 'ぁ' <= r && r <= 'ゖ' {
			r += 'ァ' - 'ぁ'
		}
		say := kanaSounds.say(r)
		n := len(dst)
		if n == start {
			dst = append(dst, say...)
			continue
		}
		switch r {
		case 'ャ', 'ュ', 'ョ':
			if dst[n-1] != 'i' {
				break
			}
			dst = dst[:n-1]
			if len(dst) == start {
				break
			}
			if c := dst[len(dst)-1]; c == 'h' || c == 'j' {
				// The h of sh and ch: hi itself is hya.
				if c == 'j' || len(dst) > start+1 && (dst[len(dst)-2] == 's' || dst[len(dst)-2] == 'c') {
					say = say[1:]
				}
			}
		case 'ァ', 'ィ', 'ゥ', 'ェ', 'ォ':
			switch dst[n-1] {
			case 'u':
				dst = dst[:n-1]
				if len(dst) == start || isRomanVowel(dst[len(dst)-1]) {
					dst = append(dst, 'w')
				}
			case 'a', 'e', 'i', 'o':
				if len(dst)-start > 1 {
					dst = dst[:n-1]
				}
			}
		}
		dst = append(dst, say...)
	}
	return dst
}

func isRomanVowel(c byte) bool {
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'
}

// The three parts of a Hangul syllable, in the order of Unicode.
var (
	hangulInitials = soundsFrom(0, "g kk n d tt r m b pp s ss - j jj ch k t p h")
	hangulVowels   = soundsFrom(0, "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i")
	hangulFinals   = soundsFrom(0, "- k k k n n n t l k m l l l p l m p p t t ng t t k t p -")
	// hangulLinks are finals before a syllable that begins with its vowel.
	hangulLinks = soundsFrom(0, "- g kk ks n nj n d r lg lm lb ls lt lp r m b ps s ss ng j ch k t p -")
)

// sayHangul follows the revised romanisation, with the commonest of its
// assimilations.
func sayHangul(dst []byte, word string) []byte {
	final := rune(0)
	for _, r := range word {
		r -= 0xac00
		initial, vowel := r/588, r%588/28
		if initial == 11 {
			dst = append(dst, hangulLinks.say(final)...)
		} else {
			dst = append(dst, hangulBefore(final, initial)...)
		}
		if initial == 5 && (final == 8 || final == 4) {
			dst = append(dst, 'l')
		} else {
			dst = append(dst, hangulInitials.say(initial)...)
		}
		dst = append(dst, hangulVowels.say(vowel)...)
		final = r % 28
	}
	return append(dst, hangulFinals.say(final)...)
}

// hangulBefore returns the sound of a final before a consonant: stops become
// nasal before nasals, and n becomes l before l.
func hangulBefore(final, initial rune) string {
	say := hangulFinals.say(final)
	switch {
	case final == 4 && initial == 5:
		return "l"
	case initial != 2 && initial != 6:
		return say
	case say == "k":
		return "ng"
	case say == "t":
		return "n"
	case say == "p":
		return "m"
	}
	return say
}
