package store

import "keypull/pull/people"

// Tokens keeps the tokens of programs, by their ids. It returns tokens that have ended
// too, since people want to see which those are.
type Tokens struct{ documents[people.Token] }

// NewTokens returns the tokens of a back end.
func NewTokens(kv KV) *Tokens {
	return &Tokens{documents[people.Token]{
		kv: kv, prefix: "token", missing: "hint.no_token", name: func(t people.Token) string { return t.ID },
	}}
}
