package matrix

import (
	"embed"
	"time"

	"keypull/pull/settings"
	"keypull/web/messengers"
)

//go:embed words
var files embed.FS

// own is what the kind says to editors and to rooms that it can't read. A test
// finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// preview is an account without homeserver or client: it shows what would be
// sent, and can send nothing.
func preview() messengers.Messenger {
	return &account{base: "https://matrix.example.org", clock: time.Now}
}

// icon is a pair of brackets around three dots.
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="currentColor" d="M2 3h5v2H4v14h3v2H2zm20 0h-5v2h3v14h-3v2h5zM7 10.5h2.5v3H7zm3.8 0h2.4v3h-2.4zm3.7 0H17v3h-2.5z"/></svg>`

// guide is how an account becomes a channel.
var guide = messengers.Guide{
	Cost:     "Nothing on a homeserver of your own; others have terms for programs.",
	Approval: "None. An application service is registered by whoever runs the homeserver.",
	Live:     "At once.",
	Steps: []string{
		"Make an account for the publisher on a homeserver, without cross-signing or key backup: it reads no encrypted rooms.",
		"Sign in with it by its password, as a session of its own, and take the access token of the answer: curl -d '{\"type\":\"m.login.password\",\"identifier\":{\"type\":\"m.id.user\",\"user\":\"news\"},\"password\":\"…\"}' https://matrix.example.org/_matrix/client/v3/login; do not sign that session out.",
		"Where a service manages the accounts (Matrix Authentication Service, as on matrix.org and on servers of Element's suite), the token that Element shows ends after minutes. Log in by the password as above where the service still takes it, or have whoever runs it issue one that lasts: mas-cli manage issue-compatibility-token news.",
		"Enter the homeserver's address and the token. Events are fetched by a sync, from anywhere.",
		"On a large homeserver, register an application service instead: url: {hook}, its as_token as the access token, its hs_token as the homeserver token, sender_localpart and a namespace of users for the account, rate_limited: false.",
		"Readers invite the account, or begin a direct conversation with it, without encryption.",
	},
	Events: []string{"m.room.message", "m.sticker", "m.room.encrypted", "m.room.encryption", "m.room.member", "m.reaction", "m.room.redaction", "m.receipt"},
	Test:   "Begin a direct conversation with the account, encryption switched off, and write a keyword.",
}
