// Package desk lets people of a publisher answer its readers: what is handed over to them, and the
// operations by which they take it over, answer and hand it back.
//
// What a reader is told goes through the queue of the reader like any answer. Who answers a
// reader is decided in package pull.
package desk
