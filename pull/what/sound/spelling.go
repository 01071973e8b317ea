package sound

import (
	"slices"
	"strings"
	"sync"

	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
)

// Spelling is a way in which people write a language in Latin letters that has
// a script in which letters do not tell how they sound, or words where they end.
type Spelling uint8

// The spellings. Pinyin is without tones, Romaji is Hepburn's or the government's,
// with long vowels or without, ThaiLatin whatever people write.
const (
	NoSpelling Spelling = iota
	Pinyin
	Romaji
	ThaiLatin
)

// maxSpellings bounds the keys of one text, maxPinyin those of one in Chinese.
const maxSpellings, maxPinyin = 8, 4

// maxSpelt bounds the texts that have any, in bytes: nobody writes a longer one
// out in Latin letters.
const maxSpelt = 96

// Spellings returns keys of how a text in normal form may be written in Latin
// letters, the likeliest first and at most eight, and of which spelling they
// are. Chinese characters are read by the language that the text belongs to.
// There are none for a text in other letters, nor for a long one.
func Spellings(normal, language string) (Spelling, []string) {
	if len(normal) > maxSpelt {
		return NoSpelling, nil
	}
	by := spellingOf(normal, languages.Base(language))
	var all []string
	switch by {
	case Pinyin:
		all = sayPinyin(textform.FoldNormal(normal))
	case Romaji:
		all = sayJapanese(normal)
	case ThaiLatin:
		all = spellThai(normal)
	default:
		return NoSpelling, nil
	}
	var keys []string
	for _, latin := range all {
		key := Spelled(by, latin)
		if len(keys) == maxSpellings {
			break
		}
		if key != "" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return by, keys
}

// spellingOf tells by what letters a text has, and by its language, how it is
// spelt. What is quick is asked first: most texts have none of these letters.
func spellingOf(normal, language string) Spelling {
	han := false
	for _, r := range normal {
		switch {
		case r < 0x0e00:
		case r <= 0x0e5b:
			return ThaiLatin
		case 'ぁ' <= r && r <= 'ヺ':
			return Romaji
		case isHan(r):
			han = true
		}
	}
	switch {
	case !han:
		return NoSpelling
	case language == "ja":
		return Romaji
	case language == "zh" || language == "" || language == "mul" || language == "und":
		return Pinyin
	}
	return NoSpelling
}

func isHan(r rune) bool { return 0x3400 <= r && r <= 0x9fff || r == '〇' || r == '々' }

// Spelled returns the key of a text that somebody wrote in Latin letters, by
// which it meets those of Spellings. Spaces tell nothing. It is "" for a text in
// other letters.
func Spelled(by Spelling, latin string) string {
	buf := make([]byte, 0, len(latin))
	for i := range len(latin) {
		switch c := latin[i]; {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			buf = append(buf, c)
		case c >= 0x80:
			return ""
		}
	}
	switch by {
	case Pinyin:
		return strings.ReplaceAll(string(buf), "v", "u")
	case Romaji:
		return squeezed(hepburn().Replace(string(buf)))
	case ThaiLatin:
		return squeezed(thaiLatin().Replace(string(silentR(buf))))
	}
	return ""
}

// Loosely returns the key of a key in pinyin under which those meet that people
// of the south write for each other: z and zh, n and ng.
func Loosely(pinyin string) string { return squeezed(loosePinyin().Replace(pinyin)) }

// squeezed writes letters once that stand twice.
func squeezed(s string) string {
	out := make([]byte, 0, len(s))
	for i := range len(s) {
		if i == 0 || s[i] != s[i-1] || s[i] <= '9' {
			out = append(out, s[i])
		}
	}
	return string(out)
}

// silentR drops the r that English spelling puts behind a vowel: larb, tord.
func silentR(s []byte) []byte {
	out := s[:0]
	for i, c := range s {
		if c == 'r' && i > 0 && isRomanVowel(s[i-1]) && (i+1 == len(s) || !isRomanVowel(s[i+1]) && s[i+1] != 'r') {
			continue
		}
		out = append(out, c)
	}
	return out
}

// pairs makes a replacer of "a=b" parted by spaces.
func pairs(list string) func() *strings.Replacer {
	return sync.OnceValue(func() *strings.Replacer {
		var all []string
		for pair := range strings.FieldsSeq(list) {
			from, to, _ := strings.Cut(pair, "=")
			all = append(all, from, to)
		}
		return strings.NewReplacer(all...)
	})
}

var (
	loosePinyin = pairs("zh=z ch=c sh=s ng=n")
	// hepburn makes one of the spellings of Japanese, and one of long vowels and
	// short ones. What stands for itself keeps its letters together.
	hepburn = pairs(`sha=sha shu=shu sho=sho sh=sh tch=ch cch=ch ch=ch ts=ts sya=sha syu=shu syo=sho tya=cha tyu=chu tyo=cho
		zya=ja zyu=ju zyo=jo jya=ja jyu=ju jyo=jo si=shi ti=chi tu=tsu hu=fu zi=ji dzu=zu du=zu
		ou=o oo=o oh=oh uu=u ei=e ee=e aa=a ii=i mb=nb mp=np mm=nm wo=o kio=kyo iya=ia l=r`)
	// thaiLatin makes one letter of all that people write for a sound. The
	// letters in capitals are those of sounds that take two.
	thaiLatin = pairs(`uea=ua eua=ua uua=ua oua=ua
		iao=iW iaw=iW iew=iW iow=iW eow=iW eaw=iW eew=iW iu=iW io=iW
		uay=uY uai=uY uey=uY uei=uY way=uY wai=uY oey=oY oei=oY oi=oY ooy=oY oy=oY ui=uY uy=uY
		aai=aY aay=aY ai=aY ay=aY ei=aY ey=aY aeo=eW aew=eW ew=eW eo=eW aao=A ao=A aow=A ow=A au=A
		aw=o oo=u ou=u ue=u eu=u uu=u oe=e ae=e ee=i ii=i ea=ia oh=o ah=a um=am
		nkh=N nk=N ng=N kh=k gh=k g=k q=k th=t dh=t d=t ph=p bh=p b=p ch=c j=c sh=c z=s r=l v=w`)
)
