package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"sync"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/words"
)

const (
	emailPrefix = "person-email"

	noPerson = "hint.no_member"
)

// People keeps who works in the console. An email leads to one person only: it
// is claimed by a key of its own before the person is written, so that a crash
// in between leaves a claim that names nobody of that email, and such a claim
// is taken over by whoever comes next. One People writes to a back end at a
// time.
type People struct {
	documents[people.Person]
	mu sync.Mutex // held while emails are claimed and freed
}

// NewPeople returns the people of a back end.
func NewPeople(kv KV) *People {
	return &People{documents: documents[people.Person]{
		kv: kv, prefix: "person", missing: noPerson, name: func(p people.Person) string { return p.ID },
	}}
}

func emailKey(email string) string {
	sum := sha256.Sum256([]byte(people.NormalEmail(email)))
	return emailPrefix + "." + hex.EncodeToString(sum[:])
}

// ByEmail returns the person of an email, however it is written, and the
// revision, or pull.Unknown.
func (p *People) ByEmail(ctx context.Context, email string) (people.Person, uint64, error) {
	const op = "find person by email"
	claim, err := readDocument[string](ctx, p.kv, emailKey(email), op, noPerson)
	if err != nil {
		return people.Person{}, 0, err
	}
	person, revision, err := p.Get(ctx, claim.value)
	if err != nil {
		return people.Person{}, 0, err
	}
	if person.Email != people.NormalEmail(email) {
		return people.Person{}, 0, unknownError(op, noPerson)
	}
	return person, revision, nil
}

// Put writes a person who is at that revision, 0 for a new one, with the email
// in its normal form, and returns the new revision. pull.Conflict is either a
// stale revision or, with the field "email", an email that is another's.
func (p *People) Put(ctx context.Context, person people.Person, revision uint64) (uint64, error) {
	const op = "write person"
	p.mu.Lock()
	defer p.mu.Unlock()
	person.Email = people.NormalEmail(person.Email)
	old, at, err := p.Get(ctx, person.ID)
	if err != nil && pull.KindOf(err) != pull.Unknown {
		return 0, err
	}
	if Revision(revision) != Any && at != revision {
		return 0, &pull.Error{Kind: pull.Conflict, Op: op, Err: ErrConflict}
	}
	if err := p.claimEmail(ctx, person); err != nil {
		return 0, err
	}
	written, err := p.documents.Put(ctx, person, at)
	if err != nil {
		return 0, err
	}
	if at != 0 && old.Email != person.Email {
		// A claim that stays behind names nobody and harms nobody.
		_ = p.freeEmail(ctx, old)
	}
	return written, nil
}

// Delete removes a person who is at that revision, and frees the email.
func (p *People) Delete(ctx context.Context, id string, revision uint64) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	person, _, err := p.Get(ctx, id)
	if err != nil {
		return err
	}
	if err := deleteDocument(ctx, p.kv, p.keyOf(id), "delete person", noPerson, Revision(revision)); err != nil {
		return err
	}
	_ = p.freeEmail(ctx, person) // as in Put
	return nil
}

// claimEmail makes the email lead to the person.
func (p *People) claimEmail(ctx context.Context, person people.Person) error {
	const op = "claim email"
	key := emailKey(person.Email)
	claim, err := findDocument[string](ctx, p.kv, key, op)
	if err != nil {
		return err
	}
	if claim.value == person.ID && claim.revision != Absent {
		return nil
	}
	if claim.revision != Absent {
		holder, _, err := p.Get(ctx, claim.value)
		if err != nil && pull.KindOf(err) != pull.Unknown {
			return err
		}
		if err == nil && holder.Email == person.Email {
			return &pull.Error{Kind: pull.Conflict, Op: op, Field: "email", Hint: words.Text{Key: "problem.person.email_taken"}, Err: ErrConflict}
		}
	}
	_, err = writeDocument(ctx, p.kv, key, op, person.ID, uint64(claim.revision))
	return err
}

// freeEmail removes the claim of an email that leads to the person.
func (p *People) freeEmail(ctx context.Context, person people.Person) error {
	const op = "free email"
	claim, err := findDocument[string](ctx, p.kv, emailKey(person.Email), op)
	if err != nil || claim.value != person.ID || claim.revision == Absent {
		return err
	}
	if err := p.kv.Delete(ctx, claim.key, claim.revision); err != nil && !errors.Is(err, ErrConflict) {
		return backendError(op, err)
	}
	return nil
}
