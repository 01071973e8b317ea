package stem

import (
	"strings"
	"unicode/utf8"

	"keypull/pull/what/textform"
)

// Light takes the endings of plural and genitive that many languages share
// off a folded word whose language is not known, such as a name: lobianis,
// nusstorten, blodpalts, gateaux. At least three letters stay, and words in
// other letters than the Latin ones come back as they are.
func Light(word string) string {
	n := len(word)
	if n <= minStem || n > maxStemWord || !textform.IsASCII(word) || !hasStem(word) {
		return word
	}
	last, before := word[n-1], word[n-2]
	switch {
	case last == 's' && n > minStem+1 && hasAnySuffix(word, "xes", "zes", "sses", "shes"),
		last == 's' && n > minStem+2 && hasAnySuffix(word, "oes"):
		return word[:n-2]
	case last == 's' && before != 's' && before != 'u':
		return word[:n-1]
	case last == 'x' && before == 'u' && hasAnySuffix(word, "aux", "eux", "oux"):
		return word[:n-1]
	case last == 'n' && before == 'e' && n > minStem+2:
		return word[:n-1]
	}
	return word
}

func hasAnySuffix(s string, suffixes ...string) bool {
	for _, suffix := range suffixes {
		if strings.HasSuffix(s, suffix) {
			return true
		}
	}
	return false
}

// endings are endings of one language, in groups by length: the longer ones
// stand before the shorter ones, and the first one that fits goes.
type endings []string

// ends makes endings of words separated by spaces.
func ends(texts string) endings { return strings.Fields(texts) }

var (
	polishEndings = ends("iami iach iego iemu owie ami ach ego emu owi ymi imi iej ich ych om ow ej ie ia iu ii em ym im ek ka ki a e i y o u")
	czechEndings  = ends("oveho ami emi ach ech ich ych eho emu ovi ove ymi imi mi um om em ym im ou uv ej a e i y o u")
	// The soft sign and the short i are endings of their own.
	ukrainianEndings = ends("ями ами ього ьому ього ого ому ими іми ові еві єві ьою ією ам ям ах ях ів їв ою ею єю ої ій ий их іх им ім ем ом ям ія ії ію ій ь й а я о е є и і ї у ю")
	// Accents are gone, and the final sigma is written like the others.
	greekEndings      = ends("ματων ματοσ ματα ουσ εων εισ εσ οσ ου οι ων ασ ησ ισ υσ μα α η ο ε ι υ ω σ")
	indonesianEndings = ends("nya lah kah")
)

// suffixes makes a function that takes the longest of the endings off once.
func suffixes(all endings) func(string) string {
	return func(word string) string {
		for _, ending := range all {
			if rest, ok := strings.CutSuffix(word, ending); ok && utf8.RuneCountInString(rest) >= minStem {
				return rest
			}
		}
		return word
	}
}

var (
	arabicArticles = []string{"وبال", "وال", "بال", "كال", "فال", "ولل", "لل", "ال"}
	arabicEndings  = ends("يات يه ات ون ين ه")
)

// stemArabic takes the article with the prepositions written to it off, and
// the endings of the feminine and the sound plurals. The ta marbuta of a folded
// word is a ha.
func stemArabic(word string) string {
	for _, article := range arabicArticles {
		if rest, ok := strings.CutPrefix(word, article); ok && utf8.RuneCountInString(rest) >= minStem {
			word = rest
			break
		}
	}
	for _, ending := range arabicEndings {
		if rest, ok := strings.CutSuffix(word, ending); ok && utf8.RuneCountInString(rest) >= minStem {
			if ending == "يه" || ending == "يات" {
				return rest + "ي"
			}
			return rest
		}
	}
	return word
}

var persianEndings = ends("هايي هاي ها")

func stemPersian(word string) string { return suffixes(persianEndings)(word) }

// stemHebrew takes the article and the endings of number and gender off, and
// writes the last letter as one inside of a word.
func stemHebrew(word string) string {
	if rest, ok := strings.CutPrefix(word, "ה"); ok && utf8.RuneCountInString(rest) >= minStem {
		word = rest
	}
	for _, ending := range hebrewEndings {
		if rest, ok := strings.CutSuffix(word, ending); ok && utf8.RuneCountInString(rest) >= minStem {
			word = rest
			break
		}
	}
	r, size := utf8.DecodeLastRuneInString(word)
	if inner, ok := hebrewFinals[r]; ok {
		return word[:len(word)-size] + inner
	}
	return word
}

var (
	hebrewEndings = ends("יות ים ות ית יה ה")
	hebrewFinals  = map[rune]string{'ך': "כ", 'ם': "מ", 'ן': "נ", 'ף': "פ", 'ץ': "צ"}
)

// stemHindi writes long i and u short, since both spellings are common, and
// takes the endings of number and oblique case off.
func stemHindi(word string) string {
	word = hindiVowels.Replace(word)
	for _, ending := range hindiEndings {
		if rest, ok := strings.CutSuffix(word, ending); ok && utf8.RuneCountInString(rest) >= minHindi {
			return rest
		}
	}
	return word
}

// minHindi is less than minStem, since the vowel inherent in a letter is not
// written.
const minHindi = 2

var (
	hindiVowels  = strings.NewReplacer("ी", "ि", "ई", "इ", "ू", "ु", "ऊ", "उ")
	hindiEndings = ends("ियां ियों यां यों ओं एं ाएं ाओं ें ों ां ि ा े ो ं")
)

// koreanParticles stand at the end of a noun and are not part of it.
const koreanParticles = "은는이가을를의"

func stemKorean(word string) string {
	r, size := utf8.DecodeLastRuneInString(word)
	rest := word[:len(word)-size]
	if strings.ContainsRune(koreanParticles, r) && utf8.RuneCountInString(rest) >= 2 {
		return rest
	}
	return word
}

var hungarianEndings = ends("okban ekben akban oknak eknek aknak okkal ekkel akkal okbol ekbol akbol okat eket akat " +
	"ban ben bol nak nek rol tol hoz hez val vel ra re ok ek ak et ot at k")

// stemHungarian knows the cases that readers use around a noun. The t of the
// accusative stands right behind some consonants only.
func stemHungarian(word string) string {
	short := suffixes(hungarianEndings)(word)
	if n := len(short); short == word && n > minStem+1 && word[n-1] == 't' && strings.IndexByte("slnrzj", word[n-2]) >= 0 {
		short = word[:n-1]
	}
	return openEnd(short)
}

var (
	turkishPlurals = ends("lerinden larindan lerinin larinin lerimiz larimiz lerden lardan lerin larin lerde larda lere lara leri lari ler lar")
	turkishCases   = ends("sinden sindan sinin sunun nden ndan den dan ten tan nde nda nin nun de da te ta si su in un i u")
)

// stemTurkish takes plural, possessive and case off. The vowels of a folded
// word tell nothing of their harmony, and voiced ends are written unvoiced:
// kebabi, kebap.
func stemTurkish(word string) string {
	short := suffixes(turkishCases)(suffixes(turkishPlurals)(word))
	n := len(short)
	if n > minStem && textform.IsASCII(short) {
		if i := strings.IndexByte("bcdg", short[n-1]); i >= 0 {
			return short[:n-1] + "pctk"[i:i+1]
		}
	}
	return short
}
