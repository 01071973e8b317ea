package discord

import (
	"embed"

	"keypull/pull/settings"
)

//go:embed words
var files embed.FS

// own is what the kind says to editors, and of its commands. A test finds what is
// wrong with it.
var own = settings.Own(files, &Settings{})

// icon is the pad of a game.
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="currentColor" fill-rule="evenodd" d="M7 6h10a5 5 0 0 1 5 5l-1 6a2 2 0 0 1-3.6 1L15 16H9l-2.4 2A2 2 0 0 1 3 17l-1-6a5 5 0 0 1 5-5zm1.5 3.5a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4zm7 0a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4z"/></svg>`
