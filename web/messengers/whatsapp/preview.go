package whatsapp

import (
	"embed"
	"time"

	"keypull/pull/settings"
	"keypull/web/messengers"
	"keypull/web/messengers/meta"
)

//go:embed words
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// preview is a number without account, which shows what would be sent.
func preview() messengers.Messenger {
	return &number{Settings: Settings{Auth: bearer}, Graph: &meta.Graph{Base: meta.GraphURL, Version: meta.Version, Clock: time.Now}}
}

// icon is a receiver in a bubble.
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="none" stroke="currentColor" stroke-width="2" d="M12 3a9 9 0 0 0-7.7 13.6L3 21l4.5-1.200A9 9 0 1 0 12 3z"/><path fill="currentColor" d="M9 7.5c-.8 0-1.7.9-1.7 2.200 0 2.600 4 6.800 7 6.800 1.300 0 2.200-.8 2.200-1.700l-2.300-1.500-1.200 1c-1.300-.5-2.400-1.700-2.900-2.900l.9-1.200z"/></svg>`

// events are those to subscribe to.
var events = []string{"messages", "account_update", "account_review_update"}
