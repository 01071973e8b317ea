package store

import (
	"context"
	"errors"
	"time"

	"keypull/pull/people"
)

const (
	invitePrefix = "invite"

	noInvite = "refusal.link_ended"
)

// Invites keeps the links by which somebody sets a password, each of which
// works once.
type Invites struct{ kv KV }

// NewInvites returns the invites of a back end.
func NewInvites(kv KV) *Invites { return &Invites{kv: kv} }

func inviteKey(hash string) string { return invitePrefix + "." + keySegment(hash) }

// Put writes a new invite.
func (i *Invites) Put(ctx context.Context, invite people.Invite) error {
	_, err := writeDocument(ctx, i.kv, inviteKey(invite.Hash), "write invite", invite, 0)
	return err
}

// Get returns an invite without using it, for the page that asks for the
// password; pull.Unknown where it has been used or has ended.
func (i *Invites) Get(ctx context.Context, hash string, now time.Time) (people.Invite, error) {
	d, err := i.read(ctx, hash, now)
	return d.value, err
}

// Take uses an invite up. Of many who try at the same time one gets it, all
// others pull.Unknown.
func (i *Invites) Take(ctx context.Context, hash string, now time.Time) (people.Invite, error) {
	d, err := i.read(ctx, hash, now)
	if err != nil {
		return people.Invite{}, err
	}
	err = i.kv.Delete(ctx, d.key, d.revision)
	if errors.Is(err, ErrConflict) {
		return people.Invite{}, unknownError("take invite", noInvite)
	}
	if err != nil {
		return people.Invite{}, backendError("take invite", err)
	}
	return d.value, nil
}

func (i *Invites) read(ctx context.Context, hash string, now time.Time) (document[people.Invite], error) {
	const op = "read invite"
	d, err := readDocument[people.Invite](ctx, i.kv, inviteKey(hash), op, noInvite)
	if err == nil && d.value.Expired(now) {
		err = unknownError(op, noInvite)
	}
	if err != nil {
		return document[people.Invite]{}, err
	}
	return d, nil
}

// All returns every invite, those that have ended too until Sweep takes them.
func (i *Invites) All(ctx context.Context) ([]people.Invite, error) {
	return collectDocuments(ctx, i.kv, invitePrefix, "list invites", func(people.Invite) bool { return true })
}

// Delete withdraws an invite, or returns pull.Unknown.
func (i *Invites) Delete(ctx context.Context, hash string) error {
	return deleteDocument(ctx, i.kv, inviteKey(hash), "withdraw invite", noInvite, Any)
}

// Sweep removes the invites that have ended by now, and returns how many.
func (i *Invites) Sweep(ctx context.Context, now time.Time) (int, error) {
	return sweepDocuments(ctx, i.kv, invitePrefix, "sweep invites", func(o people.Invite) bool { return o.Expired(now) })
}
