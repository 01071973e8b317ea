package quote

import (
	"strings"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/sources"
)

// Say tells each price in one line, with the name below it.
func (*source) Say(items []what.Item, v pull.Voice) pull.Reply {
	r := pull.Reply{Language: v.Language}
	for _, it := range items {
		r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Title, Text: line(it, v.Language)})
		if it.Title != "" && it.Title != it.ID {
			r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Paragraph, Text: it.Title, Tight: true})
		}
		if it.Link != "" {
			r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Link, URL: it.Link})
		}
	}
	return r
}

// line is "WIPRO 512.30 INR (+0.4 %)".
func line(it what.Item, language string) string {
	s := it.ID + " " + local(it.Facts.Text(factPrice), language)
	if currency := it.Facts.Text(factCurrency); currency != "" {
		s += " " + currency
	}
	change := it.Facts.Text(factChange)
	if change == "" {
		return s
	}
	sign := "+"
	if strings.HasPrefix(change, "-") || strings.Trim(change, "0.") == "" {
		sign = ""
	}
	change = sign + local(change, language)
	if unit := it.Facts.Text(factUnit); unit != "" {
		change += " " + unit
	}
	return s + " (" + change + ")"
}

// local writes a canonical number as the language does: 1,234.50 in English,
// 1.234,50 in German, and in French a comma and narrow spaces that do not
// break.
func local(number, language string) string {
	group, point := ",", "."
	switch sources.Base(language) {
	case "fr":
		group, point = "\u202F", ","
	case "de":
		group, point = ".", ","
	}
	digits, negative := strings.CutPrefix(number, "-")
	whole, rest, _ := strings.Cut(digits, ".")
	var b strings.Builder
	if negative {
		b.WriteByte('-')
	}
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteByte(whole[i])
	}
	if rest != "" {
		b.WriteString(point + rest)
	}
	return b.String()
}
