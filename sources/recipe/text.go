package recipe

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"keypull/sources"
)

// Limits of what is kept of a recipe's texts: how much of one text is looked
// at, and how long the parts of a recipe may be, in bytes. Whatever is longer
// ends with an ellipsis.
const (
	maxRawText     = 256 << 10
	maxSteps       = 24 << 10
	maxIngredients = 8 << 10
	maxLines       = 500
	ellipsis       = "…"
)

// plainText is sources.Plain bounded by maxRawText.
func plainText(s string) string {
	if len(s) <= maxRawText {
		return sources.Plain(s)
	}
	return sources.Plain(strings.ToValidUTF8(s[:maxRawText], "")) + ellipsis
}

// plainLine is plainText on one line.
func plainLine(s string) string { return strings.Join(strings.Fields(plainText(s)), " ") }

// splitLines cuts running text into its lines, without the marks of lists.
func splitLines(s string) []string {
	var all []string
	for line := range strings.SplitSeq(plainText(keepBreaks(s)), "\n") {
		line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "• "))
		if line != "" {
			all = append(all, line)
		}
	}
	return all
}

// keepBreaks keeps the line breaks of plain text, which mean nothing in HTML.
func keepBreaks(s string) string {
	if blockTag.MatchString(s) {
		return s
	}
	return strings.ReplaceAll(s, "\n", "<br>")
}

// blockTag stands in a text whose lines are those of its markup.
var blockTag = regexp.MustCompile(`(?i)<(?:br|p|li|div|ol|ul|h|td)`)

// fitLines keeps the lines that fit into so many bytes. Where one does not, it
// ends with an ellipsis, and those behind it are left out.
func fitLines(all []string, room int) []string {
	for i, line := range all {
		if i == maxLines-1 && len(all) > maxLines {
			return append(all[:i:i], ellipsis)
		}
		if len(line) <= room {
			room -= len(line)
			continue
		}
		const least = 200
		if room < least {
			return append(all[:i:i], ellipsis)
		}
		start := strings.ToValidUTF8(line[:room], "")
		return append(all[:i:i], sources.Shorten(line, utf8.RuneCountInString(start)))
	}
	return all
}
