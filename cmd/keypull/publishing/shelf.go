package publishing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/sources"
	"keypull/store"
	"keypull/web/console"
	"keypull/web/messengers"
)

// Load opens every publisher that was set up in the console. What cannot be
// read is told and left as it lies.
func (n *Publishers) Load(ctx context.Context) error {
	all := map[string]*laden{}
	var problems []error
	for k, err := range n.Options.Outlets.Load(ctx) {
		if err != nil {
			problems = append(problems, fmt.Errorf("read the publishers: %w", err))
			n.park("")
			continue
		}
		l := all[k.Publisher]
		if l == nil {
			l = &laden{metas: map[console.Noun]map[string]console.Meta{}}
			all[k.Publisher] = l
		}
		if err := n.take(l, k); err != nil {
			problems = append(problems, fmt.Errorf("%s %s of publisher %s: %w", k.Noun, k.ID, k.Publisher, err))
			n.park(k.Publisher)
		}
	}
	for id, l := range all {
		switch {
		case n.desk(id) != nil:
			problems = append(problems, fmt.Errorf("publisher %s stands in the configuration file too; what was set up for it in the console is put aside", id))
		case l.publisher.ID == "":
			// Left over from a removal that was cut off.
		default:
			problems = append(problems, n.open(ctx, l.outlet()))
		}
	}
	return errors.Join(problems...)
}

// laden is a publisher as it comes out of the store, piece by piece.
type laden struct {
	publisher catalogue.Publisher
	metas     map[console.Noun]map[string]console.Meta
}

func (l *laden) outlet() *console.Outlet {
	p := &l.publisher
	slices.SortFunc(p.Sources, func(a, b catalogue.Source) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(p.Keywords, func(a, b catalogue.Keyword) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(p.Channels, func(a, b catalogue.Channel) int { return strings.Compare(a.ID, b.ID) })
	return console.NewOutlet(*p, l.metas)
}

// take reads one thing.
func (n *Publishers) take(l *laden, k store.Kept) error {
	var values map[string]any
	if err := json.Unmarshal(k.Value, &values); err != nil {
		return fmt.Errorf("decode: %w", err)
	}
	noun, id := console.Noun(k.Noun), k.ID
	if k.Noun == store.OutletNoun {
		noun, id = console.NounPublisher, k.Publisher
	}
	var err error
	switch noun {
	case console.NounPublisher:
		p := l.publisher
		p.Defaults()
		if err = settings.Fill(&p, values); err == nil {
			p.Sources, p.Keywords, p.Channels = l.publisher.Sources, l.publisher.Keywords, l.publisher.Channels
			l.publisher = p
		}
	case console.NounSource:
		var s catalogue.Source
		s.Defaults()
		if err = settings.Fill(&s, values); err == nil {
			s.Settings, err = n.sealing(noun, k.Publisher, k.ID, s.Kind, s.Settings, n.opened)
			l.publisher.Sources = append(l.publisher.Sources, s)
		}
	case console.NounKeyword:
		var w catalogue.Keyword
		w.Defaults()
		if err = settings.Fill(&w, values); err == nil {
			l.publisher.Keywords = append(l.publisher.Keywords, w)
		}
	case console.NounChannel:
		var c catalogue.Channel
		if err = settings.Fill(&c, values); err == nil {
			c.Settings, err = n.sealing(noun, k.Publisher, k.ID, c.Kind, c.Settings, n.opened)
			l.publisher.Channels = append(l.publisher.Channels, c)
		}
	}
	if l.metas[noun] == nil {
		l.metas[noun] = map[string]console.Meta{}
	}
	l.metas[noun][id] = console.Meta{Version: k.Revision, Changed: k.Changed, By: k.By}
	return err
}

// kept is a change as it is written down, its secrets sealed.
func (n *Publishers) kept(c console.Change) (store.Kept, error) {
	noun, id := drawer(c)
	k := store.Kept{Noun: noun, Publisher: c.Publisher, ID: id, Changed: n.Clock(), By: c.By}
	values, err := n.plain(c)
	if err != nil {
		return k, err
	}
	if k.Value, err = json.Marshal(values); err != nil {
		return k, fmt.Errorf("encode %s %s: %w", c.Noun, c.ID, err)
	}
	return k, nil
}

func (n *Publishers) plain(c console.Change) (map[string]any, error) {
	switch v := c.Value.(type) {
	case catalogue.Publisher:
		v.Sources, v.Keywords, v.Channels = nil, nil, nil
		return valuesOf(&v)
	case catalogue.Keyword:
		return valuesOf(&v)
	case catalogue.Source:
		sealed, err := n.sealing(c.Noun, c.Publisher, c.ID, v.Kind, v.Settings, n.sealed)
		if err != nil {
			return nil, err
		}
		v.Settings = sealed
		return valuesOf(&v)
	case catalogue.Channel:
		sealed, err := n.sealing(c.Noun, c.Publisher, c.ID, v.Kind, v.Settings, n.sealed)
		if err != nil {
			return nil, err
		}
		v.Settings = sealed
		return valuesOf(&v)
	}
	return nil, fmt.Errorf("a %T is nothing that a publisher has", c.Value)
}

func valuesOf(v any) (map[string]any, error) {
	values, err := settings.Values(v)
	if err != nil {
		return nil, fmt.Errorf("take apart: %w", err)
	}
	return values, nil
}

// sealing applies f to the secrets among a kind's settings.
func (n *Publishers) sealing(noun console.Noun, publisher, id, kind string, values map[string]any, f func(purpose, path, text string) (string, error)) (map[string]any, error) {
	filled := n.settingsOf(noun, kind)
	if filled == nil {
		return values, fmt.Errorf("kind %s: %w", kind, errUnknownKind)
	}
	purpose := strings.Join([]string{string(noun), publisher, id}, "/")
	return settings.Secrets(filled, values, func(path, text string) (string, error) { return f(purpose, path, text) })
}

// settingsOf is a new Settings struct of a kind, or nil.
func (n *Publishers) settingsOf(noun console.Noun, kind string) any {
	if noun == console.NounSource {
		if i := slices.IndexFunc(n.Sources, func(k sources.Kind) bool { return k.Name == kind }); i >= 0 {
			return n.Sources[i].New()
		}
		return nil
	}
	if i := slices.IndexFunc(n.Messengers, func(k messengers.Kind) bool { return k.Name == kind }); i >= 0 {
		return n.Messengers[i].New()
	}
	return nil
}
