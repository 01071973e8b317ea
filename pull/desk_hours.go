package pull

import (
	"context"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/what"
)

// presence says whether people of the publisher are there, and when the next are.
type presence struct {
	there bool
	next  time.Time // zero where that is not known
}

// mostShifts is how many events of a calendar are looked at.
const mostShifts = 20

// lookForPeople says whether people are there at the moment of the ask: by their calendar, or
// by the hours where there is none or it can't be asked.
func (w desking) lookForPeople(ctx context.Context) presence {
	if p, ok := w.readCalendar(ctx); ok {
		return p
	}
	hours := w.edition.people.hours
	p := presence{there: hours.Open(w.ask.At, w.edition.Zone)}
	if next, ok := hours.Next(w.ask.At, w.edition.Zone); ok && !p.there {
		p.next = next
	}
	return p
}

// readCalendar reads the calendar of people: they are there while it is open, or while one of
// its events lasts.
func (w desking) readCalendar(ctx context.Context) (p presence, ok bool) {
	s := w.edition.people.calendar
	if s == nil {
		return p, false
	}
	k := &keyword{&catalogue.Keyword{Source: w.edition.people.Calendar}, &conduct{source: s, freshness: FreshnessOf(s.Freshness)}}
	q := Query{Count: mostShifts, Language: w.language, At: w.ask.At}
	key, err := asking(w).snapshotKey(k, q)
	if err != nil {
		return p, false
	}
	kept, err := asking(w).bringKey(ctx, k, key)
	if err != nil || kept.Snapshot == nil {
		return p, false
	}
	found, err := w.cache.Select(ctx, w.edition.ID, k.Source, s.Source, *kept.Snapshot, q)
	if err != nil && KindOf(err) != Unknown {
		return p, false
	}
	for i := range found.Items {
		p = p.withShift(&found.Items[i], w.ask.At, w.edition.Zone)
	}
	return p, true
}

// withShift adds what an item says of when people are there.
func (p presence) withShift(it *what.Item, at time.Time, zone *time.Location) presence {
	from, to := momentOf(it.Facts.Text(what.FactStart), zone), momentOf(it.Facts.Text(what.FactEnd), zone)
	if day := it.Facts.Text(what.FactStart); len(day) == len(time.DateOnly) {
		to = momentOf(day, zone).AddDate(0, 0, 1)
		if last := it.Facts.Text(what.FactEnd); last != "" {
			to = momentOf(last, zone).AddDate(0, 0, 1)
		}
	}
	opens := momentOf(it.Facts.Text(what.FactOpens), zone)
	switch state := it.Facts.Text(what.FactOpen); {
	case state != "":
		p.there = p.there || state != "no"
	case !from.IsZero() && !at.Before(from) && at.Before(to):
		p.there = true
	case from.After(at):
		opens = from
	}
	if opens.After(at) && (p.next.IsZero() || opens.Before(p.next)) {
		p.next = opens
	}
	return p
}

// momentOf reads a moment, or the beginning of a day; zero where it is neither.
func momentOf(text string, zone *time.Location) time.Time {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t
	}
	t, _ := time.ParseInLocation(time.DateOnly, text, zone)
	return t
}
