package messengertest

import (
	"context"
	"slices"
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

// stepwise are the parts that do one thing after the other. The race detector sees
// nothing in them, and would make them several times slower: they are left out there,
// and run without.
var stepwise = []string{
	"means what its files say", "has sane limits", "shapes any reply", "changes no link", "what stands in the delivery",
	"the press of another tool's button", "garbage without a failure of its own", "by the rows of its table", "and sorts refusals",
	"and tells no secret that comes back", "follows what can be asked", "puts right what others spoilt",
}

// Run runs a part.
func (p parted) Run(name string, f func(T)) {
	p.Helper()
	if raced && slices.Contains(stepwise, name) {
		return
	}
	p.T.Run(name, func(t *testing.T) {
		t.Helper()
		f(parted{t})
	})
}
