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

var (
	ldType    = regexp.MustCompile(`(?i)[\s"'/]type\s*=\s*["']?[^"'>]*ld\+json`)
	scriptEnd = []byte("</script")
)

// Scripts returns the JSON-LD of a page, or the whole document where it is
// JSON itself. It copies nothing and keeps nothing: a tokenizer would hold
// whatever a page makes long, be it a comment, an attribute or a text.
func Scripts(body []byte) [][]byte {
	trimmed := bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF")))
	if bytes.HasPrefix(trimmed, []byte("{")) || bytes.HasPrefix(trimmed, []byte("[")) {
		if len(trimmed) > maxScriptsBytes {
			return nil
		}
		return [][]byte{trimmed}
	}
	var found [][]byte
	for room := maxScriptsBytes; len(found) < maxScripts; {
		var script []byte
		var ld bool
		if script, body, ld = nextScript(body); body == nil {
			break
		}
		if ld && len(script) <= room {
			found = append(found, script)
			room -= len(script)
		}
	}
	return found
}

// nextScript returns the content of the next script, whether it is JSON-LD, and
// what stands behind it, or nil if there is no other one.
func nextScript(body []byte) (script, rest []byte, ld bool) {
	for {
		at := bytes.IndexByte(body, '<')
		if at < 0 {
			return nil, nil, false
		}
		body = body[at:]
		switch {
		case bytes.HasPrefix(body, []byte("<!--")):
			end := bytes.Index(body[4:], []byte("-->"))
			if end < 0 {
				return nil, nil, false
			}
			body = body[4+end+3:]
		case Opens(body, "<script"):
			return cutScript(body)
		default:
			body = body[1:]
		}
	}
}

// Opens reports whether a text begins with the tag that open begins, whatever
// its case.
func Opens(body []byte, open string) bool {
	return len(body) > len(open) && bytes.EqualFold(body[:len(open)], []byte(open)) &&
		bytes.IndexByte([]byte(" \t\r\n\f/>"), body[len(open)]) >= 0
}

// cutScript parts a script from what follows it. One without an end is none.
func cutScript(body []byte) (script, rest []byte, ld bool) {
	end := sources.TagEnd(body)
	if end < 0 {
		return nil, nil, false
	}
	tag, content := body[:end], body[end:]
	length := IndexFold(content, scriptEnd)
	if length < 0 {
		return nil, nil, false
	}
	ld = ldType.MatchString(html.UnescapeString(string(tag[:min(len(tag), maxTagBytes)])))
	return content[:length], content[length+len(scriptEnd):], ld
}

// IndexFold is bytes.Index for a text in small letters that begins with a
// sign, whatever the case it is found in.
func IndexFold(s, lower []byte) int {
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

// Values returns all JSON-LD of a page, or of a document that is JSON itself,
// script by script. It is in UTF-8.
func Values(body []byte) []any {
	var all []any
	for _, script := range Scripts(body) {
		all = append(all, Decode(script)...)
	}
	return all
}
