package publishing

import (
	"errors"
	"fmt"
	"slices"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// OpenApps opens the apps of the configuration file, before the channels that
// they carry. One that cannot be opened does not stop the rest: its channels are
// broken, and the error tells why.
func (n *Publishers) OpenApps(apps []catalogue.App) error {
	var opened []*messengers.OpenApp
	var problems []error
	for _, a := range apps {
		app, err := (opener{n}).openWithFormer(a)
		if err != nil {
			problems = append(problems, fmt.Errorf("app %s: %w", a.ID, err))
			continue
		}
		opened = append(opened, app)
	}
	n.Channels.SetApps(opened)
	err := errors.Join(problems...)
	n.mu.Lock()
	n.apps = err
	n.mu.Unlock()
	return err
}

// reservedPublisher is the id that no publisher has: what apps keep lies there.
const reservedPublisher = "app"

// openWithFormer opens an app, and beside it the same one by the secrets that it had before
// a change, for as long as it says.
func (n opener) openWithFormer(a catalogue.App) (open *messengers.OpenApp, err error) {
	open = &messengers.OpenApp{ID: a.ID, Kind: a.Kind}
	if open.App, err = n.openApp(a); err != nil {
		return nil, err
	}
	a.Settings, open.FormerUntil, err = n.formerSettings(reservedPublisher, a.ID, messengers.AppKindOf(n.Messengers, a.Kind).New(), a.Settings, a.Overlap)
	if err == nil && a.Settings != nil {
		open.Former, err = n.openApp(a)
	}
	if err != nil {
		return nil, fmt.Errorf("open it by its former secrets: %w", err)
	}
	return open, nil
}

func (n opener) openApp(a catalogue.App) (messengers.App, error) {
	kind := messengers.AppKindOf(n.Messengers, a.Kind)
	if kind == nil {
		return nil, words.Fail(nil, "document.no_kind", words.Args{"got": a.Kind})
	}
	filled := kind.New()
	if err := settings.FillWith(filled, a.Settings, n.Checks); err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	app, err := filled.Open(messengers.Env{
		ID: a.ID, Hook: n.PublicURL + "/hook/app/" + a.ID, Client: n.Client, Clock: n.Clock, Rand: newRand(),
		Logger: n.Logger.With("app", a.ID),
	})
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	return app, nil
}

// setApp gives a channel the app that is to carry it.
func (n opener) setApp(env *messengers.Env, c catalogue.Channel, kind messengers.Kind) error {
	if c.App == "" {
		return nil
	}
	app := n.Channels.App(c.App)
	switch {
	case app == nil:
		return words.Fail(nil, "document.no_open_app", words.Args{"id": c.App})
	case kind.App == nil || kind.App.Name != app.Kind:
		return words.Fail(nil, "document.other_app", words.Args{"app": app.Kind, "kind": kind.Name})
	}
	env.App, env.Hook = app.App, n.PublicURL+"/hook/app/"+c.App
	return nil
}

// claimAccount notes which account of its app a channel is. No two are the same one.
func (n opener) claimAccount(ed *edition, channel *messengers.Channel, app string) error {
	if app == "" {
		return nil
	}
	if carried, ok := channel.Messenger.(messengers.Carried); ok {
		channel.App, channel.Account = app, carried.Account()
	}
	if channel.Account == "" {
		return words.Fail(nil, "document.no_account", words.Args{"app": app})
	}
	others := []*messengers.Channel{n.Channels.Carried(app, channel.Account)}
	for _, c := range ed.opened {
		others = append(others, c)
	}
	if slices.ContainsFunc(others, func(c *messengers.Channel) bool {
		return c != nil && c.App == app && c.Account == channel.Account && (c.Publisher != channel.Publisher || c.ID != channel.ID)
	}) {
		return words.Fail(nil, "document.account_taken", words.Args{"account": channel.Account, "app": app})
	}
	return nil
}

// closeApps closes what the apps hold open.
func (n *Publishers) closeApps() error {
	var all error
	for _, a := range n.Channels.Apps() {
		for _, app := range []messengers.App{a.App, a.Former} {
			if closer, ok := app.(messengers.Closer); ok {
				all = errors.Join(all, closer.Close())
			}
		}
	}
	return all
}
