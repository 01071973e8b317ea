package calendar

import (
	"cmp"
	"strings"
	"time"

	"keypull/pull/what"
	"keypull/sources"
	"keypull/sources/agenda"
)

// shownDays is how many days an answer about the hours tells of.
const shownDays = 7

// hoursAsked returns when it is open: at this moment, or on the days that are asked
// about. Where words are left that say nothing of it, nothing is known.
func (s *source) hoursAsked(it what.Item, a agenda.Asked, at time.Time) []what.Item {
	told := a.Open || a.Now || a.HasDays()
	if left := a.Content; (len(a.Strange) > 0 || len(left) > 0 && !told) && !sources.NewSearch(strings.Join(left, " ")).Finds(it.Title) {
		return nil
	}
	if !a.HasDays() {
		return []what.Item{s.state(it, at, !a.Now)}
	}
	var days []what.Item
	for day := a.From; day.Before(a.To) && len(days) < 31; day = day.AddDate(0, 0, 1) {
		days = append(days, s.day(it, day))
	}
	return days
}

// state is whether it is open now, until when it stays so, and the hours of the
// next days.
func (s *source) state(it what.Item, at time.Time, week bool) what.Item {
	stated := what.Item{ID: it.ID, Title: it.Title}
	now, open := s.opening.Now(at, at.Location())
	add := func(name, text string) { stated.Facts = append(stated.Facts, what.Fact{Name: name, Text: text}) }
	switch next, opens := s.opening.Next(at, at.Location()); {
	case open && now.To.Sub(at) > shownDays*dayLength:
		add(factOpen, "always")
	case open:
		add(factOpen, "yes")
		add(factCloses, now.To.In(at.Location()).Format(time.RFC3339))
	default:
		add(factOpen, "no")
		if opens {
			add(factOpens, next.From.In(at.Location()).Format(time.RFC3339))
		}
	}
	if name, special := s.opening.Holiday(at, at.Location()); special && name != "" {
		add(factHoliday, sources.Line(name))
	}
	if !week || stated.Facts.Text(factOpen) == "always" {
		return stated
	}
	list := what.Fact{Name: factHours, Kind: what.List}
	for n := range shownDays {
		list.List = append(list.List, s.line(at.AddDate(0, 0, n)))
	}
	stated.Facts = append(stated.Facts, list)
	return stated
}

// day returns when it is open on one day.
func (s *source) day(it what.Item, day time.Time) what.Item {
	date := day.Format(time.DateOnly)
	told := what.Item{ID: hoursID + "/" + date, Title: it.Title, Facts: what.Facts{
		{Name: factDay, Text: date}, {Name: factHours, Kind: what.List, List: []string{s.line(day)}},
	}}
	if name, _ := s.opening.Holiday(day, day.Location()); name != "" {
		told.Facts = append(told.Facts, what.Fact{Name: factHoliday, Text: sources.Line(name)})
	}
	return told
}

// line returns a day with its hours: "2026-11-21 10:00-14:00", "2026-12-25 closed
// Christmas Day".
func (s *source) line(day time.Time) string {
	var hours []string
	for _, open := range s.opening.On(day, day.Location()) {
		from, to := open.From.In(day.Location()), open.To.In(day.Location())
		if to.Sub(from) >= dayLength {
			hours = append(hours, "24h")
		} else {
			hours = append(hours, from.Format("15:04")+"-"+to.Format("15:04"))
		}
	}
	text := day.Format(time.DateOnly) + " " + cmp.Or(strings.Join(hours, ","), closedMark)
	if name, _ := s.opening.Holiday(day, day.Location()); name != "" {
		text += " " + sources.Line(name)
	}
	return text
}

// closedMark stands in a line in place of hours.
const closedMark = "closed"
