package httpjson

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"keypull/web/messengers"
)

// Bounds of a message.
const (
	maxBody  = 64 << 10
	maxDepth = 32
)

// parsed reads a body as a profile says that it is written; false where it is
// not.
func parsed(body []byte, how string) (any, bool) {
	if how == "form" {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, false
		}
		fields := make(map[string]any, len(form))
		for name, values := range form {
			fields[name] = values[0]
		}
		return fields, true
	}
	if messengers.Nested(body, maxDepth) {
		return nil, false
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil || d.More() {
		return nil, false
	}
	_, object := v.(map[string]any)
	return v, object
}

// at is what a path leads to; nil where it leads nowhere.
func at(v any, path string) any {
	for step := range strings.SplitSeq(path, ".") {
		switch inner := v.(type) {
		case map[string]any:
			v = inner[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(inner) {
				return nil
			}
			v = inner[i]
		default:
			return nil
		}
	}
	return v
}

// text is the first text or number that one of the paths leads to.
func text(v any, paths []string) string {
	for _, path := range paths {
		switch found := at(v, path).(type) {
		case string:
			if s := messengers.Clean(found); s != "" {
				return s
			}
		case json.Number:
			return found.String()
		}
	}
	return ""
}

// has says that one of the paths leads to anything.
func has(v any, paths []string) bool {
	return slices.ContainsFunc(paths, func(path string) bool { return at(v, path) != nil })
}
