// Package pipeline walks entries, asks and what asks cause, from the queue to the
// reader: accept, order, resolve, settle,
// send. Readers run side by side; one reader's asks resolve and settle
// strictly one after the other, and the replies leave in that order.
//
// It promises that an accepted ask is answered once, whatever crashes: an ask
// is accepted durably before anybody is told so, the reader's document is the
// point from which an answer counts, and a reply leaves only after that.
// Storage and messengers are behind the small contracts in contract.go.
package pipeline
