package pull

import (
	"context"
	"time"

	"keypull/pull/when"
)

// Learn fetches what a source takes its vocabulary from, where that is not
// fresh: readers are understood by it before anybody asks. A vocabulary that
// stands in the settings needs no fetch, and one that no keyword uses is not
// needed.
func (r *Resolver) Learn(ctx context.Context, e *Edition, source string) error {
	for _, k := range e.order {
		if k.Source != source || k.source.Problem != nil {
			continue
		}
		from := k.source.Source
		paged, ok := from.(Paged)
		if ok {
			from = pages{paged}
		} else if v, ok := from.(Vocabulary); !ok || len(v.Terms(nil)) > 0 {
			return nil
		}
		place := e.vocabularyPlace(k)
		if place == (Place{}) {
			return nil
		}
		held := r.Keeper.Last(ctx, place)
		if held != nil && !held.Unfinished && k.freshness.Judge(held.times(), r.Clock()) == when.Fresh {
			return nil
		}
		return r.Keeper.Refresh(ctx, Want{Place: place, Source: from, Shared: k.source.Shared, Freshness: k.freshness, At: r.Clock()})
	}
	return nil
}

// answers reports whether a keyword may be asked at a moment.
func (k *keyword) answers(at time.Time, zone *time.Location) bool {
	return (k.From == nil || !at.Before(*k.From)) && (k.Until == nil || !at.After(*k.Until)) && k.hours.Open(at, zone)
}
