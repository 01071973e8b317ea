package pull

import (
	"time"

	"keypull/pull/when"
)

// closed tells since when a keyword is outside its hours, and when it opens, which is
// zero if it never does.
type closed struct{ since, opens time.Time }

func closedAt(k *keyword, at time.Time, zone *time.Location) *closed {
	since, ok := k.hours.Closed(at, zone)
	if !ok {
		return nil
	}
	opens, _ := k.hours.Next(at, zone)
	return &closed{since: since, opens: opens}
}

// lastValue is how long the last value of a closed keyword may be told: it
// carries its own time.
const lastValue = 10 * 365 * 24 * time.Hour

// lastValueFreshness returns the freshness of a closed keyword's last value: upstream is
// asked once after the hours ended, and any value that is kept may be told.
func (c *closed) lastValueFreshness(f when.Freshness, now time.Time) when.Freshness {
	age := now.Sub(c.since)
	return when.Freshness{MaxAge: &age, StaleIfError: lastValue, Deadline: f.Deadline}
}

// tellsFactTime reports whether the source tells the time of the fact itself.
func (o *Opened) tellsFactTime() bool {
	s, ok := o.Source.(Timed)
	return ok && s.TimeOfFact()
}
