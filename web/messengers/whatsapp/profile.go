package whatsapp

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"

	"keypull/pull/what/textform"
	"keypull/web/messengers"
	"keypull/web/messengers/meta"
)

// Limits of what a number shows before anybody asks.
const (
	maxPrompt      = 80
	maxPrompts     = 4
	maxCommand     = 32
	maxHint        = 256
	maxDescription = 512
)

// hooked compares where Meta delivers what is for this number: at the address of the
// number itself, else of its business, else of the app.
func (n *number) hooked(ctx context.Context) ([]messengers.Drift, func() error, error) {
	var has struct {
		Hook struct {
			Number   string `json:"phone_number"`
			Business string `json:"whatsapp_business_account"`
			App      string `json:"application"`
		} `json:"webhook_configuration"`
	}
	if err := n.Get(ctx, n.path, url.Values{"fields": {"webhook_configuration"}}, &has); err != nil {
		return nil, nil, err
	}
	at := cmp.Or(has.Hook.Number, has.Hook.Business, has.Hook.App)
	return meta.Differs("webhook", at, n.hook), func() error {
		return n.Post(ctx, n.path, body{"webhook_configuration": body{"override_callback_uri": n.hook, "verify_token": n.proof.Token().Reveal()}}, nil)
	}, nil
}

// subscribed is whether the business tells its app of anything; not looked at
// before its id is known.
func (n *number) subscribed(ctx context.Context) ([]messengers.Drift, func() error, error) {
	business := n.business.Load()
	if business == nil {
		return nil, nil, nil
	}
	var has struct {
		Data []struct {
			App struct{ ID meta.Word } `json:"whatsapp_business_api_data"`
		}
	}
	path := "/" + url.PathEscape(*business) + "/subscribed_apps"
	if err := n.Get(ctx, path, nil, &has); err != nil {
		return nil, nil, err
	}
	app, err := n.App(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, a := range has.Data {
		if app == "" || string(a.App.ID) == app {
			return nil, nil, nil
		}
	}
	return meta.Lacks(nil, events), func() error { return n.Post(ctx, path, nil, nil) }, nil
}

// profiled compares what stands on the business's profile.
func (n *number) profiled(f messengers.Profile) meta.Part {
	path, wants := n.path+"/whatsapp_business_profile", messengers.Short(f.Greeting[first(f)], maxDescription)
	return func(ctx context.Context) ([]messengers.Drift, func() error, error) {
		if wants == "" {
			return nil, nil, nil
		}
		var has struct {
			Data []struct{ Description string }
		}
		if err := n.Get(ctx, path, url.Values{"fields": {"description"}}, &has); err != nil {
			return nil, nil, err
		}
		now := ""
		if len(has.Data) > 0 {
			now = has.Data[0].Description
		}
		return meta.Differs("greeting", now, wants), func() error {
			return n.Post(ctx, path, body{"messaging_product": "whatsapp", "description": wants}, nil)
		}, nil
	}
}

// first returns the language that is shown where a platform shows one alone.
func first(f messengers.Profile) string {
	if len(f.Languages) == 0 {
		return ""
	}
	return f.Languages[0]
}

// automation is what readers can press before they have written.
type automation struct {
	Welcome  bool      `json:"enable_welcome_message"`
	Prompts  []string  `json:"prompts"`
	Commands []command `json:"commands"`
}

type command struct {
	Name string `json:"command_name"`
	Hint string `json:"command_description"`
}

// prompted compares the questions of an empty conversation, and what stands behind a
// slash. Whether a welcome is asked for is left as it is.
func (n *number) prompted(f messengers.Profile) meta.Part {
	return func(ctx context.Context) ([]messengers.Drift, func() error, error) {
		var has struct {
			Automation automation `json:"conversational_automation"`
		}
		if err := n.Get(ctx, n.path, url.Values{"fields": {"conversational_automation"}}, &has); err != nil {
			return nil, nil, err
		}
		now := has.Automation
		wants := automation{Welcome: now.Welcome, Prompts: promptsOf(f), Commands: commandsOf(f)}
		return append(
			meta.Differs("words", strings.Join(now.Prompts, ", "), strings.Join(wants.Prompts, ", ")),
			meta.Differs("commands", listed(now.Commands), listed(wants.Commands))...,
		), func() error { return n.Post(ctx, n.path+"/conversational_automation", wants, nil) }, nil
	}
}

// promptsOf are questions as readers would write them: a press sends their text.
func promptsOf(f messengers.Profile) []string {
	all := []string{}
	for _, w := range f.Words[first(f)] {
		if prompt := messengers.Short(w.Label, maxPrompt); len(all) < maxPrompts && prompt != "" && !slices.Contains(all, prompt) {
			all = append(all, prompt)
		}
	}
	return all
}

// commandsOf are MENU and the words that can be written as a command.
func commandsOf(f messengers.Profile) []command {
	language := first(f)
	all := []command{}
	for _, w := range append([]messengers.Word{{Label: f.Command[language]}}, f.Words[language]...) {
		name := strings.ReplaceAll(textform.Fold(w.Label), " ", "_")
		known := func(c command) bool { return c.Name == name }
		if commandName(name) && !slices.ContainsFunc(all, known) {
			all = append(all, command{name, messengers.Short(w.Label, maxHint)})
		}
	}
	return all
}

func commandName(s string) bool {
	return len(s) <= maxCommand && strings.Trim(s, "0123456789_") != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

func listed(all []command) string {
	lines := make([]string, len(all))
	for i, c := range all {
		lines[i] = "/" + c.Name + " " + c.Hint
	}
	return strings.Join(lines, ", ")
}

// hookedAt360 compares where 360dialog delivers, and whether with the secret, where it
// tells that.
func (n *number) hookedAt360(ctx context.Context) ([]messengers.Drift, func() error, error) {
	var has struct {
		URL     string
		Headers map[string]string
	}
	if err := n.Get(ctx, d360Hook, nil, &has); err != nil {
		return nil, nil, err
	}
	secret := n.HookSecret.Reveal()
	if strings.EqualFold(n.HookHeader, "Authorization") {
		secret = "Bearer " + strings.TrimPrefix(secret, "Bearer ")
	}
	drifts := meta.Differs("webhook", has.URL, n.hook)
	if len(drifts) == 0 && has.Headers != nil && has.Headers[n.HookHeader] != secret {
		drifts = []messengers.Drift{{Part: "webhook", Has: n.hook, Wants: n.hook + " (" + n.HookHeader + ")"}}
	}
	return drifts, func() error {
		return n.Post(ctx, d360Hook, body{"url": n.hook, "headers": body{n.HookHeader: secret}}, nil)
	}, nil
}
