package store

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"keypull/pull/journal"
)

// settledAsk is what Traces reads of a record of the log.
type settledAsk struct {
	Publisher string        `json:"publisher"`
	Trace     journal.Trace `json:"trace"`
}

// Traces calls f for every settled ask that arrived at or after since, in the
// order in which they were settled; the first error of f ends it and is
// returned. publisher is "" where the record does not tell whose ask it was.
//
// Records of which nothing is kept are left out: those that were reduced, and
// those that can't be opened, since the key of their day is gone.
func (l *Ledger) Traces(ctx context.Context, since time.Time, f func(publisher string, t journal.Trace) error) error {
	from, err := l.firstOf(ctx, since)
	if err != nil {
		return err
	}
	unopened := 0
	for {
		page, err := l.log.Read(ctx, from, MaxPage)
		if err != nil {
			return understood("read traces", err)
		}
		for _, r := range page {
			if r.At.Before(since) || len(r.Data) == 0 {
				continue
			}
			plain, err := l.sealer.OpenDay(r.Data)
			if err != nil {
				unopened++
				continue
			}
			var s settledAsk
			if err := json.Unmarshal(plain, &s); err != nil {
				return fmt.Errorf("decode record %s: %w", r.ID, err)
			}
			if err := f(s.Publisher, s.Trace); err != nil {
				return err
			}
		}
		if len(page) < MaxPage {
			break
		}
		from = page[len(page)-1].Position + 1
	}
	if unopened > 0 {
		l.logger.Info("records of asks whose key is gone were left out of the counts", "records", unopened)
	}
	return nil
}

// firstOf returns a position before which every record is older than since, by
// looking at some 64 records. One that is older by more than LogDisorder tells
// that of all before it; what lies between positions was trimmed.
func (l *Ledger) firstOf(ctx context.Context, since time.Time) (uint64, error) {
	surely := since.Add(-LogDisorder)
	low, high := uint64(0), uint64(math.MaxUint64)
	for low < high {
		middle := low + (high-low)/2
		found, err := l.log.Read(ctx, middle, 1)
		if err != nil {
			return 0, understood("read traces", err)
		}
		if len(found) == 0 || !found[0].At.Before(surely) {
			high = middle
			continue
		}
		low = found[0].Position + 1
	}
	return low, nil
}
