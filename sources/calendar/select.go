package calendar

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/sources"
)

// Select answers at the moment of the ask: when it is open where that is asked
// for, or where there is nothing else; else the free times, or the events that
// are still to come, those of the days that the argument names and with its
// words.
func (s *source) Select(_ context.Context, snapshot pull.Snapshot, q pull.Query) (pull.Selection, error) {
	if len(snapshot.Items) == 0 {
		return pull.Selection{}, nil
	}
	zone := s.zoneOf(readExtra(snapshot))
	a := parseArgument(q.Argument, q.First().In(zone), append([]string{q.Language}, s.languages...)...)
	// "when do you open tomorrow": what is opened stands in the phrase.
	a.open = a.open || parseArgument(q.Phrase, q.First().In(zone), append([]string{q.Language}, s.languages...)...).open
	items := snapshot.Items
	if items[0].ID == hoursID {
		others := s.settings.URL != "" || s.settings.File != "" || s.settings.Slots > 0
		if a.open || !others {
			return sources.Page(s.hoursAsked(items[0], a, q.At.In(zone)), q), nil
		}
		items = items[1:]
	}
	return sources.Page(chosen(items, a, q, zone), q), nil
}

// timed is an item with its times as moments.
type timed struct {
	what.Item
	from, to time.Time
	allDay   bool
}

func timesOf(it what.Item, zone *time.Location) (timed, bool) {
	t := timed{Item: it}
	start, end := it.Facts.Text(factStart), it.Facts.Text(factEnd)
	end = cmp.Or(end, start)
	var err error
	if t.allDay = len(start) == len(time.DateOnly); t.allDay {
		var last time.Time
		if t.from, err = time.ParseInLocation(time.DateOnly, start, zone); err == nil {
			last, err = time.ParseInLocation(time.DateOnly, end, zone)
			t.to = last.AddDate(0, 0, 1)
		}
		return t, err == nil
	}
	if t.from, err = time.Parse(time.RFC3339, start); err == nil {
		t.to, err = time.Parse(time.RFC3339, end)
	}
	return t, err == nil
}

// over says whether it is past: what has no end is, once it has begun.
func (t timed) over(at time.Time) bool {
	if t.to.Equal(t.from) {
		return t.from.Before(at)
	}
	return !t.to.After(at)
}

// chosen returns the items that an argument asks for, in the order in which they
// come. What began before stands behind what begins then.
func chosen(items []what.Item, a asked, q pull.Query, zone *time.Location) []what.Item {
	at := q.First()
	all := within(items, a, at, zone)
	found := matching(all, a, q.Language)
	if len(found) == 0 && a.hasRange() && len(strings.Fields(q.Argument)) > 1 {
		// A title may have the name of a day in it.
		found = matching(within(items, asked{}, at, zone), asked{words: strings.Fields(q.Argument), content: strings.Fields(q.Argument)}, q.Language)
	}
	local := at.In(zone)
	from := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, zone)
	to := from.AddDate(0, 0, 1)
	if a.hasRange() {
		from, to = a.from, a.to
	}
	late := func(t timed) time.Time {
		if t.from.Before(from) && !a.now {
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

// within returns the items of the time that is asked about.
func within(items []what.Item, a asked, at time.Time, zone *time.Location) []timed {
	var all []timed
	for _, it := range items {
		t, ok := timesOf(it, zone)
		free := strings.HasPrefix(it.ID, slotID)
		switch {
		case !ok, t.over(at) && (!a.hasRange() || a.to.After(at)), free && t.from.Before(at):
		case a.hasRange() && (!t.from.Before(a.to) || !t.to.After(a.from) && t.from.Before(a.from)):
		case a.now && !free && (t.from.After(at) || t.over(at)):
		case a.next && !free && t.from.Before(at) && (!t.allDay || t.from.Before(at.Add(-dayLength))):
		default:
			all = append(all, t)
		}
	}
	return all
}

// matching returns the items with the words: with all that were written, else with
// those that are no small words, in any of their forms; those that have them in their
// titles, else in their titles, places or descriptions.
func matching(all []timed, a asked, language string) []timed {
	content := sources.NewSearch(strings.Join(a.content, " "))
	for _, search := range []sources.Search{sources.NewSearch(strings.Join(a.words, " ")), content, content.Content(language)} {
		if search.Empty() {
			return all
		}
		hits := sources.TitledFirst(sources.Ranked(search, all, func(t timed) ([]sources.Field, string) {
			return []sources.Field{
				{Text: t.Title, Weight: sources.InTitle}, {Text: t.Facts.Text(factPlace), Weight: sources.InFacts}, {Text: t.Body, Weight: sources.InSummary},
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
