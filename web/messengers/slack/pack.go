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

// threadEvents are subscribed to as well where people answer in threads of a channel, and
// threadScopes are the rights that they need.
func threadEvents() []string { return []string{"message.channels", "message.groups"} }

func threadScopes() []string {
	return []string{"channels:history", "groups:history", "users:read", "files:read", "files:write"}
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

// object is one of JSON.
type object = map[string]any

// Pack returns the manifest that the app is made from (app manifest schema, version
// 2): commands come from it alone. It is in the publisher's own language.
func (b *Bot) Pack(f messengers.Profile) ([]messengers.File, error) {
	language := f.Language()
	display := object{"name": messengers.Short(f.Name, maxName)}
	if about := messengers.Short(f.Greeting[language], maxDescription); about != "" {
		display["description"] = about
	}
	command := object{"command": "/" + commandName(f.Name), "url": b.hook, "description": own.Say(language, "command.does", nil), "should_escape": true}
	if hint := hint(f.Words[language]); hint != "" {
		command["usage_hint"] = hint
	}
	subscribed, rights := events(), scopes()
	if f.Threads {
		subscribed, rights = append(subscribed, threadEvents()...), append(rights, threadScopes()...)
	}
	body, err := json.MarshalIndent(object{
		"_metadata":           object{"major_version": 2},
		"display_information": display,
		"features": object{
			"app_home":       object{"messages_tab_enabled": true, "messages_tab_read_only_enabled": false},
			"bot_user":       object{"display_name": messengers.Short(f.Name, maxBotName), "always_online": true},
			"slash_commands": []object{command},
			"shortcuts": []object{{
				"name": messengers.Short(f.Name, maxShortcut), "type": "message", "callback_id": "ask", "description": own.Say(language, "shortcut.does", nil),
			}},
		},
		"oauth_config": object{"scopes": object{"bot": rights}},
		"settings": object{
			"event_subscriptions": object{"request_url": b.hook, "bot_events": subscribed},
			"interactivity":       object{"is_enabled": true, "request_url": b.hook},
			"org_deploy_enabled":  false, "socket_mode_enabled": false, "token_rotation_enabled": false,
		},
	}, "", "  ")
	return []messengers.File{{Name: "slack-manifest.json", Body: append(body, '\n')}}, err
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
