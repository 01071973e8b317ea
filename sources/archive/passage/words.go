package passage

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"keypull/pull/what/languages"
	"keypull/pull/what/speech"
	"keypull/pull/what/stem"
	"keypull/pull/what/textform"
)

// word is one word of a text.
type word struct {
	*form
	// capital says that it begins with a capital within a sentence.
	capital bool
	// money says that a sign of a currency stands beside it.
	money bool
	// sentence counts the sentences before it.
	sentence int
}

// form is a word by itself, wherever it stands.
type form struct {
	folded, stem string
	// verb is what is left of it as a verb.
	verb string
	// number is a number without grouping, "" for anything else.
	number string
	// upper says that it begins with a capital, wherever it stands; code that it has a digit,
	// or no small letter.
	upper, code bool
}

// maxWords bounds the words of one paragraph that are looked at.
const maxWords = 2000

func wordsOf(text, language string) []word {
	var all []word
	sentence, fresh := 0, true
	money := strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Sc, r) })
	forms := &lexiconOf(language).forms
	forms.mu.Lock()
	defer forms.mu.Unlock()
	for i := 0; i < len(text) && len(all) < maxWords; {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !isWordRune(r) {
			if endsSentence(text, i, r) {
				sentence++
				fresh = true
			}
			i += size
			continue
		}
		end := wordEnd(text, i)
		w := word{form: forms.parseWord(text[i:end], language), sentence: sentence}
		w.capital = w.upper && !fresh
		w.money = money && hasCurrency(text, i, end)
		all = append(all, w)
		fresh, i = false, nextWord(text, i, end)
	}
	return all
}

// texts are those whose words were found lately, those of now and those before: what readers
// ask about today stands in few articles.
type texts struct {
	mu            sync.Mutex
	fresh, before map[textKey][]word
	// used is how many bytes the fresh ones take.
	used int
}

type textKey struct{ language, text string }

// known are the words of articles that were compared lately.
var known texts

// maxTextBytes bounds what each half of the texts takes; letterBytes and wordBytes are what a
// letter and a word do, with the forms of words too long to be kept elsewhere.
const (
	maxTextBytes = 8 << 20
	letterBytes  = 4
	wordBytes    = 32
)

// wordsIn returns what wordsOf returns, as it was found before.
func (t *texts) wordsIn(text, language string) []word {
	key := textKey{languages.Base(language), text}
	t.mu.Lock()
	words, ok := t.fresh[key]
	if !ok {
		words, ok = t.before[key]
	}
	t.mu.Unlock()
	if ok {
		return words
	}
	words = wordsOf(text, language)
	size := letterBytes*len(text) + wordBytes*len(words)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.fresh == nil || t.used+size > maxTextBytes {
		t.fresh, t.before, t.used = map[textKey][]word{}, t.fresh, 0
	}
	t.fresh[key] = words
	t.used += size
	return words
}

// forget drops all texts, so that they hold no forms that others have given up.
func (t *texts) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.fresh, t.before, t.used = nil, nil, 0
}

// nextWord returns where the next word may begin: the pairs of a script without spaces
// overlap.
func nextWord(text string, begin, end int) int {
	first, _ := utf8.DecodeRuneInString(text[begin:])
	next, _ := utf8.DecodeRuneInString(text[end:])
	if !textform.IsSpaceless(first) || !textform.IsSpaceless(next) {
		return end
	}
	for i, r := range text[begin:end] {
		if i > 0 && !unicode.IsMark(r) {
			return begin + i
		}
	}
	return end
}

// endsSentence reports whether a sentence ends at a sign: behind a number or a single letter
// a full stop does not end one.
func endsSentence(text string, i int, r rune) bool {
	switch r {
	case '!', '?', '…', '。', '\n':
		return true
	case '.':
		if i+1 < len(text) && text[i+1] != ' ' && text[i+1] != '\n' {
			return false
		}
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		return !unicode.IsDigit(before)
	}
	return false
}

// hasCurrency reports whether the sign of a currency stands before or behind a word.
func hasCurrency(text string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text[max(0, from-4):from], " \u00A0"))
	behind, _ := utf8.DecodeRuneInString(strings.TrimLeft(text[to:min(len(text), to+5)], " \u00A0\u202F"))
	return unicode.Is(unicode.Sc, before) || unicode.Is(unicode.Sc, behind)
}

// isWordRune reports whether a rune belongs to a word.
func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) }

// wordEnd returns where a word ends: letters of scripts without spaces are words of
// their own, signs between digits belong to the number.
func wordEnd(text string, from int) int {
	first, size := utf8.DecodeRuneInString(text[from:])
	if textform.IsSpaceless(first) {
		return pairEnd(text, from)
	}
	for i := from + size; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !isWordRune(r) || textform.IsSpaceless(r) {
			if isDigitGrouping(text, i, r) {
				i += size
				continue
			}
			return i
		}
		i += size
	}
	return len(text)
}

// pairEnd returns where two letters end, with their marks, of a script without spaces; the
// words of such a text are each two letters that stand together.
func pairEnd(text string, from int) int {
	letters := 0
	for i, r := range text[from:] {
		if !unicode.IsMark(r) {
			if letters++; letters > 2 || !textform.IsSpaceless(r) {
				return from + i
			}
		}
	}
	return len(text)
}

// isDigitGrouping reports whether a sign stands between the digits of one number.
func isDigitGrouping(text string, i int, r rune) bool {
	if r != '.' && r != ',' && r != '\u00A0' && r != '\u202F' && r != '\'' && r != '’' {
		return false
	}
	size := utf8.RuneLen(r)
	return isDigit(text, i-1) && isDigit(text, i+size) && (r == '.' || r == ',' || isDigit(text, i+size+2) && !isDigit(text, i+size+3))
}

func isDigit(text string, i int) bool {
	return i >= 0 && i < len(text) && text[i] >= '0' && text[i] <= '9'
}

// forms are the words of a language as they were taken apart before: most of those of a text
// stand in many.
type forms struct {
	mu    sync.Mutex
	known map[string]*form
}

// maxForms bounds the words of a language that are kept taken apart, maxFormBytes how long
// each is: some 6 MiB in all.
const (
	maxForms     = 32_768
	maxFormBytes = 48
)

// parseWord returns a word taken apart, which is kept for the next time.
func (f *forms) parseWord(text, language string) *form {
	w, ok := f.known[text]
	if ok {
		return w
	}
	w = newForm(text, language)
	if len(text) <= maxFormBytes {
		if len(f.known) >= maxForms || f.known == nil {
			f.known = map[string]*form{}
			known.forget()
		}
		f.known[strings.Clone(text)] = w
	}
	return w
}

// newForm takes a word apart.
func newForm(text, language string) *form {
	first, _ := utf8.DecodeRuneInString(text)
	w := &form{folded: strings.Clone(textform.Fold(text)), upper: unicode.IsUpper(first) || unicode.IsTitle(first)}
	if strings.ContainsFunc(text, unicode.IsDigit) {
		w.code = true
		w.number = strings.Clone(plainNumber(text))
	} else {
		w.code = utf8.RuneCountInString(text) > 1 && text == strings.ToUpper(text) && text != strings.ToLower(text)
	}
	w.stem, w.verb = stem.Of(w.folded, language), verbRoot(w.folded, language)
	return w
}

// plainNumber writes a number without grouping: 12.000 and 12,000 are 12000.
func plainNumber(text string) string {
	digits := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text)
	for i, r := range text {
		if (r == '.' || r == ',') && len(text)-i-1 != 3 {
			return strings.Replace(text, ",", ".", 1)
		}
	}
	return digits
}

// LanguageOf returns the language among candidates whose small words a text has most of;
// the first of them where that says nothing.
func LanguageOf(text string, candidates []string) string {
	if len(candidates) == 0 {
		return ""
	}
	const enough, looked = 60, 1200 // words, bytes
	best, most := candidates[0], 0
	words := strings.FieldsFunc(textform.Fold(strings.ToValidUTF8(text[:min(len(text), looked)], "")), func(r rune) bool { return !isWordRune(r) })
	for _, tag := range candidates {
		n, base := 0, languages.Base(tag)
		tongues, l := speech.Of(base), lexiconOf(base)
		for _, w := range words[:min(len(words), enough)] {
			if l.stop[w] || speech.IsFunction(w, tongues) {
				n++
			}
		}
		if n > most {
			best, most = tag, n
		}
	}
	return best
}
