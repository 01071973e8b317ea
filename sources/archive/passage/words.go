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
	folded, stem string
	// capital says that it begins with a capital within a sentence, code that it
	// has a digit, or no small letter.
	capital, code bool
	// upper says that it begins with a capital, wherever it stands; money that a sign of a
	// currency stands beside it.
	upper, money bool
	// number is a number without grouping, "" for anything else.
	number string
	// sentence counts the sentences before it.
	sentence int
}

// maxWords bounds the words of one paragraph that are looked at.
const maxWords = 2000

// wordsOf returns the words of a text of a language.
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
		w := forms.parseWord(text[i:end], language)
		w.sentence = sentence
		w.upper = isUpper(r)
		w.capital = w.upper && !fresh
		w.money = money && hasCurrency(text, i, end)
		all = append(all, w)
		fresh, i = false, nextWord(text, i, end)
	}
	return all
}

// isPair reports whether a word is of a script without spaces.
func isPair(folded string) bool {
	r, _ := utf8.DecodeRuneInString(folded)
	return textform.IsSpaceless(r)
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
	known map[string]word
}

// maxForms bounds the words of a language that are kept taken apart, maxFormBytes how long
// each is: some 6 MiB in all.
const (
	maxForms     = 32_768
	maxFormBytes = 48
)

// parseWord returns a word with its forms, which are kept for the next time.
func (f *forms) parseWord(text, language string) word {
	w, ok := f.known[text]
	if ok {
		return w
	}
	w = newWord(text, language)
	if len(text) <= maxFormBytes {
		if len(f.known) >= maxForms || f.known == nil {
			f.known = map[string]word{}
		}
		f.known[strings.Clone(text)] = w
	}
	return w
}

// newWord returns a word with its forms.
func newWord(text, language string) word {
	w := word{folded: strings.Clone(textform.Fold(text))}
	if strings.ContainsFunc(text, unicode.IsDigit) {
		w.code = true
		w.number = strings.Clone(plainNumber(text))
	} else {
		w.code = utf8.RuneCountInString(text) > 1 && text == strings.ToUpper(text) && text != strings.ToLower(text)
	}
	w.stem = stem.Of(w.folded, language)
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
	const enough = 60
	best, most := candidates[0], 0
	words := strings.FieldsFunc(textform.Fold(firstBytes(text, 1200)), func(r rune) bool { return !isWordRune(r) })
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

// firstBytes returns the beginning of a text, at most n bytes.
func firstBytes(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return strings.ToValidUTF8(text[:n], "")
}
