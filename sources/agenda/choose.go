package agenda

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/what/moment"
	"keypull/pull/words"
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

// isOn says whether it goes on between two moments.
func (t timed) isOn(from, to time.Time) bool {
	return t.from.Before(to) && (t.to.After(from) || !t.from.Before(from))
}

// Select picks the items that an argument asks for, and says of which days there are none.
func Select(items []what.Item, a Asked, q pull.Query, zone *time.Location) pull.Selection {
	found := sources.Page(choose(items, a, q, zone), q)
	if len(found.Items) > 0 || !a.HasDays() {
		return found
	}
	day := func(at time.Time) string { return words.WithWeekday(q.Language, at, words.ShortDay(q.Language, at)) }
	found.Asked = strings.Join(append(slices.Clone(a.Content), day(a.From)), ", ")
	if last := a.To.AddDate(0, 0, -1); last.After(a.From) {
		found.Asked += " – " + day(last)
	}
	return found
}

// choose returns the items that an argument asks for, in the order in which they
// come. What began before stands behind what begins then, and where a part of a day is asked
// for, what has no time of the day behind all.
func choose(items []what.Item, a Asked, q pull.Query, zone *time.Location) []what.Item {
	at := q.First()
	found := titledWithPart(items, a, at, zone, q.Language)
	if len(found) == 0 {
		found = matching(within(items, a, at, zone), a, q.Language)
	}
	if len(found) == 0 && a.HasDays() && len(strings.Fields(q.Argument)) > 1 {
		// A title may have the name of a day in it.
		found = matching(within(items, Asked{}, at, zone), Asked{words: strings.Fields(q.Argument), Content: strings.Fields(q.Argument)}, q.Language)
	}
	local := at.In(zone)
	from := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, zone)
	to := from.AddDate(0, 0, 1)
	if a.HasDays() {
		from, to = a.bounds()
	}
	late := func(t timed) time.Time {
		switch {
		case a.hasPart() && t.allDay:
			return distant
		case a.hasPart() && !a.HasDays():
		case t.from.Before(from) && !a.Now:
			return to.Add(-time.Nanosecond)
		}
		return t.from
	}
	slices.SortStableFunc(found, func(x, y timed) int { return late(x).Compare(late(y)) })
	return itemsOf(found)
}

func itemsOf(all []timed) []what.Item {
	items := make([]what.Item, len(all))
	for i, t := range all {
		items[i] = t.Item
	}
	return items
}

// distant is behind every moment.
var distant = time.Unix(1<<40, 0)

// titledWithPart returns the events in whose titles all words stand, that of the part of a day
// too: "jazz evening" is called so.
func titledWithPart(items []what.Item, a Asked, at time.Time, zone *time.Location, language string) []timed {
	if !a.hasPart() || len(a.Content) == 0 {
		return nil
	}
	search := sources.NewSearch(strings.Join(a.called, " ")).Content(language)
	a.part = moment.Part{}
	return sources.FoundBy(sources.Ranked(search, within(items, a, at, zone), func(t timed) ([]sources.Field, string) {
		return []sources.Field{{Text: t.Title, Weight: sources.InTitle}}, language
	}))
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
	return append(itemsOf(all), untimed...)
}

// within returns the items of the time that is asked about.
func within(items []what.Item, a Asked, at time.Time, zone *time.Location) []timed {
	var all []timed
	from, to := a.bounds()
	for _, it := range items {
		t, ok := timesOf(it, zone)
		free := strings.HasPrefix(it.ID, SlotID)
		switch {
		case !ok, t.over(at) && (!a.HasDays() || to.After(at)), free && t.from.Before(at):
		case a.HasDays() && !t.isOn(from, to), t.allDay && a.HasDays() && !t.isOn(a.From, a.To), !a.fallsInPart(t, zone):
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
		if len(hits) > 0 {
			return sources.FoundBy(hits)
		}
	}
	return nil
}
