package calendar

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/html/atom"

	"keypull/pull/what/slot"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
	"keypull/sources"
	"keypull/sources/agenda"
)

// findShownHours returns the opening hours that a page shows people in one list, below a heading
// that says what they are: each line must be understood, and be one of hours.
func findShownHours(d sources.Document) (found sources.Found, ok bool) {
	text, _ := sources.Encoded{Type: d.Type}.UTF8(d.Body[:min(len(d.Body), maxPageBytes)])
	root, _, err := sources.ParsePage(text)
	if err != nil {
		return found, false
	}
	r := shownReader{language: cmp.Or(sources.ReadHead(d).Language, "en")}
	for n := range root.Descendants() {
		switch n.DataAtom {
		case atom.H1, atom.H2, atom.H3, atom.H4:
			r.opening = agenda.ReadArgument(sources.Line(sources.TextOf(n)), monday, r.language).Open
			continue
		}
		if !r.opening {
			continue
		}
		lines := r.readHours(sources.ListLines(n))
		if len(lines) == 0 {
			continue
		}
		next := sources.Found{Form: "HTML", Phrase: own.Text("phrase_hours", nil), Told: true, Outlet: true, Settings: map[string]any{"hours": lines}}
		for _, line := range lines {
			next.Shows = append(next.Shows, fmt.Sprint(line))
		}
		if ok && !slices.Equal(next.Shows, found.Shows) {
			return found, false // several places: whose hours are asked for is not known
		}
		found, ok = next, true
	}
	return found, ok
}

// monday is a day at which names of days are read.
var monday = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)

// shownReader reads hours as a page in a language shows them.
type shownReader struct {
	language string
	// opening says that the heading above is about opening.
	opening bool
}

var (
	oneTime  = `(\d{1,2})(?:\s?[:.hH]\s?(\d{2}))?\s*(h\b|[Uu]hr\b|[aApP]\.?\s?[mM]\b\.?)?`
	shown    = regexp.MustCompile(oneTime + `\s*(?:[-–—]|\p{L}{1,4})\s*` + oneTime)
	dayNames = map[time.Weekday]string{time.Monday: "mon", time.Tuesday: "tue", time.Wednesday: "wed", time.Thursday: "thu", time.Friday: "fri", time.Saturday: "sat", time.Sunday: "sun"}
)

// readHours returns the lines of a list as the settings have hours; none where one of them is
// something else, or they are of one day alone.
func (r shownReader) readHours(lines []string) (all []any) {
	seen := map[string]bool{}
	for _, text := range lines {
		at := strings.IndexFunc(text, unicode.IsDigit)
		if at < 0 {
			at = len(text)
		}
		days, rest, ok := r.readDays(text[:at])
		if !ok || seen[days] {
			return nil
		}
		seen[days] = true
		if at == len(text) {
			if a := agenda.ReadArgument(rest, monday, r.language); !a.MeansHours() {
				return nil
			}
			continue // closed
		}
		if rest != "" {
			return nil
		}
		times := readTimes(text[at:])
		if len(times) == 0 {
			return nil
		}
		for _, hours := range times {
			line := openingLine(days, hours)
			if line == "" {
				return nil
			}
			all = append(all, line)
		}
	}
	if len(seen) == 1 && !strings.ContainsAny(slices.Collect(maps.Keys(seen))[0], ",-") {
		return nil
	}
	return all
}

// readDays reads the days that a line begins with, "Mo–Fr", "Samedi et dimanche", and returns
// the words behind them.
func (r shownReader) readDays(text string) (days, rest string, ok bool) {
	end, joins, words := 0, false, 0
	for _, t := range textform.Tokenise(text, nil) {
		day, is := r.dayOf(t.Normal)
		if !is {
			joins, words, rest = joins || speech.Joins(t.Folded), words+1, rest+" "+t.Normal
			continue
		}
		gap := text[end:t.Start]
		switch {
		case words > 1, days != "" && words == 0 && strings.TrimSpace(gap) == "":
			return "", "", false
		case days == "": // "du lundi"
		case joins || strings.ContainsAny(gap, ",&+/"):
			days += ","
		default:
			days += "-"
		}
		days, end, joins, words, rest = days+day, t.End, false, 0, ""
	}
	return days, strings.TrimSpace(rest), days != ""
}

// dayOf reads the name of a day of the week.
func (r shownReader) dayOf(word string) (string, bool) {
	var days [2]time.Weekday
	for i := range days { // "today" is another one on each day
		value, ok := slot.Parse(slot.Date, word, monday.AddDate(0, 0, i), r.language)
		at, err := time.Parse(time.DateOnly, value)
		if !ok || err != nil {
			return "", false
		}
		days[i] = at.Weekday()
	}
	return dayNames[days[0]], days[0] == days[1]
}

// readTimes reads "9–18 Uhr", "10h30 – 12h30, 14h – 19h", "9 am – 1:30 pm"; none where anything
// else stands beside them.
func readTimes(text string) (all []string) {
	for _, m := range shown.FindAllStringSubmatch(text, -1) {
		opens, closes := clockOf(m[1], m[2], m[3]), clockOf(m[4], m[5], m[6])
		if isHalf(m[6]) && !isHalf(m[3]) {
			if opens = clockOf(m[1], m[2], m[6]); opens >= closes { // "9–5 pm"
				opens = clockOf(m[1], m[2], "")
			}
		}
		all = append(all, opens+"-"+closes)
	}
	for _, t := range textform.Tokenise(shown.ReplaceAllString(text, " "), nil) {
		if word := strings.TrimSuffix(t.Folded, "."); word != "uhr" && word != "h" && !speech.Joins(word) {
			return nil
		}
	}
	return all
}

func isHalf(said string) bool { return strings.ContainsAny(said, "aApP") }

// clockOf returns a time of the day as the settings have it.
func clockOf(hour, minute, half string) string {
	h, _ := strconv.Atoi(hour) // are figures, by the expression
	switch {
	case strings.ContainsAny(half, "pP") && h < 12:
		h += 12
	case strings.ContainsAny(half, "aA") && h == 12:
		h = 0
	}
	return fmt.Sprintf("%02d:%s", h, cmp.Or(minute, "00"))
}
