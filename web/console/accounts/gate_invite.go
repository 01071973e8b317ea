package accounts

import (
	"context"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/web/console"
)

// FirstLimit is how long the link of the first owner counts.
const FirstLimit = 24 * time.Hour

// Newcomer is what somebody tells who comes by an invite. The email counts
// where the invite names none, the rest where it makes a person.
type Newcomer struct{ Name, Email, Password, Language, Zone string }

// Link returns where an invite of that secret leads to.
func (g *Gate) Link(secret string) string { return g.PublicURL + "/console/welcome/" + secret }

// First makes the invite of the first person, who will be an admin, in place of
// one that was made before; false where somebody is there already.
func (g *Gate) First(ctx context.Context) (secret string, ok bool, err error) {
	unowned, err := g.Unowned(ctx)
	if err != nil || !unowned {
		return "", false, err
	}
	if err := g.deleteInvites(ctx, isFirstInvite); err != nil {
		return "", false, err
	}
	i, secret := people.NewInvite(g.Rand, g.Clock())
	i.Admin, i.Expires = true, i.Created.Add(FirstLimit)
	if err := g.Invites.Put(ctx, i); err != nil {
		return "", false, err
	}
	return secret, true, nil
}

// Unowned reports whether nobody has an account here yet.
func (g *Gate) Unowned(ctx context.Context) (bool, error) {
	all, err := g.People.All(ctx)
	return err == nil && len(all) == 0, err
}

// isFirstInvite reports whether an invite is the one by which everything begins: nobody
// made it.
func isFirstInvite(i people.Invite) bool { return i.By == "" }

// deleteInvites removes the invites that which picks.
func (g *Gate) deleteInvites(ctx context.Context, which func(people.Invite) bool) error {
	all, err := g.Invites.All(ctx)
	if err != nil {
		return err
	}
	for _, i := range all {
		if !which(i) {
			continue
		}
		if err := g.Invites.Delete(ctx, i.Hash); err != nil && pull.KindOf(err) != pull.Unknown {
			return err
		}
	}
	return nil
}

// Invited returns the invite of a link and leaves it usable, since some
// programs look at a link before a person does. pull.Unknown where it was used
// or has ended, or where its maker may no longer give what it gives.
func (g *Gate) Invited(ctx context.Context, secret string) (people.Invite, error) {
	i, err := g.Invites.Get(ctx, people.HashSecret(secret), g.Clock())
	if err != nil {
		return people.Invite{}, err
	}
	stands, err := g.inviteStands(ctx, i)
	if err != nil {
		return people.Invite{}, err
	}
	if !stands {
		return people.Invite{}, noInvite()
	}
	return i, nil
}

func noInvite() error {
	return &pull.Error{Kind: pull.Unknown, Op: "read invite", Hint: words.Text{Key: "refusal.link_ended"}}
}

func (g *Gate) inviteStands(ctx context.Context, i people.Invite) (bool, error) {
	if isFirstInvite(i) {
		return g.Unowned(ctx)
	}
	if i.Person == "" {
		return g.mayStillGive(ctx, i.By, i.Admin, i.Roles)
	}
	if _, _, err := g.People.Get(ctx, i.Person); err != nil {
		if pull.KindOf(err) == pull.Unknown {
			return false, nil
		}
		return false, err
	}
	return g.mayStillGive(ctx, i.By, true, nil)
}

// Accept uses an invite up and opens a session. Settings.Problems of the fields
// "email", "name", "password", "language" and "zone" leave it usable; of many
// who accept at the same time one gets in. Where the email has a person by now,
// the password must be that person's: an invite adds rights and never takes an
// account over.
func (g *Gate) Accept(ctx context.Context, secret string, n Newcomer, b Browser) (Admission, error) {
	b.Address = withoutPort(b.Address)
	i, err := g.Invited(ctx, secret)
	if err != nil {
		return Admission{}, err
	}
	if i.Person != "" {
		return g.resetPassword(ctx, i, n, b)
	}
	if i.Email == "" {
		i.Email = people.NormalEmail(n.Email)
	}
	person, _, err := g.People.ByEmail(ctx, i.Email)
	switch {
	case err == nil:
		return g.addRights(ctx, i, person, n, b)
	case pull.KindOf(err) == pull.Unknown:
		return g.createPerson(ctx, i, n, b)
	}
	return Admission{}, err
}

// createPerson makes the person of an invite.
func (g *Gate) createPerson(ctx context.Context, i people.Invite, n Newcomer, b Browser) (Admission, error) {
	now := g.Clock()
	person := people.Person{
		ID: people.NewID(g.Rand), Email: i.Email, Name: strings.TrimSpace(n.Name), Language: n.Language, Zone: n.Zone,
		Admin: i.Admin, Roles: validRoles(i.Roles), Created: now, Changed: now,
	}
	if person.Name == "" {
		person.Name = i.Name
	}
	found := append(problemsOf(person.Check()), problemsOf(people.CheckPassword(n.Password, person.Email))...)
	if person.Name == "" {
		found = append(found, settings.NewProblem("name", "required"))
	}
	if len(found) > 0 {
		return Admission{}, found
	}
	return g.useInvite(ctx, i, b, func(ctx context.Context) (people.Person, error) {
		var err error
		if person.Hash, err = g.Passwords.Hash(ctx, n.Password); err != nil {
			return person, err
		}
		_, err = g.People.Put(ctx, person, 0)
		return person, emailTaken(err)
	})
}

// addRights adds the rights of an invite to a person who is there.
func (g *Gate) addRights(ctx context.Context, i people.Invite, person people.Person, n Newcomer, b Browser) (Admission, error) {
	good, err := g.verifyPassword(ctx, person.Hash, n.Password, g.throttleKeys(person.Email, person, b))
	if err != nil {
		return Admission{}, err
	}
	if !good {
		return Admission{}, settings.Problems{newProblem("password", "account_known")}
	}
	return g.useInvite(ctx, i, b, func(ctx context.Context) (people.Person, error) {
		_, after, err := g.updatePerson(ctx, person.ID, func(p *people.Person) error {
			p.Admin = p.Admin || i.Admin
			for publisher, role := range i.Roles {
				grantRole(p, publisher, role)
			}
			return nil
		})
		return after, err
	})
}

// resetPassword sets a new password, which ends all sessions and all other links for
// that.
func (g *Gate) resetPassword(ctx context.Context, i people.Invite, n Newcomer, b Browser) (Admission, error) {
	person, _, err := g.People.Get(ctx, i.Person)
	if err != nil {
		return Admission{}, turnedAway(err, noInvite())
	}
	if found := problemsOf(people.CheckPassword(n.Password, person.Email)); len(found) > 0 {
		return Admission{}, found
	}
	return g.useInvite(ctx, i, b, func(ctx context.Context) (people.Person, error) {
		hash, err := g.Passwords.Hash(ctx, n.Password)
		if err != nil {
			return person, err
		}
		_, after, err := g.updatePerson(ctx, person.ID, func(p *people.Person) error {
			p.Hash = hash
			return nil
		})
		if err != nil {
			return after, err
		}
		g.Throttle.Succeed(people.AccountKey(after.Email))
		return after, g.endSessionsAndLinks(ctx, after.ID, "")
	})
}

// endSessionsAndLinks ends what an old password has opened, except one session.
func (g *Gate) endSessionsAndLinks(ctx context.Context, person, except string) error {
	if _, err := g.Sessions.DeleteOf(ctx, person, except); err != nil {
		return err
	}
	return g.deleteInvites(ctx, func(i people.Invite) bool { return i.Person == person })
}

// useInvite uses an invite up, calls do, and opens a session for the person that do
// returns. An invite whose use failed is put back; a client that goes away doesn't
// stop it.
func (g *Gate) useInvite(ctx context.Context, i people.Invite, b Browser, do func(context.Context) (people.Person, error)) (Admission, error) {
	kept, err := g.Invites.Take(ctx, i.Hash, g.Clock())
	if err != nil {
		return Admission{}, err
	}
	ctx = context.WithoutCancel(ctx)
	person, err := do(ctx)
	if err != nil {
		if back := g.Invites.Put(ctx, kept); back != nil {
			g.Logger.Error("an invite whose use failed could not be put back", "error", back)
		}
		return Admission{}, err
	}
	g.writeAct(ctx, people.Act{Who: person.ID, Name: displayName(person), Operation: "invite.accept", Target: "person " + person.ID,
		Face: console.FacePage, Address: b.Address, Outcome: people.Done})
	return g.openSession(ctx, person, b)
}
