//go:build race

package sourcetest

// raced is whether the race detector watches.
const raced = true
