package line

import (
	"embed"

	"keypull/pull/settings"
	"keypull/web/messengers"
)

//go:embed words
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// icon is a speech bubble.
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="currentColor" d="M12 3C6.5 3 2 6.6 2 11c0 4 3.6 7.3 8.5 7.9.6.1.7.4.6 1l-.3 1.6c0 .5.4.6.8.4 2.5-1.3 10.4-5.6 10.4-10.9 0-4.400-4.500-8-10-8z"/></svg>`

// guide is how an official account comes about.
var guide = messengers.Guide{
	Cost:     "Answers are free: they travel as replies. What is sent later than a minute is a push message, which counts against the plan of the account (200 a month are free in many countries).",
	Approval: "None. A verified badge and being found in the search of LINE take an application.",
	Live:     "Half an hour.",
	Steps: []string{
		"Make an official account at manager.line.biz, and open Settings, Messaging API, to have a channel made for it.",
		"In the LINE Developers Console copy the channel secret (Basic settings) and issue a long-lived channel access token (Messaging API); write both into the channel.",
		"Set the webhook URL to {hook}, or have keypull set it, and switch on Use webhook and Webhook redelivery.",
		"In the Official Account Manager, under Response settings, switch off Auto-response messages and the chat, so that nobody answers beside keypull.",
		"Switch on Allow bot to join group chats where readers shall ask in groups.",
	},
	Events: []string{"message", "postback", "follow", "unfollow", "join", "leave", "unsend"},
	Test:   "Press Verify beside the webhook URL, then add the account as a friend by its QR code and write one of your keywords.",
}
