package store

import (
	"context"
	"strings"
	"time"
)

// seenPrefix is where the marks of days lie.
const seenPrefix = "seen"

// Seen remembers where the store stood at the end of each day: whatever has not
// been written since has the revision of that day's mark or a lower one. So it
// is known how long ago something was written without a date on it, and without
// opening it.
type Seen struct{ kv KV }

// NewSeen returns the marks of a back end.
func NewSeen(kv KV) *Seen { return &Seen{kv} }

// seenDay is a mark. What counts is its revision.
type seenDay struct {
	Day string `json:"day"`
}

func dayOf(at time.Time) string { return at.UTC().Format(time.DateOnly) }

func seenKey(day string) string { return seenPrefix + "." + day }

// Begin is for the start of a process, before anything is written: what is there
// was written by the day after the last mark, which is made once an hour.
func (s *Seen) Begin(ctx context.Context, today time.Time) error {
	last, err := s.last(ctx)
	if err != nil || last == "" {
		return err
	}
	day, err := time.Parse(time.DateOnly, last)
	if err != nil || !day.AddDate(0, 0, 1).Before(today.UTC().Truncate(day24)) {
		return nil //nolint:nilerr // a damaged mark tells nothing
	}
	return s.put(ctx, dayOf(day.AddDate(0, 0, 1)))
}

const day24 = 24 * time.Hour

// Mark notes that it is that day; now and then, until the day is over. A day
// before the last mark is noted by nothing: what has just been written must not
// pass for old because a clock was set back.
func (s *Seen) Mark(ctx context.Context, today time.Time) error {
	last, err := s.last(ctx)
	if err != nil || last > dayOf(today) {
		return err
	}
	return s.put(ctx, dayOf(today))
}

func (s *Seen) put(ctx context.Context, day string) error {
	_, err := writeDocument(ctx, s.kv, seenKey(day), "mark the day", seenDay{day}, uint64(Any))
	return err
}

func (s *Seen) last(ctx context.Context) (string, error) {
	last := ""
	for pair, err := range pairsBelow(ctx, s.kv, seenPrefix, "", "read the marks of days") {
		if err != nil {
			return "", err
		}
		last = strings.TrimPrefix(pair.Key, seenPrefix+".")
	}
	return last, nil
}

// Until returns the revision of the last mark of that day or before, or 0 if there is
// none: what has it or a lower one was not written after that day.
func (s *Seen) Until(ctx context.Context, day time.Time) (Revision, error) {
	var at Revision
	for pair, err := range pairsBelow(ctx, s.kv, seenPrefix, "", "read the marks of days") {
		if err != nil {
			return 0, err
		}
		if pair.Key > seenKey(dayOf(day)) {
			break
		}
		at = pair.Revision
	}
	return at, nil
}

// Sweep drops the marks that nobody asks for any more: all before the last one
// of that day or before.
func (s *Seen) Sweep(ctx context.Context, day time.Time) (int, error) {
	const op = "sweep the marks of days"
	var old []Pair
	for pair, err := range pairsBelow(ctx, s.kv, seenPrefix, "", op) {
		if err != nil {
			return 0, err
		}
		if pair.Key <= seenKey(dayOf(day)) {
			old = append(old, pair)
		}
	}
	if len(old) == 0 {
		return 0, nil
	}
	return removeAll(ctx, s.kv, op, old[:len(old)-1])
}
