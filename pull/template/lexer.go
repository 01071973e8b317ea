package template

import (
	"slices"
	"strings"

	"keypull/pull/words"
)

// tokenKind is what a token of an expression is.
type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenName
	tokenOption // a name with a colon behind it
	tokenProperty
	tokenText
	tokenNumber
	tokenSign
)

// token is one of an expression, and where it stands in the template.
type token struct {
	kind tokenKind
	text string
	at   int
}

// lexer cuts an expression into tokens.
type lexer struct {
	text   string
	at, to int
}

func isLetter(c byte) bool { return c == '_' || 'a' <= c|0x20 && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isSpace(c byte) bool  { return strings.IndexByte(spaces, c) >= 0 }

// spaces are the signs of white space.
const spaces = " \t\r\n\v\f"

// peek returns the byte so far on, 0 behind the end.
func (l *lexer) peek(by int) byte {
	if l.at+by >= l.to {
		return 0
	}
	return l.text[l.at+by]
}

// nextToken returns the next token; the error is a sign or a text that makes none.
func (l *lexer) nextToken() (token, *mistake) {
	for l.at < l.to && isSpace(l.text[l.at]) {
		l.at++
	}
	if l.at >= l.to {
		return token{at: l.to}, nil
	}
	begin, c := l.at, l.text[l.at]
	switch {
	case isLetter(c):
		return l.name(), nil
	case isDigit(c) || c == '-' && isDigit(l.peek(1)):
		return l.number(), nil
	case c == '"' || c == '\'':
		return l.quoted(c)
	case c == '.' && isLetter(l.peek(1)):
		l.at++
		name := l.word()
		return token{tokenProperty, name, begin}, nil
	}
	sign := l.text[begin : begin+1]
	if two := l.text[begin:min(begin+2, l.to)]; slices.Contains([]string{"==", "!=", ">=", "<=", ".."}, two) {
		sign = two
	}
	l.at += len(sign)
	return token{tokenSign, sign, begin}, nil
}

// word reads letters, digits, hyphens, and a question mark at the end.
func (l *lexer) word() string {
	begin := l.at
	for isLetter(l.peek(0)) || isDigit(l.peek(0)) || l.peek(0) == '-' {
		l.at++
	}
	if l.peek(0) == '?' {
		l.at++
	}
	return l.text[begin:l.at]
}

func (l *lexer) name() token {
	begin := l.at
	name := l.word()
	if l.peek(0) == ':' {
		l.at++
		return token{tokenOption, name, begin}
	}
	return token{tokenName, name, begin}
}

func (l *lexer) number() token {
	begin := l.at
	l.at++
	for isDigit(l.peek(0)) {
		l.at++
	}
	if l.peek(0) == '.' && isDigit(l.peek(1)) {
		l.at++
		for isDigit(l.peek(0)) {
			l.at++
		}
	}
	return token{tokenNumber, l.text[begin:l.at], begin}
}

func (l *lexer) quoted(quote byte) (token, *mistake) {
	begin := l.at
	end := strings.IndexByte(l.text[begin+1:l.to], quote)
	if end < 0 {
		return token{}, newMistake(begin, words.Text{Key: "template.open_text", Args: words.Args{"quote": string(quote)}})
	}
	l.at = begin + 1 + end + 1
	return token{tokenText, l.text[begin+1 : l.at-1], begin}, nil
}
