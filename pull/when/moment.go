package when

import "time"

// Moment words a time to come for a reader: the clock alone where it is today
// in the zone, else the date before it. A nil zone means UTC; languages are
// those of Stamp.
func Moment(t, now time.Time, zone *time.Location, language string) string {
	zone = orUTC(zone)
	return wordsIn(language).moment(t.In(zone), now.In(zone))
}
