package viber

import (
	"embed"

	"keypull/pull/settings"
	"keypull/web/messengers"
)

//go:embed words
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// icon is a telephone.
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="currentColor" d="M6.6 2.6 4 4.5C3 8 7 17 16 20.5c1.5.5 3-1 4-2.5l-4-3.5-2.200 1.600c-2.300-1-4.400-3.600-5-5.800L10.500 8zM13 3v2a6 6 0 0 1 6 6h2a8 8 0 0 0-8-8zm0 4v2a2 2 0 0 1 2 2h2a4 4 0 0 0-4-4z"/></svg>`

// guide is how a bot comes about.
var guide = messengers.Guide{
	Cost:     "A bot made since February 2024 costs 100 euros a month, by Viber's list; a partner of Viber's may name another price. What is sent within 24 hours of a reader's message is free; each other message is billed by country, at one to two cents in most of Europe. Older bots keep their terms, with 10,000 such messages a month free.",
	Approval: "Viber or one of its partners makes the bot and approves its name and picture.",
	Live:     "One to three weeks.",
	Steps: []string{
		"Ask for a bot at forbusiness.viber.com, or from a partner of Viber's in your country.",
		"In the admin panel at partners.viber.com open the bot and copy its authentication token into the channel.",
		"Give the server a public https address with a certificate of a well-known authority: keypull sets the webhook to {hook} by itself when it starts, and Viber calls it at that moment.",
		"Set the bot to be found by search, if readers shall find it there.",
	},
	Events: []string{"delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started"},
	Test:   "Open the bot by its link on a phone: it welcomes you. Write one of your keywords.",
}
