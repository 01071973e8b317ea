package store

import (
	"context"
	"errors"
	"time"

	"keypull/pull/people"
)

// Invites keeps the links by which somebody sets a password, each of which works
// once.
type Invites struct{ expiring[people.Invite] }

// NewInvites returns the invites of a back end.
func NewInvites(kv KV) *Invites {
	named := func(i people.Invite) string { return i.Hash }
	return &Invites{expiring[people.Invite]{documents[people.Invite]{kv, "invite", "refusal.link_ended", named}, people.Invite.Expired}}
}

// Put writes a new invite.
func (i *Invites) Put(ctx context.Context, invite people.Invite) error {
	_, err := i.documents.Put(ctx, invite, 0)
	return err
}

// Get returns an invite without using it, for the page that asks for the
// password; pull.Unknown where it has been used or has ended.
func (i *Invites) Get(ctx context.Context, hash string, now time.Time) (people.Invite, error) {
	d, err := i.readValid(ctx, hash, now)
	return d.value, err
}

// Take uses an invite up. Of many who try at the same time one gets it, all
// others pull.Unknown.
func (i *Invites) Take(ctx context.Context, hash string, now time.Time) (people.Invite, error) {
	const op = "take invite"
	d, err := i.readValid(ctx, hash, now)
	if err != nil {
		return people.Invite{}, err
	}
	err = i.kv.Delete(ctx, d.key, d.revision)
	if errors.Is(err, ErrConflict) {
		return people.Invite{}, unknownError(op, i.missing)
	}
	if err != nil {
		return people.Invite{}, backendError(op, err)
	}
	return d.value, nil
}

func (i *Invites) readValid(ctx context.Context, hash string, now time.Time) (document[people.Invite], error) {
	d, err := i.readDocument(ctx, hash)
	if err == nil && d.value.Expired(now) {
		err = unknownError("read invite", i.missing)
	}
	if err != nil {
		return document[people.Invite]{}, err
	}
	return d, nil
}
