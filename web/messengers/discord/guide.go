package discord

import "keypull/web/messengers"

//nolint:gochecknoglobals // a value that nobody changes
var guide = messengers.Guide{
	Cost:     "Nothing.",
	Approval: "None; an app in more than a hundred servers has to be verified by Discord.",
	Live:     "Minutes.",
	Steps: []string{
		"Create an application at https://discord.com/developers/applications.",
		"Under General Information copy the application’s id and its public key into the channel.",
		"Under Bot press Reset Token, and copy the token into the channel.",
		"Save the channel, then run `keypull channel setup` for it, or press the button on its page: it tells Discord the address {hook}, which Discord tries at once, and registers the commands with the featured keywords.",
		"By hand: under General Information write {hook} as the Interactions Endpoint URL.",
		"Under Installation allow the app for servers and for users, with the scopes bot and applications.commands; its link stands on the channel’s page.",
		"Open that link to add the app to a server, or to yourself.",
	},
	Events: []string{"APPLICATION_AUTHORIZED", "APPLICATION_DEAUTHORIZED"},
	Test:   "Type /get in the server: keywords are offered while you type, and you alone see the answer. Then press one of its buttons.",
}
