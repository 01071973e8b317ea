package sqldb

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"keypull/pull/words"
)

// class says what a token is.
type class uint8

const (
	// word is a name or keyword without quotes, name one with quotes.
	word class = iota
	name
	// literal is a text in quotes.
	literal
	number
	// place stands for a parameter: its text is the name between the braces.
	place
	sign
)

// token is one piece of a statement: text in small letters for a word, without
// quotes for a name. raw is as it was written, gap says that something stood
// between it and what is before it.
type token struct {
	class     class
	text, raw string
	gap       bool
}

func (t token) is(texts ...string) bool {
	return t.class != name && t.class != literal && t.class != place && slices.Contains(texts, t.text)
}

// isName says that the token may be the name of something.
func (t token) isName() bool { return t.class == word || t.class == name }

// lexer parts a query into tokens as its dialect does, and refuses what the
// settings of a server could make it read otherwise.
type lexer struct {
	dialect *dialect
	rest    string
	tokens  []token
	gap     bool
}

func refuseQuery(key string, args words.Args) error { return &words.Failure{Text: own.Text(key, args)} }

// maxTokens bounds a query.
const maxTokens = 5000

// scanTokens parts a query into its tokens.
func scanTokens(d *dialect, query string) ([]token, error) {
	for i := range len(query) {
		if c := query[i]; c < ' ' && c != '\n' && c != '\t' && c != '\r' || c == 0x7f {
			return nil, refuseQuery("query_control", nil)
		}
	}
	if !utf8.ValidString(query) {
		return nil, refuseQuery("query_control", nil)
	}
	x := &lexer{dialect: d, rest: query}
	for {
		skipped, err := x.skipGap()
		if err != nil {
			return nil, err
		}
		x.gap = skipped
		if x.rest == "" {
			return x.tokens, nil
		}
		if err := x.scanToken(); err != nil {
			return nil, err
		}
		if len(x.tokens) > maxTokens {
			return nil, refuseQuery("query_long", nil)
		}
	}
}

// skipGap passes over space and comments. A comment that the database would carry
// out, or take a hint from, is refused.
func (x *lexer) skipGap() (skipped bool, err error) {
	for {
		before := len(x.rest)
		x.rest = strings.TrimLeft(x.rest, " \n\t\r")
		switch {
		case strings.HasPrefix(x.rest, "--") && x.dashes(), x.dialect.hashes && strings.HasPrefix(x.rest, "#"):
			_, x.rest, _ = strings.Cut(x.rest, "\n")
		case strings.HasPrefix(x.rest, "/*"):
			if err := x.comment(); err != nil {
				return false, err
			}
		}
		if len(x.rest) == before {
			return skipped, nil
		}
		skipped = true
	}
}

// dashes says whether two dashes begin a comment: for MySQL with space behind.
func (x *lexer) dashes() bool {
	return !x.dialect.hashes || len(x.rest) == 2 || strings.IndexByte(" \n\t\r", x.rest[2]) >= 0
}

func (x *lexer) comment() error {
	for _, begin := range []string{"/*!", "/*+", "/*M!", "/*m!"} {
		if x.dialect.hashes && strings.HasPrefix(x.rest, begin) {
			return refuseQuery("query_comment", nil)
		}
	}
	depth := 0
	for i := 0; i+1 < len(x.rest); i++ {
		switch two := x.rest[i : i+2]; {
		case two == "/*" && (depth == 0 || x.dialect.nested):
			depth++
			i++
		case two == "*/":
			i++
			if depth--; depth == 0 {
				x.rest = x.rest[i+1:]
				return nil
			}
		}
	}
	return refuseQuery("query_open", words.Args{"sign": "/*"})
}

func (x *lexer) takeToken(c class, text string, n int) {
	x.tokens = append(x.tokens, token{class: c, text: text, raw: x.rest[:n], gap: x.gap})
	x.rest = x.rest[n:]
}

func letter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func (x *lexer) scanToken() error {
	d, c := x.dialect, x.rest[0]
	switch {
	case d.dollars && (c == 'e' || c == 'E') && len(x.rest) > 1 && x.rest[1] == '\'':
		return x.escaped()
	case d.dollars && (c == 'u' || c == 'U') && len(x.rest) > 2 && x.rest[1] == '&' && (x.rest[2] == '"' || x.rest[2] == '\''):
		return refuseQuery("query_unicode", nil)
	case c == '\'', c == '"' && !d.doubled:
		return x.quoted(literal, c)
	case c == '"', c == '`' && d.backticks:
		return x.quoted(name, c)
	case c == '[' && d.brackets:
		return x.bracketed()
	case c == '$' && d.dollars:
		return x.dollared()
	case letter(c):
		return x.word()
	case digit(c):
		return x.number()
	case c == '{':
		return x.place()
	case c == '\\', c == '`', c == '}', strings.IndexByte(d.signs, c) >= 0:
		return noSign(string(c))
	}
	n := 1
	if two := x.rest[:min(2, len(x.rest))]; two == "::" || two == ":=" {
		n = 2
	}
	if x.rest[:n] == ":=" {
		return noSign(":=")
	}
	x.takeToken(sign, x.rest[:n], n)
	return nil
}

// noSign refuses a sign, and says how what is bound is written.
func noSign(text string) error {
	return refuseQuery("query_sign", words.Args{"sign": text, "argument": "{argument}", "language": "{language}", "fact": "{reader.city}"})
}

// word takes a name or keyword. Other letters than those of ASCII may be in it,
// but no sign that a database could take for space.
func (x *lexer) word() error {
	n := 0
	for n < len(x.rest) && (letter(x.rest[n]) || digit(x.rest[n]) || x.rest[n] == '$') {
		n++
	}
	for _, r := range x.rest[:n] {
		if r >= utf8.RuneSelf && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			return refuseQuery("query_control", nil)
		}
	}
	x.takeToken(word, lowerASCII(x.rest[:n]), n)
	return nil
}

// number takes a number, and refuses one that runs into a word: databases part
// the two at different places.
func (x *lexer) number() error {
	n := 0
	digits := func() {
		for n < len(x.rest) && digit(x.rest[n]) {
			n++
		}
	}
	digits()
	if n < len(x.rest) && x.rest[n] == '.' {
		n++
		digits()
	}
	if n < len(x.rest) && (x.rest[n] == 'e' || x.rest[n] == 'E') {
		n++
		if n < len(x.rest) && (x.rest[n] == '+' || x.rest[n] == '-') {
			n++
		}
		digits()
	}
	if n < len(x.rest) && (letter(x.rest[n]) || x.rest[n] == '$') || letter(x.rest[n-1]) || strings.IndexByte("+-", x.rest[n-1]) >= 0 {
		return refuseQuery("query_number", nil)
	}
	x.takeToken(number, x.rest[:n], n)
	return nil
}

// quoted takes what stands between two signs, a doubled one of which is one of
// the content. An odd run of backslashes before one is refused: whether it ends
// there is a setting of the server.
func (x *lexer) quoted(c class, by byte) error {
	run := 0
	for i := 1; i < len(x.rest); i++ {
		switch {
		case x.rest[i] == '\\' && x.dialect.escapes && by != '`':
			run++
			continue
		case x.rest[i] != by:
		case run%2 == 1:
			return refuseQuery("query_backslash", nil)
		case i+1 < len(x.rest) && x.rest[i+1] == by:
			i++
		default:
			return x.ended(c, 1, i)
		}
		run = 0
	}
	return refuseQuery("query_open", words.Args{"sign": string(by)})
}

// ended takes a quoted token whose last sign is at a place.
func (x *lexer) ended(c class, from, to int) error {
	text := x.rest[from:to]
	if strings.Contains(text, "{argument}") || strings.Contains(text, "{language}") || strings.Contains(text, "{reader.") {
		return refuseQuery("query_place_quoted", words.Args{"argument": "{argument}"})
	}
	x.takeToken(c, text, to+1)
	return nil
}

func (x *lexer) bracketed() error {
	end := strings.IndexByte(x.rest, ']')
	if end < 0 {
		return refuseQuery("query_open", words.Args{"sign": "["})
	}
	return x.ended(name, 1, end)
}

// escaped takes E'…', in which a backslash always escapes.
func (x *lexer) escaped() error {
	for i := 2; i < len(x.rest); i++ {
		switch {
		case x.rest[i] == '\\':
			i++
		case x.rest[i] != '\'':
		case i+1 < len(x.rest) && x.rest[i+1] == '\'':
			i++
		default:
			return x.ended(literal, 2, i)
		}
	}
	return refuseQuery("query_open", words.Args{"sign": "'"})
}

// dollared takes $tag$…$tag$. A parameter has no value here.
func (x *lexer) dollared() error {
	n := 1
	for n < len(x.rest) && (letter(x.rest[n]) || n > 1 && digit(x.rest[n])) {
		n++
	}
	if n == len(x.rest) || x.rest[n] != '$' {
		return noSign("$")
	}
	tag := x.rest[:n+1]
	end := strings.Index(x.rest[n+1:], tag)
	if end < 0 {
		return refuseQuery("query_open", words.Args{"sign": tag})
	}
	text := x.rest[n+1 : n+1+end]
	if strings.Contains(text, "{argument}") {
		return refuseQuery("query_place_quoted", words.Args{"argument": "{argument}"})
	}
	x.takeToken(literal, text, end+2*len(tag))
	return nil
}

// place takes {argument} and its like.
func (x *lexer) place() error {
	end := strings.IndexByte(x.rest, '}')
	if end < 0 {
		return refuseQuery("query_open", words.Args{"sign": "{"})
	}
	text := x.rest[1:end]
	if !isPlace(text) {
		return refuseQuery("query_place", words.Args{"name": "{" + shorten(text) + "}", "argument": "{argument}", "language": "{language}", "fact": "{reader.city}"})
	}
	x.takeToken(place, text, end+1)
	return nil
}
