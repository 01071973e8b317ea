package api

import (
	"net/http"
	"slices"
	"strings"

	"keypull/pull/words"
)

// quoteETag returns a version as a strong ETag.
func quoteETag(version string) string { return `"` + version + `"` }

// parseIfMatch reads the values of If-Match: the versions that may be replaced, "*"
// for any. A weak one is kept as it is written, since it equals no version.
func parseIfMatch(values []string) ([]string, error) {
	text := strings.TrimSpace(strings.Join(values, ","))
	if text == "" {
		return nil, nil
	}
	if text == "*" {
		return []string{"*"}, nil
	}
	tags, ok := entityTags(text)
	if !ok || len(tags) == 0 {
		return nil, newRefusal(http.StatusBadRequest, words.Text{Key: "api.if_match"},
			fault{Field: "If-Match", said: words.Text{Key: "api.etag"}, Key: "etag"})
	}
	for i, tag := range tags {
		// A star in quotes is a tag that nothing has, not the star for any.
		if !strings.HasPrefix(tag, "W/") && tag != `"*"` {
			tags[i] = tag[1 : len(tag)-1]
		}
	}
	return tags, nil
}

// matchesNoneMatch reports whether If-None-Match names the tag, so that the client
// has what it would get. What can't be read matches nothing.
func matchesNoneMatch(values []string, tag string) bool {
	text := strings.TrimSpace(strings.Join(values, ","))
	if text == "*" {
		return true
	}
	tags, ok := entityTags(text)
	return ok && slices.ContainsFunc(tags, func(t string) bool { return strings.TrimPrefix(t, "W/") == tag })
}

// entityTags takes a list of entity tags apart (RFC 9110, 8.8.3).
func entityTags(text string) (tags []string, ok bool) {
	for {
		text = strings.TrimLeft(text, " \t,")
		if text == "" {
			return tags, true
		}
		tag := 0
		if strings.HasPrefix(text, "W/") {
			tag = 2
		}
		if tag >= len(text) || text[tag] != '"' {
			return nil, false
		}
		end := strings.IndexByte(text[tag+1:], '"')
		if end < 0 || strings.ContainsFunc(text[tag+1:tag+1+end], func(r rune) bool { return r <= ' ' || r == 0x7f || r == 0xfffd }) {
			return nil, false
		}
		end += tag + 2
		tags, text = append(tags, text[:end]), strings.TrimLeft(text[end:], " \t")
		if text != "" && text[0] != ',' {
			return nil, false
		}
	}
}
