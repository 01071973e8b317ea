package shape

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/sources"
)

// Limits of what is kept of one value, in bytes or lines; whatever is longer
// ends with an ellipsis.
const (
	maxRaw   = 256 << 10
	maxLine  = 300
	maxFact  = 2000
	maxText  = 24 << 10
	maxLines = 300
	maxDepth = 8
)

// valueText returns a value as text, as it was written; false for null, an empty text,
// and an object that holds nothing to be shown.
func valueText(v any) (string, bool) { return valueTextTo(v, maxDepth) }

func valueTextTo(v any, depth int) (string, bool) {
	if depth == 0 {
		return "", false
	}
	switch v := v.(type) {
	case string:
		if len(v) > maxRaw {
			v = strings.ToValidUTF8(v[:maxRaw], "") + "…"
		}
		return v, strings.TrimSpace(v) != ""
	case []byte:
		return valueTextTo(string(v), depth)
	case json.Number:
		return v.String(), v != ""
	case time.Time:
		return v.Format(time.RFC3339Nano), !v.IsZero()
	case []any:
		for _, entry := range v {
			if text, ok := valueTextTo(entry, depth-1); ok {
				return text, true
			}
		}
		return "", false
	case map[string]any:
		return writtenIn(v, depth-1)
	}
	return scalar(v)
}

// scalar returns a value of Go's own types as text.
func scalar(v any) (string, bool) {
	switch v := v.(type) {
	case bool:
		return strconv.FormatBool(v), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), !math.IsNaN(v) && !math.IsInf(v, 0)
	case float32:
		return strconv.FormatFloat(float64(v), 'f', -1, 32), !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0)
	case int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64:
		return fmt.Sprint(v), true
	case fmt.Stringer:
		text := v.String()
		return text, strings.TrimSpace(text) != ""
	}
	return "", false
}

// telling are the members of an object that stand for it, the surest first.
var telling = []string{"rendered", "@value", "value", "text", "name", "title", "label", "processed", "plain", "url", "contentUrl", "src", "href", "@id", "amount"}

func writtenIn(v map[string]any, depth int) (string, bool) {
	for _, name := range telling {
		if text, ok := valueTextTo(v[name], depth); ok {
			return text, true
		}
	}
	return "", false
}

// isNumeric reports whether a value is a number by its type.
func isNumeric(v any) bool {
	switch v.(type) {
	case json.Number, int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, float32, float64:
		return true
	}
	return false
}

// linesOf returns the entries of a list, or the lines of a text.
func linesOf(v any) []string {
	var all []string
	for _, text := range entriesOf(v, maxDepth) {
		for line := range strings.SplitSeq(sources.Plain(breaks(text)), "\n") {
			if line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "• ")); line != "" {
				all = append(all, sources.Shorten(line, maxFact))
			}
		}
	}
	return bounded(all)
}

// bounded keeps as many lines as an item may have.
func bounded(all []string) []string {
	room := maxText
	for i, line := range all {
		if room -= len(line); room < 0 || i == maxLines {
			return append(all[:i:i], "…")
		}
	}
	return all
}

// entriesOf takes lists apart, those in lists and steps in sections as well.
func entriesOf(v any, depth int) []string {
	if depth == 0 {
		return nil
	}
	switch v := v.(type) {
	case []any:
		var all []string
		for _, entry := range v {
			if all = append(all, entriesOf(entry, depth-1)...); len(all) > maxLines {
				break
			}
		}
		return all
	case []string:
		return slices.Clone(v)
	case map[string]any:
		if inner, ok := v["itemListElement"]; ok {
			return entriesOf(inner, depth-1)
		}
	}
	if text, ok := valueText(v); ok {
		return []string{text}
	}
	return nil
}

// breaks keeps the lines of plain text, which mean nothing in HTML.
func breaks(s string) string {
	if strings.Contains(s, "<") {
		return s
	}
	return strings.ReplaceAll(s, "\n", "<br>")
}

// oneLine returns a text on one line.
func oneLine(v any, limit int) string {
	text, _ := valueText(v)
	return sources.Shorten(sources.Line(text), limit)
}

// proseOf returns a text with its paragraphs.
func proseOf(v any) string {
	if many, ok := v.([]any); ok {
		return sources.Shorten(strings.Join(entriesOf(many, maxDepth), "\n\n"), maxText)
	}
	text, _ := valueText(v)
	text = sources.Plain(paragraphs(text))
	if len(text) > maxText {
		return sources.Shorten(text, len([]rune(strings.ToValidUTF8(text[:maxText], ""))))
	}
	return text
}

var lineBreaks = strings.NewReplacer("\r\n", "<br>", "\n\n", "<p>", "\n", "<br>")

// paragraphs keeps the paragraphs of plain text.
func paragraphs(s string) string {
	if strings.Contains(s, "<") {
		return s
	}
	return lineBreaks.Replace(s)
}

// Text returns a value as text, as it was written, or "" (see valueText).
func Text(v any) string {
	text, _ := valueText(v)
	return text
}
