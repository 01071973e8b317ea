package agenda

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"keypull/pull/what"
	"keypull/pull/what/slot"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
	"keypull/pull/when"
	"keypull/sources"
)

// FindHours returns the opening hours that a page in a language shows people in one list, below a
// heading that says what they are, as settings have them: each line must be understood. Below the title
// of a page about a place they need no heading, where they tell of most of a week.
func FindHours(root *html.Node, language string, ofPlace bool) (hours []string) {
	opening, titled, called := false, false, NamesOf(root)
	for n := range root.Descendants() {
		switch n.DataAtom {
		case atom.H1, atom.H2, atom.H3, atom.H4:
			opening = IsOpening(sources.TextOf(n), language)
			titled = ofPlace && n.DataAtom == atom.H1
			continue
		case atom.Table:
			if caption := sources.FirstElement(n, isCaption); caption != nil && IsOfAnother(sources.TextOf(caption), called, language) {
				continue
			}
		}
		lines := sources.ListLines(n)
		if i := slices.IndexFunc(lines, func(line string) bool { return strings.HasSuffix(line, ":") && IsOpening(line, language) }); i >= 0 {
			opening, lines = true, lines[i+1:]
		}
		if !opening && !titled {
			continue
		}
		found, told := readHours(lines, language)
		if len(found) == 0 || !opening && told*2 < len(names) {
			continue
		}
		if hours != nil && !slices.Equal(found, hours) {
			return nil // several places: whose hours are asked for is not known
		}
		hours = found
	}
	return hours
}

func isCaption(n *html.Node) bool { return n.DataAtom == atom.Caption }

// NamesOf returns what a page is called: by its title and its first heading.
func NamesOf(page *html.Node) string {
	called := sources.HeadOf(page, "").Title
	if top := sources.FirstElement(page, func(n *html.Node) bool { return n.DataAtom == atom.H1 }); top != nil {
		called += " " + sources.TextOf(top)
	}
	return called
}

// IsOfAnother reports whether a caption says when something is open that its page is not called by: the tip on a newspaper's page of
// useful hours.
func IsOfAnother(caption, called, language string) bool {
	asked := ReadArgument(sources.Line(caption), monday, language)
	if !asked.Open || len(asked.Content) == 0 || called == "" || textform.BeginsSpaceless(asked.Content[0]) {
		return false
	}
	names := textform.Tokenise(called, nil)
	return !slices.ContainsFunc(asked.Content, func(word string) bool {
		of := what.Stems(word, language)
		return slices.ContainsFunc(names, func(name textform.Token) bool {
			return name.Folded == word || of != "" && what.Stems(name.Folded, language) == of
		})
	})
}

// IsOpening reports whether what stands below a line is when somebody is there.
func IsOpening(line, language string) bool {
	return ReadArgument(sources.Line(line), monday, language).Open
}

// monday is a day at which names of days are read.
var monday = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)

var (
	oneTime = `(\d{1,2})(?:\s?[:.hH]\s?(\d{2}))?\s*(h\b|[aApP]\.?\s?[mM]\b\.?)?`
	shown   = regexp.MustCompile(oneTime + `\s*(?:[-–—~〜～]|\p{L}{1,4})\s*` + oneTime)
	names   = [...]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
	// dayNames are what the lists of words call the days.
	dayNames = [len(names)]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
)

// workdays are how many days of a week are no weekend.
const workdays = len(names) - 2

// weekdays are days of the week, Monday first.
type weekdays [len(names)]bool

// ReadHours returns the lines of a list in a language as settings have opening hours; none where one
// of them is something else, two contradict each other, or they are of one day alone.
func ReadHours(lines []string, language string) []string {
	found, _ := readHours(lines, language)
	return found
}

// readHours is ReadHours, and of how many days the lines tell.
func readHours(lines []string, language string) (all []string, told int) {
	var week [len(names)][]string
	var said, closed weekdays
	var breaks []string
	clockIn := func(text string) int {
		if at := strings.IndexAny(text, "0123456789"); at >= 0 {
			return at
		}
		return len(text)
	}
	ofDays := func(text string) bool {
		_, _, ok := readDays(text[:clockIn(text)], language)
		return ok || clockIn(text) < len(text)
	}
	lines = lines[max(slices.IndexFunc(lines, ofDays), 0):] // words alone before and behind are another text
	for len(lines) > 0 && !ofDays(lines[len(lines)-1]) {
		lines = lines[:len(lines)-1]
	}
	for _, text := range lines {
		at := clockIn(text)
		for i := strings.LastIndexByte(text, ','); i > at && ReadArgument(text[i:], monday, language).MeansHours(); i = strings.LastIndexByte(text, ',') {
			text = text[:i] // "9 – 14, closed" in the afternoon
		}
		days, rest, ok := readDays(text[:at], language)
		about := ReadArgument(rest, monday, language)
		times := readTimes(text[at:], language)
		if means := meaning(strings.TrimRight(textform.Fold(strings.TrimSpace(text[:at])), " :"), []string{language}); len(times) > 0 && (means == "pause" || means == "closed") {
			breaks = append(breaks, times...) // of every day: "lunch break 12–13"
			continue
		}
		if !ok || at == len(text) && !about.MeansHours() || at < len(text) && (len(times) == 0 || rest != "" && !about.idle) {
			return nil, 0
		}
		for i := range times {
			if overlap(times[:i], times[i:i+1]) { // side by side stand those of school days and of holidays
				return nil, 0
			}
		}
		for day, is := range days {
			if !is {
				continue
			}
			if said[day], closed[day] = true, closed[day] || len(times) == 0; overlap(week[day], times) {
				return nil, 0
			}
			week[day] = append(week[day], times...)
		}
	}
	for day := range week {
		if said[day] {
			told++
		}
		if closed[day] {
			week[day] = nil
		}
		for _, pause := range breaks {
			week[day] = without(week[day], pause)
		}
	}
	if told < 2 {
		return nil, 0
	}
	return linesOfWeek(week), told
}

// overlap reports whether some times meet others.
func overlap(all, others []string) bool {
	return slices.ContainsFunc(all, func(one string) bool {
		return slices.ContainsFunc(others, func(other string) bool {
			const clock = len("00:00")
			return one[:clock] < other[clock+1:] && other[:clock] < one[clock+1:]
		})
	})
}

// without returns times with a pause in the midst of one left out.
func without(times []string, pause string) (left []string) {
	from, to, _ := strings.Cut(pause, "-")
	for _, one := range times {
		opens, closes, _ := strings.Cut(one, "-")
		if opens < from && to < closes {
			left = append(left, opens+"-"+from, to+"-"+closes)
			continue
		}
		left = append(left, one)
	}
	return left
}

// linesOfWeek returns the times of a week as settings have them; none where one can't be so.
func linesOfWeek(week [len(names)][]string) (all []string) {
	var done weekdays
	for day, times := range week {
		if done[day] || len(times) == 0 {
			continue
		}
		var alike weekdays
		for i := range week {
			alike[i] = slices.Equal(week[i], times)
			done[i] = done[i] || alike[i]
		}
		for _, hours := range times {
			line := OpeningLine(alike.String(), hours)
			if line == "" {
				return nil
			}
			all = append(all, line)
		}
	}
	return all
}

// addDays adds the days from one on, up to another.
func (w *weekdays) addDays(from, to int) {
	for day := from; day < to; day++ {
		w[day] = true
	}
}

// String returns days as settings have them: "tue-fri", "sat,sun".
func (w weekdays) String() string {
	var parts []string
	for i := 0; i < len(w); i++ {
		last := i
		for last+1 < len(w) && w[i] && w[last+1] {
			last++
		}
		switch {
		case !w[i]:
		case last-i > 1:
			parts = append(parts, names[i]+"-"+names[last])
			i = last
		default:
			parts = append(parts, names[i])
		}
	}
	return strings.Join(parts, ",")
}

// readDays reads the days that a line begins with, "Mo–Fr", "Samedi et dimanche", "täglich außer
// Montag", and returns the words behind them. Holidays stand beside days, or alone for none.
func readDays(text, language string) (days weekdays, rest string, ok bool) {
	tokens := textform.Tokenise(text, nil)
	speech.Mark(tokens, language) // "a" is until in Spanish, and in Czech
	end, joins, words, last, without, shut := 0, false, 0, -1, false, ""
	var n int // how many words say the same
	for i := 0; i < len(tokens); i += n {
		var said string
		said, n = phraseAt(text, tokens[i:], language)
		gap := strings.TrimSpace(text[end:tokens[i].Start])
		day, is := slices.Index(dayNames[:], said), slices.Contains(dayNames[:], said)
		if !is {
			day, is = dayOf(tokens[i].Normal, language)
		}
		switch {
		case said == "daily":
			days.addDays(0, len(days))
		case said == "workdays":
			days.addDays(0, workdays)
		case said == "weekend":
			days.addDays(workdays, len(days))
		case said == "except":
			without = true
		case said == "unbroken":
			end = tokens[i+n-1].End
			continue
		case said == "holidays", said == "clock":
		case (said == "open" || said == "closed") && !ok:
			shut = tokens[i].Normal // "closed on Mondays"
		case !is:
			joins, words, rest, n = joins || tokens[i].Roles&speech.And != 0, words+1, joinedTo(rest, tokens[i]), 1
			continue
		case last >= 0 && gap == "", words > 1 && strings.Contains(gap, " "):
			return days, "", false
		case last < 0 || joins || gap == "/" || strings.ContainsAny(gap, ",&+"): // "du lundi"
			days[day], last = !without, day
		default:
			for from := last; from != day; {
				from = (from + 1) % len(names)
				days[from] = !without
			}
			last = day
		}
		end, joins, words, rest = tokens[i+n-1].End, false, 0, ""
		ok = ok || said != "open" && said != "closed" && said != "clock"
	}
	return days, cmp.Or(rest, shut), ok
}

// dayOf reads the name of a day of the week.
func dayOf(word, language string) (int, bool) {
	for _, name := range []string{word, strings.TrimSuffix(word, "s")} { // "montags", "on Sundays"
		var days [2]time.Weekday
		for i := range days { // "today" is another one on each day
			value, ok := slot.Parse(slot.Date, name, monday.AddDate(0, 0, i), language)
			at, err := time.Parse(time.DateOnly, value)
			if !ok || err != nil {
				break
			}
			if days[i] = at.Weekday(); i > 0 && days[0] == days[1] {
				return (int(days[0]) + len(names) - 1) % len(names), true
			}
		}
	}
	return 0, false
}

// joinedTo returns words with one more behind them.
func joinedTo(words string, t textform.Token) string {
	if t.Glued || words == "" {
		return words + t.Normal
	}
	return words + " " + t.Normal
}

// phraseAt returns what the longest phrase of the lists says with which some tokens of a text begin, and how many
// it has; "" and 1 for none.
func phraseAt(text string, tokens []textform.Token, language string) (said string, n int) {
	for n = min(maxSpan, len(tokens)); n > 0; n-- {
		if said = meaning(textform.Fold(text[tokens[0].Start:tokens[n-1].End]), []string{language}); said != "" {
			return said, n
		}
	}
	return "", 1
}

// withoutPhrases returns a text without the phrases that say one of some things, and the dots behind them.
func withoutPhrases(text, language string, sayings ...string) string {
	tokens := textform.Tokenise(text, nil)
	var kept strings.Builder
	end := 0
	for i := 0; i < len(tokens); {
		said, n := phraseAt(text, tokens[i:], language)
		if slices.Contains(sayings, said) {
			kept.WriteString(text[end:tokens[i].Start] + " ")
			end = len(text) - len(strings.TrimPrefix(text[tokens[i+n-1].End:], "."))
		}
		i += n
	}
	return kept.String() + text[end:]
}

// readTimes reads "9–18 Uhr", "10h30 – 12h30, 14h – 19h", "9 am – 1:30 pm"; none where anything
// else stands beside them.
func readTimes(text, language string) (all []string) {
	text = withoutPhrases(text, language, "clock", "unbroken")
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
		if word := strings.TrimSuffix(t.Folded, "."); word != "h" && !speech.Joins(word, speech.Of(language)) {
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

var (
	dayWord = regexp.MustCompile(`[A-Za-z]+`)
	oneHour = regexp.MustCompile(`(^|-)(\d:)`)
	seconds = regexp.MustCompile(`(\d\d:\d\d):\d\d`)
)

// OpeningLine returns days and times as settings have them, or "".
func OpeningLine(said ...string) string {
	if len(said) != 2 {
		return ""
	}
	days := dayWord.ReplaceAllStringFunc(said[0], func(word string) string {
		for _, day := range names {
			if strings.HasPrefix(strings.ToLower(word), day[:2]) {
				return day
			}
		}
		return word
	})
	line := days + " " + seconds.ReplaceAllString(oneHour.ReplaceAllString(said[1], "${1}0$2"), "$1")
	if _, err := when.ParseHours([]string{line}); err != nil {
		return ""
	}
	return line
}
