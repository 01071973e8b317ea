package journal

import "keypull/pull/what"

// DemandKey is by which texts are known as the same words: however they are
// written and inflected, and in whatever order.
func DemandKey(text string) string { return key(text) }

// key is the one place that decides which texts are the same.
func key(core string) string {
	return what.ClusterKey(core)
}

// minEditLetters is from how many letters on a text may be another one with a
// typing error; shorter ones are words of their own.
const minEditLetters = 5

// oneEdit says whether two texts differ by one typing error: a letter too many,
// too few, another one, or two neighbours in each other's place.
func oneEdit(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) < minEditLetters || len(b)-len(a) > 1 {
		return false
	}
	front := 0
	for front < len(a) && a[front] == b[front] {
		front++
	}
	back := 0
	for back < len(a)-front && a[len(a)-1-back] == b[len(b)-1-back] {
		back++
	}
	left := len(a) - front - back
	if len(a) < len(b) {
		return left == 0
	}
	return left <= 1 || left == 2 && a[front] == b[front+1] && a[front+1] == b[front]
}
