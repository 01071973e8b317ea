package calendar

import (
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/when"
)

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
