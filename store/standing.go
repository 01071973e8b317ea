package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// Copied is a store that is copied, or that was put back from a copy.
type Copied interface {
	Backend
	// AcceptedIDs and AdoptIDs hand on which ids a queue has accepted.
	AcceptedIDs(ctx context.Context, queue string, most int, each func(AcceptedIDs) error) (last uint64, err error)
	AdoptIDs(ctx context.Context, queue string, ids []AcceptedIDs, last uint64) error
}

// Standing is what an older copy of a store has to be told, so that what readers said since
// holds: who said STOP, which erasures are under way, which publishers left, and which asks were
// accepted.
type Standing struct {
	Store  Copied
	Sealer Sealer
}

// markPrefixes are where marks lie.
func markPrefixes() []string { return []string{stoppedPrefix, erasingPrefix, departedPrefix} }

// Marks are the marks of STOPs, the notes of erasures under way, and those of publishers that
// left.
func (s Standing) Marks(ctx context.Context) iter.Seq2[Pair, error] {
	return func(yield func(Pair, error) bool) {
		for _, prefix := range markPrefixes() {
			for pair, err := range pairsBelow(ctx, s.Store, prefix, "", "copy marks") {
				if !yield(pair, err) || err != nil {
					return
				}
			}
		}
	}
}

// SetMarks puts marks in the place of those that are there, or, with beside, beside them.
// It returns how many STOPs there are then of those that were set.
func (s Standing) SetMarks(ctx context.Context, marks []Pair, beside bool) (stops int, err error) {
	set := make(map[string]bool, len(marks))
	for _, m := range marks {
		if prefix, _, _ := strings.Cut(m.Key, "."); !slices.Contains(markPrefixes(), prefix) {
			return stops, fmt.Errorf("put marks back: %s is none: %w", m.Key, ErrDamaged)
		}
		if _, err := s.Store.Put(ctx, m.Key, m.Value, Any); err != nil {
			return stops, backendError("put marks back", err)
		}
		if set[m.Key] = true; strings.HasPrefix(m.Key, stoppedPrefix+".") {
			stops++
		}
	}
	var gone []Pair
	for pair, err := range s.Marks(ctx) {
		if err != nil {
			return stops, err
		}
		if !set[pair.Key] && !beside {
			gone = append(gone, pair)
		}
	}
	_, err = removeAll(ctx, s.Store, "put marks back", gone)
	return stops, err
}

// Accepted calls each with the ids of asks, as Copied.AcceptedIDs does.
func (s Standing) Accepted(ctx context.Context, most int, each func(AcceptedIDs) error) (last uint64, err error) {
	last, err = s.Store.AcceptedIDs(ctx, asksQueue, most, each)
	return last, backendError("copy the ids of asks", err)
}

// Unfinished returns the asks that were accepted and are not finished.
func (s Standing) Unfinished(ctx context.Context) (asks []uint64, err error) {
	queue, ok := s.Store.Queue(asksQueue).(Searcher)
	if !ok {
		return nil, nil
	}
	err = queue.Each(ctx, func(e Entry) { asks = append(asks, e.Seq) })
	return asks, backendError("look for asks", err)
}

// SetAccepted has the store know what was accepted since it was copied, up to last, and takes
// out what was finished since, unless unfinished is nil: then nobody knows. It returns how many asks are lost: they were accepted since.
func (s Standing) SetAccepted(ctx context.Context, ids []AcceptedIDs, unfinished map[uint64]bool, last uint64) (lost uint64, err error) {
	asks, err := s.Unfinished(ctx)
	if err != nil {
		return 0, err
	}
	var finished []uint64
	for _, ask := range asks {
		if unfinished != nil && !unfinished[ask] {
			finished = append(finished, ask)
		}
	}
	if len(finished) > 0 {
		if err := s.Store.Queue(asksQueue).Ack(ctx, finished...); err != nil {
			return 0, backendError("take out what is finished", err)
		}
	}
	had := s.Store.Queue(asksQueue).Last()
	if last <= had {
		return 0, nil
	}
	return last - had, backendError("put the ids of asks back", s.Store.AdoptIDs(ctx, asksQueue, ids, last))
}

// DropForgotten removes the documents whose keys are gone, and returns how many readers are
// left and how many are gone, with the keys of those who are left.
func (s Standing) DropForgotten(ctx context.Context) (left, gone int, owned map[Slot]bool, err error) {
	owned = map[Slot]bool{}
	var doomed []Pair
	for pair, err := range pairsBelow(ctx, s.Store, readerPrefix, "", "look at the readers") {
		if err != nil {
			return 0, 0, nil, err
		}
		_, slot, err := s.Sealer.OpenReader(ValuePlace(pair.Key, pair.Revision), pair.Value)
		switch {
		case errors.Is(err, ErrUnreadable):
			doomed = append(doomed, Pair{Key: pair.Key, Revision: pair.Revision})
		case err != nil:
			return 0, 0, nil, fmt.Errorf("look at the readers: %w", err)
		default:
			owned[slot], left = true, left+1
		}
	}
	for pair, err := range pairsBelow(ctx, s.Store, erasingPrefix, "", "look at the erasures") {
		if err != nil {
			return 0, 0, nil, err
		}
		if slot, ok := s.Sealer.Owner(pair.Value); ok {
			owned[slot] = true
		}
	}
	if queue, ok := s.Store.Queue(asksQueue).(Searcher); ok {
		err = queue.Each(ctx, func(e Entry) {
			if slot, ok := s.Sealer.Owner(e.Payload); ok {
				owned[slot] = true
			}
		})
		if err != nil {
			return 0, 0, nil, backendError("look for asks", err)
		}
	}
	gone, err = removeAll(ctx, s.Store, "drop what nobody can read", doomed)
	return left, gone, owned, err
}
