package ld

import (
	"bytes"
	"encoding/json"
	"html"
	"strings"

	"keypull/sources"
)

// Limits of what one script may hold: objects and lists, and values in them.
// The largest pages of recipes with all their comments stay far below.
const (
	maxContainers = 40_000
	maxValues     = 200_000
)

// Decode reads JSON that was written by hand or by a template: it is tried as
// it stands, then mended. Several values behind one another are all read.
func Decode(script []byte) []any {
	script = bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(script), []byte("\xEF\xBB\xBF")))
	if tooMuch(script) {
		return nil
	}
	if values, whole := decodeAll(script); whole {
		return values
	}
	if !bytes.ContainsRune(script, '"') && bytes.Contains(script, []byte("&quot;")) {
		script = []byte(html.UnescapeString(string(script)))
	}
	values, _ := decodeAll(mendJSON(script))
	return values
}

// decodeAll decodes all values of a script, and reports whether it was read to its end.
func decodeAll(script []byte) (values []any, whole bool) {
	for {
		decoder := json.NewDecoder(bytes.NewReader(script))
		decoder.UseNumber()
		var v any
		if err := decoder.Decode(&v); err != nil {
			return values, false
		}
		values = append(values, v)
		script = bytes.TrimLeft(script[decoder.InputOffset():], " \t\r\n,;")
		if len(script) == 0 || script[0] != '{' && script[0] != '[' {
			// What else stands there is a template's.
			return values, true
		}
	}
}

// tooMuch reports whether a script would take more memory than a page of
// recipes ever does: what is decoded takes up to forty times its text.
func tooMuch(script []byte) bool {
	containers, values, _ := sources.JSONSize(script)
	return containers > maxContainers || values > maxValues
}

// mendJSON repairs what templates do to JSON: comments and CDATA marks around it,
// control characters, quotes and wrong escapes within strings, commas before a
// closing bracket, brackets that are missing, a semicolon at the end.
func mendJSON(script []byte) []byte {
	if from := bytes.IndexAny(script, "{["); from > 0 && !bytes.Contains(script[:from], []byte(`"`)) {
		// "<![CDATA[" has a bracket of its own.
		if at := bytes.LastIndex(script[:min(len(script), from+40)], []byte("CDATA[")); at >= 0 {
			from = at + len("CDATA[")
		}
		script = script[from:]
		script = script[max(0, bytes.IndexAny(script, "{[")):]
	}
	text := bytes.ToValidUTF8(script, []byte("\uFFFD"))
	m := mender{text: text, out: make([]byte, 0, len(text)+16)}
	for m.at < len(text) {
		if m.quoted {
			m.copyInString()
		} else {
			m.copyOutside()
		}
	}
	return m.closeOpen()
}

type mender struct {
	text, out []byte
	at        int
	quoted    bool
	// open are the brackets that were opened and not closed yet.
	open []byte
}

// closeOpen closes what a page that was cut off has left open; a text that was cut
// off is marked.
func (m *mender) closeOpen() []byte {
	if m.quoted {
		m.out = append(m.out, "…"...)
		m.out = append(m.out, '"')
	}
	m.out = bytes.TrimRight(m.out, ", \t\r\n")
	for i := len(m.open) - 1; i >= 0; i-- {
		m.out = append(m.out, m.open[i]+2) // '{' + 2 is '}', and '[' + 2 is ']'
	}
	return m.out
}

// noteBracket notes a bracket, and reports whether it can stand here.
func (m *mender) noteBracket(c byte) bool {
	switch last := len(m.open) - 1; {
	case c == '{' || c == '[':
		m.open = append(m.open, c)
	case last < 0 || m.open[last]+2 != c:
		return false
	default:
		m.open = m.open[:last]
	}
	return true
}

// copyInString copies one character of a string.
func (m *mender) copyInString() {
	c := m.text[m.at]
	m.at++
	switch {
	case c == '"' && m.endsString():
		m.quoted = false
		m.out = append(m.out, c)
	case c == '"':
		m.out = append(m.out, '\\', '"')
	case c == '\n':
		m.out = append(m.out, '\\', 'n')
	case c < ' ':
		m.out = append(m.out, ' ')
	case c == '\\' && m.at < len(m.text):
		m.copyEscape()
	default:
		m.out = append(m.out, c)
	}
}

// endsString reports whether a quote is the end of its string: what follows is a
// sign that stands between strings, and behind a comma the next value.
func (m *mender) endsString() bool {
	rest := m.peekAhead()
	if len(rest) == 0 || rest[0] != ',' {
		return len(rest) == 0 || strings.IndexByte(":}]", rest[0]) >= 0
	}
	rest = bytes.TrimLeft(rest[1:], ", \t\r\n")
	if len(rest) == 0 || strings.IndexByte(`"{}[]/`, rest[0]) >= 0 {
		return true
	}
	if len(m.open) == 0 || m.open[len(m.open)-1] != '[' {
		return false
	}
	for _, word := range []string{"true", "false", "null"} {
		if bytes.HasPrefix(rest, []byte(word)) {
			return true
		}
	}
	return rest[0] == '-' || rest[0] >= '0' && rest[0] <= '9'
}

// copyEscape copies an escape, and drops the backslash of what is none.
func (m *mender) copyEscape() {
	next := m.text[m.at]
	if !strings.ContainsRune(`"\/bfnrtu`, rune(next)) || next == 'u' && !isHex(m.text[m.at+1:min(len(m.text), m.at+5)]) {
		return
	}
	m.at++
	m.out = append(m.out, '\\', next)
}

// isHex reports whether a text is four hexadecimal digits.
func isHex(s []byte) bool {
	return len(s) == 4 && len(bytes.Trim(s, "0123456789abcdefABCDEF")) == 0
}

// peekAhead returns what follows behind white space, as far as it is looked at.
func (m *mender) peekAhead() []byte {
	return bytes.TrimLeft(m.text[m.at:min(len(m.text), m.at+1000)], " \t\r\n")
}

// copyOutside copies one character between strings.
func (m *mender) copyOutside() {
	c := m.text[m.at]
	m.at++
	switch c {
	case '"':
		m.quoted = true
	case ',':
		if rest := m.peekAhead(); len(rest) > 0 && (rest[0] == '}' || rest[0] == ']' || rest[0] == ',') {
			return
		}
	case '{', '[', '}', ']':
		if !m.noteBracket(c) {
			return
		}
	case '/':
		if m.skipComment() {
			return
		}
	}
	m.out = append(m.out, c)
}

// skipComment passes over a comment of JavaScript.
func (m *mender) skipComment() bool {
	end := "*/"
	switch rest := m.text[m.at:]; {
	case bytes.HasPrefix(rest, []byte("/")):
		end = "\n"
	case !bytes.HasPrefix(rest, []byte("*")):
		return false
	}
	if i := bytes.Index(m.text[m.at:], []byte(end)); i >= 0 {
		m.at += i + len(end)
		return true
	}
	m.at = len(m.text)
	return true
}
