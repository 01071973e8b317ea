package sources

import (
	"encoding/json"
	"strings"
)

// DecodeJSON returns the first value of a text in JSON, its numbers with all their digits.
func DecodeJSON(text string) (v any, err error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	err = d.Decode(&v)
	return v, err //nolint:wrapcheck // its callers know what it is of
}

// TagEnd returns the length of the tag that a text begins with, or -1 if it
// does not end; a ">" within quotes ends none.
func TagEnd(text []byte) int {
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
	return -1
}

// JSONSize counts what a document in JSON holds without decoding it: its objects and lists,
// the values in them, and how deep they are nested. What stands in its texts does not count.
func JSONSize(body []byte) (containers, values, depth int) {
	within, at := false, 0
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case within && c == '\\':
			i++
		case c == '"':
			within = !within
		case within:
		case c == '{' || c == '[':
			containers++
			at++
			depth = max(depth, at)
		case c == '}' || c == ']':
			at--
		case c == ',' || c == ':':
			values++
		}
	}
	return containers, values, depth
}
