package words

import (
	"strconv"
	"time"
)

// Clock is a time of day as a language writes it, in the zone of at.
func Clock(tag string, at time.Time) string {
	return Core().Say(tag, "form.clock", Args{"hour": twoDigits(at.Hour()), "minute": twoDigits(at.Minute())})
}

func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// Day is a date with the name of its month in full and its year.
func Day(tag string, at time.Time) string {
	return Core().Say(tag, "form.day", Args{
		"day": dayOf(tag, at), "month": Core().Say(tag, "form.month_"+strconv.Itoa(int(at.Month())), nil), "year": year(tag, at),
	})
}

// ShortDay is a date with the short name of its month, and without its year.
func ShortDay(tag string, at time.Time) string {
	return Core().Say(tag, "form.day_short", Args{
		"day": dayOf(tag, at), "month": Core().Say(tag, "form.month_short_"+strconv.Itoa(int(at.Month())), nil),
	})
}

// ShortDayYear is ShortDay with its year.
func ShortDayYear(tag string, at time.Time) string {
	return Core().Say(tag, "form.day_short_year", Args{"date": ShortDay(tag, at), "year": year(tag, at)})
}

// At is a date with its time of day.
func At(tag string, at time.Time) string {
	return Core().Say(tag, "form.at", Args{"day": Day(tag, at), "clock": Clock(tag, at)})
}

// dayOf is the number of a day of the month, the first as the language has it.
func dayOf(tag string, at time.Time) string {
	if at.Day() == 1 {
		return Core().Say(tag, "form.day_first", nil)
	}
	return strconv.Itoa(at.Day())
}

// year is a year as a language counts it: Thai newspapers print that of the
// Buddhist era.
func year(tag string, at time.Time) string {
	added, _ := strconv.Atoi(Core().Say(tag, "form.year_added", nil))
	return strconv.Itoa(at.Year() + added)
}

// Duration is a length of time in hours and minutes.
func Duration(tag string, minutes int) string {
	hours, rest := Core().Say(tag, "duration.hours", Args{"n": minutes / 60}), Core().Say(tag, "duration.minutes", Args{"n": minutes % 60})
	switch {
	case minutes < 60:
		return rest
	case minutes%60 == 0:
		return hours
	}
	return Core().Say(tag, "duration.both", Args{"hours": hours, "minutes": rest})
}
