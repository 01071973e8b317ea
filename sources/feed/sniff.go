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
		switch string(local(name(rest[1:]))) {
		case "rss", "feed", "RDF":
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
