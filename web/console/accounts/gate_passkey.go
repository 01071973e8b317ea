package accounts

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/accounts/passkey"
)

// notTaken returns the refusal of a passkey; the reason is logged alone.
func (g *Gate) notTaken(err error) error {
	if !errors.Is(err, passkey.ErrRefused) {
		return err
	}
	g.Logger.Info("a passkey was refused", "error", err)
	return &pull.Error{Kind: pull.Denied, Op: "sign in", Hint: words.Text{Key: "passkey.refused"}, Err: err}
}

// SignInByPasskey opens a session by a browser's answer to Passkeys.Ask. A
// signature can't be guessed, so that tries are not counted.
func (g *Gate) SignInByPasskey(ctx context.Context, at passkey.Party, answer []byte, b Browser) (Admission, error) {
	b.Address = withoutPort(b.Address)
	person, key, err := g.Passkeys.Verify(at, answer, func(id string) (people.Person, error) {
		p, _, err := g.People.Get(ctx, id)
		return p, err
	})
	if err == nil {
		_, person, err = g.updatePerson(ctx, person.ID, func(p *people.Person) error { return notePasskeyUse(p, key) })
	}
	if err != nil {
		return Admission{}, g.notTaken(err)
	}
	entry, err := g.openSession(ctx, person, b)
	if err != nil {
		return Admission{}, err
	}
	g.writeAct(ctx, people.Act{Who: person.ID, Name: displayName(person), Operation: "session.open", Target: "passkey " + key.Label,
		Face: console.FacePage, Address: b.Address, Outcome: people.Done})
	return entry, nil
}

// AskForPasskey returns the question by which a browser has somebody sign in.
func (g *Gate) AskForPasskey(at passkey.Party) ([]byte, error) {
	question, err := g.Passkeys.Ask(at)
	return question, g.notTaken(err)
}

// notePasskeyUse notes the use of a key. One that was taken away meanwhile opens
// nothing.
func notePasskeyUse(p *people.Person, key people.Passkey) error {
	p.Passkeys = slices.Clone(p.Passkeys)
	for i := range p.Passkeys {
		if p.Passkeys[i].ID == key.ID {
			key.Label = p.Passkeys[i].Label
			p.Passkeys[i] = key
			return nil
		}
	}
	return passkey.ErrRefused
}

// OfferPasskey returns the question by which a browser has a device make a key for
// a person.
func (g *Gate) OfferPasskey(ctx context.Context, at passkey.Party, person string) ([]byte, error) {
	p, _, err := g.People.Get(ctx, person)
	if err != nil {
		return nil, turnedAway(err, signInFirst())
	}
	if err := checkPasskeyRoom(p); err != nil {
		return nil, err
	}
	question, err := g.Passkeys.Offer(at, p)
	return question, g.notTaken(err)
}

func checkPasskeyRoom(p people.Person) error {
	if len(p.Passkeys) < people.MaxPasskeys {
		return nil
	}
	return &pull.Error{Kind: pull.Conflict, Hint: words.Text{Key: "passkey.most", Args: words.Args{"n": people.MaxPasskeys}}}
}

// AddPasskey keeps the key that a device has made for somebody, by a browser's
// answer to OfferPasskey.
func (g *Gate) AddPasskey(ctx context.Context, at passkey.Party, person, label string, answer []byte) error {
	label, err := people.LabelPasskey(label)
	if err != nil {
		return problemsOf(err)
	}
	p, _, err := g.People.Get(ctx, person)
	if err != nil {
		return turnedAway(err, signInFirst())
	}
	key, err := g.Passkeys.Accept(at, p, answer)
	act := people.Act{Who: p.ID, Name: displayName(p), Operation: "passkey.add", Target: "passkey " + label, Face: console.FacePage, Outcome: people.Done}
	if err != nil {
		act.Outcome = string(pull.Denied)
		g.writeAct(ctx, act)
		return g.notTaken(err)
	}
	key.Label = label
	_, _, err = g.updatePerson(ctx, person, func(p *people.Person) error {
		p.Passkeys = append(slices.Clone(p.Passkeys), key)
		p.Passkeys[len(p.Passkeys)-1].Label = distinctLabel(label, p.Passkeys[:len(p.Passkeys)-1])
		return checkPasskeyRoom(people.Person{Passkeys: p.Passkeys[1:]})
	})
	if err != nil {
		return err
	}
	g.writeAct(ctx, act)
	return nil
}

// distinctLabel returns a label that no other key has.
func distinctLabel(label string, others []people.Passkey) string {
	name := label
	for n := 2; slices.ContainsFunc(others, func(k people.Passkey) bool { return k.Label == name }); n++ {
		name = label + " " + strconv.Itoa(n)
	}
	return name
}
