package site

import (
	"bytes"
	"encoding/json"
)

// pretty writes a document one field a line, for comparing. What is not there
// is nothing.
func pretty(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return indented(b)
}

// indented writes JSON one field a line; null and what is none as nothing.
func indented(raw json.RawMessage) string {
	if len(raw) == 0 || string(raw) == "null" {
		return ""
	}
	var out bytes.Buffer
	if json.Indent(&out, raw, "", "  ") != nil {
		return ""
	}
	return out.String()
}
