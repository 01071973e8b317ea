package store

import (
	"context"
	"errors"
)

// placePrefix is where channels keep a few bytes of their own.
const placePrefix = "place"

// Vault seals for one purpose.
type Vault interface {
	Seal(purpose string, plaintext []byte) []byte
	Unseal(purpose string, sealed []byte) ([]byte, error)
}

// Places keep a few bytes for each channel, sealed: how far a stream was read,
// a token that was exchanged.
type Places struct {
	kv    KV
	vault Vault
}

// NewPlaces returns the places of a back end.
func NewPlaces(kv KV, v Vault) *Places { return &Places{kv: kv, vault: v} }

// Of returns the place of a channel.
func (p *Places) Of(publisher, channel string) *Place {
	return &Place{kv: p.kv, vault: p.vault, key: placePrefix + "." + segment(publisher) + "." + segment(channel)}
}

// Place is one channel's.
type Place struct {
	kv    KV
	vault Vault
	key   string
}

// Load returns what was kept; nil where nothing was, or where no key opens it
// any more.
func (p *Place) Load(ctx context.Context) ([]byte, error) {
	pair, err := p.kv.Get(ctx, p.key)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, understood("read place", err)
	}
	value, err := p.vault.Unseal(p.key, pair.Value)
	if err != nil {
		return nil, nil //nolint:nilerr // it begins anew
	}
	return value, nil
}

// Keep writes a value in place of the former one; an empty one removes it.
func (p *Place) Keep(ctx context.Context, value []byte) error {
	if len(value) == 0 {
		return understoodIf("empty place", p.kv.Delete(ctx, p.key, Any))
	}
	_, err := p.kv.Put(ctx, p.key, p.vault.Seal(p.key, value), Any)
	return understoodIf("keep place", err)
}
