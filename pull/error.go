package pull

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"keypull/pull/what"
	"keypull/pull/words"
)

// ErrorKind sorts failures by what somebody can do about them.
type ErrorKind string

// The kinds of errors. Each has one sentence for readers and one status for
// HTTP.
const (
	Invalid     ErrorKind = "invalid"
	Unknown     ErrorKind = "unknown"
	Denied      ErrorKind = "denied"
	Unavailable ErrorKind = "unavailable"
	// Unusable: the source is there and answered, but with nothing that can be
	// told: a refusal, or a document that is not what it should be.
	Unusable ErrorKind = "unusable"
	// Gathering: the source is still being gone through, with nothing to tell yet.
	Gathering ErrorKind = "gathering"
	// Crowded: it waited in a queue of our own until its time was up.
	Crowded ErrorKind = "crowded"
	Limited ErrorKind = "limited"
	// Spent: this asker has used up the new keys of this minute.
	Spent    ErrorKind = "spent"
	Conflict ErrorKind = "conflict"
	// Several: an argument fits several entries, so that it has no key; they
	// stand in Choices, and the reader is asked which.
	Several  ErrorKind = "several"
	Internal ErrorKind = "internal"
)

// Error is a failure that the caller can act on.
type Error struct {
	Kind ErrorKind
	// Op is what was being done: "fetch feed", "settle".
	Op string
	// Field names the setting, argument or parameter at fault, where one is.
	Field string
	// Proposed is what the setting might be, for an editor to take; "" mostly.
	Proposed string
	// Hint is for the editor or operator: what is wrong and what to do. It holds
	// no secret and no reader's words.
	Hint words.Text
	// RetryAt is the moment before which nobody should try again.
	RetryAt time.Time
	// Choices are the entries of a vocabulary that an argument fits, best first;
	// each one's Value asks for it alone.
	Choices []what.Term
	Err     error
}

// Error tells operation, field, hint and cause in English, for logs.
func (e *Error) Error() string {
	s := string(e.Kind)
	if !e.Hint.IsZero() {
		s = e.Hint.String()
	}
	if e.Field != "" {
		s = e.Field + ": " + s
	}
	if e.Op != "" {
		s = e.Op + ": " + s
	}
	if e.Err != nil {
		return fmt.Sprintf("%s: %v", strings.TrimSuffix(s, "."), e.Err)
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Said returns the hint.
func (e *Error) Said() words.Text { return e.Hint }

// KindOf returns the kind of the first Error in err's chain; any other error
// is Internal, and nil is "".
func KindOf(err error) ErrorKind {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}
