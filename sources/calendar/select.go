package calendar

import (
	"context"

	"keypull/pull"
	"keypull/sources"
	"keypull/sources/agenda"
)

// Select answers at the moment of the ask: when it is open where that is asked
// for, or where there is nothing else; else the free times, or the events that
// are still to come, those of the days that the argument names and with its
// words.
func (s *source) Select(_ context.Context, snapshot pull.Snapshot, q pull.Query) (pull.Selection, error) {
	if len(snapshot.Items) == 0 {
		return pull.Selection{}, nil
	}
	zone := s.zoneOf(sources.ExtraOf[extra](&snapshot))
	a := agenda.ReadArgument(q.Argument, q.First().In(zone), append([]string{q.Language}, s.env.Languages...)...)
	// "when do you open tomorrow": what is opened stands in the phrase.
	a.Open = a.Open || agenda.ReadArgument(q.Phrase, q.First().In(zone), append([]string{q.Language}, s.env.Languages...)...).Open
	items := snapshot.Items
	if items[0].ID == hoursID {
		if a.Open || !s.hasEvents() {
			return sources.Page(s.hoursAsked(items[0], a, q.At.In(zone)), q), nil
		}
		items = items[1:]
	}
	return agenda.Select(items, a, q, zone), nil
}
