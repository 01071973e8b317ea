package smskannel

import (
	"embed"

	"keypull/pull/settings"
	"keypull/web/messengers"
)

//go:embed words
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// icon is a mast that sends.
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" d="M12 11 8 22m4-11 4 11m-6.5-4h5M12 11a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM7.5 13.5a6 6 0 0 1 0-9m9 9a6 6 0 0 0 0-9M4.7 16.3a10 10 0 0 1 0-14.6m14.6 14.6a10 10 0 0 0 0-14.6"/></svg>`

var guide = messengers.Guide{
	Cost:     "What your operator takes for each segment, in both directions, and for the number or short code. Kannel itself is free.",
	Approval: "A contract with an operator for a number or short code and a connection to it (SMPP or a modem).",
	Live:     "An hour with a modem and a SIM card; weeks for a short code.",
	Steps: []string{
		"Install Kannel beside keypull, or where it reaches it: its address is the only thing that protects the channel, so let nobody else see it.",
		"Write the groups smsbox, sendsms-user and sms-service as in the sample below, with get-url at {hook}/SECRET, where SECRET is the channel’s own.",
		"Write host and sendsms-port of the smsbox, and user and password of the group sendsms-user, into the channel.",
		"Allow the smsbox’s network in fetch.allow_private where it is a private one.",
		"Restart bearerbox and smsbox.",
	},
	Test: "Send the word of a keyword to the number: the answer comes within seconds. Without a telephone, fakesmsc of the package kannel-extras says what an operator would.",
}
