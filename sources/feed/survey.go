package feed

import (
	"bytes"
	"unicode/utf8"
)

// maxDepth is how deep elements may lie in each other: real feeds stay below
// twenty, and each level costs the parser memory.
const maxDepth = 256

type shape uint8

const (
	looksWrong shape = iota
	looksXML
	looksJSON
)

// sniff tells by the first element whether a text can be a feed.
func sniff(text []byte) shape {
	if bytes.HasPrefix(text, []byte("{")) {
		return looksJSON
	}
	for rest := text; ; {
		i := bytes.IndexByte(rest, '<')
		if i < 0 || i+1 >= len(rest) {
			return looksWrong
		}
		rest = rest[i:]
		if n := skip(rest); n > 0 {
			rest = rest[n:]
			continue
		}
		switch string(local(name(rest[1:]))) {
		case "rss", "feed", "RDF":
			return looksXML
		}
		return looksWrong
	}
}

// surveyed is what one pass over a document tells without parsing it.
type surveyed struct {
	depth int
	// cut is where the text must end to hold no more than the wanted items;
	// zero where it need not. closing then closes what is open there.
	cut     int
	closing []byte
}

// survey walks over the tags of an XML document.
func survey(text []byte, maxItems int) surveyed {
	var s surveyed
	var open [][]byte
	items := 0
	for at := 0; at < len(text); {
		i := bytes.IndexByte(text[at:], '<')
		if i < 0 {
			break
		}
		at += i
		if n := skip(text[at:]); n > 0 {
			at += n
			continue
		}
		tag := text[at:]
		end := tagEnd(tag)
		at += end
		closes := len(tag) > 1 && tag[1] == '/'
		switch {
		case closes && len(open) > 0:
			ended := local(open[len(open)-1])
			open = open[:len(open)-1]
			if string(ended) != "item" && string(ended) != "entry" {
				continue
			}
			if items++; items == maxItems && bytes.Contains(text[at:], append([]byte("<"), ended...)) {
				s.cut, s.closing = at, closing(open)
				return s
			}
		case !closes && end >= 2 && tag[end-2] != '/':
			open = append(open, name(tag[1:]))
			if s.depth = max(s.depth, len(open)); s.depth > maxDepth {
				return s
			}
		}
	}
	return s
}

// skip returns the length of a comment, character data, instruction or
// declaration at the beginning of text; zero for anything else.
func skip(text []byte) int {
	for _, section := range [][2]string{{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}, {"<!", ">"}} {
		if !bytes.HasPrefix(text, []byte(section[0])) {
			continue
		}
		end := bytes.Index(text[len(section[0]):], []byte(section[1]))
		if end < 0 {
			return len(text)
		}
		return len(section[0]) + end + len(section[1])
	}
	return 0
}

// tagEnd returns the length of the tag that text begins with; a ">" within
// quotes does not end it.
func tagEnd(text []byte) int {
	var quote byte
	for i, c := range text {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1
		}
	}
	return len(text)
}

func name(text []byte) []byte {
	for i, c := range text {
		if c == '>' || c == '/' || c <= ' ' || c == '<' || c >= utf8.RuneSelf {
			return text[:i]
		}
	}
	return text
}

func local(name []byte) []byte { return name[bytes.IndexByte(name, ':')+1:] }

func closing(open [][]byte) []byte {
	var b bytes.Buffer
	for i := len(open) - 1; i >= 0; i-- {
		b.WriteString("</")
		b.Write(open[i])
		b.WriteByte('>')
	}
	return b.Bytes()
}

// escapeBare escapes each "<" that begins neither a tag nor anything else.
func escapeBare(text []byte) []byte {
	out := make([]byte, 0, len(text)+64)
	for at := 0; at < len(text); {
		i := bytes.IndexByte(text[at:], '<')
		if i < 0 {
			return append(out, text[at:]...)
		}
		out = append(out, text[at:at+i]...)
		at += i
		if n := skip(text[at:]); n > 0 {
			out = append(out, text[at:at+n]...)
			at += n
			continue
		}
		rest := bytes.TrimPrefix(text[at+1:], []byte("/"))
		if len(name(rest)) > 0 {
			out = append(out, '<')
		} else {
			out = append(out, "&lt;"...)
		}
		at++
	}
	return out
}
