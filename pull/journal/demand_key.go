package journal

import "keypull/pull/what"

// DemandKey is by which texts are known as the same words: however they are
// written and inflected, and in whatever order.
func DemandKey(text string) string { return coreKey(text) }

// coreKey returns the one place that decides which texts are the same.
func coreKey(core string) string {
	return what.ClusterKey(core)
}

// minEditLetters is from how many letters on a text may be another one with a
// typing error; shorter ones are words of their own.
const minEditLetters = 5

// oneEdit says whether two texts differ by one typing error.
func oneEdit(a, b []rune) bool {
	return min(len(a), len(b)) >= minEditLetters && what.OneError(a, b)
}
