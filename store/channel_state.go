package store

import (
	"context"
	"errors"
)

// channelStatePrefix is where channels keep a few bytes of their own.
const channelStatePrefix = "place"

// Vault seals for one purpose.
type Vault interface {
	Seal(purpose string, plaintext []byte) []byte
	Unseal(purpose string, sealed []byte) ([]byte, error)
}

// ChannelStates keep a few bytes for each channel, sealed: how far a stream was read,
// a token that was exchanged.
type ChannelStates struct {
	kv    KV
	vault Vault
}

// NewChannelStates returns those of a back end.
func NewChannelStates(kv KV, v Vault) *ChannelStates { return &ChannelStates{kv: kv, vault: v} }

// Of returns the state of a channel.
func (p *ChannelStates) Of(publisher, channel string) *ChannelState {
	return &ChannelState{kv: p.kv, vault: p.vault, key: channelStatePrefix + "." + keySegment(publisher) + "." + keySegment(channel)}
}

// ChannelState is one channel's.
type ChannelState struct {
	kv    KV
	vault Vault
	key   string
}

// Load returns what was kept, or nil, also where no key opens it any more.
func (p *ChannelState) Load(ctx context.Context) ([]byte, error) {
	pair, err := p.kv.Get(ctx, p.key)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, backendError("read place", err)
	}
	value, err := p.vault.Unseal(p.key, pair.Value)
	if err != nil {
		return nil, nil //nolint:nilerr // it begins anew
	}
	return value, nil
}

// Keep writes a value in place of the former one; an empty one removes it.
func (p *ChannelState) Keep(ctx context.Context, value []byte) error {
	if len(value) == 0 {
		return backendError("empty place", p.kv.Delete(ctx, p.key, Any))
	}
	_, err := p.kv.Put(ctx, p.key, p.vault.Seal(p.key, value), Any)
	return backendError("keep place", err)
}
