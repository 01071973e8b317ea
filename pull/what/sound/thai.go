package sound

import (
	"slices"
	"strings"
)

// The consonants of Thai as they begin and as they end a syllable. ฤ and ฦ stand
// among them.
var (
	thaiInitials = soundsFrom('ก', `k kh kh kh kh kh ng ch ch ch s ch y d t th th th n d t th th th n b p ph f ph f
		ph m y r rue l lue w s s s h l - h`)
	thaiFinals = soundsFrom('ก', `k k k k k k ng t t t t t n t t t t t n t t t t t n p p p p p p
		p m i n rue n lue o t t t - n - -`)
)

func isThaiConsonant(r rune) bool { return 'ก' <= r && r <= 'ฮ' }

// isThaiVowel covers the vowels that are written after, above or below.
func isThaiVowel(r rune) bool { return 'ะ' <= r && r <= 'ู' || r == '็' || r == 'ํ' }

func isThaiLead(r rune) bool { return 'เ' <= r && r <= 'ไ' }

// thaiRhyme is a vowel by how it is written: the sign before its consonant, those
// behind it, and the sound. An open one takes a consonant behind it.
type thaiRhyme struct {
	lead  rune
	signs string
	say   string
	open  bool
}

// thaiRhymes are in the order in which they are tried, longer signs first.
var thaiRhymes = []thaiRhyme{
	{'เ', "ียะ", "ia", false}, {'เ', "ีย", "ia", true}, {'เ', "ือ", "uea", true}, {'เ', "าะ", "o", false}, {'เ', "า", "ao", false},
	{'เ', "ิ", "oe", true}, {'เ', "็", "e", true}, {'เ', "อะ", "oe", false}, {'เ', "อ", "oe", true}, {'เ', "ะ", "e", false},
	{'เ', "ย", "oei", false}, {'เ', "", "e", true},
	{'แ', "ะ", "ae", false}, {'แ', "็", "ae", true}, {'แ', "", "ae", true}, {'โ', "ะ", "o", false}, {'โ', "", "o", true},
	{'ไ', "ย", "ai", false}, {'ไ', "", "ai", false}, {'ใ', "", "ai", false},
	{0, "ัวะ", "ua", false}, {0, "ัว", "ua", false}, {0, "ะ", "a", false}, {0, "ั", "a", true}, {0, "ํา", "am", false}, {0, "ำ", "am", false},
	{0, "า", "a", true}, {0, "ิ", "i", true}, {0, "ี", "i", true}, {0, "ึ", "ue", true}, {0, "ือ", "ue", false}, {0, "ื", "ue", true},
	{0, "ุ", "u", true}, {0, "ู", "u", true}, {0, "็อ", "o", true}, {0, "็", "", true}, {0, "ํ", "m", false}, {0, "อ", "o", true},
	{0, "รร", "a", true},
}

// sayThai returns a best guess: Thai does not write where a syllable ends, nor all
// of its vowels.
func sayThai(dst []byte, word string) []byte {
	t := thaiReader{text: spokenThai(word), out: dst}
	for t.at < len(t.text) {
		t.syllable()
	}
	return t.out
}

// spokenThai returns a word without tone marks and silenced letters.
func spokenThai(word string) []rune {
	text := make([]rune, 0, len(word)/3)
	for _, r := range word {
		switch {
		case r == '์':
			for len(text) > 0 && isThaiVowel(text[len(text)-1]) {
				text = text[:len(text)-1]
			}
			text = text[:max(0, len(text)-1)]
		case isThaiConsonant(r), isThaiVowel(r), isThaiLead(r):
			text = append(text, r)
		}
	}
	return text
}

// thaiReader reads a word syllable by syllable.
type thaiReader struct {
	text []rune
	at   int
	out  []byte
}

// rune returns the letter that many behind the place, or 0.
func (t *thaiReader) rune(n int) rune {
	if t.at+n < len(t.text) {
		return t.text[t.at+n]
	}
	return 0
}

func (t *thaiReader) say(s string) { t.out = append(t.out, s...) }

func (t *thaiReader) syllable() {
	lead := rune(0)
	if isThaiLead(t.rune(0)) {
		lead = t.rune(0)
		t.at++
	}
	if !isThaiConsonant(t.rune(0)) {
		// A sign that stands on nothing.
		if lead == 0 {
			t.at++
		}
		return
	}
	if lead == 0 && t.rune(1) == 0 && len(t.out) > 0 {
		// A letter that is left over is not said: the last one of จันทร์.
		t.at++
		return
	}
	t.onset(lead)
	for _, r := range thaiRhymes {
		if r.lead == lead && t.follows(&r) {
			t.at += len([]rune(r.signs))
			t.say(r.say)
			if r.open {
				t.final(r.signs == "รร")
			}
			return
		}
	}
	t.unwritten()
}

// onset says the consonants that a syllable begins with.
func (t *thaiReader) onset(lead rune) {
	a, b := t.rune(0), t.rune(1)
	// Two are said together where a vowel is written for both.
	third, fourth := t.rune(2), t.rune(3)
	both := isThaiVowel(third) || (third == 'อ' || third == 'ว' && isThaiConsonant(fourth)) && isThaiCluster(a, b) && !isThaiVowel(fourth)
	both = both || lead != 0 && isThaiConsonant(third) && b != 'ว' || lead == 'ไ' || lead == 'ใ'
	silent := (third != 0 || both) && (a == 'ห' && strings.ContainsRune("งญนมยรลว", b) || a == 'อ' && b == 'ย')
	switch {
	case silent && (both || b != 'ว'):
		t.say(thaiInitials.say(b))
		t.at += 2
	case both && b == 'ร' && strings.ContainsRune("ซทศส", a):
		t.say("s")
		t.at += 2
	case both && b == 'ร' && a == 'จ':
		t.say("ch")
		t.at += 2
	case both && isThaiCluster(a, b):
		t.say(thaiInitials.say(a))
		t.say(thaiInitials.say(b))
		t.at += 2
	default:
		t.say(thaiInitials.say(a))
		t.at++
	}
}

// follows reports whether the signs of a vowel stand here.
func (t *thaiReader) follows(r *thaiRhyme) bool {
	n := 0
	for _, sign := range r.signs {
		if t.rune(n) != sign {
			return false
		}
		n++
	}
	switch r.signs {
	case "ย", "อ":
		// They are consonants where a vowel follows.
		return !isThaiVowel(t.rune(n)) && (r.lead != 0 || !isThaiLead(t.rune(n)) || r.signs == "อ")
	}
	return true
}

// final says the consonant that ends a syllable, if there is one.
func (t *thaiReader) final(must bool) {
	r, after := t.rune(0), t.rune(1)
	if !isThaiConsonant(r) || !t.ends(0) {
		if must {
			t.say("n")
		}
		return
	}
	t.at++
	t.say(thaiFinals.say(r))
	if after == 'ร' && strings.ContainsRune("กดตท", r) && (t.rune(1) == 0 || isThaiLead(t.rune(1))) {
		// The end of บุตร and of จักร.
		t.at++
	}
}

// ends reports whether the consonant that many behind the place ends a syllable:
// what follows has no vowel of its own that needs it.
func (t *thaiReader) ends(n int) bool {
	after, beyond := t.rune(n+1), t.rune(n+2)
	switch {
	case isThaiVowel(after):
		return false
	case after == 'อ':
		return isThaiVowel(beyond) || isThaiConsonant(beyond) && isThaiVowel(t.rune(n+3)) && beyond != 'ย' && beyond != 'ง' && beyond != 'น'
	case isThaiCluster(t.rune(n), after) && isThaiVowel(beyond):
		return !slices.Contains([]rune{'ะ', 'า', 'ู', 'ุ', 'ั'}, beyond) || t.rune(n) == 'ง'
	case after == 'ร' && beyond == 'ร', after == 'ว' && isThaiConsonant(beyond) && !isThaiVowel(t.rune(n+3)):
		return false
	}
	return true
}

// unwritten says the vowel of a syllable in which none is written.
func (t *thaiReader) unwritten() {
	r, after := t.rune(0), t.rune(1)
	switch {
	case !isThaiConsonant(r):
	case r == 'ว' && isThaiConsonant(after) && !isThaiVowel(t.rune(2)):
		t.say("ua")
		t.at++
		t.final(false)
	case !t.ends(0), isThaiConsonant(after) && !isThaiVowel(t.rune(2)) && t.rune(2) != 'อ' && (t.rune(2) == 0 || isThaiLead(t.rune(2))) && r != 'ง':
		t.say("a")
	default:
		t.say("o")
		t.final(false)
	}
}

// isThaiCluster covers the consonants that are said together.
func isThaiCluster(a, b rune) bool {
	switch b {
	case 'ร':
		return strings.ContainsRune("กขคตปพบดฟ", a)
	case 'ล':
		return strings.ContainsRune("กขคปผพบฟ", a)
	case 'ว':
		return strings.ContainsRune("กขค", a)
	}
	return false
}
