package calendar

import (
	"time"

	"keypull/pull"
	"keypull/pull/outside"
)

// Laid returns what a rule comes to within a window.
func Laid(text string, start, from, to time.Time) []time.Time {
	r, err := parseRule(text)
	if err != nil {
		return nil
	}
	r.untilWall(zone{location: time.UTC})
	steps := maxSteps
	all := []time.Time{}
	_ = r.walkTimes(start, from, to, &steps, func(t time.Time) bool {
		all = append(all, t)
		return true
	})
	return all
}

// Items returns how many items a calendar comes to.
func Items(body []byte, at time.Time) int {
	s := source{settings: Settings{Ahead: 400 * dayLength, Slots: time.Hour}, zone: time.UTC}
	laid, err := s.layOut(outside.Response{Body: body}, at)
	if err != nil {
		return 0
	}
	laid.warnings()
	s.freeSlots(at, laid.plan, time.UTC)
	return len(laid.sortedItems(time.UTC, pull.MaxSnapshotItems))
}
