package feed

import (
	"strings"
	"sync"
	"time"

	"keypull/pull/what/slot"
	"keypull/pull/what/textform"
	"keypull/pull/words"
)

// request is what an argument asks for: words to look for, and a period.
type request struct {
	text string
	// from and to bound the period, to not among it; zero if there is none.
	from, to time.Time
}

// maxDateWords is of how many words a date is made up at most, mark included.
const maxDateWords = 6

// parseArgument takes the words of a date off an argument: "yesterday", "since
// monday", "the bridge since 12 March". now is in the zone whose days count.
// What may be a date or a word to look for, such as the Friday of "black
// friday", is a date only where it stands alone or behind a word for since.
func parseArgument(argument string, now time.Time, language string) request {
	argument = strings.TrimSpace(argument)
	if argument == "" || len(argument) > 400 {
		return request{text: argument}
	}
	if w, ok := parsePeriod(argument, now, language); ok {
		return w
	}
	all := strings.Fields(argument)
	for n := min(maxDateWords, len(all)-1); n > 0; n-- {
		before, last := strings.Join(all[:len(all)-n], " "), strings.Join(all[len(all)-n:], " ")
		first, behind := strings.Join(all[:n], " "), strings.Join(all[n:], " ")
		for _, c := range [][2]string{{last, before}, {first, behind}} {
			w, ok := parsePeriod(c[0], now, language)
			if !ok || w.to != (time.Time{}) && !isRelative(c[0], now, language) {
				continue
			}
			w.text = c[1]
			return w
		}
	}
	return request{text: argument}
}

// parsePeriod reads a text that is a date and nothing else.
func parsePeriod(text string, now time.Time, language string) (request, bool) {
	for _, rest := range sinceWhat(text) {
		if day, ok := pastDate(rest, now, language); ok {
			return request{from: day}, true
		}
	}
	if day, ok := pastDate(text, now, language); ok {
		return request{from: day, to: day.AddDate(0, 0, 1)}, true
	}
	return request{}, false
}

// pastDate returns the midnight of the day that a text means of something that was: the
// last such weekday, the last such day of the year.
func pastDate(text string, now time.Time, language string) (time.Time, bool) {
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

// sinceMark is a word for since, as readers' texts are folded.
type sinceMark struct {
	word string
	// behind: it stands behind the day. joined: a day may follow without a space.
	behind, joined bool
}

// sinceMarks are those of all languages: they stand before, or, with a hyphen in
// their list, behind.
var sinceMarks = sync.OnceValue(func() (all []sinceMark) {
	for _, language := range words.Readers() {
		for mark := range strings.SplitSeq(own.Say(language, "since", nil), ",") {
			word, behind := strings.CutPrefix(strings.TrimSpace(mark), "-")
			if word = textform.Fold(word); word != "" {
				all = append(all, sinceMark{word, behind, !textform.IsASCII(word)})
			}
		}
	}
	return all
})

// cut takes the mark off a folded text.
func (m sinceMark) cut(text string) (rest string, ok bool) {
	if m.behind {
		rest, ok = strings.CutSuffix(text, m.word)
	} else {
		rest, ok = strings.CutPrefix(text, m.word)
		ok = ok && (m.joined || strings.HasPrefix(rest, " "))
	}
	rest = strings.TrimSpace(rest)
	return rest, ok && rest != ""
}

// sinceWhat returns what a text says it is since, in any language.
func sinceWhat(text string) (found []string) {
	folded := textform.Fold(text)
	for _, mark := range sinceMarks() {
		if rest, ok := mark.cut(folded); ok {
			found = append(found, rest)
			found = append(found, nominatives(rest)...)
		}
	}
	return found
}

// endings turn the names of days, as Slavic languages have them behind a word
// for since, into those that a calendar knows.
var endings = [][2]string{{"ku", "ek"}, {"y", "a"}, {"i", "a"}, {"a", ""}, {"ы", "а"}, {"а", ""}, {"ья", "ье"}, {"и", "а"}}

func nominatives(text string) (all []string) {
	for _, e := range endings {
		if stem, ok := strings.CutSuffix(text, e[0]); ok && len(stem) > 3 {
			all = append(all, stem+e[1])
		}
	}
	return all
}
