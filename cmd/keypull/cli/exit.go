// Package cli is what the commands of the binary share: what they end with, how
// an error becomes that, and how they print for programs.
package cli

import (
	"errors"

	"keypull/cmd/keypull/safe"
	"keypull/pull"
	"keypull/pull/outside"
	"keypull/store"
	"keypull/store/sealed"
	"keypull/web/console"
)

// Exit codes.
const (
	Done = 0
	// Findings: something is wrong with what was handed in.
	Findings = 1
	// Usage: the command line itself is wrong.
	Usage = 2
	// Damaged: the store or its keys are damaged, lost, or not each other's.
	Damaged = 65
	// Unreachable: a server or an upstream does not answer.
	Unreachable = 69
	// InUse: another process holds the store.
	InUse = 75
)

// Exit is an error that ends the process with a code of its own. A silent one
// has said everything already.
type Exit struct {
	Code   int
	Err    error
	Silent bool
}

// Error tells the error itself.
func (e *Exit) Error() string { return e.Err.Error() }

// Unwrap returns it.
func (e *Exit) Unwrap() error { return e.Err }

// Failed gives an error of a command's own work its exit code.
func Failed(err error) error {
	if err == nil {
		return nil
	}
	var e *Exit
	if errors.As(err, &e) {
		return err
	}
	return &Exit{Code: CodeOf(err), Err: err}
}

// CodeOf sorts an error of a command's work.
func CodeOf(err error) int {
	var unreachable *outside.Error
	switch {
	case errors.Is(err, store.ErrInUse):
		return InUse
	case errors.Is(err, store.ErrDamaged), errors.Is(err, sealed.ErrLost), errors.Is(err, safe.ErrUnpaired):
		return Damaged
	case errors.Is(err, console.ErrNoServer), errors.As(err, &unreachable), pull.KindOf(err) == pull.Unavailable:
		return Unreachable
	}
	return Findings
}
