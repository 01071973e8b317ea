package telegram

import (
	"time"

	"keypull/web/messengers"
)

// Preview returns a bot without account or client: it shows what would be
// sent, and can send nothing.
func Preview() *Bot {
	return &Bot{base: "https://api.telegram.org", clock: time.Now}
}

var _ messengers.Presenter = (*Bot)(nil)
