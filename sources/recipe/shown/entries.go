package shown

import (
	"html"
	"regexp"
	"slices"
	"strings"

	"keypull/pull/what/textform"
)

// entry is what is told of a part: a line, or the heading of those behind it.
type entry struct {
	text    string
	heading bool
}

// entriesOf returns the entries of the lines of a part. Where it has lists, what stands
// before and behind them is about it.
func entriesOf(lines []leaf, part string) []entry {
	if part == partIngredients {
		lines = joinAmounts(lines)
	}
	first, last, rows := -1, -1, map[int]bool{}
	allStrong, captions := true, 0
	for i, l := range lines {
		if l.caption {
			captions++
		}
		if l.row > 0 {
			rows[l.row] = true
			if last = i; first < 0 {
				first = i
			}
		}
		allStrong = allStrong && (l.strong || l.level > 0)
	}
	listed := len(rows) > 1 || len(rows) == 1 && len(lines) == 1
	var all []entry
	head, row, dropped := "", 0, 0
	for i, l := range lines {
		l.text = strings.TrimSpace(bulletMark.ReplaceAllString(l.text, ""))
		if l.part != "" && l.row != row {
			// What is said of a label stands in the same row.
			dropped = l.row
		}
		l.strong = l.strong && !allStrong
		if l.text == "" || l.row > 0 && l.row == dropped || l.row == 0 && l.part != "" || l.isLabelled() {
			continue
		}
		switch {
		case l.caption && captions*2 < len(lines), part == partMethod && stepLabel.MatchString(l.text), l.row == 0 && l.saysServings(part):
		case l.row > 0 && l.row == row && len(all) > 0:
			all[len(all)-1].text += " " + l.text
		case l.isHeading(part):
			head = strings.TrimRight(l.text, ":： ")
			row = 0
		case listed && l.row == 0 && (part == partIngredients || i < first || i > last):
		case len(all) < maxLines:
			if head != "" {
				all = append(all, entry{head, true})
			}
			all = append(all, entry{text: l.text})
			head, row = "", l.row
		}
	}
	switch headings := slices.ContainsFunc(all[min(len(all), 1):], func(e entry) bool { return e.heading }); {
	case part == partMethod && len(all) > 0 && all[0].heading && !headings:
		return all[1:] // what the page calls the whole
	case part == partIngredients && len(all) == 1:
		return splitAmounts(all)
	}
	return all
}

// splitAmounts returns ingredients that stand in one line, each by itself.
func splitAmounts(all []entry) []entry {
	for _, mark := range [...]string{"; ", ", "} {
		var parts []entry
		amounts := 0
		for text := range strings.SplitSeq(all[0].text, mark) {
			if parts = append(parts, entry{text: strings.TrimSpace(text)}); amount.MatchString(text) {
				amounts++
			}
		}
		if amounts > 1 && amounts*2 >= len(parts) {
			return parts
		}
	}
	return all
}

// bareAmount is an amount of nothing: a number, and at most one word.
var bareAmount = regexp.MustCompile(`^[~≈]?\s*[0-9` + Fractions + `][0-9` + Fractions + `.,/–-]*\s*([\p{L}\p{M}]*\.?)$`)

// isBareAmount reports whether a line is an amount of nothing.
func isBareAmount(text string) bool {
	m := bareAmount.FindStringSubmatch(text)
	return len(m) > 1 && (m[1] == "" || IsUnit(textform.Fold(strings.TrimSuffix(m[1], "."))))
}

// joinAmounts joins lines of which every other one is the amount of the next.
func joinAmounts(lines []leaf) []leaf {
	first := slices.IndexFunc(lines, func(l leaf) bool { return isBareAmount(l.text) })
	if first < 0 || (len(lines)-first)%2 != 0 {
		return lines
	}
	bare, pairs := 0, (len(lines)-first)/2
	for i := first; i < len(lines); i += 2 {
		if isBareAmount(lines[i].text) {
			bare++
		}
		if isBareAmount(lines[i+1].text) || lines[i].row > 0 && lines[i].row == lines[i+1].row {
			return lines
		}
	}
	if bare < 2 || bare*2 < pairs {
		return lines
	}
	all := slices.Clone(lines[:first])
	for i := first; i < len(lines); i += 2 {
		l := lines[i+1]
		l.text = lines[i].text + " " + l.text
		all = append(all, l)
	}
	return all
}

// asValues returns entries as a list of JSON-LD has them. What stands above some steps
// is said before the first of them.
func asValues(all []entry, part string) []any {
	var out []any
	head := ""
	for _, e := range all {
		switch {
		case e.heading && part == partMethod:
			head = e.text + ": "
		case e.heading:
			out = append(out, headingEntry(e.text))
		default:
			out = append(out, html.EscapeString(head+e.text))
			head = ""
		}
	}
	return out
}
