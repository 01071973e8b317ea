package feed

import (
	"bytes"
	"strings"
	"unicode"
)

// pair is one attribute as it is written, without its quotes.
type pair struct{ name, value []byte }

// attributes yields the attributes of a tag.
func attributes(tag []byte) func(yield func(pair) bool) {
	return func(yield func(pair) bool) {
		rest := tag[1+len(tagName(tag[1:])):]
		for {
			rest = bytes.TrimLeft(rest, " \t\r\n/=\"'")
			called := tagName(rest)
			if len(called) == 0 {
				if len(rest) == 0 || rest[0] == '>' {
					return
				}
				rest = rest[1:]
				continue
			}
			var value []byte
			rest = bytes.TrimLeft(rest[len(called):], " \t\r\n")
			if len(rest) > 0 && rest[0] == '=' {
				value, rest = quoted(bytes.TrimLeft(rest[1:], " \t\r\n"))
			}
			if !yield(pair{called, value}) {
				return
			}
		}
	}
}

// quoted cuts off the value of an attribute, which may lack its quotes.
func quoted(text []byte) (value, rest []byte) {
	if len(text) > 0 && (text[0] == '"' || text[0] == '\'') {
		value, rest, _ = bytes.Cut(text[1:], text[:1])
		return value, rest
	}
	n := bytes.IndexAny(text, " \t\r\n>")
	if n < 0 {
		n = len(text)
	}
	return text[:n], text[n:]
}

// attributeIn returns the value of one attribute, or "" if it is not there or beyond
// measure.
func attributeIn(tag []byte, called string) string {
	if !bytes.Contains(tag, []byte(called)) {
		return ""
	}
	for a := range attributes(tag) {
		if string(a.name) == called && len(a.value) <= maxAttribute {
			return string(a.value)
		}
	}
	return ""
}

// writeStartTag hands on the beginning of an element with the attributes that are
// read; those of addresses are resolved later, by the base of the item.
func (r *reducer) writeStartTag(tag, called []byte) {
	r.pending = append(append(r.pending, '<'), called...)
	kept := 0
	for a := range attributes(tag) {
		if kept >= maxLeaves {
			break
		}
		if len(a.value) > maxAttribute || len(a.name) > 64 || !isRead(string(a.name)) {
			continue
		}
		kept++
		r.pending = append(append(append(r.pending, ' '), a.name...), '=', '"')
		r.pending = append(r.pending, escapeValue(a.value)...)
		r.pending = append(r.pending, '"')
	}
	r.pending = append(r.pending, '>')
}

// escapeValue makes a value fit to stand between double quotes.
func escapeValue(value []byte) []byte {
	value = goodReferences(value)
	if !bytes.ContainsAny(value, `"<`) {
		return value
	}
	return bytes.ReplaceAll(bytes.ReplaceAll(value, []byte(`"`), []byte("&quot;")), []byte("<"), []byte("&lt;"))
}

// isRead says whether an attribute of that name is read anywhere.
func isRead(called string) bool {
	if called == "xmlns" || strings.HasPrefix(called, "xmlns:") {
		return true
	}
	switch strings.ToLower(string(localName([]byte(called)))) {
	case "href", "url", "src", "rel", "type", "mode", "length", "medium", "duration", "filesize", "term", "label",
		"ispermalink", "lang", "text", "version", "width", "height", "alt", "style", "class", "price", "role":
		return true
	}
	return false
}

// escapeText spells character data as text.
func escapeText(text []byte) []byte {
	if !bytes.ContainsAny(text, "&<") {
		return text
	}
	return bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("&"), []byte("&amp;")), []byte("<"), []byte("&lt;"))
}

// goodReferences drops the references to characters that no document may have.
func goodReferences(text []byte) []byte {
	var out []byte
	kept := 0
	for from := 0; ; {
		at := bytes.Index(text[from:], []byte("&#"))
		if at < 0 {
			break
		}
		at += from
		n, length := numbered(text[at:])
		if from = at + max(length, 2); length > 0 && !isText(n) {
			out, kept = append(out, text[kept:at]...), from
		}
	}
	if kept == 0 {
		return text
	}
	return append(out, text[kept:]...)
}

// numbered reads a reference to a character by its number: the number, and how
// long the reference is; zero if it is none.
func numbered(text []byte) (n uint64, length int) {
	const most = 10
	base, at := uint64(10), len("&#")
	if at < len(text) && (text[at] == 'x' || text[at] == 'X') {
		base, at = 16, at+1
	}
	begin := at
	for ; at < len(text) && at-begin < most; at++ {
		digit := strings.IndexByte("0123456789abcdef", text[at]|0x20)
		if digit < 0 || uint64(digit) >= base {
			break
		}
		n = n*base + uint64(digit)
	}
	if at == begin {
		return 0, 0
	}
	if at < len(text) && text[at] == ';' {
		at++
	}
	return n, at
}

// isText says whether a document may have a character.
func isText(n uint64) bool {
	if n == '\n' || n == '\t' || n == '\r' {
		return true
	}
	return n >= ' ' && (n < 0xD800 || n >= 0xE000) && n != 0xFFFE && n != 0xFFFF && n <= unicode.MaxRune
}

// openMissingRoot opens what is left out around a channel, or an entry, that is the
// outermost element.
func (r *reducer) openMissingRoot(word string) {
	switch word {
	case "channel":
		r.pending = append(r.pending, `<rss version="2.0">`...)
		r.open = append(r.open, element{name: []byte("rss"), word: "rss", role: root})
		r.wrapped = true
	case "entry":
		r.pending = append(r.pending, `<feed xmlns="http://www.w3.org/2005/Atom">`...)
		r.open = append(r.open, element{name: []byte("feed"), word: "feed", role: root})
		r.wrapped = true
	}
}

// gatherMarkup has the markup in a text that is gathered gathered with it, by local
// names; of an image it is the text of its address.
func (r *reducer) gatherMarkup(word string) {
	l := r.openLeaf()
	switch {
	case l == nil || l.wanted == 0:
	case l.wanted == 'x':
		r.keepAside(l, []byte("<"+word+">"))
	}
}
