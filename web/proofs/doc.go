// Package proofs is where anybody checks an answer: by its code or by a signed text, on
// a page, as JSON, or in a chat. What is told of it is what is kept of the ask anyway;
// nothing of the reader is in it.
package proofs
