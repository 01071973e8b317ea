package calendar

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/when"
	"keypull/sources"
	"keypull/sources/agenda"
)

// Ids of the items that are no events.
const (
	hoursID = "hours"
	slotID  = agenda.SlotID
)

// sortedItems returns the events in the order of their beginnings, the first of them.
func (p *plan) sortedItems(zone *time.Location, most int) []what.Item {
	slices.SortStableFunc(p.all, func(a, b occurrence) int { return cmp.Or(a.from.Compare(b.from), cmp.Compare(a.id, b.id)) })
	var items []what.Item
	seen := map[string]bool{}
	for _, o := range p.all {
		switch it := o.item(zone); {
		case o.hidden || it.Title == "" && it.Body == "" || seen[it.ID]:
		case len(items) == most:
			return items
		default:
			seen[it.ID] = true
			items = append(items, it)
		}
	}
	return items
}

// item returns an event as readers are told of it. Of an all-day event start and end
// are its first and last day; the end is there where it is another one.
func (o occurrence) item(zone *time.Location) what.Item {
	it := what.Item{ID: sources.Line(o.id), Title: o.title, Language: o.language, Summary: o.text, Body: o.text, Link: o.link}
	if strings.HasPrefix(o.id, "/") {
		sum := sha256.Sum256([]byte(o.title + "\x00" + o.place))
		it.ID = hex.EncodeToString(sum[:8]) + o.id
	}
	it.Title = cmp.Or(it.Title, sources.Shorten(sources.Line(o.text), maxTitle))
	form := func(t time.Time) string { return t.In(zone).Format(time.RFC3339) }
	if o.allDay {
		form = func(t time.Time) string { return t.Format(time.DateOnly) }
	}
	end := ""
	if o.to.After(o.from) {
		end = form(o.to)
	}
	it.Facts = sources.Saying(what.Fact{Name: factStart, Text: form(o.from)}, what.Fact{Name: factEnd, Text: end}, what.Fact{Name: factPlace, Text: o.place})
	return it
}

// freeSlots returns the times within the opening hours at which nothing is.
func (s *source) freeSlots(now time.Time, taken *plan, zone *time.Location) []what.Item {
	var busy []when.Stretch
	if taken != nil {
		busy = taken.busy(zone)
	}
	var items []what.Item
	end := now.Add(s.settings.Ahead)
	for day := now.In(zone).AddDate(0, 0, -1); day.Before(end); day = day.AddDate(0, 0, 1) {
		for _, open := range s.opening.On(day, zone) {
			for from := open.From; !from.Add(s.settings.Slots).After(open.To); from = from.Add(s.settings.Slots) {
				free := when.Stretch{From: from, To: from.Add(s.settings.Slots)}
				if from.Before(now.Add(-dayLength)) || overlaps(busy, free) {
					continue
				}
				if len(items) == pull.MaxSnapshotItems-1 {
					return items
				}
				items = append(items, slotItem(free, zone))
			}
		}
	}
	return items
}

func slotItem(free when.Stretch, zone *time.Location) what.Item {
	return what.Item{
		ID: slotID + free.From.UTC().Format("20060102T150405Z"), Title: free.From.In(zone).Format("2006-01-02 15:04"),
		Facts: what.Facts{
			{Name: factStart, Text: free.From.In(zone).Format(time.RFC3339)}, {Name: factEnd, Text: free.To.In(zone).Format(time.RFC3339)},
		},
	}
}

// busy returns the times that are taken, in their order. What is hidden takes its
// time as well; what is marked as idle does not.
func (p *plan) busy(zone *time.Location) []when.Stretch {
	var all []when.Stretch
	for _, o := range p.all {
		if o.idle {
			continue
		}
		s := when.Stretch{From: o.from, To: o.to}
		if o.allDay {
			s = when.Stretch{From: midnight(o.from, zone), To: midnight(o.to.AddDate(0, 0, 1), zone)}
		}
		all = append(all, s)
	}
	all = append(all, p.taken...)
	slices.SortFunc(all, func(a, b when.Stretch) int { return a.From.Compare(b.From) })
	// Each ends at the latest end before it, so that a search finds overlaps.
	for i := 1; i < len(all); i++ {
		if all[i].To.Before(all[i-1].To) {
			all[i].To = all[i-1].To
		}
	}
	return all
}

// overlaps says whether a stretch meets one of those that are in order.
func overlaps(busy []when.Stretch, s when.Stretch) bool {
	i, _ := slices.BinarySearchFunc(busy, s.To, func(b when.Stretch, t time.Time) int { return b.From.Compare(t) })
	return i > 0 && busy[i-1].To.After(s.From)
}

// midnight returns when the day of a date begins in a zone.
func midnight(date time.Time, zone *time.Location) time.Time {
	y, m, d := date.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}

var _ pull.Bookable = (*source)(nil)

// HasTimes reports whether the calendar tells times that are free.
func (s *source) HasTimes() bool { return s.settings.Slots > 0 }

// TimeOf returns the time that an item is of, if it is one that is free.
func (*source) TimeOf(it *what.Item) (at when.Stretch, ok bool) {
	if !strings.HasPrefix(it.ID, slotID) {
		return at, false
	}
	from, err := time.Parse(time.RFC3339, it.Facts.Text(factStart))
	if err != nil {
		return at, false
	}
	to, err := time.Parse(time.RFC3339, it.Facts.Text(factEnd))
	return when.Stretch{From: from, To: to}, err == nil
}
