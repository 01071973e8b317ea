package main

import (
	"context"
	"crypto/sha256"

	"keypull/pull/who"
	"keypull/store"
	"keypull/web/messengers"
)

// channelKey gives a channel a key of its own for a purpose. It follows from
// the key file: what was proven by it proves itself after a restart too.
func (in *installation) channelKey(publisher, channel, purpose string) []byte {
	key := sha256.Sum256([]byte(in.ring.Pseudonym("channel key", publisher, channel, purpose)))
	return key[:]
}

// knows tells whether a document of a reader is held, or the STOP of one who
// was erased.
func (in *installation) knows(ctx context.Context, publisher, channel, reader string) (bool, error) {
	r, revision, err := in.ledger.Reader(ctx, in.pseudonym(publisher, channel, reader))
	return revision != 0 || r.State == who.Stopped, err
}

// placeOf is where a channel keeps a few bytes of its own, sealed.
func (in *installation) placeOf(publisher, channel string) messengers.Place {
	return store.NewPlaces(in.store, in.ring).Of(publisher, channel)
}
