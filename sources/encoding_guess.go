package sources

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gogs/chardet"

	"keypull/pull/what/languages"
)

// guess finds the encoding of a text that does not say it.
type guess struct {
	languages []string
	// sample is what is beyond ASCII of the text, with the words around it;
	// other counts its bytes beyond ASCII.
	sample []byte
	other  int
}

// Bounds of a guess: what is looked at, and from how many bytes beyond ASCII on
// their letters tell more than the publisher's languages do.
const (
	maxSample   = 24 << 10
	manyLetters = 200
)

func newGuess(body []byte, languages []string) *guess {
	g := &guess{languages: languages, sample: sampled(body)}
	g.other = countNonASCII(g.sample)
	return g
}

// sampled returns the lines of a text that hold more than ASCII, without tags.
func sampled(body []byte) []byte {
	var out []byte
	for len(body) > 0 && len(out) < maxSample {
		i := slices.IndexFunc(body, func(c byte) bool { return c >= utf8.RuneSelf })
		if i < 0 {
			break
		}
		const around = 60
		from := max(0, i-around)
		if tag := bytes.LastIndexAny(body[from:i], "<>\n"); tag >= 0 {
			from += tag + 1
		}
		end := i
		for end < len(body) && end-i < 4096 && body[end] != '\n' && body[end] != '<' {
			end++
		}
		out = append(append(out, body[from:end]...), '\n')
		body = body[end:]
	}
	return out
}

const western = "windows-1252"

// scriptsOf returns the scripts of a language in other letters than Latin ones.
func scriptsOf(language string) (all []*unicode.RangeTable) {
	for name := range strings.FieldsSeq(tables["scripts"][language]) {
		all = append(all, unicode.Scripts[name])
	}
	return all
}

// usual lists the encodings of a language.
func usual(language string) []string {
	language = strings.ToLower(language)
	for _, tag := range []string{language, languages.Base(language)} {
		if list, ok := tables["encodings"][tag]; ok {
			return strings.Fields(list)
		}
	}
	return strings.Fields(western)
}

// bearsOut says whether the text reads as a declared encoding has it. That of
// Western Europe is declared out of habit, and has a letter for every byte.
func (g *guess) bearsOut(d named) bool {
	if !slices.Contains([]string{"windows-1252", "iso-8859-15", "iso-8859-14", "macintosh"}, d.name) {
		return true
	}
	score := g.reads(d, "")
	for _, language := range g.languages {
		score = max(score, g.reads(d, language))
	}
	const well, better = 0.9, 0.2
	if score >= well {
		return true
	}
	best, most := g.likeliest()
	if most < score+better || best.Encoding == nil {
		return true
	}
	one, _ := best.NewDecoder().Bytes(g.sample)
	other, _ := d.NewDecoder().Bytes(g.sample)
	return bytes.Equal(one, other)
}

// bestEncoding returns the likeliest encoding of a text; declared are those that it claims
// and that its bytes do not bear out.
func (g *guess) bestEncoding(declared []named) named {
	best, most := g.likeliest()
	if best.Encoding != nil && most > 0 {
		return best
	}
	for _, d := range append(declared, named{Charset("windows-1252"), "windows-1252", false}) {
		if score := g.reads(d, ""); best.Encoding == nil || score > most {
			best, most = d, score
		}
	}
	return best
}

// likeliest goes by the letters where there are enough of them, else by the
// publisher's languages, else by any.
func (g *guess) likeliest() (best named, most float64) {
	most = -10
	look := func(name, language string, bonus float64) {
		if score := g.reads(named{Charset(name), name, false}, language) + bonus; score > most {
			best, most = named{Charset(name), name, false}, score
		}
	}
	for i, language := range g.languages {
		for j, name := range usual(language) {
			look(name, language, -0.01*float64(i)-0.02*float64(j))
		}
	}
	if g.other >= manyLetters {
		for _, r := range detected(g.sample) {
			look(r.Charset, r.Language, float64(r.Confidence)/200)
			if r.Charset == "koi8-r" { // which is not told from its sister
				look("koi8-u", "uk", float64(r.Confidence)/200)
			}
		}
	}
	const strange = 0.2
	if most < 0 {
		for _, language := range slices.Concat(slices.Sorted(maps.Keys(tables["alphabets"])), slices.Sorted(maps.Keys(tables["scripts"]))) {
			for j, name := range usual(language) {
				look(name, language, -strange-0.02*float64(j))
			}
		}
	}
	return best, most
}

// detected returns the encodings that the letters of a text speak for, as browsers
// call them.
func detected(sample []byte) []chardet.Result {
	all, err := chardet.NewTextDetector().DetectAll(sample)
	if err != nil {
		return nil
	}
	// The library asks several at once: those that are as sure come in any order.
	slices.SortFunc(all, func(a, b chardet.Result) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), cmp.Compare(a.Charset, b.Charset), cmp.Compare(a.Language, b.Language))
	})
	var known []chardet.Result
	for _, r := range all {
		r.Charset = strings.ToLower(strings.Replace(r.Charset, "GB-", "gb", 1))
		if r.Charset == "windows-1251" {
			r.Language = "ru" // and not Arabic, as the library has it
		}
		if e := Charset(r.Charset); e != nil && !strings.HasPrefix(r.Charset, "utf") {
			known = append(known, r)
		}
	}
	return known
}

// reads says how well the sample reads as an encoding of a language has it: 1 is
// perfect, 0 and less is nothing that anybody wrote.
func (g *guess) reads(c named, language string) float64 {
	if c.Encoding == nil {
		return -10
	}
	text, err := c.NewDecoder().Bytes(g.sample)
	if err != nil {
		return -10
	}
	r := reading{language: languages.Base(language)}
	r.scripts = scriptsOf(r.language)
	for rest := string(text); rest != ""; {
		letter, size := utf8.DecodeRuneInString(rest)
		rest = rest[size:]
		next, _ := utf8.DecodeRuneInString(rest)
		r.takeLetter(letter, next)
	}
	if r.other == 0 {
		return 0
	}
	score := r.score / float64(r.other)
	if common, ok := wideCommon[c.name]; ok {
		score += g.rare(common)
	}
	return score
}

// wideCommon are the first bytes of the letters that are usual, of encodings
// with two bytes a letter, as pairs from and to.
var wideCommon = map[string][]byte{
	"gb18030": {0xA1, 0xA3, 0xB0, 0xD7}, "gbk": {0xA1, 0xA3, 0xB0, 0xD7}, "big5": {0xA1, 0xC6}, "euc-kr": {0xA1, 0xA3, 0xB0, 0xC8},
	"euc-jp": {0xA1, 0xA5, 0xB0, 0xCF}, "shift_jis": {0x81, 0x83, 0x88, 0x97},
}

// rare is 0 where all letters are usual ones, and less where they are not.
func (g *guess) rare(common []byte) float64 {
	rare, all := 0, 0
	for i := 0; i+1 < len(g.sample); i++ {
		c := g.sample[i]
		if c < utf8.RuneSelf {
			continue
		}
		all++
		if (c < common[0] || c > common[1]) && (len(common) == 2 || c < common[2] || c > common[3]) {
			rare++
		}
		i++
	}
	return -2 * float64(rare) / float64(max(1, all))
}

// reading adds up how a text reads.
type reading struct {
	language     string
	scripts      []*unicode.RangeTable
	score        float64
	other        int
	before, last rune
}

func (r *reading) takeLetter(letter, next rune) {
	before := r.before
	r.last, r.before = before, letter
	if letter < utf8.RuneSelf {
		return
	}
	r.other++
	inside := unicode.IsLetter(before) && unicode.IsLetter(next)
	switch {
	case letter == utf8.RuneError, unicode.IsControl(letter) && letter != 0x85, unicode.Is(unicode.Co, letter):
		r.score -= 3
	case unicode.IsMark(letter): // which stands with any letter
	case unicode.IsLetter(letter):
		r.scoreLetter(letter, before, next)
	case inside && letter != '’' && letter != '·' && letter != '‑' && letter != '\u00AD':
		r.score--
	case unicode.IsPunct(letter), unicode.IsSpace(letter), strings.ContainsRune("€£°ºª", letter), letter >= 0x3000 && letter <= 0x303F, letter >= 0xFF00 && letter <= 0xFF5E:
		r.score += 0.7
	default:
		r.score -= 0.7
	}
}

// scoreLetter takes a letter: whether its language has it, and whether it stands where
// people write it so.
func (r *reading) scoreLetter(letter, before, next rune) {
	if unicode.IsUpper(letter) && (unicode.IsLower(before) || unicode.IsLower(next) && unicode.IsUpper(before) && unicode.IsUpper(r.last)) {
		r.score--
		return
	}
	own, foreign := r.scripts, 0.4
	latin := unicode.Is(unicode.Latin, letter)
	switch {
	case !latin && (before < utf8.RuneSelf && unicode.IsLetter(before) || next < utf8.RuneSelf && unicode.IsLetter(next)) && !unicode.In(letter, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana):
		r.score-- // within a word of other letters
	case own != nil && unicode.In(letter, own...):
		r.score += 0.9
		if common := tables["usual"][r.language]; strings.ContainsRune(common, unicode.ToLower(letter)) {
			r.score += 0.1
		} else if common != "" {
			r.score -= 0.2
		}
		if unicode.IsUpper(letter) && unicode.IsUpper(before) {
			r.score -= 0.2
		}
	case own != nil:
		r.score -= 0.8
	case strings.ContainsRune(tables["alphabets"][r.language], unicode.ToLower(letter)):
		r.score++
	case latin && before >= utf8.RuneSelf && unicode.IsLetter(before) && next >= utf8.RuneSelf && unicode.IsLetter(next):
		r.score--
	case latin && tables["alphabets"][r.language] != "":
		r.score -= 0.1
	case latin, r.language == "":
		r.score += foreign
	default:
		r.score -= 0.8
	}
}
