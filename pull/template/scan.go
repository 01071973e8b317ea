package template

import (
	"regexp"
	"strings"

	"keypull/pull/words"
)

// pieceKind is what a piece of a template is.
type pieceKind uint8

const (
	plain pieceKind = iota
	output
	tagged
)

// piece is text, an output {{ … }} or a tag {% … %}.
type piece struct {
	kind pieceKind
	// at is where it begins, from and to where what stands in it does.
	at, from, to int
	// name is that of a tag.
	name string
	// left and right say that white space before and behind it goes.
	left, right bool
}

// scanner cuts a template into pieces.
type scanner struct {
	text string
	at   int
}

// nextPart returns the next piece; false behind the last one. The error is an opening
// that is never closed.
func (s *scanner) nextPart() (piece, bool, *mistake) {
	rest := s.text[s.at:]
	if rest == "" {
		return piece{}, false, nil
	}
	open := opening(rest)
	if open != 0 {
		if open < 0 {
			open = len(rest)
		}
		p := piece{kind: plain, at: s.at, from: s.at, to: s.at + open}
		s.at += open
		return p, true, nil
	}
	mark, kind := "}}", output
	if rest[1] == '%' {
		mark, kind = "%}", tagged
	}
	end := strings.Index(rest[2:], mark)
	if end < 0 {
		return piece{}, false, newMistake(s.at, words.Text{Key: "template.not_closed", Args: words.Args{"sign": rest[:2], "end": mark, "raw": tagOf("raw") + rest[:2] + tagOf("endraw")}})
	}
	p := s.within(kind, end)
	s.at += 2 + end + 2
	return p, true, nil
}

// opening returns where the next output or tag begins, or -1 if there is none.
func opening(s string) int {
	for i := 0; i+1 < len(s); i++ {
		if s[i] == '{' && (s[i+1] == '{' || s[i+1] == '%') {
			return i
		}
	}
	return -1
}

var tagName = regexp.MustCompile(`^\s*(\w*)`)

// within looks at what stands between the marks.
func (s *scanner) within(kind pieceKind, length int) piece {
	p := piece{kind: kind, at: s.at, from: s.at + 2, to: s.at + 2 + length}
	if strings.HasPrefix(s.text[p.from:p.to], "-") {
		p.left = true
		p.from++
	}
	if strings.HasSuffix(s.text[p.from:p.to], "-") {
		p.right = true
		p.to--
	}
	if kind == tagged {
		m := tagName.FindStringSubmatchIndex(s.text[p.from:p.to])
		p.name = s.text[p.from+m[2] : p.from+m[3]]
		p.from += m[1]
	}
	return p
}

// rawEnd and commentEnd end what is not looked into.
var (
	rawEnd     = regexp.MustCompile(`\{%-?\s*endraw\s*-?%\}`)
	commentEnd = regexp.MustCompile(`\{%-?\s*endcomment\s*-?%\}`)
)

// skipBlock goes on behind the end of a block that is not looked into, and returns
// what stood in it, and whether white space behind it goes.
func (s *scanner) skipBlock(end *regexp.Regexp) (inside string, trim, ok bool) {
	m := end.FindStringIndex(s.text[s.at:])
	if m == nil {
		return "", false, false
	}
	inside, mark := s.text[s.at:s.at+m[0]], s.text[s.at+m[0]:s.at+m[1]]
	s.at += m[1]
	return inside, strings.HasSuffix(mark, "-%}"), true
}
