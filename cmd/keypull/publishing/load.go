package publishing

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/store"
	"keypull/web/desk"
	"keypull/web/messengers"
)

// Load opens every publisher that was set up in the console. What cannot be
// read is told and left as it lies.
func (n *Publishers) Load(ctx context.Context) error { return n.load(ctx, nil) }

// load is Load of those publishers alone; of all where it is told none.
func (n *Publishers) load(ctx context.Context, only []string) error {
	all := map[string]*catalogue.Pieces{}
	var problems []error
	unread := map[string]error{}
	for k, err := range n.Store.Load(ctx) {
		if err != nil {
			unread[""] = errors.Join(unread[""], fmt.Errorf("read the publishers: %w", err))
			n.parkPublisher("")
			continue
		}
		if len(only) > 0 && !slices.Contains(only, k.Publisher) {
			continue
		}
		pieces := all[k.Publisher]
		if pieces == nil {
			pieces = &catalogue.Pieces{}
			all[k.Publisher] = pieces
		}
		if err := (drawer{n}).read(pieces, k); err != nil {
			unread[k.Publisher] = errors.Join(unread[k.Publisher], fmt.Errorf("%s %s of publisher %s: %w", k.Resource, k.ID, k.Publisher, err))
			n.parkPublisher(k.Publisher)
		}
	}
	for id, pieces := range all {
		if n.currentEdition(id) != nil {
			unread[id] = errors.Join(unread[id], fmt.Errorf("publisher %s stands in the configuration file too; what was set up for it in the console is put aside", id))
		} else if p := pieces.Setup(); p != nil {
			problems = append(problems, n.openPublisher(ctx, p))
		}
	}
	for publisher, err := range unread {
		problems = append(problems, err)
		n.setWrong(publisher, err)
	}
	return errors.Join(problems...)
}

// drawer is how things lie in the store.
type drawer struct{ *Publishers }

// read adds one thing as it lies in the store.
func (n drawer) read(pieces *catalogue.Pieces, k store.Stored) error {
	var values map[string]any
	if err := json.Unmarshal(k.Value, &values); err != nil {
		return fmt.Errorf("decode: %w", err)
	}
	thing, err := k.Resource.Fill(values)
	if err != nil {
		return err //nolint:wrapcheck // it names the field
	}
	thing, err = k.Resource.Secrets(thing, n.sealing(k, n.openSecret))
	pieces.Add(k.Resource, cmp.Or(k.ID, k.Publisher), thing, catalogue.Meta{Version: k.Revision, Changed: k.Changed, By: k.By})
	return err //nolint:wrapcheck // it names the field
}

// encodeChange returns a change of an edition as it is written down. What is removed is
// held to its version here, where nobody else changes it.
func (n drawer) encodeChange(ed *edition, c catalogue.Change) (store.Writing, error) {
	if c.Value != nil {
		k, err := n.kept(c)
		return store.Writing{Stored: k, When: c.When}, err
	}
	if there := ed.publisher.MetaOf(c.Resource, c.ID).Version; there != 0 && there != c.When {
		return store.Writing{}, &pull.Error{Kind: pull.Conflict, Op: "remove " + c.ID, Hint: words.Text{Key: "hint.stale"}}
	}
	return store.Writing{Stored: store.Stored{Resource: c.Resource, Publisher: c.Publisher, ID: c.ID}, When: c.When, Gone: true}, nil
}

// kept returns a change as it is written down, its secrets sealed.
func (n drawer) kept(c catalogue.Change) (store.Stored, error) {
	k := store.Stored{Resource: c.Resource, Publisher: c.Publisher, ID: keptID(c), Changed: c.Changed, By: c.By}
	if k.Changed.IsZero() {
		k.Changed = n.Clock()
	}
	thing, err := c.Resource.Secrets(c.Value, n.sealing(k, n.sealSecret))
	if err != nil {
		return k, err //nolint:wrapcheck // it names the field
	}
	values, err := c.Resource.Values(thing)
	if err != nil {
		return k, err //nolint:wrapcheck // it says what it is about
	}
	if k.Value, err = json.Marshal(values); err != nil {
		return k, fmt.Errorf("encode %s %s: %w", c.Resource, c.ID, err)
	}
	return k, nil
}

// sealing applies f to the secrets among the settings of a thing's kind.
func (n drawer) sealing(k store.Stored, f func(purpose, path, text string) (string, error)) catalogue.SettingsOf {
	purpose := strings.Join([]string{string(k.Resource), k.Publisher, k.ID}, "/")
	return func(kind string, values map[string]any) (map[string]any, error) {
		filled := n.settingsOf(k.Resource, kind)
		if filled == nil {
			return values, fmt.Errorf("kind %s: %w", kind, errUnknownKind)
		}
		return settings.Secrets(filled, values, func(path, text string) (string, error) { return f(purpose, path, text) })
	}
}

// settingsOf returns a new Settings struct of a kind, or nil.
func (n drawer) settingsOf(resource catalogue.Resource, kind string) any {
	if resource == catalogue.ResourceSource {
		if i := slices.IndexFunc(n.Sources, func(k sources.Kind) bool { return k.Name == kind }); i >= 0 {
			return n.Sources[i].New()
		}
		return nil
	}
	if resource == catalogue.ResourcePublisher {
		if i := slices.IndexFunc(n.Bridges, func(k desk.Kind) bool { return k.Name == kind }); i >= 0 {
			return n.Bridges[i].New()
		}
		return nil
	}
	if i := slices.IndexFunc(n.Messengers, func(k messengers.Kind) bool { return k.Name == kind }); i >= 0 {
		return n.Messengers[i].New()
	}
	return nil
}
