package meta

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/web/messengers"
)

// Hooked is where an app is told to deliver, and what.
type Hooked struct {
	// URL is empty, and Secret, the app's, where nobody but its dashboard can be
	// told.
	Object, URL, Secret string
	Verify              settings.Secret
	Events              []string
}

type subscription struct {
	Object string
	URL    string `json:"callback_url"`
	Fields []struct{ Name string }
}

// Public refuses an address that nobody can deliver to.
func Public(hook string) error {
	if strings.HasPrefix(hook, "https://") {
		return nil
	}
	return &pull.Error{Kind: pull.Invalid, Hint: own.Text("no_https", nil)}
}

// Part is a part of what stands at the platform: how it differs from what should, and
// what puts it right.
type Part func(ctx context.Context) (drifts []messengers.Drift, mend func() error, err error)

// Sync compares some parts, and puts right what differs where mend is set.
func (g *Graph) Sync(ctx context.Context, mend bool, parts ...Part) (drifts []messengers.Drift, err error) {
	for _, part := range parts {
		found, put, err := part(ctx)
		drifts = append(drifts, found...)
		if err == nil && mend && len(found) > 0 {
			err = put()
		}
		if err != nil {
			return drifts, g.Tried(err)
		}
	}
	return drifts, nil
}

// SyncProfile compares all that an account shows, and where and what it delivers, with
// what it should, and puts it right where mend is set.
func (d *Direct) SyncProfile(ctx context.Context, f messengers.Profile, shown Shown, want Hooked, mend bool) ([]messengers.Drift, error) {
	app := ""
	if want.URL != "" {
		err := Public(want.URL)
		if err != nil {
			return nil, err
		}
		if app, err = d.App(ctx); err != nil {
			return nil, d.Tried(err)
		}
	}
	parts := []Part{d.subscribed(app, want.Events), d.profile(f, shown)}
	if app != "" && want.Secret != "" {
		parts = append([]Part{d.hook(app, want)}, parts...)
	}
	return d.Sync(ctx, mend, parts...)
}

// hook compares where the app delivers to with where it should, by the app's own
// token.
func (g *Graph) hook(app string, want Hooked) Part {
	owner := NewGraph(messengers.Env{Client: g.HTTP, Clock: g.Clock}, g.Base, g.Version, settings.Secret(app+"|"+want.Secret))
	path := "/" + url.PathEscape(app) + "/subscriptions"
	return func(ctx context.Context) ([]messengers.Drift, func() error, error) {
		var has struct{ Data []subscription }
		if err := owner.Get(ctx, path, nil, &has); err != nil {
			return nil, nil, err
		}
		var now subscription
		for _, s := range has.Data {
			if s.Object == want.Object {
				now = s
			}
		}
		fields := make([]string, 0, len(now.Fields))
		for _, f := range now.Fields {
			fields = append(fields, f.Name)
		}
		return append(Differs("webhook", now.URL, want.URL), Lacks(fields, want.Events)...), func() error {
			return owner.Post(ctx, path, map[string]any{
				"object": want.Object, "callback_url": want.URL, "verify_token": want.Verify.Reveal(), "fields": strings.Join(With(fields, want.Events), ","),
			}, nil)
		}, nil
	}
}

// App returns the id of the app that the token is of, or empty if it may not say.
func (g *Graph) App(ctx context.Context) (string, error) {
	var app struct{ ID Word }
	err := g.Get(ctx, "/app", nil, &app)
	if refusedFor(err) == messengers.Permanent {
		return "", nil
	}
	return string(app.ID), err
}

// Differs returns the drift of a part that is one value.
func Differs(part, has, wants string) []messengers.Drift {
	if has == wants {
		return nil
	}
	return []messengers.Drift{{Part: part, Has: has, Wants: wants}}
}

// Lacks returns the drift of events: others beside ours are no matter.
func Lacks(has, wants []string) []messengers.Drift {
	for _, w := range wants {
		if !slices.Contains(has, w) {
			return []messengers.Drift{{Part: "events", Has: strings.Join(has, ", "), Wants: strings.Join(wants, ", ")}}
		}
	}
	return nil
}

// With returns the events that are there and ours, each once.
func With(has, wants []string) []string {
	all := slices.Clone(has)
	for _, w := range wants {
		if !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	return all
}

// subscribed compares the events that the account itself tells the app with those
// that it should. Where the app is not known, all that are told to any count.
func (d *Direct) subscribed(app string, events []string) Part {
	const path = "/me/subscribed_apps"
	return func(ctx context.Context) ([]messengers.Drift, func() error, error) {
		var has struct {
			Data []struct {
				ID     Word
				Fields []string `json:"subscribed_fields"`
			}
		}
		if err := d.Get(ctx, path, url.Values{"fields": {"id,subscribed_fields"}}, &has); err != nil {
			return nil, nil, err
		}
		var now []string
		for _, a := range has.Data {
			if app == "" || string(a.ID) == app {
				now = With(now, a.Fields)
			}
		}
		return Lacks(now, events), func() error {
			return d.Post(ctx, path, map[string]string{"subscribed_fields": strings.Join(With(now, events), ",")}, nil)
		}, nil
	}
}
