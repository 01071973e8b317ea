package when

import "time"

// farthest is more than any zone is from UTC.
const farthest = 15 * time.Hour

// wallTimes lists the moments at which a zone's clocks show a wall time, given
// in UTC: one, or none in an hour that is skipped, or two in one that comes
// twice; the earlier first.
func wallTimes(wall time.Time, zone *time.Location) []time.Time {
	var ts []time.Time
	for _, near := range []time.Time{wall.Add(-farthest), wall.Add(farthest)} {
		_, offset := near.In(zone).Zone()
		t := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		if wallOf(t).Equal(wall) && (len(ts) == 0 || !ts[0].Equal(t)) {
			ts = append(ts, t)
		}
	}
	return ts
}

// firstShowing returns the first moment at which a zone's clocks show a wall
// time, or the end of the gap where they skip it.
func firstShowing(wall time.Time, zone *time.Location) time.Time {
	if ts := wallTimes(wall, zone); len(ts) > 0 {
		return ts[0]
	}
	end, _ := wall.Add(farthest).In(zone).ZoneBounds()
	return end
}

// wallOf returns what the clock of t shows, as a time in UTC.
func wallOf(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

func orUTC(zone *time.Location) *time.Location {
	if zone == nil {
		return time.UTC
	}
	return zone
}
