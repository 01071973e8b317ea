package when

import (
	"fmt"
	"time"
)

// Stamp is the line that tells a reader how old an answer is.
type Stamp struct {
	// AsOf is the moment the content was true; Now that of telling it. An AsOf
	// after Now is told as it is: an ask that is answered as of an earlier
	// moment gets no younger answer by that.
	AsOf, Now time.Time
	// Zone is the reader's; nil means UTC.
	Zone *time.Location
	// Language is the reader's BCP 47 tag; English where it is not known here.
	Language string
	// Stale marks an answer that is past its freshness.
	Stale bool
	// Closed marks the last answer before the hours ended; Opens is when they
	// begin again, zero where they never do.
	Closed bool
	Opens  time.Time
	// Seen says that nobody knows when the content was true, and that AsOf is
	// when it was first found.
	Seen bool
	// Day says that AsOf is a day without a time of day, the midnight with which
	// it begins in Zone: nothing finer than the day is told of it.
	Day bool
	// Minute says that AsOf is known to the minute: no seconds are told of it.
	Minute bool
	// ByClock leaves out how long ago it was: what is told is read later.
	ByClock bool
}

// soon is by how much an answer may be younger than the ask without being of
// another time: it was fetched while the ask was under way.
const soon = time.Minute

// String words the stamp.
func (s Stamp) String() string {
	w, zone := wordsIn(s.Language), orUTC(s.Zone)
	asOf, now := s.AsOf.In(zone), s.Now.In(zone)
	text := s.moment(w, asOf, now)
	switch {
	case s.Closed && s.Opens.IsZero():
		return w.closed + text
	case s.Closed:
		return w.closed + text + fmt.Sprintf(w.opens, w.moment(s.Opens.In(zone), now))
	case s.Stale:
		return w.stale + text
	}
	return text
}

// moment words AsOf itself, as finely as it is known.
func (s Stamp) moment(w *wording, asOf, now time.Time) string {
	today, day := w.today, w.day
	if s.Seen {
		today, day = w.seenToday, w.seenDay
	}
	age := now.Sub(asOf)
	ago := w.ago(age)
	if s.ByClock || s.Minute && age < time.Minute {
		ago = ""
	}
	switch {
	case s.Day:
		return fmt.Sprintf(day, w.dayOf(asOf, now))
	case sameDay(asOf, now):
		return fmt.Sprintf(today, w.moment(asOf, now)) + ago
	}
	return fmt.Sprintf(day, w.moment(asOf, now)) + ago
}

// wording holds what a language says. The units are abbreviations, which have
// one form for every number.
type wording struct {
	// today and day take a moment, without and with a date; clock takes the
	// time of day, date the day of the month, worded by nth, and the month.
	today, day, clock, date string
	// seenToday and seenDay take the same where nothing better is known.
	seenToday, seenDay   string
	stale, closed, opens string
	seconds, minutes     string
	// in takes minutes to come, from a moment to come.
	in, from string
	nth      func(int) string
	months   [12]string
}

func (w *wording) ago(age time.Duration) string {
	switch {
	case age < -soon:
		return ""
	case age < time.Minute:
		return ", " + fmt.Sprintf(w.seconds, int(max(age, 0)/time.Second))
	case age < time.Hour:
		return ", " + fmt.Sprintf(w.minutes, int(age/time.Minute))
	default:
		return ""
	}
}

func (w *wording) moment(at, now time.Time) string {
	clock := fmt.Sprintf(w.clock, at.Format("15:04"))
	if sameDay(at, now) {
		return clock
	}
	return w.dayOf(at, now) + ", " + clock
}

// dayOf words the date alone, with its year where that is another one.
func (w *wording) dayOf(at, now time.Time) string {
	date := fmt.Sprintf(w.date, w.nth(at.Day()), w.months[at.Month()-1])
	if at.Year() != now.Year() {
		date += fmt.Sprintf(" %d", at.Year())
	}
	return date
}

func sameDay(a, b time.Time) bool {
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}
