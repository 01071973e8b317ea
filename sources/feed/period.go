package feed

import (
	"strings"
	"time"

	"keypull/pull/what/slot"
	"keypull/pull/what/textform"
	"keypull/pull/words"
)

// wish is what an argument asks for: words, and a period.
type wish struct {
	text string
	// from and to bound the period, to not among it; zero where there is none.
	from, to time.Time
}

// maxDateWords is of how many words a date is made up at most, mark included.
const maxDateWords = 6

// understand takes the words of a date off an argument: "yesterday", "since
// monday", "the bridge since 12 March". now is in the zone whose days count.
// What may be a date or a word to look for, such as the Friday of "black
// friday", is a date only where it stands alone or behind a word for since.
func understand(argument string, now time.Time, language string) wish {
	argument = strings.TrimSpace(argument)
	if len(argument) > 400 {
		return wish{text: argument}
	}
	if w, ok := dated(argument, now, language); ok {
		return w
	}
	all := strings.Fields(argument)
	for n := min(maxDateWords, len(all)-1); n > 0; n-- {
		before, last := strings.Join(all[:len(all)-n], " "), strings.Join(all[len(all)-n:], " ")
		first, behind := strings.Join(all[:n], " "), strings.Join(all[n:], " ")
		for _, c := range [][2]string{{last, before}, {first, behind}} {
			w, ok := dated(c[0], now, language)
			if !ok || w.to != (time.Time{}) && !isRelative(c[0], now, language) {
				continue
			}
			w.text = c[1]
			return w
		}
	}
	return wish{text: argument}
}

// dated reads a text that is a date and nothing else.
func dated(text string, now time.Time, language string) (wish, bool) {
	if day, ok := past(text, now, language); ok {
		return wish{from: day, to: day.AddDate(0, 0, 1)}, true
	}
	for _, rest := range sinceWhat(text) {
		if day, ok := past(rest, now, language); ok {
			return wish{from: day}, true
		}
	}
	return wish{}, false
}

// past is the midnight of the day that a text means of something that was: the
// last such weekday, the last such day of the year.
func past(text string, now time.Time, language string) (time.Time, bool) {
	value, ok := slot.Parse(slot.Date, text, now, language)
	if !ok {
		return time.Time{}, false
	}
	day, err := time.ParseInLocation(time.DateOnly, value, now.Location())
	if err != nil {
		return time.Time{}, false
	}
	if day.After(now) && !isRelative(text, now, language) {
		weekly, parsed := slot.Parse(slot.Date, text, now.AddDate(0, 0, 7), language)
		later, err := time.ParseInLocation(time.DateOnly, weekly, now.Location())
		switch {
		case !parsed || err != nil || later.Equal(day):
			if last := day.AddDate(-1, 0, 0); !strings.Contains(text, value[:4]) && last.Before(now) {
				return last, true
			}
		case later.Equal(day.AddDate(0, 0, 7)):
			return day.AddDate(0, 0, -7), true
		}
	}
	return day, true
}

// isRelative says whether a text counts from today: "yesterday", "3 days ago".
func isRelative(text string, now time.Time, language string) bool {
	today, ok := slot.Parse(slot.Date, text, now, language)
	tomorrow, again := slot.Parse(slot.Date, text, now.AddDate(0, 0, 1), language)
	a, errA := time.Parse(time.DateOnly, today)
	b, errB := time.Parse(time.DateOnly, tomorrow)
	return ok && again && errA == nil && errB == nil && b.Equal(a.AddDate(0, 0, 1))
}

// sinceWhat returns what a text says it is since, in any language: the words
// for it stand before, or, with a hyphen in their list, behind.
func sinceWhat(text string) []string {
	folded := textform.Fold(text)
	var found []string
	for _, language := range words.Readers() {
		for mark := range strings.SplitSeq(own.Say(language, "since", nil), ",") {
			mark = textform.Fold(strings.TrimSpace(mark))
			if mark == "" {
				continue
			}
			behind, joined := strings.CutPrefix(mark, "-")
			if joined {
				if rest, ok := strings.CutSuffix(folded, behind); ok && strings.TrimSpace(rest) != "" {
					found = append(found, strings.TrimSpace(rest))
				}
				continue
			}
			if rest, ok := strings.CutPrefix(folded, mark); ok && (strings.HasPrefix(rest, " ") || !textform.IsASCII(mark)) {
				found = append(found, strings.TrimSpace(rest))
			}
		}
	}
	return found
}
