// Package what answers the first of the three questions of an ask: what does
// the reader want? It holds items (what a source brought), keywords and their
// vocabularies, and the immutable Index that turns a message into a keyword to
// run, an offer, a command, or nothing. What is known of texts and of languages,
// and decides nothing, stands in the packages below it.
//
// It knows nothing of readers, time, sources or messengers, does no I/O and
// keeps no state between calls.
package what
