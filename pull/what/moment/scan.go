package moment

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/pull/what/textform"
)

// item is a word, a number, or a letter of a script that writes no spaces.
type item struct {
	start, end int
	// word is folded; of a number it is its digits, and number its value.
	word   string
	number int
	digits int
	// sign is what alone stands between it and the item before, which it is written
	// to; glued says that nothing does.
	sign  rune
	glued bool
	// amount says that a sign beside a number counts something: "4.25 %", "£7.30".
	amount bool
	// katakana says that it is written in it: に is no part of ニュース.
	katakana bool
}

// maxDigits is more than any number of a moment has.
const maxDigits = 9

// class tells the characters apart that begin another item.
type class int

const (
	between class = iota
	digit
	letter
	ideograph
)

func classOf(r rune) class {
	switch {
	case unicode.Is(unicode.Nd, r):
		return digit
	case textform.IsSpaceless(r) && unicode.IsLetter(r):
		return ideograph
	case unicode.IsLetter(r) || unicode.IsMark(r):
		return letter
	}
	return between
}

// scanItems cuts a text into items.
func scanItems(text string) []item {
	var items []item
	start, kind, end := -1, between, 0
	flush := func(at int) {
		if start < 0 {
			return
		}
		k := item{start: start, end: at}
		gap := text[end:start]
		sign, size := utf8.DecodeRuneInString(gap)
		if k.glued = gap == "" && len(items) > 0; !k.glued && size == len(gap) && size > 0 && len(items) > 0 && !unicode.IsSpace(sign) {
			k.sign = sign
		}
		k.word, k.katakana = textform.Fold(text[start:at]), textform.IsKatakana(text[start:at])
		if kind == digit {
			k.word = textform.Figures(text[start:at])
			k.digits = len(k.word)
			if n, err := strconv.Atoi(k.word); err == nil && k.digits <= maxDigits {
				k.number = n
			} else {
				k.digits = maxDigits
			}
			k.amount = isAmount(text[:start], text[at:])
		}
		start, end = -1, at
		if k.word != "" {
			items = append(items, k)
		}
	}
	for i, r := range text {
		c := classOf(r)
		if start >= 0 && joins(text, i, kind, c, r) {
			continue
		}
		flush(i)
		if c != between && !unicode.IsMark(r) {
			start, kind = i, c
		}
	}
	flush(len(text))
	return items
}

// isAmount reports whether a sign stands right before a number, or behind it, that says what is counted: a currency, parts
// of a hundred or a thousand, or degrees. The sign of "$TSLA" counts nothing.
func isAmount(before, behind string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	behind = strings.TrimLeftFunc(behind, unicode.IsSpace)
	first, size := utf8.DecodeRuneInString(behind)
	next, _ := utf8.DecodeRuneInString(behind[size:])
	return unicode.Is(unicode.Sc, last) || unicode.Is(unicode.Sc, first) && !unicode.IsLetter(next) || strings.ContainsRune("%٪‰°", first)
}

// joins reports whether a character goes on with the item before it.
func joins(text string, i int, kind, c class, r rune) bool {
	switch {
	case unicode.IsMark(r):
		return kind != digit
	case c == between && kind == letter && strings.ContainsRune("'’ʼ", r):
		next, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
		return classOf(next) == letter
	}
	return c == kind && c != ideograph && c != between
}

// isApart reports whether a moment, or words that ask for something, may begin or end at an item: it
// isn't written to the one before as within a name. The DE of "SAP.DE" is no French word.
func isApart(items []item, at int) bool {
	if at <= 0 || at >= len(items) {
		return true
	}
	return !strings.ContainsRune(".-/=", items[at].sign) || items[at].digits > 0 || items[at-1].digits > 0
}

// phraseOf returns a phrase as its items are looked up.
func phraseOf(text string) (phrase string, words int) {
	var b strings.Builder
	for i, k := range scanItems(text) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(k.word)
		words++
	}
	return b.String(), words
}
