package slack

import (
	"embed"

	"keypull/pull/settings"
)

//go:embed words
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

// icon is a hash sign.
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" d="M9 4v16M15 4v16M4 9h16M4 15h16"/></svg>`
