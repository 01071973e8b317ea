package console

import (
	"context"
	"reflect"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
)

// tried refuses a source that brings nothing when it is tried: a wrong address
// is told to the editor who wrote it, not to the readers. What has been saved
// with the same settings is not tried again.
func (p sources) tried(untried bool) func(context.Context, *catalogue.Setup, catalogue.Source, *catalogue.Source) error {
	return func(ctx context.Context, pub *catalogue.Setup, s catalogue.Source, was *catalogue.Source) error {
		if untried || was != nil && was.Kind == s.Kind && reflect.DeepEqual(was.Settings, s.Settings) {
			return nil
		}
		t := p.Trials.Source(ctx, pub.ID, s, pull.Query{Count: 1, Language: defaultLanguage(pub), At: p.Clock()})
		if t.Err == nil {
			return nil
		}
		reason, field := told(t.Err, string(catalogue.NounSource))
		switch field {
		case fieldArgument:
			// Only a reader's words would tell.
			return nil
		case "":
			field = p.blamed(s)
		}
		r := &review{}
		r.wrong(field, "document.unready", "reason", reason)
		return r.err()
	}
}

// blamed is the setting to show an error at that names none: the first one
// that was given.
func (p sources) blamed(s catalogue.Source) string {
	const all = string(catalogue.NounSource) + ".settings"
	k, ok := p.Kinds.Source(s.Kind)
	if !ok {
		return all
	}
	fields, err := settings.Fields(k.New())
	if err != nil {
		return all
	}
	for _, f := range fields {
		if _, given := s.Settings[f.Name]; given {
			return all + "." + f.Name
		}
	}
	return all
}
