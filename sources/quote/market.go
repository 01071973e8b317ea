package quote

import (
	"time"

	"keypull/pull/what"
	"keypull/pull/when"
)

// market is when something trades.
type market struct {
	opening when.Opening
	zone    *time.Location
}

// marketFacts tell whether the market is open at a moment, when it closed last and
// when it opens again. Nothing is told of one whose hours are not known.
func (m market) marketFacts(at time.Time) what.Facts {
	if !m.opening.Any() {
		return nil
	}
	if m.opening.Open(at, m.zone) {
		return what.Facts{{Name: factMarket, Text: "open"}}
	}
	facts := what.Facts{{Name: factMarket, Text: "closed"}}
	if closed, ok := m.opening.Closed(at, m.zone); ok {
		facts = append(facts, what.Fact{Name: factClosed, Text: closed.In(m.zone).Format(time.RFC3339)})
	}
	if next, ok := m.opening.Next(at, m.zone); ok {
		facts = append(facts, what.Fact{Name: factOpens, Text: next.From.In(m.zone).Format(time.RFC3339)})
	}
	return facts
}
