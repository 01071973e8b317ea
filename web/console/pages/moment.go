package pages

import (
	"fmt"
	"html"
	"html/template"
	"strconv"
	"time"
)

const day = 24 * time.Hour

// Ago tells how long ago a moment was, or how far ahead it is, as seen from
// now; what is more than a day away is told by its date. Both times are read
// in the zone of now.
func Ago(language string, at, now time.Time) string {
	d := now.Sub(at)
	ahead := d < 0
	if ahead {
		d = -d
	}
	form := func(unit string, n time.Duration) string {
		if ahead {
			return T(language, "time.in."+unit, "n", int(n))
		}
		return T(language, "time.ago."+unit, "n", int(n))
	}
	switch {
	case d < time.Minute && !ahead:
		return T(language, "time.now")
	case d < time.Minute:
		return T(language, "time.soon")
	case d < time.Hour:
		return form("minutes", d/time.Minute)
	case d < day:
		return form("hours", d/time.Hour)
	default:
		return When(language, at, now)
	}
}

// When tells a moment by its date and its time of day in the zone of now; the
// year only where it is another one.
func When(language string, at, now time.Time) string {
	at = at.In(now.Location())
	return T(language, "time.moment", "date", Date(language, at, now), "time", at.Format("15:04"))
}

// Date tells the day of a moment in its own zone; the year only where it is another one than
// now's.
func Date(language string, at, now time.Time) string {
	form := "time.date"
	if at.Year() != now.Year() {
		form = "time.date_year"
	}
	return T(language, form, "day", at.Day(), "month", monthName(language, at), "year", strconv.Itoa(at.Year()))
}

// Month tells the month of a moment in its own zone, with its year.
func Month(language string, at time.Time) string {
	return monthName(language, at) + " " + strconv.Itoa(at.Year())
}

func monthName(language string, at time.Time) string {
	return T(language, "month."+strconv.Itoa(int(at.Month())))
}

// exactTime tells a moment to the second, with its zone.
func exactTime(language string, at time.Time) string {
	return T(language, "time.moment", "date", Date(language, at, time.Time{}), "time", at.Format("15:04:05 MST"))
}

// timeTag wraps what tell says into a time element with the exact moment. The
// zero time, and nil, are "never".
func timeTag(at any, now time.Time, language string, zone *time.Location, tell func(string, time.Time, time.Time) string) (template.HTML, error) {
	var moment time.Time
	switch v := at.(type) {
	case time.Time:
		moment = v
	case *time.Time:
		if v != nil {
			moment = *v
		}
	case nil:
	default:
		return "", fmt.Errorf("%T is no time", at)
	}
	if moment.IsZero() {
		return template.HTML(`<span class="soft">` + html.EscapeString(T(language, "time.never")) + `</span>`), nil //nolint:gosec // escaped
	}
	moment = moment.In(zone)
	exact, told := html.EscapeString(exactTime(language, moment)), html.EscapeString(tell(language, moment, now.In(zone)))
	return template.HTML(`<time datetime="` + moment.Format(time.RFC3339) + `" title="` + exact + `">` + told + `</time>`), nil //nolint:gosec // escaped
}
