package calendar

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
)

// saidText is how long the description of one event may be in a message.
const saidText = 600

// Say words the events with their times, the hours, or the free times.
func (*source) Say(items []what.Item, v pull.Voice) pull.Reply {
	r := pull.Reply{Language: v.Language}
	var free []string
	for i, it := range items {
		switch {
		case strings.HasPrefix(it.ID, slotID):
			free = append(free, span(it, v))
		case it.ID == hoursID:
			r.Blocks = append(r.Blocks, state(it, v)...)
		case strings.HasPrefix(it.ID, hoursID+"/"):
			if i == 0 {
				r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Title, Text: it.Title})
			}
			f, _ := it.Facts.Find(factHours)
			for _, line := range f.List {
				r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Paragraph, Text: dayLine(line, v), Tight: i > 0})
			}
		default:
			addEvent(&r, it, v, len(items) == 1)
		}
	}
	if len(free) > 0 {
		r.Blocks = append(r.Blocks, pull.Block{Kind: pull.Bullets, Text: own.Say(v.Language, "free", nil), Lines: free})
	}
	return r
}

// TitleOf returns an event with its time.
func (*source) TitleOf(it what.Item, v pull.Voice) string {
	if when := span(it, v); when != "" && !strings.HasPrefix(it.ID, slotID) {
		return it.Title + ", " + when
	}
	return it.Title
}

// addEvent tells one event: in full where it stands alone.
func addEvent(r *pull.Reply, it what.Item, v pull.Voice, alone bool) {
	when, text := span(it, v), sources.Shorten(it.Body, saidText)
	if place := it.Facts.Text(factPlace); place != "" && when != "" {
		when += " · " + place
	}
	if !alone || text == it.Title {
		text = ""
	}
	sources.AddBlocks(r, pull.Block{Kind: pull.Title, Text: it.Title}, pull.Block{Kind: pull.Paragraph, Text: when, Tight: true},
		pull.Block{Kind: pull.Paragraph, Text: text}, pull.Block{Kind: pull.Link, URL: it.Link, Tight: !alone})
}

// span is "Saturday, 21 November, 19:00–22:00": at the place where it happens,
// with its distance from UTC where the reader's clock shows something else.
func span(it what.Item, v pull.Voice) string {
	start, end := it.Facts.Text(factStart), it.Facts.Text(factEnd)
	if first, err := time.Parse(time.DateOnly, start); err == nil {
		if last, err := time.Parse(time.DateOnly, end); err == nil && last.After(first) {
			return day(first, v) + " – " + day(last, v)
		}
		return day(first, v)
	}
	from, err := time.Parse(time.RFC3339, start)
	if err != nil {
		return ""
	}
	text := moment(from, v)
	if to, err := time.Parse(time.RFC3339, end); err == nil && to.After(from) {
		switch {
		case to.Sub(from) < dayLength:
			text += " – " + words.Clock(v.Language, to)
		default:
			text += " – " + moment(to, v)
		}
	}
	return text + elsewhere(from, v)
}

func moment(t time.Time, v pull.Voice) string {
	return own.Say(v.Language, "moment", words.Args{"day": day(t, v), "clock": words.Clock(v.Language, t)})
}

// day returns a date with its weekday, and its year where that is not this one.
func day(t time.Time, v pull.Voice) string {
	date := words.ShortDay(v.Language, t)
	if t.Year() != v.At.In(t.Location()).Year() {
		date = words.ShortDayYear(v.Language, t)
	}
	return own.Say(v.Language, "day", words.Args{"weekday": own.Say(v.Language, "weekday_"+strconv.Itoa(int(t.Weekday())), nil), "date": date})
}

// elsewhere tells the zone of a time to whoever lives by another one.
func elsewhere(t time.Time, v pull.Voice) string {
	if v.Zone == nil {
		return ""
	}
	_, there := t.Zone()
	if _, here := t.In(v.Zone).Zone(); here == there {
		return ""
	}
	sign, minutes := '+', there/60
	if minutes < 0 {
		sign, minutes = '-', -minutes
	}
	text := fmt.Sprintf(" (UTC%c%d", sign, minutes/60)
	if minutes%60 > 0 {
		text += fmt.Sprintf(":%02d", minutes%60)
	}
	return text + ")"
}

// state tells whether it is open, and the hours of the next days.
func state(it what.Item, v pull.Voice) []pull.Block {
	key, args := "closed", words.Args(nil)
	until := cmp.Or(it.Facts.Text(factCloses), it.Facts.Text(factOpens))
	t, err := time.Parse(time.RFC3339, until)
	switch it.Facts.Text(factOpen) {
	case "always":
		key = "open_always"
	case "yes":
		key = "open_until"
	default:
		if err == nil {
			key = "closed_until"
		}
	}
	if err == nil {
		told := moment(t, v)
		if now := v.At.In(t.Location()); now.YearDay() == t.YearDay() && now.Year() == t.Year() {
			told = words.Clock(v.Language, t)
		}
		args = words.Args{"moment": told + elsewhere(t, v)}
	}
	line := own.Say(v.Language, key, args)
	if holiday := it.Facts.Text(factHoliday); holiday != "" {
		line += " (" + holiday + ")"
	}
	blocks := []pull.Block{{Kind: pull.Title, Text: it.Title}, {Kind: pull.Paragraph, Text: line, Tight: true}}
	if f, _ := it.Facts.Find(factHours); len(f.List) > 0 {
		list := pull.Block{Kind: pull.Bullets}
		for _, line := range f.List {
			list.Lines = append(list.Lines, dayLine(line, v))
		}
		blocks = append(blocks, list)
	}
	return blocks
}

// dayLine words a line of the hours.
func dayLine(line string, v pull.Voice) string {
	date, rest, _ := strings.Cut(line, " ")
	spans, name, _ := strings.Cut(rest, " ")
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return line
	}
	var told []string
	for s := range strings.SplitSeq(spans, ",") {
		from, to, _ := strings.Cut(s, "-")
		begins, err := time.Parse("15:04", from)
		ends, failed := time.Parse("15:04", to)
		switch {
		case s == "24h":
			told = append(told, own.Say(v.Language, "all_day", nil))
		case err != nil || failed != nil:
			told = append(told, own.Say(v.Language, "closed_day", nil))
		default:
			told = append(told, words.Clock(v.Language, begins)+" – "+words.Clock(v.Language, ends))
		}
	}
	text := own.Say(v.Language, "day_hours", words.Args{"day": day(t, v), "hours": strings.Join(told, ", ")})
	if name != "" {
		text += " (" + name + ")"
	}
	return text
}
