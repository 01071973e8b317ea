package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"keypull/pull/journal"
)

// Sweep drops what is past its retention: notes that are older than before, days
// and texts that nobody asked for longer than journal.DemandDays, hashes and words
// whose key is gone, and all of publishers that are not there any more. It returns
// how many documents it removed.
func (d *Demand) Sweep(ctx context.Context, before time.Time, there func(publisher string) bool) (int, error) {
	const op = "sweep demand"
	// What is trimmed from the logs must have been counted.
	if err := d.Fold(ctx); err != nil {
		return 0, err
	}
	if _, err := d.counts.Trim(ctx, before); err != nil {
		return 0, backendError(op, err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	defer d.noteTexts("")
	d.former = formerFold{}
	var doomed []Pair
	live := map[string]int{}
	oldest := journal.DemandDay(d.clock()) - journal.DemandDays
	for pair, err := range d.scanPairs(ctx, demandPrefix, op) {
		if err != nil {
			return 0, err
		}
		// Ids of publishers are segments as they are.
		names := strings.Split(pair.Key, ".")
		publisher, kind := names[1], names[2]
		switch {
		case !there(publisher), kind == demandDays && dayOfKey(pair.Key) <= oldest:
			pair.Value = nil
			doomed = append(doomed, pair)
		case kind == demandTries:
			if err := d.sweepTries(ctx, pair, oldest+1); err != nil {
				return 0, err
			}
		case kind == demandTexts:
			serial, known := live[publisher]
			if !known {
				if serial, err = d.endSalt(ctx, publisher); err != nil {
					return 0, err
				}
				live[publisher] = serial
			}
			if err := d.sweepPage(ctx, pair.Key, oldest+1, serial); err != nil {
				return 0, err
			}
		}
	}
	past, err := d.sweepFigures(ctx, there)
	if err != nil {
		return 0, err
	}
	return removeAll(ctx, d.backend, op, append(doomed, past...))
}

// sweepPage drops what is too old from a page.
func (d *Demand) sweepPage(ctx context.Context, key string, from, serial int) error {
	const op = "sweep demand"
	page, err := findDocument[demandPage](ctx, d.backend, key, op)
	if err != nil || page.revision == Absent {
		return err
	}
	for id, c := range page.value.Clusters {
		if c.Sealed != nil {
			if _, err := OpenRecord(d.sealer, textPlace(key, id), c.Sealed); errors.Is(err, ErrUnreadable) {
				c.Sealed = nil
			}
		}
		if !c.Prune(from, serial) {
			delete(page.value.Clusters, id)
		}
	}
	return d.rewritePage(ctx, page, op)
}
