package smstwilio

import (
	"embed"

	"keypull/pull/settings"
	"keypull/web/messengers"
)

//go:embed words
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// icon is a speech bubble with four dots.
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="currentColor" fill-rule="evenodd" d="M4 3h16a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2h-8l-5 4v-4H4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zm5.5 3.5a1.75 1.75 0 1 0 0 3.5 1.75 1.75 0 0 0 0-3.5zm5 0a1.75 1.75 0 1 0 0 3.5 1.75 1.75 0 0 0 0-3.5zm-5 5a1.75 1.75 0 1 0 0 3.5 1.75 1.75 0 0 0 0-3.5zm5 0a1.75 1.75 0 1 0 0 3.5 1.75 1.75 0 0 0 0-3.5z"/></svg>`

var guide = messengers.Guide{
	Cost:     "Each segment of a short message is billed, in both directions, at the price of the reader’s country; a number has a monthly rent. On WhatsApp each message costs Twilio’s fee and Meta’s.",
	Approval: "Most countries want the sender registered: an address, a company, in the United States a campaign (10DLC) or a verified toll-free number. WhatsApp wants a sender that Meta has approved.",
	Live:     "Minutes for a number that needs no registration, days to weeks where one is needed.",
	Steps: []string{
		"Buy a number in Twilio’s console under Phone Numbers, or open the one that you have.",
		"Copy the account SID and the auth token from the console’s first page into the channel, and the number as its sender.",
		"Run the channel’s set-up, or write {hook} at the number under Messaging, “A message comes in”, as a webhook by HTTP POST.",
		"A messaging service has that address under Integration; a WhatsApp sender under Messaging, Senders, WhatsApp senders.",
		"Leave Twilio’s own answers to STOP, START and HELP as they are: the channel knows them.",
	},
	Events: []string{"A message comes in", "Status callback (set with each message)"},
	Test:   "Send the word of a keyword to the number from a telephone: the answer comes within seconds. What Twilio could not deliver is listed in its console under Monitor, Logs, Errors.",
}
