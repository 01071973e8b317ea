// Package feed is the source kind for news feeds: RSS, Atom and JSON Feed. It
// brings a feed conditionally, makes plain text of whatever its items hold,
// and answers with the newest ones or those about the reader's words.
//
// It keeps nothing between fetches.
package feed
