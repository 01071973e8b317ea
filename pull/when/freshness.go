package when

import "time"

// Freshness says how old an answer may be. All durations are zero or more; the
// zero value of MaxAge, Deadline and StaleIfError means "not set".
type Freshness struct {
	// MaxAge is how long a snapshot is served without asking upstream, counted
	// from Fetched. Nil leaves it to upstream's own words, else DefaultMaxAge.
	MaxAge *time.Duration
	// StaleWhileRevalidate follows MaxAge: serve at once, refresh behind.
	StaleWhileRevalidate time.Duration
	// StaleIfError follows MaxAge: serve the last good one, marked, when
	// upstream fails or the deadline passes.
	StaleIfError time.Duration
	// Deadline is how long a reader waits at most.
	Deadline time.Duration
}

// Defaults where neither editor nor upstream said anything.
const (
	DefaultMaxAge   = 60 * time.Second
	DefaultDeadline = 4 * time.Second
)

// Verdict is what may be done with a snapshot of a given age.
type Verdict uint8

// The verdicts, best first.
const (
	// Fresh: serve, ask nobody.
	Fresh Verdict = iota
	// Revalidate: serve, and refresh behind the reader's back.
	Revalidate
	// Stale: ask upstream first; serve it, marked, if upstream fails.
	Stale
	// Gone: never serve; ask upstream or refuse.
	Gone
)

// Times are the moments of a snapshot that freshness depends on.
type Times struct {
	// Fetched is when the response left its origin: its arrival less its age.
	Fetched time.Time
	// Expires is upstream's own end of freshness; zero if it said nothing.
	Expires time.Time
}

// For returns how long an answer is fresh where upstream says nothing: MaxAge, or
// DefaultMaxAge where it is not set.
func (f Freshness) For() time.Duration {
	if f.MaxAge == nil {
		return DefaultMaxAge
	}
	return max(0, *f.MaxAge)
}
