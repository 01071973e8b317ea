package slack

import (
	"cmp"
	"encoding/json"
	"strings"

	"keypull/web/messengers"
)

// events returns those that the app subscribes to: what is said to it, and no more.
func events() []string {
	return []string{"app_mention", "message.im", "message.mpim", "reaction_added", "member_joined_channel", "member_left_channel", "channel_id_changed",
		"app_uninstalled", "tokens_revoked"}
}

// scopes returns the rights that those events and the answers need.
func scopes() []string {
	return []string{"app_mentions:read", "channels:read", "chat:write", "commands", "groups:read", "im:history", "im:write", "mpim:history", "reactions:read"}
}

// manifest describes an app to Slack (app manifest schema, version 2).
type manifest struct {
	Metadata struct {
		Major int `json:"major_version"`
	} `json:"_metadata"`
	Display struct {
		Name        string `json:"name"`
		Description string `json:"description,omitempty"`
	} `json:"display_information"`
	Features struct {
		Home struct {
			Messages bool `json:"messages_tab_enabled"`
			ReadOnly bool `json:"messages_tab_read_only_enabled"`
		} `json:"app_home"`
		Bot struct {
			Name   string `json:"display_name"`
			Online bool   `json:"always_online"`
		} `json:"bot_user"`
		Commands  []command  `json:"slash_commands"`
		Shortcuts []shortcut `json:"shortcuts"`
	} `json:"features"`
	OAuth struct {
		Scopes struct {
			Bot []string `json:"bot"`
		} `json:"scopes"`
	} `json:"oauth_config"`
	Settings struct {
		Events struct {
			URL    string   `json:"request_url"`
			Events []string `json:"bot_events"`
		} `json:"event_subscriptions"`
		Interactivity struct {
			Enabled bool   `json:"is_enabled"`
			URL     string `json:"request_url"`
		} `json:"interactivity"`
		Deploy   bool `json:"org_deploy_enabled"`
		Sockets  bool `json:"socket_mode_enabled"`
		Rotation bool `json:"token_rotation_enabled"`
	} `json:"settings"`
}

type command struct {
	Command     string `json:"command"`
	URL         string `json:"url"`
	Description string `json:"description"`
	Hint        string `json:"usage_hint,omitempty"`
	Escape      bool   `json:"should_escape"`
}

type shortcut struct {
	Name        string `json:"name"`
	Type        string `json:"type"`
	Callback    string `json:"callback_id"`
	Description string `json:"description"`
}

// Limits of a manifest, in characters.
const (
	maxName        = 35
	maxBotName     = 80
	maxDescription = 140
	maxCommand     = 32
	maxHint        = 1000
	maxShortcut    = 24
)

// Pack returns the manifest that the app is made from: commands come from it
// alone. It is in the publisher's own language.
func (b *Bot) Pack(f messengers.Profile) ([]messengers.File, error) {
	language := f.Language()
	var m manifest
	m.Metadata.Major = 2
	m.Display.Name = messengers.Short(f.Name, maxName)
	m.Display.Description = messengers.Short(f.Greeting[language], maxDescription)
	m.Features.Home.Messages = true
	m.Features.Bot.Name, m.Features.Bot.Online = messengers.Short(f.Name, maxBotName), true
	m.Features.Commands = []command{{
		Command: "/" + commandName(f.Name), URL: b.hook, Description: own.Say(language, "command.does", nil), Hint: hint(f.Words[language]), Escape: true,
	}}
	m.Features.Shortcuts = []shortcut{{
		Name: messengers.Short(f.Name, maxShortcut), Type: "message", Callback: "ask", Description: own.Say(language, "shortcut.does", nil),
	}}
	m.OAuth.Scopes.Bot = scopes()
	m.Settings.Events.URL, m.Settings.Events.Events = b.hook, events()
	m.Settings.Interactivity.Enabled, m.Settings.Interactivity.URL = true, b.hook
	body, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, &messengers.SendError{Fault: messengers.Permanent, Err: err}
	}
	return []messengers.File{{Name: "slack-manifest.json", Body: append(body, '\n')}}, nil
}

// hint shows what may stand behind the command.
func hint(of []messengers.Word) string {
	labels := make([]string, 0, len(of))
	for _, w := range of {
		labels = append(labels, w.Label)
	}
	return messengers.Short(strings.Join(labels, " | "), maxHint)
}

// commandName returns the name of a publisher as a command may be called.
func commandName(name string) string {
	r := []rune(cmp.Or(messengers.Hyphened(name), "ask"))
	return string(r[:min(len(r), maxCommand-1)])
}
