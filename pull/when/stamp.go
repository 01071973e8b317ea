package when

import (
	"time"

	"keypull/pull/words"
)

// Stamp is the line that tells a reader how old an answer is.
type Stamp struct {
	// AsOf is the moment the content was true; Now that of telling it. An AsOf
	// after Now is told as it is: an ask that is answered as of an earlier
	// moment gets no younger answer by that.
	AsOf, Now time.Time
	// Zone is the reader's; nil means UTC.
	Zone *time.Location
	// Language is the reader's BCP 47 tag; English if it is not served.
	Language string
	// Stale marks an answer that is past its freshness.
	Stale bool
	// Closed marks the last answer before the hours ended; Opens is when they
	// begin again; zero if they never do.
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
	zone := orUTC(s.Zone)
	asOf, now := s.AsOf.In(zone), s.Now.In(zone)
	text := s.asOfText(asOf, now)
	switch {
	case s.Closed && s.Opens.IsZero():
		return s.say("stamp.closed", "stamp", text)
	case s.Closed:
		return s.say("stamp.closed_until", "stamp", text, "moment", momentText(s.Opens.In(zone), now, s.Language))
	case s.Stale:
		return s.say("stamp.stale", "stamp", text)
	}
	return text
}

func (s Stamp) say(key string, pairs ...string) string {
	return words.Core().Fill(s.Language, key, pairs...)
}

// asOfText words AsOf itself, as finely as it is known.
func (s Stamp) asOfText(asOf, now time.Time) string {
	today, day := "stamp.today", "stamp.day"
	if s.Seen {
		today, day = "stamp.seen_today", "stamp.seen_day"
	}
	if s.Day {
		return s.say(day, "moment", dayOf(asOf, now, s.Language))
	}
	var text string
	if sameDay(asOf, now) {
		text = s.say(today, "clock", words.Clock(s.Language, asOf))
	} else {
		text = s.say(day, "moment", momentText(asOf, now, s.Language))
	}
	age := now.Sub(asOf)
	if ago := s.ago(age); ago != "" && !s.ByClock && (!s.Minute || age >= time.Minute) {
		return s.say("stamp.ago", "stamp", text, "ago", ago)
	}
	return text
}

// ago returns how long ago it was, where that is less than an hour.
func (s Stamp) ago(age time.Duration) string {
	switch {
	case age < -soon || age >= time.Hour:
		return ""
	case age < time.Minute:
		return words.Core().Say(s.Language, "stamp.seconds", words.Args{"n": int(max(age, 0) / time.Second)})
	}
	return words.Core().Say(s.Language, "stamp.minutes", words.Args{"n": int(age / time.Minute)})
}

// momentText returns the clock alone where a time is of the same day as now, else with
// the date before it.
func momentText(at, now time.Time, language string) string {
	if sameDay(at, now) {
		return words.Clock(language, at)
	}
	return words.Core().Fill(language, "stamp.moment", "date", dayOf(at, now, language), "clock", words.Clock(language, at))
}

// dayOf words the date alone, with its year where that is another one.
func dayOf(at, now time.Time, language string) string {
	if at.Year() == now.Year() {
		return words.ShortDay(language, at)
	}
	return words.ShortDayYear(language, at)
}

func sameDay(a, b time.Time) bool {
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}
