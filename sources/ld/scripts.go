package ld

import (
	"bytes"
	"html"
	"regexp"

	"keypull/sources"
)

// Limits of the scripts of one page: how many are read, how long all of them
// may be together, in bytes, and how much of a tag is looked at.
const (
	maxScripts      = 50
	maxScriptsBytes = 3 << 20
	maxTagBytes     = 4 << 10
)

var ldType = regexp.MustCompile(`(?i)[\s"'/]type\s*=\s*["']?[^"'>]*ld\+json`)

// Values returns all JSON-LD of a page, or of a document that is JSON itself, script by script. It is in
// UTF-8.
func Values(body []byte) (all []any) {
	trimmed := bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF")))
	if bytes.HasPrefix(trimmed, []byte("{")) || bytes.HasPrefix(trimmed, []byte("[")) {
		if len(trimmed) <= maxScriptsBytes {
			all = Decode(trimmed)
		}
		return all
	}
	read, room := 0, maxScriptsBytes
	for _, tag, script, rest, ok := Cut(body); ok && read < maxScripts; _, tag, script, rest, ok = Cut(rest) {
		if len(script) <= room && ldType.MatchString(html.UnescapeString(string(tag[:min(len(tag), maxTagBytes)]))) {
			all = append(all, Decode(script)...)
			read, room = read+1, room-len(script)
		}
	}
	return all
}

// Cut parts a page at its first script, style or comment: what stands before it, its tag, what is in it, and
// the rest; ok is false where none follows that has an end. It copies nothing and keeps nothing: a tokenizer
// would hold whatever a page makes long, be it a comment, an attribute or a text.
func Cut(page []byte) (before, tag, content, rest []byte, ok bool) {
	for at := 0; ; at++ {
		i := bytes.IndexByte(page[at:], '<')
		if i < 0 {
			return page, nil, nil, nil, false
		}
		at += i
		open, end := page[at:], "</script"
		switch {
		case bytes.HasPrefix(open, []byte("<!--")):
			tag, end = open[:2], "-->"
		case opens(open, "<style"):
			tag, end = open[:max(sources.TagEnd(open), 0)], "</style"
		case opens(open, "<script"):
			tag = open[:max(sources.TagEnd(open), 0)]
		default:
			continue
		}
		length := indexFold(open[len(tag):], []byte(end))
		if length < 0 || len(tag) == 0 {
			return page[:at], nil, nil, nil, false
		}
		content, rest = open[len(tag):len(tag)+length], open[len(tag)+length+len(end):]
		if last := bytes.IndexByte(rest, '>'); last >= 0 && end != "-->" {
			rest = rest[last+1:]
		}
		return page[:at], tag, content, rest, true
	}
}

// opens reports whether a text begins with the tag that open begins, whatever
// its case.
func opens(body []byte, open string) bool {
	return len(body) > len(open) && bytes.EqualFold(body[:len(open)], []byte(open)) &&
		bytes.IndexByte([]byte(" \t\r\n\f/>"), body[len(open)]) >= 0
}

// indexFold is bytes.Index for a text in small letters that begins with a
// sign, whatever the case it is found in.
func indexFold(s, lower []byte) int {
	for at := 0; ; {
		i := bytes.IndexByte(s[at:], lower[0])
		if i < 0 || at+i+len(lower) > len(s) {
			return -1
		}
		at += i
		if bytes.EqualFold(s[at:at+len(lower)], lower) {
			return at
		}
		at++
	}
}
