package store

import (
	"context"

	"keypull/pull/people"
)

const (
	tokenPrefix = "token"

	noToken = "hint.no_token"
)

// Tokens keeps the tokens of programs, by their ids. It returns tokens that
// have ended too, since people want to see which those are.
type Tokens struct{ kv KV }

// NewTokens returns the tokens of a back end.
func NewTokens(kv KV) *Tokens { return &Tokens{kv: kv} }

func tokenKey(id string) string { return tokenPrefix + "." + keySegment(id) }

// Get returns a token and its revision, or pull.Unknown.
func (t *Tokens) Get(ctx context.Context, id string) (people.Token, uint64, error) {
	d, err := readDocument[people.Token](ctx, t.kv, tokenKey(id), "read token", noToken)
	return d.value, uint64(d.revision), err
}

// Put writes a token that is at that revision, 0 for a new one, and returns the
// new revision. A token that was revoked meanwhile is pull.Conflict, so that
// noting its use does not bring it back.
func (t *Tokens) Put(ctx context.Context, token people.Token, revision uint64) (uint64, error) {
	return writeDocument(ctx, t.kv, tokenKey(token.ID), "write token", token, revision)
}

// Delete revokes a token, whatever is noted of it meanwhile, or returns
// pull.Unknown.
func (t *Tokens) Delete(ctx context.Context, id string) error {
	const op = "revoke token"
	if _, _, err := t.Get(ctx, id); err != nil {
		return err
	}
	return backendError(op, t.kv.Delete(ctx, tokenKey(id), Any))
}

// All returns every token, in the order of their ids.
func (t *Tokens) All(ctx context.Context) ([]people.Token, error) {
	return collectDocuments(ctx, t.kv, tokenPrefix, "list tokens", func(people.Token) bool { return true })
}
