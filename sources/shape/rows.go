package shape

import (
	"regexp"
	"time"

	"keypull/sources"
)

// shares are how much of a hundred something is, or from how much to how much.
var shares = regexp.MustCompile(`^[+\-−]?\d[\d.,]*(\s*[–—-]\s*\d[\d.,]*)?\s*%$`)

// OfDays reports whether rows are of days to come, as events are, by the texts of their columns: a
// price, a share or another day that stands before such a day is what a row tells, and the day only
// what it tells further. Rows with a day for each of several things are of neither.
func OfDays(columns [][]string, now time.Time) bool {
	const fromUntil = 2
	coming := 0
	for _, texts := range columns {
		if sources.AreComing(texts, now) {
			coming++
		}
	}
	if coming > fromUntil {
		return false
	}
	for _, texts := range columns {
		switch {
		case sources.AreComing(texts, now):
			return true
		case sources.AreMost(texts, isFigure), sources.AreMost(texts, func(text string) bool { return !sources.PlainDates.LastDay(text, now).IsZero() }):
			return false
		}
	}
	return false
}

func isFigure(text string) bool { return IsPrice(text) || shares.MatchString(text) }

// IsClock reports whether a text is a time of the day.
func IsClock(text string) bool {
	text = "2 January 2010 " + text + " UTC"
	_, day := sources.PlainDates.Day(text)
	return !day && !sources.PlainDates.Read(text).IsZero()
}
