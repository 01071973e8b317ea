// Package template is the language in which editors word replies: a subset of
// Liquid that is checked whole when it is saved, and whose rendering is bounded.
// What is written, what is held and how many steps are taken is counted, so that
// one text ends alike on every machine; the clock is only the last net.
//
// It knows the names of what a template sees, and nothing of where it comes
// from, or of what becomes of the text.
package template
