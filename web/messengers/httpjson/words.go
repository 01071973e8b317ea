package httpjson

import (
	"embed"

	"keypull/pull/settings"
	"keypull/web/messengers"
)

//go:embed words
var wordFiles embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(wordFiles, &Settings{})

// icon is a plug.
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" d="M8 3v6m8-6v6M5 9h14v3a7 7 0 0 1-14 0zm7 10v3"/></svg>`

var guide = messengers.Guide{
	Cost:     "Nothing by itself; what the partner takes. A code for USSD is rented of each operator, an agent for RCS approved by each carrier.",
	Approval: "None by itself. A code for USSD takes weeks, an agent for RCS some, a provider for Apple Messages its own review.",
	Live:     "An hour for a program of your own.",
	Steps: []string{
		"Choose the partner’s profile, or native for a program of your own.",
		"Give the partner the address {hook}, and the secret; where the partner signs nothing (ussd-at), the address {hook}/SECRET, and name its networks in the channel.",
		"Write the partner’s address for later answers into the channel, if it has one.",
	},
	Events: []string{"Messages of readers", "Delivery reports"},
	Test:   "The check of the channel posts a signed sample of the kind “ping” to the reply address and expects a 2xx.",
}
