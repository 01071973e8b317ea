package fulltext

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/pull/what/languages"
	"keypull/pull/what/speech"
	"keypull/pull/what/stem"
	"keypull/pull/what/textform"
)

// Signs that tell the tokens of the index apart: what is behind stemMark is a
// language and a stem, behind endMark a stem from its last letter to where a second part of it may
// begin.
const (
	stemMark = "="
	endMark  = "<"
	marks    = stemMark + endMark
)

// Bounds of words: how long one may be, in bytes, how many of a text are
// indexed, from how many letters a word is looked at for what it is joined of,
// how many letters such a part and the first of them have at least, from how many on a word is looked for by others that
// are derived as it is, and how many at its end are then another ending.
const (
	maxWordBytes = 120
	maxWords     = 200_000
	minJoined    = 7
	minPart      = 4
	minFirst     = 3
	minDerived   = 8
	derivedEnd   = 2
	// maxSought is how many words of one text are looked for.
	maxSought = 32
)

// baseTags returns the base tags of some languages, each once.
func baseTags(tags []string) []string {
	var all []string
	for _, tag := range tags {
		if base := languages.Base(tag); base != "" && !slices.Contains(all, base) {
			all = append(all, base)
		}
	}
	return all
}

// Words returns the words of a text in the forms that are compared: folded, in
// their order. Letters of scripts without spaces that stand together are one.
func Words(text string) []string {
	var all []string
	for _, word := range normalWords(text) {
		all = append(all, textform.FoldNormal(word))
	}
	return all
}

// Stems returns what the inflected forms of a folded word share in each of some
// languages, base tags; only where that is known.
func Stems(folded string, tags []string) []string {
	var all []string
	for _, tag := range tags {
		if !stem.HasRules(tag) {
			continue
		}
		if s := stem.Of(folded, tag); !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

// normalWords returns the words of a text in their normal form, without signs; a run
// of letters of a script without spaces is a word.
func normalWords(text string) []string {
	text = textform.Normal(strings.Map(separatorToSpace, text))
	var all []string
	for _, field := range strings.Fields(text) {
		for len(field) > 0 && len(all) < maxWords {
			var word string
			if word, field = cutWord(field); word != "" && len(word) <= maxWordBytes || textform.BeginsSpaceless(word) {
				all = append(all, word)
			}
		}
	}
	return all
}

// separatorToSpace turns what may stand within a word of a text into a space, since some
// write it and others don't.
func separatorToSpace(r rune) rune {
	switch r {
	case '\'', '’', 'ʼ', '‘', '`', '´', '-', '‐', '‑', '/', '_', '&', '+', '.', ',', ':', ';':
		return ' '
	}
	return r
}

// cutWord cuts the first word off a field: letters, marks and numbers of one
// way to write.
func cutWord(field string) (word, rest string) {
	end, without := 0, false
	for i, r := range field {
		is := unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
		mark := unicode.IsMark(r)
		switch {
		case !is:
			return field[:i], field[i+utf8.RuneLen(r):]
		case i == 0:
			without = textform.IsSpaceless(r)
		case !mark && textform.IsSpaceless(r) != without:
			return field[:i], field[i:]
		}
		end = i + utf8.RuneLen(r)
	}
	return field[:end], field[min(end, len(field)):]
}

// indexTokens returns the tokens of a text, by which it is found.
func indexTokens(text string, tags []string) string {
	var b strings.Builder
	add := func(token string) {
		b.WriteString(token)
		b.WriteByte(' ')
	}
	for _, word := range normalWords(text) {
		if textform.BeginsSpaceless(word) {
			for _, pair := range letterPairs(textform.FoldNormal(word), true) {
				add(pair)
			}
			continue
		}
		forms := textform.FoldsNormal(word)
		for _, form := range forms {
			add(form)
		}
		for _, tag := range tags {
			if !stem.HasRules(tag) {
				continue
			}
			short := stem.Of(forms[0], tag)
			add(stemToken(forms[0], short, tag))
			if languages.WritesCompounds(tag) && utf8.RuneCountInString(forms[0]) >= minJoined {
				if second := []rune(reverseLetters(short)); len(second) >= minFirst+minPart {
					add(endMark + string(second[:len(second)-minFirst]))
				}
			}
		}
	}
	return b.String()
}

// stemToken returns the token of a stem. Of a word that shares it with one that says nothing it is another one:
// "lose" is no form of Spanish "los", nor Polish "bezę" one of "bez".
func stemToken(folded, short, tag string) string {
	token := stemMark + tag + stemMark + short
	if short != folded && speech.IsEmpty(short, tag) {
		token += stemMark
	}
	return token
}

// letterPairs returns the letters of a word of a script without spaces, two by two; closed
// adds the last one, so that each begins a token.
func letterPairs(word string, closed bool) []string {
	letters := letterClusters(word)
	var all []string
	for i := range len(letters) - 1 {
		all = append(all, letters[i]+letters[i+1])
	}
	if closed {
		all = append(all, letters[len(letters)-1])
	}
	return all
}

// letterClusters returns the letters of a word with their marks.
func letterClusters(word string) []string {
	var all []string
	for _, r := range word {
		if last := len(all) - 1; last >= 0 && unicode.IsMark(r) {
			all[last] += string(r)
			continue
		}
		all = append(all, string(r))
	}
	return all
}

// reverseLetters returns a text from its last letter to its first.
func reverseLetters(s string) string {
	letters := []rune(s)
	slices.Reverse(letters)
	return string(letters)
}

// matchExpression returns the expression of FTS5 that finds a text: all of its words, each in
// whatever form. "" where there is no word in it.
func matchExpression(text string, tags []string) string {
	var all []string
	words := normalWords(text)
	for _, word := range words[:min(len(words), maxSought)] {
		all = append(all, "("+wordExpression(word, tags)+")")
	}
	return strings.Join(all, " AND ")
}

func wordExpression(word string, tags []string) string {
	w := newWord(word, tags)
	if len(w.row) > 0 {
		for i := range w.row {
			w.row[i] = quoteToken(w.row[i])
		}
		return strings.Join(w.row, " + ")
	}
	var forms []string
	for _, token := range w.tokens {
		forms = append(forms, quoteToken(token))
	}
	for _, begin := range w.begins {
		forms = append(forms, quoteToken(begin)+"*")
	}
	return strings.Join(forms, " OR ")
}

// Word is a word that is looked for, with the tokens by which it is found: one of some,
// one that begins so, or a row of them.
type Word struct {
	// Text is the word, folded.
	Text                string
	tokens, begins, row []string
}

// NewWords returns the words of a text as they are looked for in some languages.
func NewWords(text string, tags []string) []Word {
	var all []Word
	words := normalWords(text)
	for _, word := range words[:min(len(words), maxSought)] {
		all = append(all, newWord(word, baseTags(tags)))
	}
	return all
}

// newWord returns a word with the tokens by which it is found.
func newWord(word string, tags []string) Word {
	folded := textform.FoldNormal(word)
	w := Word{Text: folded}
	if textform.BeginsSpaceless(word) {
		if w.row = letterPairs(folded, false); len(w.row) == 0 {
			w.begins = []string{folded}
		}
		return w
	}
	w.tokens = []string{folded}
	long := false
	for _, tag := range tags {
		if !stem.HasRules(tag) {
			continue
		}
		short := stem.Of(folded, tag)
		w.tokens = append(w.tokens, stemToken(folded, short, tag))
		if short != folded && speech.IsEmpty(short, tag) {
			continue
		}
		if languages.WritesCompounds(tag) && utf8.RuneCountInString(short) >= minPart && !long {
			long = true
			w.begins = append(w.begins, endMark+reverseLetters(short), short)
		}
	}
	return w
}

// Joints returns the places where a word that no text has may be joined of two, in languages that
// write such as one: each the two parts, that with the longest second part first.
func (w Word) Joints(tags []string) (all [][2]Word) {
	letters := []rune(w.Text)
	if !slices.ContainsFunc(baseTags(tags), languages.WritesCompounds) || len(w.row) > 0 || len(letters) < minJoined {
		return nil
	}
	for i := minFirst; i <= len(letters)-minPart; i++ {
		all = append(all, [2]Word{newWord(string(letters[:i]), baseTags(tags)), newWord(string(letters[i:]), baseTags(tags))})
	}
	return all
}

// Tokens returns the tokens by which a text is found, each between spaces.
func Tokens(text string, tags []string) string { return " " + indexTokens(text, baseTags(tags)) }

// Exact reports whether the word stands in some Tokens as it is.
func (w Word) Exact(tokens string) bool {
	return len(w.tokens) > 0 && strings.Contains(tokens, " "+w.tokens[0]+" ")
}

// Whole reports whether the word stands in some Tokens, inflected or not; Within whether
// it stands there alone or as a part of a longer one.
func (w Word) Whole(tokens string) bool {
	return slices.ContainsFunc(w.tokens, func(token string) bool { return strings.Contains(tokens, " "+token+" ") }) ||
		len(w.row) > 0 && strings.Contains(tokens, " "+strings.Join(w.row, " ")+" ")
}

// Units returns the word, or, of a script without spaces, its letters two by two, each
// a word of its own.
func (w Word) Units() []Word {
	if len(w.row) == 0 {
		return []Word{w}
	}
	var all []Word
	for _, pair := range w.row {
		all = append(all, Word{Text: pair, tokens: []string{pair}})
	}
	return all
}

// Names returns the names by which Index.Postings finds the word in a document whose
// names are its tokens.
func (w Word) Names() []string {
	all := slices.Clone(w.tokens)
	for _, begin := range append(w.kin(), w.begins...) {
		all = append(all, begin+AnyEnd)
	}
	return all
}

// kin returns how words begin that are derived as a long one is: "oculista" and "oculistica".
func (w Word) kin() []string {
	letters := []rune(w.Text)
	if len(w.row) > 0 || len(letters) < minDerived {
		return nil
	}
	return []string{string(letters[:len(letters)-derivedEnd])}
}

// Akin is Within, or a word that is derived from what it is.
func (w Word) Akin(tokens string) bool {
	return w.Within(tokens) || slices.ContainsFunc(w.kin(), func(begin string) bool { return strings.Contains(tokens, " "+begin) })
}

// Within is Whole, or a part of a longer word.
func (w Word) Within(tokens string) bool {
	return w.Whole(tokens) || slices.ContainsFunc(w.begins, func(begin string) bool { return strings.Contains(tokens, " "+begin) })
}

// quoteToken returns a token as a string of FTS5.
func quoteToken(token string) string { return `"` + strings.ReplaceAll(token, `"`, `""`) + `"` }
