package mcp

import (
	"time"

	"keypull/web/messengers"
)

// Preview returns a server that nobody can reach, to show what an answer would
// look like.
func Preview() *Server {
	return &Server{clock: time.Now, budgets: newBudgets(), sessions: newSessions()}
}

// icon is a plug.
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="currentColor" d="M8 2a1 1 0 0 1 1 1v4h6V3a1 1 0 1 1 2 0v4h2a1 1 0 0 1 1 1v3a7 7 0 0 1-6 6.93V20h3a1 1 0 1 1 0 2h-4a1 1 0 0 1-1-1v-3.07A7 7 0 0 1 4 11V8a1 1 0 0 1 1-1h2V3a1 1 0 0 1 1-1z"/></svg>`

// guide is how a channel of the kind comes about.
var guide = messengers.Guide{
	Cost:     "Nothing: the server is this one, and readers bring their own assistant.",
	Approval: "None. The makers of assistants let readers add a server by its address.",
	Live:     "At once, where the server has a public https address.",
	Steps: []string{
		"Choose who may ask: anybody, within a budget, or those who show one of the channel's tokens. Assistants on the web can show none.",
		"Feature up to ten keywords of the publisher: each becomes a tool of its own. All others are found by the tool that asks.",
		"Tell readers the address {hook}: opened in a browser, it says how to add it to the well-known assistants.",
		"Switch the listing on if programs may find the server in this host's catalogue, /.well-known/ai-catalog.json.",
	},
	Test: "Add {hook} to an assistant of your own and ask for one of your keywords: the answer names its source and its time.",
}
