// Package passage finds, among articles, the paragraph that answers a question,
// or says that none does. It composes nothing: what it returns is a paragraph as
// it was written.
//
// It does no I/O and knows no clock. Which articles are looked at is decided by
// whoever has them indexed, by the words that Question.Terms lists.
package passage
