package accounts

import (
	"context"
	"encoding/json"
	"fmt"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/web/console"
)

// AsideStaff names what Vacate takes, for Return.
const AsideStaff = "staff"

// vacated is who and what had a part in a publisher that was removed. Invites
// are not among it: they hold addresses, and end for good.
type vacated struct {
	Roles  map[string]people.Role `json:"roles,omitempty"`
	Tokens []people.Token         `json:"tokens,omitempty"`
}

// Vacate takes everybody out of a publisher that is removed: roles, invites and
// tokens, lest they count for one that gets the same id later. Return brings
// back what the act took.
func (s *Staff) Vacate(ctx context.Context, publisher string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	took := vacated{Roles: map[string]people.Role{}}
	defer func() { console.RecordAside(ctx, AsideStaff, publisher, took) }()
	all, err := s.People.All(ctx)
	if err != nil {
		return err
	}
	for _, p := range all {
		role, ok := p.Roles[publisher]
		if !ok {
			continue
		}
		_, _, err := s.updatePerson(ctx, p.ID, func(p *people.Person) error {
			delete(p.Roles, publisher)
			return nil
		})
		if err != nil && pull.KindOf(err) != pull.Unknown {
			return err
		}
		took.Roles[p.ID] = role
	}
	err = s.deleteInvites(ctx, func(i people.Invite) bool {
		_, ok := i.Roles[publisher]
		return ok
	})
	if err != nil {
		return err
	}
	took.Tokens, err = s.dropTokens(ctx, publisher)
	return err
}

// dropTokens ends the tokens of a publisher, and returns them.
func (s *Staff) dropTokens(ctx context.Context, publisher string) (dropped []people.Token, err error) {
	tokens, err := s.Tokens.All(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range tokens {
		if t.Publisher != publisher {
			continue
		}
		if err := s.Tokens.Delete(ctx, t.ID); err != nil && pull.KindOf(err) != pull.Unknown {
			return dropped, err
		}
		dropped = append(dropped, t)
	}
	return dropped, nil
}

// Return gives back what Vacate took of a publisher that is there again. Who is
// gone meanwhile stays gone.
func (s *Staff) Return(ctx context.Context, publisher string, data json.RawMessage) error {
	var took vacated
	if err := json.Unmarshal(data, &took); err != nil {
		return fmt.Errorf("decode who had a part in %s: %w", publisher, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, role := range took.Roles {
		_, _, err := s.updatePerson(ctx, id, func(p *people.Person) error {
			if p.Roles == nil {
				p.Roles = map[string]people.Role{}
			}
			grantRole(p, publisher, role)
			return nil
		})
		if err != nil && pull.KindOf(err) != pull.Unknown {
			return err
		}
	}
	for _, t := range took.Tokens {
		if _, err := s.Tokens.Put(ctx, t, 0); err != nil && pull.KindOf(err) != pull.Conflict {
			return err
		}
	}
	return nil
}
