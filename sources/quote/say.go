package quote

import (
	"strings"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
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
	s := it.ID + " " + words.Number(language, it.Facts.Text(factPrice))
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
	change = sign + words.Number(language, change)
	if unit := it.Facts.Text(factUnit); unit != "" {
		change += " " + unit
	}
	return s + " (" + change + ")"
}
