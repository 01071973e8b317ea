package pull

import (
	"context"
	"time"

	"keypull/pull/when"
)

// serving is how one asker is served at one place: by what is held there, or
// by the flight that was waited for.
type serving struct {
	want    Want
	held    *Snapshot
	verdict when.Verdict
}

// hasFallback reports whether there is something to tell in place of an answer
// that does not come.
func (s serving) hasFallback() bool { return s.held != nil && s.verdict != when.Gone }

// fromFlight serves what a flight brought, which may be older than its fetch.
func (s serving) fromFlight(f *flight, joined bool) (Found, error) {
	asked := AskedFetched
	if joined {
		asked = AskedJoined
	}
	requests := f.requests
	if joined {
		requests = 0
	}
	if f.err != nil {
		kept, err := s.fromFailure(AskedFailed, backOff{err: f.err, doubted: f.doubted})
		kept.Requests = requests
		return kept, err
	}
	at := s.want.At
	if f.began.After(at) {
		at = f.began
	}
	verdict := when.Fresh
	if !f.snapshot.Fetched.After(at) {
		verdict = s.want.Freshness.Judge(f.snapshot.freshnessTimes(), at)
	}
	return Found{
		Snapshot: f.snapshot, Verdict: verdict, Aged: verdict != when.Fresh, Stale: verdict > when.Revalidate,
		Asked: asked, Requests: requests,
	}, nil
}

// fromFailure serves what is held in place of what upstream did not bring.
func (s serving) fromFailure(asked string, r backOff) (Found, error) {
	r.failures = max(r.failures, 1)
	return s.fromHeld(asked, r)
}

// fromHeld serves what is held without waiting: marked if the last try failed, refused
// if it is too old even so. However old it is, it is served while what came after is
// in doubt, or if upstream has just confirmed it.
func (s serving) fromHeld(asked string, r backOff) (Found, error) {
	kept := Found{Verdict: s.verdict, Asked: asked, Err: r.err}
	confirmed := r.err == nil && r.failures == 0
	if s.held == nil || s.verdict == when.Gone && !r.doubted && !confirmed {
		kept.Last = s.held
		return kept, kept.Err
	}
	kept.Snapshot, kept.Aged = s.held, true
	kept.Stale = s.verdict > when.Revalidate || r.failures > 0
	return kept, nil
}

// Learn fetches what a source takes its vocabulary from, where that is not
// fresh: readers are understood by it before anybody asks. A vocabulary that
// stands in the settings needs no fetch, and one that no keyword uses is not
// needed.
func (r *Resolver) Learn(ctx context.Context, e *Edition, source string) error {
	for _, k := range e.everything().order {
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
		if place == (SnapshotID{}) {
			return nil
		}
		held := r.Cache.Last(ctx, place)
		if held != nil && !held.Unfinished && k.freshness.Judge(held.freshnessTimes(), r.Clock()) == when.Fresh {
			return nil
		}
		return r.Cache.Refresh(ctx, Want{ID: place, Source: from, Shared: k.source.Shared, Freshness: k.freshness, At: r.Clock()})
	}
	return nil
}

// isAvailable reports whether a keyword may be asked at a moment.
func (k *keyword) isAvailable(at time.Time, zone *time.Location) bool {
	return k.isCurrent(at) && k.hours.Open(at, zone)
}

// isCurrent reports whether a keyword may be asked at some hour of a day.
func (k *keyword) isCurrent(at time.Time) bool {
	return (k.From == nil || !at.Before(*k.From)) && (k.Until == nil || !at.After(*k.Until))
}
