package quote

import (
	"strconv"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
)

// Say tells each price in one line, with the name below it; of several each one
// with its time, unless they have one, which the answer tells. Whether the market is closed stands below all of them.
func (*source) Say(items []what.Item, v pull.Voice) pull.Reply {
	r := pull.Reply{Language: v.Language}
	apart := differInTime(items, v)
	for _, it := range items {
		name, moment := it.Title, ""
		if name == it.ID {
			name = ""
		}
		if apart && !it.AsOf.IsZero() {
			moment = sources.Moment(it.AsOf, v)
		}
		sources.AddBlocks(&r, pull.Block{Kind: pull.Title, Text: line(it, v.Language)}, pull.Block{Kind: pull.Paragraph, Text: name, Tight: true},
			pull.Block{Kind: pull.Paragraph, Text: rangeLine(it, v.Language), Tight: true}, pull.Block{Kind: pull.Note, Text: moment, Tight: true}, pull.Block{Kind: pull.Link, URL: it.Link})
	}
	sources.AddBlocks(&r, pull.Block{Kind: pull.Note, Text: closedLine(items, v)})
	return r
}

// differInTime reports whether prices are of more than one time, as readers are told it.
func differInTime(items []what.Item, v pull.Voice) bool {
	first := ""
	for _, it := range items {
		if it.AsOf.IsZero() {
			continue
		}
		moment := sources.Moment(it.AsOf, v)
		if first != "" && moment != first {
			return true
		}
		first = moment
	}
	return false
}

// line is "WIPRO 512.30 INR (+2.10, +0.4 %)", of an amount "100 EUR = 108.45
// USD", and of a price that could not be had its symbol alone.
func line(it what.Item, language string) string {
	price := it.Facts.Text(factPrice)
	if price == "" {
		return own.Say(language, "missing", words.Args{"symbol": it.ID})
	}
	if amount := it.Facts.Text(factAmount); amount != "" {
		from, to := splitPair(it.ID)
		return words.Number(language, amount) + " " + from + " = " + words.Number(language, it.Facts.Text(factValue)) + " " + to +
			" (1 " + from + " = " + words.Number(language, price) + " " + to + ")"
	}
	s := it.ID + " " + words.Number(language, price)
	if currency := it.Facts.Text(factCurrency); currency != "" {
		s += " " + currency
	}
	if unit := it.Facts.Text(factOf); unit != "" {
		s += "/" + unit
	}
	if changes := changeOf(it, language); changes != "" {
		s += " (" + changes + ")"
	}
	return s
}

// changeOf returns the change, absolute and in percent.
func changeOf(it what.Item, language string) string {
	var told []string
	change, unit, share := it.Facts.Text(factChange), it.Facts.Text(factUnit), it.Facts.Text(factPercent)
	if change != "" {
		text := signed(change, language)
		if unit != "" {
			text += " " + unit
		}
		told = append(told, text)
	}
	if share != "" && unit != percent {
		told = append(told, signed(share, language)+" "+percent)
	}
	return strings.Join(told, ", ")
}

func signed(number, language string) string {
	sign := "+"
	if strings.HasPrefix(number, "-") || strings.Trim(number, "0.") == "" {
		sign = ""
	}
	return sign + words.Number(language, number)
}

// rangeLine returns the lowest and highest price of the day.
func rangeLine(it what.Item, language string) string {
	low, high := it.Facts.Text(factLow), it.Facts.Text(factHigh)
	if low == "" || high == "" {
		return ""
	}
	return own.Say(language, "day_range", words.Args{"low": words.Number(language, low), "high": words.Number(language, high)})
}

// closedLine tells that the market is closed, since when and until when.
func closedLine(items []what.Item, v pull.Voice) string {
	for _, it := range items {
		if it.Facts.Text(factMarket) != "closed" {
			continue
		}
		told := []string{own.Say(v.Language, "market_closed", nil)}
		for _, f := range []fieldPath{{factClosed, "last_close"}, {factOpens, "opens"}} {
			if t, err := time.Parse(time.RFC3339, it.Facts.Text(f.field)); err == nil {
				told = append(told, own.Say(v.Language, f.path, words.Args{"moment": sources.Moment(t, v)}))
			}
		}
		return strings.Join(told, " · ")
	}
	return ""
}

// Note tells how late the prices are, with every answer.
func (s *source) Note(items []what.Item, v pull.Voice) string {
	for _, it := range items {
		minutes, err := strconv.Atoi(it.Facts.Text(factDelay))
		if err == nil && minutes > 0 {
			return own.Say(v.Language, "delayed", words.Args{"length": words.Duration(v.Language, minutes)})
		}
	}
	return ""
}
