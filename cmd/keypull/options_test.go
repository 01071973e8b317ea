package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/web/messengers"
)

// offers tells whether a value has an option.
func offers[Option any](v any) bool {
	_, ok := v.(Option)
	return ok
}

// options are all that a messenger may offer beside receiving and sending.
var options = []struct {
	name    string
	offered func(any) bool
}{
	{"Accountable", offers[messengers.Accountable]}, {"Answering", offers[messengers.Answering]}, {"Carried", offers[messengers.Carried]},
	{"Clocked", offers[messengers.Clocked]}, {"Closer", offers[messengers.Closer]}, {"Consenting", offers[messengers.Consenting]}, {"Embedded", offers[messengers.Embedded]},
	{"Fetcher", offers[messengers.Fetcher]}, {"Forgetter", offers[messengers.Forgetter]}, {"Identifier", offers[messengers.Identifier]}, {"InBand", offers[messengers.InBand]},
	{"Installer", offers[messengers.Installer]}, {"Introducer", offers[messengers.Introducer]}, {"Linker", offers[messengers.Linker]},
	{"Listed", offers[messengers.Listed]}, {"Listener", offers[messengers.Listener]}, {"Marker", offers[messengers.Marker]},
	{"Packer", offers[messengers.Packer]}, {"Presenter", offers[messengers.Presenter]}, {"ProfileSyncer", offers[messengers.ProfileSyncer]},
	{"Proving", offers[messengers.Proving]}, {"Remarking", offers[messengers.Remarking]}, {"Stepwise", offers[messengers.Stepwise]}, {"Threading", offers[messengers.Threading]}, {"Trier", offers[messengers.Trier]},
	{"Typist", offers[messengers.Typist]},
	{"settings that are checked", offers[settings.Checker]}, {"settings that an app spares", offers[messengers.Alone]},
	{"settings for a server out of reach", offers[messengers.Unreached]},
}

// optionsOf returns the names of what a value offers.
func optionsOf(v any) string {
	var names []string
	for _, o := range options {
		if o.offered(v) {
			names = append(names, o.name)
		}
	}
	return strings.Join(names, ", ")
}

// TestNoMessengerLosesAnOption holds what each kind offers against a list: a method
// whose signature is not the option's any more is no option, and nothing else says so.
func TestNoMessengerLosesAnOption(t *testing.T) {
	client := outside.New(outside.Options{})
	t.Cleanup(client.Close)
	env := messengers.Env{Publisher: "lecker", ID: "test", Hook: "https://example.org/hook/lecker/test", Client: client, Clock: time.Now, Logger: slog.New(slog.DiscardHandler)}
	var all strings.Builder
	for _, k := range allKinds().Messengers {
		fmt.Fprintf(&all, "%s: %s\n", k.Name, optionsOf(openedByExample(t, k.New(), env)))
		if k.App != nil {
			carried := env
			carried.App = openedByExample(t, k.App.New(), env)
			fmt.Fprintf(&all, "%s, carried: %s\n", k.Name, optionsOf(openedByExample(t, k.New(), carried)))
		}
		fmt.Fprintf(&all, "%s, settings: %s\n", k.Name, optionsOf(k.New()))
	}
	committed(t, filepath.Join("testdata", "options.txt"), all.String(), *updateExample)
}

// openedByExample opens a channel, or an app, with the examples of its settings.
func openedByExample[T any](t *testing.T, s settings.Opener[messengers.Env, T], env messengers.Env) T {
	t.Helper()
	fields, err := settings.Fields(s)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]any{}
	for _, f := range fields {
		if f.Type == settings.Toggle && !f.More {
			values[f.Name] = true
		}
		if f.Example != "" && (f.Required || !f.More) && (f.Type == settings.Text || f.Type == settings.Hidden || f.Type == settings.URL) {
			values[f.Name] = strings.ReplaceAll(f.Example, "…", strings.Repeat("Ab3", 12))
		}
	}
	if err := settings.Fill(s, values); err != nil {
		t.Fatal(err)
	}
	m, err := s.Open(env)
	if err != nil {
		t.Fatal(err)
	}
	if c, ok := any(m).(messengers.Closer); ok {
		t.Cleanup(func() { _ = c.Close() })
	}
	return m
}

// TestEveryAccountCanBeAskedWhoseItIs asks each with no time left: none calls anything,
// and none breaks down.
func TestEveryAccountCanBeAskedWhoseItIs(t *testing.T) {
	client := outside.New(outside.Options{})
	t.Cleanup(client.Close)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, k := range allKinds().Messengers {
		m := openedByExample(t, k.New(), messengers.Env{Publisher: "lecker", ID: "test", Client: client, Clock: time.Now, Logger: slog.New(slog.DiscardHandler)})
		if asked, ok := m.(messengers.Introducer); ok {
			asked.Introduce(ctx)
		}
		if asked, ok := m.(messengers.Trier); ok && asked.Try(ctx) == nil {
			t.Errorf("%s: the account is good though nobody was asked", k.Name)
		}
	}
}
