package words

import (
	"strconv"
	"time"
)

// Clock returns a time of day as a language writes it, in the zone of at.
func Clock(tag string, at time.Time) string {
	return Core().Fill(tag, "form.clock", "hour", minutes[at.Hour()], "minute", minutes[at.Minute()])
}

// minutes are the numbers of a clock, of two digits each.
var minutes = func() (all [60]string) {
	for n := range all {
		all[n] = strconv.Itoa(n/10) + strconv.Itoa(n%10)
	}
	return all
}()

// Day returns a date with the name of its month in full and its year.
func Day(tag string, at time.Time) string {
	return Core().Fill(tag, "form.day", "day", dayOf(tag, at), "month", Core().Fill(tag, "form.month_"+strconv.Itoa(int(at.Month()))), "year", year(tag, at))
}

// ShortDay returns a date with the short name of its month, and without its year.
func ShortDay(tag string, at time.Time) string {
	return Core().Fill(tag, "form.day_short", "day", dayOf(tag, at), "month", Core().Fill(tag, "form.month_short_"+strconv.Itoa(int(at.Month()))))
}

// ShortDayYear is ShortDay with its year.
func ShortDayYear(tag string, at time.Time) string {
	return Core().Fill(tag, "form.day_short_year", "date", ShortDay(tag, at), "year", year(tag, at))
}

// WithWeekday returns a date, as others of these functions word it, with the name of its day.
func WithWeekday(tag string, at time.Time, date string) string {
	return Core().Fill(tag, "form.day_named", "weekday", Core().Fill(tag, "form.weekday_"+strconv.Itoa(int(at.Weekday()))), "date", date)
}

// At returns a date with its time of day.
func At(tag string, at time.Time) string {
	return Core().Fill(tag, "form.at", "day", Day(tag, at), "clock", Clock(tag, at))
}

// dayOf returns the number of a day of the month, the first as the language has it.
func dayOf(tag string, at time.Time) string {
	if at.Day() == 1 {
		return Core().Say(tag, "form.day_first", nil)
	}
	return strconv.Itoa(at.Day())
}

// year returns a year as a language counts it: Thai newspapers print that of the
// Buddhist era.
func year(tag string, at time.Time) string {
	added, _ := strconv.Atoi(Core().Say(tag, "form.year_added", nil))
	return strconv.Itoa(at.Year() + added)
}

// Duration returns a length of time in hours and minutes, told in minutes.
func Duration(tag string, length int) string {
	hours, rest := Core().Say(tag, "duration.hours", Args{"n": length / 60}), Core().Say(tag, "duration.minutes", Args{"n": length % 60})
	switch {
	case length < 60:
		return rest
	case length%60 == 0:
		return hours
	}
	return Core().Say(tag, "duration.both", Args{"hours": hours, "minutes": rest})
}
