package undo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/people"
	"keypull/pull/words"
	"keypull/web/console"
)

// Changes is where changes are kept.
type Changes interface {
	Head(ctx context.Context, id string) (people.Change, error)
	Before(ctx context.Context, head people.Change) ([]byte, error)
	// Since returns those that came at a moment or after it, the latest first.
	Since(ctx context.Context, at time.Time, limit int, wanted func(people.Change) bool) ([]people.Change, error)
	// Undo notes when a change was taken back.
	Undo(ctx context.Context, id string, at time.Time) error
}

// Aside puts back what an act changed beside things; it refuses where that has
// changed again.
type Aside func(ctx context.Context, publisher string, data json.RawMessage) error

// Things tells what faces see of things, and saves them.
type Things interface {
	// Shown is a thing with its secrets masked, Moved the secrets in which two
	// differ.
	MaskedDoc(n catalogue.Resource, thing any) (console.Doc, error)
	ChangedSecrets(n catalogue.Resource, a, b any) []string
	// PutBack saves a thing as it was in place of the version that was seen.
	PutBack(ctx context.Context, n catalogue.Resource, publisher, id, version string, thing any) error
}

// Undo is what the operations change.* work with.
type Undo struct {
	Changes Changes
	// Catalogue records what is put back, so that it can be undone as well.
	Catalogue Recorder
	Things    Things
	// Asides are by the name under which acts note them.
	Asides map[string]Aside
	Clock  func() time.Time
}

// change is one with all that it changed.
type change struct {
	people.Change
	console.ActChanges
}

// mostListed bounds a list.
const mostListed = 50

func (u *Undo) listChanges(ctx context.Context, wanted func(people.Change) bool) (Changed, error) {
	out := Changed{Changes: []Change{}}
	now := u.Clock()
	heads, err := u.Changes.Since(ctx, now.Add(-people.UndoFor), mostListed, func(c people.Change) bool {
		return c.Undone.IsZero() && now.Before(c.UndoUntil()) && wanted(c) && refusalOf(ctx, c) == nil
	})
	for _, c := range heads {
		out.Changes = append(out.Changes, changeOf(c))
	}
	return out, err //nolint:wrapcheck // it says what it is about
}

// refusalOf returns why the caller may not take a change back: it takes the
// permission that the change took.
func refusalOf(ctx context.Context, c people.Change) error {
	d := console.Declaration{Name: c.Operation, Permission: console.Permission(c.Permission)}
	return d.Refusal(ctx, c.Publisher)
}

// readChange reads a change.
func (u *Undo) readChange(ctx context.Context, in Of) (change, error) {
	head, err := u.Changes.Head(ctx, in.Change)
	if err != nil {
		return change{}, err //nolint:wrapcheck // it says what it is about
	}
	if head.Publisher != in.Publisher || !u.Clock().Before(head.KeptUntil()) {
		return change{}, &pull.Error{Kind: pull.Unknown, Field: "change", Hint: words.Text{Key: "undo.none"}}
	}
	console.NoteAudit(ctx, head.Target, nil, nil)
	if err := refusalOf(ctx, head); err != nil {
		return change{}, err
	}
	c := change{Change: head}
	raw, err := u.Changes.Before(ctx, head)
	if err != nil {
		return c, err //nolint:wrapcheck // it says what it is about
	}
	if err := json.Unmarshal(raw, &c.ActChanges); err != nil {
		return c, fmt.Errorf("decode what was before %s: %w", head.ID, err)
	}
	return c, nil
}

// versionNow returns the version at which a thing of a change is now, or 0 if it is not
// there.
func (u *Undo) versionNow(s console.Step) uint64 {
	if pub := u.Catalogue.Publisher(s.Publisher); pub != nil {
		if _, meta, ok := pub.Thing(s.Resource, s.ID); ok {
			return meta.Version
		}
	}
	return 0
}

// versionOf returns that of all things of a change together.
func (u *Undo) versionOf(c change) string {
	sum := sha256.New()
	for _, s := range c.Steps {
		_, _ = fmt.Fprintln(sum, s.Resource, s.Publisher, s.ID, u.versionNow(s))
	}
	const bytes = 8
	return hex.EncodeToString(sum.Sum(nil)[:bytes])
}

func (u *Undo) getChange(ctx context.Context, in Of) (Entry, error) {
	c, err := u.readChange(ctx, in)
	if err != nil {
		return Entry{}, err
	}
	return u.changeEntry(c)
}

func (u *Undo) changeEntry(c change) (Entry, error) {
	e := Entry{Change: changeOf(c.Change), Version: u.versionOf(c), List: []Thing{}}
	for _, s := range c.Steps[:min(len(c.Steps), shownThings)] {
		t, err := u.changedThing(s)
		if err != nil {
			return e, err
		}
		e.List = append(e.List, t)
	}
	return e, nil
}

// changedThing returns one thing of a change: as it is, and as it was.
func (u *Undo) changedThing(s console.Step) (Thing, error) {
	t := Thing{Resource: s.Resource, ID: s.ID, Since: u.versionNow(s) != s.Version}
	var now any
	if pub := u.Catalogue.Publisher(s.Publisher); pub != nil {
		if thing, _, ok := pub.Thing(s.Resource, s.ID); ok {
			now = thing
		}
	}
	then, err := valueOf(s)
	if err != nil {
		return t, err
	}
	if then != nil {
		if t.Before, err = u.Things.MaskedDoc(s.Resource, then); err != nil {
			return t, err //nolint:wrapcheck // it says what it is about
		}
	}
	if now != nil {
		if t.Now, err = u.Things.MaskedDoc(s.Resource, now); err != nil {
			return t, err //nolint:wrapcheck // it says what it is about
		}
	}
	t.Secrets = u.Things.ChangedSecrets(s.Resource, now, then)
	return t, nil
}

// undoChange takes a change back whose things have not been changed since.
func (u *Undo) undoChange(ctx context.Context, in Of) (Undone, error) {
	c, err := u.readChange(ctx, in)
	switch {
	case err != nil:
		return Undone{}, err
	case !c.Undone.IsZero():
		return Undone{}, conflictError("undo.done", nil)
	case !u.Clock().Before(c.UndoUntil()):
		return Undone{}, conflictError("undo.late", nil)
	}
	for _, s := range c.Steps {
		if u.versionNow(s) != s.Version {
			return Undone{}, u.changedSince(s)
		}
	}
	return u.applyChange(ctx, c)
}

// restoreChange takes a change back whatever has become of its things, if the
// caller has seen that state.
func (u *Undo) restoreChange(ctx context.Context, in Restore) (Undone, error) {
	c, err := u.readChange(ctx, in.Of)
	if err != nil {
		return Undone{}, err
	}
	switch version := u.versionOf(c); in.Version {
	case "*", version:
		return u.applyChange(ctx, c)
	case "":
		return Undone{}, &pull.Error{Kind: pull.Invalid, Field: "version", Hint: words.Text{Key: "refusal.version"}}
	default:
		e, err := u.changeEntry(c)
		if err != nil {
			return Undone{}, err
		}
		return Undone{}, &console.Stale{Current: e, Version: version}
	}
}

// applyChange puts things back, and notes that it was done.
func (u *Undo) applyChange(ctx context.Context, c change) (Undone, error) {
	p := plan{Undo: u, steps: c.Steps}
	if err := p.check(ctx); err != nil {
		return Undone{}, err
	}
	var only Thing
	if len(c.Steps) == 1 {
		var err error
		if only, err = u.changedThing(c.Steps[0]); err != nil {
			return Undone{}, err
		}
	}
	if err := u.restoreAsides(ctx, c, true); err != nil {
		return Undone{}, err
	}
	if err := p.carryOut(ctx); err != nil {
		return Undone{}, err
	}
	if err := u.restoreAsides(ctx, c, false); err != nil {
		return Undone{}, err
	}
	noteUndone(ctx, c, only)
	return Undone{Things: len(c.Steps)}, u.Changes.Undo(ctx, c.ID, u.Clock()) //nolint:wrapcheck // it says what it is about
}

// restoreAsides puts back what was changed beside things: first where there are no
// things, else last.
func (u *Undo) restoreAsides(ctx context.Context, c change, first bool) error {
	if first != (len(c.Steps) == 0) {
		return nil
	}
	for _, a := range c.Asides {
		back := u.Asides[a.Name]
		if back == nil {
			return fmt.Errorf("nobody can bring back %q", a.Name)
		}
		if err := back(ctx, a.Publisher, a.Data); err != nil {
			return err
		}
	}
	return nil
}

// noteUndone tells the audit log what was put back, where it is one thing.
func noteUndone(ctx context.Context, c change, only Thing) {
	var before, after any
	if only.Now != nil {
		before = only.Now
	}
	if only.Before != nil {
		after = only.Before
	}
	console.NoteAudit(ctx, c.Target, before, after)
	console.NoteSecrets(ctx, only.Secrets)
}

func conflictError(key string, args words.Args) error {
	return &pull.Error{Kind: pull.Conflict, Field: "change", Hint: words.Text{Key: key, Args: args}}
}

// changedSince returns who has changed a thing since.
func (u *Undo) changedSince(s console.Step) error {
	args := words.Args{"noun": words.Text{Key: "noun." + string(s.Resource)}, "id": s.ID}
	pub := u.Catalogue.Publisher(s.Publisher)
	if pub == nil {
		return conflictError("undo.gone", words.Args{"noun": words.Text{Key: "noun." + string(catalogue.ResourcePublisher)}, "id": s.Publisher})
	}
	_, meta, ok := pub.Thing(s.Resource, s.ID)
	switch {
	case !ok:
		return conflictError("undo.gone", args)
	case meta.By == "":
		return conflictError("undo.changed", args)
	}
	args["who"] = meta.By
	return conflictError("undo.changed_by", args)
}
