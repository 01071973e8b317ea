package messengers

import (
	"context"
	"time"

	"keypull/pull/words"
)

// Step is one of those by which an account is proven, in their order.
type Step string

// The steps: the platform takes the account; its clock is ours; the token may do what is needed; the
// platform was told where to deliver; the address leads here; a message arrives
// that the platform has proven; its answer leaves; the platform says that it
// arrived.
const (
	StepAccount   Step = "account"
	StepClock     Step = "clock"
	StepRights    Step = "rights"
	StepWebhook   Step = "webhook"
	StepReach     Step = "reach"
	StepArrived   Step = "arrived"
	StepAnswered  Step = "answered"
	StepDelivered Step = "delivered"
)

// Steps returns all of them.
func Steps() []Step {
	return []Step{StepAccount, StepClock, StepRights, StepWebhook, StepReach, StepArrived, StepAnswered, StepDelivered}
}

// Proving is the option of a messenger whose platform tells more of an account than
// whether it is good: what its token may do and until when, whom it may write to,
// and why deliveries fail.
type Proving interface {
	// Prove returns what stands in the way, nothing where nothing does. The error
	// is as a Trier's.
	Prove(ctx context.Context) ([]Doubt, error)
}

// Doubt is something about an account that does not show by itself.
type Doubt struct {
	Step Step
	// Soon: it works, but will not for long, or not for everybody.
	Soon bool
	// Said is one sentence that says what to do.
	Said words.Text
}

// Clocked is the option of a messenger whose platform says what time it is.
type Clocked interface {
	// Skew is by how much our clock is ahead of the platform's, as the last response
	// told; zero before there was one.
	Skew() time.Duration
}

// MostSkew is how far our clock may be from a platform's: by more, what is signed
// with a moment is refused there or here.
const MostSkew = 2 * time.Minute

// SoonEnds is how long before its end a token is told to end.
const SoonEnds = 14 * 24 * time.Hour
