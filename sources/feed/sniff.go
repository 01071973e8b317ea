package feed

import (
	"bytes"
	"unicode/utf8"
)

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
		if isRoot(local(name(rest[1:]))) {
			return looksXML
		}
		return looksWrong
	}
}

const (
	cdataStart = "<![CDATA["
	cdataEnd   = "]]>"
)

// skip returns the length of a comment, character data, instruction or
// declaration at the beginning of text; zero for anything else.
func skip(text []byte) int {
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

func name(text []byte) []byte {
	for i, c := range text {
		if c == '>' || c == '/' || c <= ' ' || c == '<' || c == '=' || c >= utf8.RuneSelf {
			return text[:i]
		}
	}
	return text
}

func local(name []byte) []byte { return name[bytes.IndexByte(name, ':')+1:] }

// isRoot says whether the outermost element of a feed may have that name.
func isRoot(called []byte) bool {
	switch string(bytes.ToLower(called[:min(len(called), 16)])) {
	case "rss", "feed", "rdf", "channel", "entry":
		return true
	}
	return false
}

// enveloped returns a feed that lies in an element of something else, near the
// beginning; nil if there is none.
func enveloped(text []byte) []byte {
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
		switch string(local(name(head[at+1:]))) {
		case "rss", "feed", "rdf":
			return text[at:]
		}
		at++
	}
}
