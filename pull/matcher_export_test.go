package pull

import (
	"context"
	"time"

	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/who"
)

// Consult asks a matcher as a resolver does on an ask that the index has made
// that match of.
func (r *Resolver) Consult(ctx context.Context, e *Edition, by Matcher, a Ask, reader who.Reader, m what.Match, waited time.Duration) (what.Match, bool, journal.Trace) {
	w := &work{cache: r.Cache, clock: r.Clock, edition: e, channel: e.Channels[a.Channel], ask: a, reader: reader, match: m, waited: waited}
	hearing{w}.settleLanguage()
	got, ok := conversation{w}.askMatcher(ctx, by)
	return got, ok, w.trace
}
