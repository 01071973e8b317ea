package email

import (
	"embed"
	"time"

	"keypull/pull/settings"
	"keypull/web/messengers"
)

//go:embed words
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// preview is a mailbox without account or client: it shows what would be sent,
// and can send nothing.
func preview() messengers.Messenger {
	return &account{address: "news@example.org", domain: "example.org", clock: time.Now}
}

// icon is an envelope.
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="currentColor" d="M3 5h18v1.6l-9 6-9-6zM3 9l9 6 9-6v10H3z"/></svg>`

// guide is how a mailbox becomes a channel.
var guide = messengers.Guide{
	Cost:     "Nothing beyond the mailbox. Providers limit how many letters an account may send a day: 500 to 2,000 are usual.",
	Approval: "None. The domain's SPF, DKIM and DMARC must let the SMTP server send for the address, or answers end as spam.",
	Live:     "At once.",
	Steps: []string{
		"Make a mailbox that nobody else reads, and an app password for it where the provider wants one.",
		"Allow IMAP and SMTP for the account, by name and password. Microsoft 365 and Outlook.com take none for IMAP, only OAuth, which keypull does not speak, and Microsoft ends passwords for SMTP at the end of December 2026: have such a mailbox forward to one elsewhere, or have its letters posted to the webhook, and hand answers in at a relay of your own.",
		"Enter address, servers, user name and password. Servers on ports 143, 587 and 25 are spoken to by STARTTLS, all others by TLS from the first byte.",
		"Switch off every automatic answer of the mailbox: two of them would write to each other.",
		"Where the provider pushes letters and has no IMAP, set a webhook secret and have it post the raw letters to {hook}.",
	},
	Events: []string{"new letters, by IMAP IDLE or each 20 seconds", "delivery status notifications", "read receipts"},
	Test:   "Write a letter to the address with a keyword as its subject, from another account. The answer comes in the same thread.",
}
