//go:build race

package messengertest

// raced is whether the race detector watches.
const raced = true
