// Package quote is the source kind for prices: one symbol an answer, brought
// from an address that holds the symbol, as JSON or CSV. Prices keep the
// digits that the source wrote and never pass through binary floating point; a
// price that is missing or no number is an error, never a guess.
package quote
