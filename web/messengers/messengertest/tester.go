package messengertest

import (
	"context"
	"testing"
)

// T is what the suite needs of a test.
type T interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Cleanup(f func())
	Context() context.Context
	// Run runs a part of the suite.
	Run(name string, f func(T))
}

// parted is a test whose parts are tests of their own.
type parted struct{ *testing.T }

// Run runs a part.
func (p parted) Run(name string, f func(T)) {
	p.Helper()
	p.T.Run(name, func(t *testing.T) {
		t.Helper()
		f(parted{t})
	})
}
