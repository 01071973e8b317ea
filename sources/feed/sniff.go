package feed

import (
	"bytes"
	"unicode/utf8"
)

type format uint8

const (
	looksWrong format = iota
	looksXML
	looksJSON
)

// sniffFormat tells by its first element in which format a text may be a feed.
func sniffFormat(text []byte) format {
	if bytes.HasPrefix(text, []byte("{")) {
		return looksJSON
	}
	for rest := text; ; {
		i := bytes.IndexByte(rest, '<')
		if i < 0 || i+1 >= len(rest) {
			return looksWrong
		}
		rest = rest[i:]
		if n := skipLength(rest); n > 0 {
			rest = rest[n:]
			continue
		}
		if isRoot(localName(tagName(rest[1:]))) {
			return looksXML
		}
		return looksWrong
	}
}

const (
	cdataStart = "<![CDATA["
	cdataEnd   = "]]>"
)

// skipLength returns the length of a comment, character data, instruction or
// declaration at the beginning of text; zero for anything else.
func skipLength(text []byte) int {
	for _, section := range [][2]string{{"<!--", "-->"}, {cdataStart, cdataEnd}, {"<?", "?>"}, {"<!", ">"}} {
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

// tagName returns the name at the beginning of a tag.
func tagName(text []byte) []byte {
	for i, c := range text {
		if c == '>' || c == '/' || c <= ' ' || c == '<' || c == '=' || c >= utf8.RuneSelf {
			return text[:i]
		}
	}
	return text
}

// localName returns a name without its prefix.
func localName(name []byte) []byte { return name[bytes.IndexByte(name, ':')+1:] }

// isRoot says whether the outermost element of a feed may have that name.
func isRoot(called []byte) bool {
	switch string(bytes.ToLower(called[:min(len(called), 16)])) {
	case "rss", "feed", "rdf", "channel", "entry":
		return true
	}
	return false
}

// embeddedFeed returns the feed that lies in an element of another document, near its
// beginning, or nil.
func embeddedFeed(text []byte) []byte {
	const far = 16 << 10
	head := bytes.ToLower(text[:min(len(text), far)])
	if bytes.Contains(head, []byte("<html")) || bytes.Contains(head, []byte("<!doctype html")) {
		return nil
	}
	for at := 0; ; {
		i := bytes.IndexByte(head[at:], '<')
		if i < 0 || at+i+1 >= len(head) {
			return nil
		}
		at += i
		switch string(localName(tagName(head[at+1:]))) {
		case "rss", "feed", "rdf":
			return text[at:]
		}
		at++
	}
}
