package messengers

import (
	"fmt"
	"time"

	"keypull/pull"
	"keypull/pull/words"
)

// Fault is why a message was not sent: a closed set, from which alone it is
// decided whether and when to try again.
type Fault string

// The faults.
const (
	// Blocked: the reader does not want it; mark the reader gone.
	Blocked Fault = "blocked"
	// WindowClosed: the platform allows no answer so late.
	WindowClosed Fault = "window_closed"
	// LimitedUntil: not before SendError.RetryAt.
	LimitedUntil Fault = "limited_until"
	// TokenInvalid: the channel's account is dead; pause it, tell the editor.
	TokenInvalid Fault = "token_invalid"
	// Temporary: nothing reached the reader; try again.
	Temporary Fault = "temporary"
	// Permanent: this message can never be sent.
	Permanent Fault = "permanent"
	// Uncertain: the request left, no answer came.
	Uncertain Fault = "uncertain"
)

// SendError is a message that was not, or may not have been, sent.
type SendError struct {
	Fault Fault
	// RetryAt is set with LimitedUntil. Alone says that the limit is that of the
	// reader: others may be written to.
	RetryAt time.Time
	Alone   bool
	// Address is the reader's new address where the platform moved it.
	Address string
	Err     error
}

// Error tells fault and cause; the cause holds no token.
func (e *SendError) Error() string { return fmt.Sprintf("send: %s: %v", e.Fault, e.Err) }

// Said returns the fault and, where the cause says more, what it says.
func (e *SendError) Said() words.Text {
	fault := words.Text{Key: "send." + string(e.Fault)}
	if e.Err == nil {
		return fault
	}
	return words.Text{Key: "send.because", Args: words.Args{"fault": fault, "reason": words.Said(e.Err)}}
}

// Unwrap returns the cause.
func (e *SendError) Unwrap() error { return e.Err }

// Invalid returns the error of what can't be done, with a sentence that says why.
func Invalid(why words.Text) error { return &pull.Error{Kind: pull.Invalid, Hint: why} }

// Unsendable is Invalid for a message: it can never be sent.
func Unsendable(why words.Text) error { return &SendError{Fault: Permanent, Err: Invalid(why)} }
