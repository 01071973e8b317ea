package agenda

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/sources"
)

// The facts of an event.
const (
	FactStart = what.FactStart
	FactEnd   = what.FactEnd
	FactPlace = "place"
)

// SlotID begins the id of a time that is free.
const SlotID = "free/"

// timed is an item with its times as moments.
type timed struct {
	what.Item
	from, to time.Time
	allDay   bool
}

func timesOf(it what.Item, zone *time.Location) (timed, bool) {
	start, end := it.Facts.Text(FactStart), it.Facts.Text(FactEnd)
	from, allDay, begins := momentOf(start, zone)
	to, day, ends := momentOf(cmp.Or(end, start), zone)
	if day {
		to = to.AddDate(0, 0, 1)
	}
	return timed{it, from, to, allDay}, begins && ends
}

// momentOf returns the moment that a fact tells, or the midnight with which its day begins.
func momentOf(text string, zone *time.Location) (at time.Time, day, ok bool) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, false, true
	}
	at, err := time.ParseInLocation(time.DateOnly, text, zone)
	return at, err == nil, err == nil
}

// over says whether it is past: what has no end is, once it has begun.
func (t timed) over(at time.Time) bool {
	if t.to.Equal(t.from) {
		return t.from.Before(at)
	}
	return !t.to.After(at)
}

// Choose returns the items that an argument asks for, in the order in which they
// come. What began before stands behind what begins then.
func Choose(items []what.Item, a Asked, q pull.Query, zone *time.Location) []what.Item {
	at := q.First()
	all := within(items, a, at, zone)
	found := matching(all, a, q.Language)
	if len(found) == 0 && a.HasDays() && len(strings.Fields(q.Argument)) > 1 {
		// A title may have the name of a day in it.
		found = matching(within(items, Asked{}, at, zone), Asked{words: strings.Fields(q.Argument), Content: strings.Fields(q.Argument)}, q.Language)
	}
	local := at.In(zone)
	from := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, zone)
	to := from.AddDate(0, 0, 1)
	if a.HasDays() {
		from, to = a.From, a.To
	}
	late := func(t timed) time.Time {
		if t.from.Before(from) && !a.Now {
			return to.Add(-time.Nanosecond)
		}
		return t.from
	}
	slices.SortStableFunc(found, func(x, y timed) int { return late(x).Compare(late(y)) })
	picked := make([]what.Item, 0, len(found))
	for _, t := range found {
		picked = append(picked, t.Item)
	}
	return picked
}

// Coming returns the events that are not over at a moment, the one that begins first before
// the others, and behind them those whose time is not known. What has no end takes as long
// as usual.
func Coming(items []what.Item, at time.Time, zone *time.Location, usual time.Duration) []what.Item {
	var all []timed
	var untimed []what.Item
	for _, it := range items {
		t, ok := timesOf(it, zone)
		if t.to.Equal(t.from) {
			t.to = t.from.Add(usual)
		}
		if !ok {
			untimed = append(untimed, it)
		} else if t.to.After(at) {
			all = append(all, t)
		}
	}
	slices.SortStableFunc(all, func(a, b timed) int { return a.from.Compare(b.from) })
	ordered := make([]what.Item, 0, len(items))
	for _, t := range all {
		ordered = append(ordered, t.Item)
	}
	return append(ordered, untimed...)
}

// within returns the items of the time that is asked about.
func within(items []what.Item, a Asked, at time.Time, zone *time.Location) []timed {
	var all []timed
	for _, it := range items {
		t, ok := timesOf(it, zone)
		free := strings.HasPrefix(it.ID, SlotID)
		switch {
		case !ok, t.over(at) && (!a.HasDays() || a.To.After(at)), free && t.from.Before(at):
		case a.HasDays() && (!t.from.Before(a.To) || !t.to.After(a.From) && t.from.Before(a.From)):
		case a.Now && !free && (t.from.After(at) || t.over(at)):
		case a.Next && !free && t.from.Before(at) && (!t.allDay || t.from.Before(at.Add(-24*time.Hour))):
		default:
			all = append(all, t)
		}
	}
	return all
}

// matching returns the items with the words: with all that were written, else with
// those that are no small words, in any of their forms; those that have them in their
// titles, else in their titles, places or descriptions.
func matching(all []timed, a Asked, language string) []timed {
	if len(a.Content) == 0 && a.HasDays() {
		return all
	}
	content := sources.NewSearch(strings.Join(a.Content, " "))
	for _, search := range []sources.Search{sources.NewSearch(strings.Join(a.words, " ")), content, content.Content(language)} {
		if search.Empty() {
			return all
		}
		hits := sources.TitledFirst(sources.Ranked(search, all, func(t timed) ([]sources.Field, string) {
			return []sources.Field{
				{Text: t.Title, Weight: sources.InTitle}, {Text: t.Facts.Text(FactPlace), Weight: sources.InFacts}, {Text: t.Body, Weight: sources.InSummary},
			}, language
		}))
		found := make([]timed, len(hits))
		for i, h := range hits {
			found[i] = h.Found
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}
