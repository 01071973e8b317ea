// Package what answers the first of the three questions of an ask: what does
// the reader want? It holds items (what a source brought), keywords and their
// vocabularies, the normal form of words, and the immutable Index that turns a
// message into a keyword to run, an offer, a command, or nothing.
//
// It knows nothing of readers, time, sources or messengers, does no I/O and
// keeps no state between calls.
package what
