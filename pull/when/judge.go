package when

import "time"

// FreshUntil returns the last moment at which a snapshot is fresh: MaxAge
// after Fetched where an editor set it, else upstream's own Expires, else
// DefaultMaxAge after Fetched. It is never before Fetched.
func (f Freshness) FreshUntil(t Times) time.Time {
	switch {
	case f.MaxAge != nil:
		return t.Fetched.Add(max(0, *f.MaxAge))
	case t.Expires.IsZero():
		return t.Fetched.Add(DefaultMaxAge)
	case t.Expires.Before(t.Fetched):
		return t.Fetched
	default:
		return t.Expires
	}
}

// GoneAt returns the last moment at which a snapshot may be served at all,
// even though upstream fails.
func (f Freshness) GoneAt(t Times) time.Time {
	after := max(0, f.StaleWhileRevalidate, f.StaleIfError)
	return f.FreshUntil(t).Add(after)
}

// Slip is by how much a clock may go back, or two readings of it be apart,
// without anything being said of it.
const Slip = 2 * time.Second

// Judge says what may be done with a snapshot at the moment now. It looks at
// age alone: whether upstream may be asked at all is the cache's to say. Where it
// may not, Revalidate and Stale both mean "serve without asking", a Stale one
// marked, and Gone means "refuse without asking".
//
// A snapshot that was never fetched is Gone, and so is one that was fetched by
// more than Slip in the future: the clock was set back since, nobody knows how
// old it is, and what is told of its age would be untrue.
func (f Freshness) Judge(t Times, now time.Time) Verdict {
	if t.Fetched.IsZero() || t.Fetched.Sub(now) > Slip {
		return Gone
	}
	end := f.FreshUntil(t)
	switch {
	case !now.After(end):
		return Fresh
	case !now.After(end.Add(max(0, f.StaleWhileRevalidate))):
		return Revalidate
	case !now.After(end.Add(max(0, f.StaleIfError))):
		return Stale
	default:
		return Gone
	}
}

// Wait returns how long a reader waits at most: Deadline, or DefaultDeadline
// where it is not set.
func (f Freshness) Wait() time.Duration {
	if f.Deadline <= 0 {
		return DefaultDeadline
	}
	return f.Deadline
}
