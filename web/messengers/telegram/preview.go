package telegram

import "keypull/web/messengers"

// Preview returns a bot without account or client: it shows what would be
// sent, and can send nothing.
func Preview() *Bot {
	return &Bot{}
}

// icon is a paper plane.
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="currentColor" d="M22 3 2 11l6 2.2L18 7l-7.5 7.5V21l3.3-4.2L19 20z"/></svg>`

var _ messengers.Presenter = (*Bot)(nil)
