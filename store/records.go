package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
)

// recordsFrom goes through a log from a position on. It ends at the first error.
func recordsFrom(ctx context.Context, log Log, from uint64, op string) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for {
			page, err := log.Read(ctx, from, MaxPage)
			if err != nil {
				yield(Record{}, backendError(op, err))
				return
			}
			for _, r := range page {
				if !yield(r, nil) {
					return
				}
			}
			if len(page) < MaxPage {
				return
			}
			from = page[len(page)-1].Position + 1
		}
	}
}

// openRecord returns what a record of a log holds; nil where nothing of it is kept, or
// can be opened any more.
func openRecord(s RecordSealer, log string, r Record) ([]byte, error) {
	if len(r.Data) == 0 {
		return nil, nil
	}
	plain, err := OpenRecord(s, LogPlace(log, r.ID), r.Data)
	switch {
	case errors.Is(err, ErrUnreadable):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("open record %s: %w", r.ID, err)
	}
	return plain, nil
}
