package telegram

import (
	"encoding/base64"

	"keypull/web/messengers"
)

var _ messengers.Linker = (*Bot)(nil)

// maxPayload is how long a deep link's payload may be.
const maxPayload = 64

// Link opens the bot, and asks the words as soon as START is pressed; words that
// are too many for that are left out. There is none before the bot has been told
// its name.
func (b *Bot) Link(words string) string {
	name := b.name.Load()
	if name == nil {
		return ""
	}
	link := "https://t.me/" + *name
	payload := base64.RawURLEncoding.EncodeToString([]byte(words))
	if read, ok := encoded(payload); !ok || read != words || len(payload) > maxPayload {
		return link
	}
	return link + "?start=" + payload
}
