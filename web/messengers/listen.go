package messengers

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"keypull/pull"
)

// firstRetry is the first of the pauses after failures, each twice as long as the
// one before.
const firstRetry = 500 * time.Millisecond

// Fetching is how a Listener goes on fetching while its platform fails.
type Fetching struct {
	// Longest is the longest pause. After a fetch that took longer, pauses are short again.
	Longest time.Duration
	Random  *rand.Rand
	Logger  *slog.Logger
	// Failed is what the log says of a failure.
	Failed string
	// Ends returns why nothing can ever be fetched, or nil if that may pass.
	Ends func(error) error
}

// Run calls fetch until ctx ends, or until nothing can ever be fetched.
func (f Fetching) Run(ctx context.Context, fetch func(context.Context) error) error {
	wait := firstRetry
	for ctx.Err() == nil {
		began := time.Now()
		err := fetch(ctx)
		if err == nil || time.Since(began) > f.Longest {
			wait = firstRetry
		}
		if err == nil || ctx.Err() != nil {
			continue
		}
		if ended := f.Ends(err); ended != nil {
			return ended
		}
		f.Logger.Warn(f.Failed, "error", err, "again_in", wait.String()) //nolint:sloglint // each kind has a sentence of its own
		pull.Sleep(ctx, time.Duration(float64(wait)*(0.5+f.Random.Float64()/2)))
		wait = min(2*wait, f.Longest)
	}
	return ctx.Err()
}
